/**
 * Operations on i64, made of words. A wide value is { low, high }.
 *
 * What is constant or zero in one half folds away by itself, so that arithmetic on extended 32-bit values
 * costs what a machine's own widening instructions cost.
 */
import type { Folder } from './fold.ts';
import { Ir, type IrOp, type Value } from './ir.ts';

export interface Wide {
  readonly low: Value;
  readonly high: Value;
}

export function wideAdd(f: Folder, a: Wide, b: Wide): Wide {
  const low = f.binary(Ir.Add, a.low, b.low);
  const carry = isZero(b.low) || isZero(a.low) ? f.constant(0) : f.binary(Ir.LtU, low, cheaper(a.low, b.low));
  return { low, high: f.binary(Ir.Add, f.binary(Ir.Add, a.high, b.high), carry) };
}

/** A carry can be told by either operand; a constant is the better one. */
function cheaper(a: Value, b: Value): Value {
  return b.op === Ir.Constant ? b : a;
}

export function wideSub(f: Folder, a: Wide, b: Wide): Wide {
  const borrow = f.binary(Ir.LtU, a.low, b.low);
  const low = f.binary(Ir.Sub, a.low, b.low);
  return { low, high: f.binary(Ir.Sub, f.binary(Ir.Sub, a.high, b.high), borrow) };
}

export function wideMul(f: Folder, a: Wide, b: Wide): Wide {
  const low = f.binary(Ir.Mul, a.low, b.low);
  if (isSignOf(a.high, a.low) && isSignOf(b.high, b.low)) {
    return { low, high: f.binary(Ir.MulHighS, a.low, b.low) };
  }
  const high = f.binary(Ir.MulHighU, a.low, b.low);
  const cross = f.binary(Ir.Add, f.binary(Ir.Mul, a.low, b.high), f.binary(Ir.Mul, a.high, b.low));
  return { low, high: f.binary(Ir.Add, high, cross) };
}

/** Whether the pair is a word that was extended with its sign. */
function isSignOf(high: Value, low: Value): boolean {
  if (high.op === Ir.Constant && low.op === Ir.Constant) return high.immediate === low.immediate >> 31;
  return (
    high.op === Ir.ShrS &&
    high.args[0] === low &&
    high.args[1]!.op === Ir.Constant &&
    high.args[1]!.immediate === 31
  );
}

export function wideBitwise(f: Folder, op: IrOp, a: Wide, b: Wide): Wide {
  return { low: f.binary(op, a.low, b.low), high: f.binary(op, a.high, b.high) };
}

/** A comparison of i64: 0 or 1. `op` is that of the words. */
export function wideCompare(f: Folder, op: IrOp, a: Wide, b: Wide): Value {
  if (op === Ir.Eq || op === Ir.Ne) {
    const low = f.binary(Ir.Xor, a.low, b.low);
    const high = f.binary(Ir.Xor, a.high, b.high);
    return f.binary(op, f.binary(Ir.Or, low, high), f.constant(0));
  }
  if (op === Ir.GeS || op === Ir.GeU) return f.not(wideCompare(f, op === Ir.GeS ? Ir.LtS : Ir.LtU, a, b));
  const highs = f.binary(op, a.high, b.high);
  if (isZero(b.low)) return highs;
  return f.select(f.binary(Ir.Eq, a.high, b.high), f.binary(Ir.LtU, a.low, b.low), highs);
}

export function wideShift(f: Folder, op: IrOp, a: Wide, count: Value): Wide {
  if (count.op === Ir.Constant) return shiftByConstant(f, op, a, count.immediate & 63);
  const far = f.binary(Ir.And, count, f.constant(32));
  const rest = f.binary(Ir.Xor, count, f.constant(-1));
  const one = f.constant(1);
  if (op === Ir.Rotl || op === Ir.Rotr) {
    const low = f.select(far, a.high, a.low);
    const high = f.select(far, a.low, a.high);
    const [main, other]: [IrOp, IrOp] = op === Ir.Rotl ? [Ir.Shl, Ir.ShrU] : [Ir.ShrU, Ir.Shl];
    const turn = (x: Value, y: Value) =>
      f.binary(Ir.Or, f.binary(main, x, count), f.binary(other, f.binary(other, y, one), rest));
    return { low: turn(low, high), high: turn(high, low) };
  }
  if (op === Ir.Shl) {
    const low = f.binary(Ir.Shl, a.low, count);
    const carried = f.binary(Ir.ShrU, f.binary(Ir.ShrU, a.low, one), rest);
    const high = f.binary(Ir.Or, f.binary(Ir.Shl, a.high, count), carried);
    return { low: f.select(far, f.constant(0), low), high: f.select(far, low, high) };
  }
  const high = f.binary(op, a.high, count);
  const carried = f.binary(Ir.Shl, f.binary(Ir.Shl, a.high, one), rest);
  const low = f.binary(Ir.Or, f.binary(Ir.ShrU, a.low, count), carried);
  const fill = op === Ir.ShrS ? f.binary(Ir.ShrS, a.high, f.constant(31)) : f.constant(0);
  return { low: f.select(far, high, low), high: f.select(far, fill, high) };
}

function shiftByConstant(f: Folder, op: IrOp, a: Wide, count: number): Wide {
  if (count === 0) return a;
  const by = (o: IrOp, value: Value, n: number) => f.binary(o, value, f.constant(n));
  if (op === Ir.Rotr) return shiftByConstant(f, Ir.Rotl, a, 64 - count);
  if (count >= 32) {
    const left = count - 32;
    if (op === Ir.Shl) return { low: f.constant(0), high: by(Ir.Shl, a.low, left) };
    if (op === Ir.ShrU) return { low: by(Ir.ShrU, a.high, left), high: f.constant(0) };
    if (op === Ir.ShrS) return { low: by(Ir.ShrS, a.high, left), high: by(Ir.ShrS, a.high, 31) };
    return shiftByConstant(f, op, { low: a.high, high: a.low }, left);
  }
  const join = (left: Value, right: Value) =>
    f.binary(Ir.Or, by(Ir.Shl, left, count), by(Ir.ShrU, right, 32 - count));
  if (op === Ir.Rotl) return { low: join(a.low, a.high), high: join(a.high, a.low) };
  if (op === Ir.Shl) return { low: by(Ir.Shl, a.low, count), high: join(a.high, a.low) };
  const low = f.binary(Ir.Or, by(Ir.ShrU, a.low, count), by(Ir.Shl, a.high, 32 - count));
  return { low, high: by(op, a.high, count) };
}

export function wideCountZeros(f: Folder, op: typeof Ir.Clz | typeof Ir.Ctz, a: Wide): Wide {
  const [first, second] = op === Ir.Clz ? [a.high, a.low] : [a.low, a.high];
  const beyond = f.binary(Ir.Add, f.unary(op, second), f.constant(32));
  return { low: f.select(first, f.unary(op, first), beyond), high: f.constant(0) };
}

export function widePopulation(f: Folder, a: Wide): Wide {
  return {
    low: f.binary(Ir.Add, f.unary(Ir.Popcnt, a.low), f.unary(Ir.Popcnt, a.high)),
    high: f.constant(0),
  };
}

export function extendSigned(f: Folder, word: Value): Wide {
  return { low: word, high: f.binary(Ir.ShrS, word, f.constant(31)) };
}

export function extendUnsigned(f: Folder, word: Value): Wide {
  return { low: word, high: f.constant(0) };
}

function isZero(value: Value): boolean {
  return value.op === Ir.Constant && value.immediate === 0;
}
