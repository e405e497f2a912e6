/**
 * Jump threading: a block that only asks what a phi is, to go one way or the other, is passed over on the ways in
 * where the answer is known.
 *
 *     a: if (x) → b, 1 else → c         a: if (x) → d else → c
 *     c: … → b, y                 ⇒     c: … → b
 *     b: phi = 1 | y; if (phi) → d      b: if (y) → d
 *
 * Such blocks come of && and ||, and of conditions that were functions; where those have become a select of a
 * constant, it is taken apart. The function must be analysed and without dead values; control stays reducible, since
 * no loop is entered or closed in a new way.
 */
import { evaluateBinary } from '../ssa/fold.ts';
import {
  type Block,
  endArguments,
  Ir,
  isComparison,
  isFloating,
  removePredecessor,
  resolve,
  resolveArguments,
  type SsaFunction,
  type Value,
} from '../ssa/ir.ts';

/** True where anything has changed: then the function must be analysed anew. */
export function threadJumps(fn: SsaFunction): boolean {
  let wanted: Set<Value> | undefined;
  let changed = false;
  for (const block of [...fn.blocks]) if (takeApart(fn, block)) changed = true;
  for (const block of [...fn.blocks]) {
    const phi = questionOf(block);
    if (phi === undefined) continue;
    wanted ??= wantedElsewhere(fn);
    if (block.values.some(value => wanted!.has(value))) continue;
    for (let way = block.predecessors.length - 1; way >= 0; way--) {
      if (passOver(fn, block, way, phi, wanted)) changed = true;
    }
  }
  return changed;
}

/** The phi that is all that the block looks at. */
function questionOf(block: Block): Value | undefined {
  const { end, values } = block;
  if (end.kind !== 'branch' || block.predecessors.length < 2 || isHeader(block)) return undefined;
  const condition = resolve(end.condition);
  const phis = values.filter(({ op }) => op === Ir.Phi);
  const others = values.length - phis.length;
  if (others === 0) return phis.includes(condition) ? condition : undefined;
  if (others > 1 || condition !== values[values.length - 1] || !isComparison(condition.op)) return undefined;
  resolveArguments(condition);
  const [asked, constant] = condition.args as [Value, Value];
  return phis.includes(asked) && constant.op === Ir.Constant ? asked : undefined;
}

function isHeader(block: Block): boolean {
  return block.loop?.header === block;
}

/** Values that are used outside their block, but for phis that get them from there. */
function wantedElsewhere(fn: SsaFunction): Set<Value> {
  const wanted = new Set<Value>();
  for (const block of fn.blocks) {
    for (const value of block.values) {
      resolveArguments(value);
      value.args.forEach((argument, i) => {
        const user = value.op === Ir.Phi ? block.predecessors[i] : block;
        if (argument.block !== user) wanted.add(argument);
      });
    }
    for (const argument of endArguments(block)) if (argument.block !== block) wanted.add(argument);
  }
  return wanted;
}

/** Leads one way into the block past it, if it is known where it goes on. */
function passOver(fn: SsaFunction, block: Block, way: number, phi: Value, wanted: Set<Value>): boolean {
  const from = block.predecessors[way]!;
  const known = resolve(phi.args[way]!);
  if (known.op !== Ir.Constant || (from.end.kind !== 'jump' && from.end.kind !== 'branch')) return false;
  const answer = answerFor(block, phi, known.immediate);
  const to = block.successors[answer !== 0 ? 0 : 1]!;
  if (from === block || to === block || isHeader(to)) return false;
  const edge = to.predecessors.indexOf(block);
  const last = to.predecessors.includes(from) ? between(fn, from) : from;
  for (const value of to.values) {
    if (value.op !== Ir.Phi) break;
    const given = resolve(value.args[edge]!);
    const isOwn = given.block === block && !isFloating(given);
    const now = !isOwn ? given : given.op === Ir.Phi ? resolve(given.args[way]!) : fn.constant(answer);
    if (!isFloating(now) && now.block !== last) wanted.add(now);
    value.args.push(now);
  }
  removePredecessor(block, way);
  from.successors.splice(from.successors.indexOf(block), 1, last === from ? to : last);
  to.predecessors.push(last);
  if (last !== from) last.successors.push(to);
  return true;
}

/** What the block's condition is where the phi is that. */
function answerFor({ end }: Block, phi: Value, known: number): number {
  const condition = end.kind === 'branch' ? resolve(end.condition) : phi;
  if (condition === phi) return known;
  return evaluateBinary(condition.op, known, condition.args[1]!.immediate)!;
}

/** A block on the way to one that `from` leads to already. */
function between(fn: SsaFunction, from: Block): Block {
  const made = fn.newBlock();
  made.end = { kind: 'jump' };
  made.endOrigin = from.endOrigin;
  made.predecessors.push(from);
  return made;
}

/** if (x ? 1 : y) → d   ⇒   if (x) → d, else if (y) → d. The same where the select is compared with a constant. */
function takeApart(fn: SsaFunction, block: Block): boolean {
  if (block.end.kind !== 'branch' || block.successors.some(isHeader)) return false;
  const test = resolve(block.end.condition);
  resolveArguments(test);
  const isCompared = isComparison(test.op) && test.args[1]!.op === Ir.Constant && isOwn(test, block);
  const select = isCompared ? test.args[0]! : test;
  if (select.op !== Ir.Select || !isOwn(select, block)) return false;
  resolveArguments(select);
  const [condition, yes, no] = select.args as [Value, Value, Value];
  const constant = [yes, no].find(({ op }) => op === Ir.Constant);
  if (constant === undefined) return false;
  const rest = fn.newBlock();
  const asked = constant === yes ? no : yes;
  rest.end = { kind: 'branch', condition: isCompared ? compareIn(fn, rest, test, asked) : asked };
  rest.endOrigin = block.endOrigin;
  rest.successors = block.successors;
  rest.predecessors.push(block);
  for (const to of rest.successors) to.predecessors[to.predecessors.indexOf(block)] = rest;
  const { immediate } = constant;
  const answer = isCompared ? evaluateBinary(test.op, immediate, test.args[1]!.immediate)! : immediate;
  const known = rest.successors[answer !== 0 ? 0 : 1]!;
  addEdgeLike(rest, block, known);
  block.end = { kind: 'branch', condition };
  block.successors = constant === yes ? [known, rest] : [rest, known];
  return true;
}

function isOwn(value: Value, block: Block): boolean {
  return value.block === block && value.uses === 1;
}

function compareIn(fn: SsaFunction, block: Block, like: Value, asked: Value): Value {
  const value = fn.newValue(like.op, [asked, like.args[1]!]);
  value.block = block;
  value.origin = like.origin;
  block.values.push(value);
  return value;
}

/** From `from` comes what comes from `like`. */
function addEdgeLike(like: Block, from: Block, to: Block): void {
  const edge = to.predecessors.indexOf(like);
  to.predecessors.push(from);
  for (const value of to.values) {
    if (value.op !== Ir.Phi) break;
    value.args.push(value.args[edge]!);
  }
}
