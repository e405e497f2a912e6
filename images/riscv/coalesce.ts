/**
 * Joins registers that are copied into each other and are never live at once, so that the copies vanish.
 * The most frequent copies come first.
 */
import type { Liveness } from './liveness.ts';
import { FIRST_VIRTUAL, type MachineFunction, SLOT } from './machine.ts';
import { merge, overlap, type Ranges } from './ranges.ts';

/** Gives for each register the one it has become; `liveness.ranges` of that one covers all of them. */
export function coalesce(fn: MachineFunction, liveness: Liveness): Int32Array {
  const parent = Int32Array.from({ length: fn.registerCount }, (_, register) => register);
  const find = (register: number) => {
    while (parent[register] !== register) {
      parent[register] = parent[parent[register]!]!;
      register = parent[register]!;
    }
    return register;
  };
  const copies: { a: number; b: number; frequency: number }[] = [];
  for (const block of fn.blocks) {
    for (const { op, defs, uses } of block.code) {
      if (op !== 'copy') continue;
      defs!.forEach((a, i) => {
        const b = uses![i]!;
        if (isRegister(a) && isRegister(b)) copies.push({ a, b, frequency: block.frequency });
      });
    }
  }
  copies.sort((x, y) => y.frequency - x.frequency);
  const { ranges } = liveness;
  for (const copy of copies) {
    const a = find(copy.a);
    const b = find(copy.b);
    if (a === b || overlap(ranges[a]!, ranges[b]!)) continue;
    parent[b] = a;
    ranges[a] = merge(ranges[a]!, ranges[b]!);
    ranges[b] = [] as Ranges;
  }
  for (let register = 0; register < parent.length; register++) parent[register] = find(register);
  return parent;
}

function isRegister(operand: number): boolean {
  return operand >= FIRST_VIRTUAL && operand < SLOT;
}
