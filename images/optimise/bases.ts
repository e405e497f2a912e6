/**
 * Records in tables at fixed places: their fields lie at a register plus more than an instruction can hold. The part
 * that is too much is added once for all of them.
 *
 *     load x + 9240; store x + 9244   ⇒   y = x + 8192; load y + 1048; store y + 1052
 *
 * The function must be analysed.
 */
import { type Block, Ir, isLoad, isStore, LINEAR, type SsaFunction, type Value } from '../ssa/ir.ts';

/** What an instruction can hold: ±2 KiB. */
const REACH = 0x800;

export function shareBases(fn: SsaFunction): void {
  const groups = new Map<Value, Map<number, Value[]>>();
  for (const block of fn.blocks) {
    for (const value of block.values) {
      const offset = offsetOf(value);
      if (offset === undefined || (offset >= -REACH && offset < REACH)) continue;
      const base = value.args[0]!;
      const parts = groups.get(base) ?? new Map<number, Value[]>();
      groups.set(base, parts);
      const part = (offset + REACH) & ~(2 * REACH - 1);
      parts.set(part, [...(parts.get(part) ?? []), value]);
    }
  }
  for (const [base, parts] of groups)
    for (const [part, users] of parts) if (users.length > 1) share(fn, base, part, users);
}

/** How far from its first operand a value is or accesses memory, where that may be shared. */
function offsetOf({ op, args, immediate, memory, symbol }: Value): number | undefined {
  const [base, other] = args;
  if (base === undefined || base.op <= Ir.Symbol) return undefined;
  if (isLoad(op) || isStore(op)) return memory === LINEAR && symbol === undefined ? immediate : undefined;
  return op === Ir.Add && other!.op === Ir.Constant ? other!.immediate : undefined;
}

function share(fn: SsaFunction, base: Value, part: number, users: readonly Value[]): void {
  const home = users.map(({ block }) => block!).reduce(commonDominator);
  const sum = fn.newValue(Ir.Add, [base, fn.constant(part)]);
  const first = home.values.findIndex(value => users.includes(value));
  sum.block = home;
  sum.origin = first < 0 ? home.endOrigin : home.values[first]!.origin;
  home.values.splice(first < 0 ? home.values.length : first, 0, sum);
  for (const user of users) {
    user.args[0] = sum;
    if (user.op === Ir.Add) user.args[1] = fn.constant(user.args[1]!.immediate - part);
    else user.immediate = (user.immediate - part) | 0;
  }
}

function commonDominator(one: Block, other: Block): Block {
  let a = one;
  let b = other;
  while (a !== b) {
    if (a.domDepth >= b.domDepth) a = a.dominator!;
    else b = b.dominator!;
  }
  return a;
}
