/**
 * What is known without running: constants folded, operations made simpler, bits known to be zero.
 *
 * `Folder` makes a value for an operation; it may give an older value, or a cheaper operation, in place of
 * the one asked for. It is used while a function is built and again by every pass that finds more constants.
 * New values go through `place`, which puts them where the caller is at work.
 */
import { Ir, type IrOp, isComparison, type SsaFunction, type Value } from './ir.ts';

const COMMUTATIVE: ReadonlySet<number> = new Set([
  Ir.Add,
  Ir.Mul,
  Ir.MulHighS,
  Ir.MulHighU,
  Ir.And,
  Ir.Or,
  Ir.Xor,
  Ir.Eq,
  Ir.Ne,
  Ir.MinS,
  Ir.MaxS,
  Ir.MinU,
  Ir.MaxU,
]);

const INVERSE: Readonly<Record<number, IrOp>> = {
  [Ir.Eq]: Ir.Ne,
  [Ir.Ne]: Ir.Eq,
  [Ir.LtS]: Ir.GeS,
  [Ir.GeS]: Ir.LtS,
  [Ir.LtU]: Ir.GeU,
  [Ir.GeU]: Ir.LtU,
};

export class Folder {
  readonly fn: SsaFunction;
  readonly place: (value: Value) => Value;

  constructor(fn: SsaFunction, place: (value: Value) => Value) {
    this.fn = fn;
    this.place = place;
  }

  constant(value: number): Value {
    return this.fn.constant(value);
  }

  unary(op: IrOp, a: Value): Value {
    return this.simplerUnary(op, a) ?? this.place(this.fn.newValue(op, [a]));
  }

  binary(op: IrOp, a: Value, b: Value): Value {
    if (swaps(op, a, b)) [a, b] = [b, a];
    return this.simplerBinary(op, a, b) ?? this.place(this.fn.newValue(op, [a, b]));
  }

  select(condition: Value, yes: Value, no: Value): Value {
    return (
      this.simplerSelect(condition, yes, no) ?? this.place(this.fn.newValue(Ir.Select, [condition, yes, no]))
    );
  }

  /** A value that can stand for this one, whose operands may have become simpler since it was made. */
  simpler(value: Value): Value | undefined {
    const { op, args } = value;
    if (op === Ir.Select) return this.simplerSelect(args[0]!, args[1]!, args[2]!);
    if (args.length === 1) return this.simplerUnary(op, args[0]!);
    if (swaps(op, args[0]!, args[1]!)) args.reverse();
    return this.simplerBinary(op, args[0]!, args[1]!);
  }

  private simplerUnary(op: IrOp, a: Value): Value | undefined {
    if (a.op === Ir.Constant) return this.constant(evaluateUnary(op, a.immediate));
    if (op !== Ir.Extend8 && op !== Ir.Extend16) return undefined;
    const bits = op === Ir.Extend8 ? 8 : 16;
    if (possibleBits(a) >>> (bits - 1) === 0 || isExtended(a, bits)) return a;
    const low = (1 << bits) - 1;
    if (a.op === Ir.And && isConstant(a.args[1]!) && (a.args[1]!.immediate & low) === low) {
      return this.unary(op, a.args[0]!);
    }
    return undefined;
  }

  private simplerBinary(op: IrOp, a: Value, b: Value): Value | undefined {
    if (a.op === Ir.Constant && b.op === Ir.Constant) {
      const result = evaluateBinary(op, a.immediate, b.immediate);
      if (result !== undefined) return this.constant(result);
    }
    return isComparison(op) ? this.comparison(op, a, b) : this.arithmetic(op, a, b);
  }

  private simplerSelect(condition: Value, yes: Value, no: Value): Value | undefined {
    if (condition.op === Ir.Constant) return condition.immediate !== 0 ? yes : no;
    if (yes === no) return yes;
    if (condition.op === Ir.Eq && isZero(condition.args[1]!)) return this.select(condition.args[0]!, no, yes);
    if (condition.op === Ir.Ne && isZero(condition.args[1]!)) return this.select(condition.args[0]!, yes, no);
    if (isBoolean(condition) && yes.op === Ir.Constant && no.op === Ir.Constant) {
      if (yes.immediate === 1 && no.immediate === 0) return condition;
      if (yes.immediate === 0 && no.immediate === 1) return this.not(condition);
      const difference = (yes.immediate - no.immediate) | 0;
      if (difference === 1) return this.binary(Ir.Add, condition, no);
      if (difference === -1) return this.binary(Ir.Sub, no, condition);
    }
    return this.minimum(condition, yes, no);
  }

  /** 1 where the value is 0, else 0. */
  not(value: Value): Value {
    return this.binary(Ir.Eq, value, this.constant(0));
  }

  private minimum(condition: Value, yes: Value, no: Value): Value | undefined {
    const [a, b] = condition.args;
    const { op } = condition;
    const less = op === Ir.LtS || op === Ir.LtU;
    if (!less && op !== Ir.GeS && op !== Ir.GeU) return undefined;
    const signed = op === Ir.LtS || op === Ir.GeS;
    if (a === yes && b === no)
      return this.binary(less ? (signed ? Ir.MinS : Ir.MinU) : signed ? Ir.MaxS : Ir.MaxU, a!, b!);
    if (a === no && b === yes)
      return this.binary(less ? (signed ? Ir.MaxS : Ir.MaxU) : signed ? Ir.MinS : Ir.MinU, a!, b!);
    return undefined;
  }

  private arithmetic(op: IrOp, a: Value, b: Value): Value | undefined {
    switch (op) {
      case Ir.Add:
        return this.add(a, b);
      case Ir.Sub:
        if (a === b) return this.constant(0);
        if (b.op === Ir.Constant) return this.binary(Ir.Add, a, this.constant(-b.immediate));
        if (a.op === Ir.Add && a.args[1] === b) return a.args[0];
        if (a.op === Ir.Add && a.args[0] === b) return a.args[1];
        return undefined;
      case Ir.Mul:
        if (b.op !== Ir.Constant) return undefined;
        if (b.immediate === 0) return b;
        if (b.immediate === 1) return a;
        if (b.immediate === -1) return this.binary(Ir.Sub, this.constant(0), a);
        if (isPowerOfTwo(b.immediate)) return this.binary(Ir.Shl, a, this.constant(log2(b.immediate)));
        return undefined;
      case Ir.MulHighU:
      case Ir.MulHighS:
        if (isZero(b)) return b;
        if (op === Ir.MulHighU && b.op === Ir.Constant && b.immediate === 1) return this.constant(0);
        if (op === Ir.MulHighU && b.op === Ir.Constant && isPowerOfTwo(b.immediate)) {
          return this.binary(Ir.ShrU, a, this.constant(32 - log2(b.immediate)));
        }
        return undefined;
      case Ir.DivU:
        if (b.op === Ir.Constant && isPowerOfTwo(b.immediate))
          return this.binary(Ir.ShrU, a, this.constant(log2(b.immediate)));
        return undefined;
      case Ir.RemU:
        if (b.op === Ir.Constant && isPowerOfTwo(b.immediate))
          return this.binary(Ir.And, a, this.constant(b.immediate - 1));
        return undefined;
      case Ir.DivS:
        return b.op === Ir.Constant && b.immediate === 1 ? a : undefined;
      case Ir.And:
      case Ir.Or:
      case Ir.Xor:
        return this.bitwise(op, a, b);
      case Ir.Shl:
      case Ir.ShrS:
      case Ir.ShrU:
      case Ir.Rotl:
      case Ir.Rotr:
        return this.shift(op, a, b);
      default:
        return a === b && op >= Ir.MinS && op <= Ir.MaxU ? a : undefined;
    }
  }

  private add(a: Value, b: Value): Value | undefined {
    if (b.op === Ir.Constant) {
      if (b.immediate === 0) return a;
      if (a.op === Ir.Symbol && a.part === 'address') {
        return this.fn.symbol(a.symbol!, (a.immediate + b.immediate) | 0, 'address');
      }
      if (a.op === Ir.Add && a.args[1]!.op === Ir.Constant) {
        return this.binary(Ir.Add, a.args[0]!, this.constant(a.args[1]!.immediate + b.immediate));
      }
      if (a.op === Ir.Sub && a.args[0]!.op === Ir.Constant) {
        return this.binary(Ir.Sub, this.constant(a.args[0]!.immediate + b.immediate), a.args[1]!);
      }
    }
    if (b.op === Ir.Sub && isZero(b.args[0]!)) return this.binary(Ir.Sub, a, b.args[1]!);
    if (a.op === Ir.Sub && isZero(a.args[0]!)) return this.binary(Ir.Sub, b, a.args[1]!);
    if (a.op === Ir.Sub && a.args[1] === b) return a.args[0];
    if (b.op === Ir.Sub && b.args[1] === a) return b.args[0];
    return undefined;
  }

  private bitwise(op: IrOp, a: Value, b: Value): Value | undefined {
    if (a === b) return op === Ir.Xor ? this.constant(0) : a;
    if (b.op !== Ir.Constant) return this.rotation(op, a, b);
    const mask = b.immediate;
    if (mask === 0) return op === Ir.And ? b : a;
    if (mask === -1 && op === Ir.And) return a;
    if (mask === -1 && op === Ir.Or) return b;
    if (op === Ir.And) {
      const possible = possibleBits(a);
      if ((possible & ~mask) === 0) return a;
      if ((possible & mask) === 0) return this.constant(0);
    }
    if (op === Ir.Xor && mask === 1 && isComparison(a.op)) return this.not(a);
    if (a.op === op && a.args[1]!.op === Ir.Constant) {
      const folded = evaluateBinary(op, a.args[1]!.immediate, mask)!;
      return this.binary(op, a.args[0]!, this.constant(folded));
    }
    return undefined;
  }

  /** (x << c) | (x >> 32 − c), and a sum of such. */
  private rotation(op: IrOp, a: Value, b: Value): Value | undefined {
    if (op === Ir.And) return undefined;
    if (a.op === Ir.ShrU) [a, b] = [b, a];
    if (a.op !== Ir.Shl || b.op !== Ir.ShrU || a.args[0] !== b.args[0]) return undefined;
    const [left, right] = [a.args[1]!, b.args[1]!];
    if (left.op !== Ir.Constant || right.op !== Ir.Constant) return undefined;
    if (((left.immediate + right.immediate) & 63) !== 32) return undefined;
    return this.binary(Ir.Rotl, a.args[0]!, left);
  }

  private shift(op: IrOp, a: Value, b: Value): Value | undefined {
    if (isZero(a)) return a;
    if (b.op !== Ir.Constant) {
      const masked = b.op === Ir.And && isConstant(b.args[1]!) && (b.args[1]!.immediate & 31) === 31;
      return masked ? this.binary(op, a, b.args[0]!) : undefined;
    }
    const count = b.immediate & 31;
    if (count !== b.immediate) return this.binary(op, a, this.constant(count));
    if (count === 0) return a;
    if (op === Ir.Rotr) return this.binary(Ir.Rotl, a, this.constant(32 - count));
    const inner = a.args[1];
    if (a.op === op && op !== Ir.Rotl && inner!.op === Ir.Constant) {
      const sum = count + inner!.immediate;
      if (sum > 31 && op !== Ir.ShrS) return this.constant(0);
      return this.binary(op, a.args[0]!, this.constant(Math.min(sum, 31)));
    }
    if (op === Ir.ShrU && possibleBits(a) >>> count === 0) return this.constant(0);
    if (op === Ir.ShrS && possibleBits(a) >= 0) return this.binary(Ir.ShrU, a, b);
    if (a.op === Ir.Shl && inner!.op === Ir.Constant && inner!.immediate === count) {
      if (op === Ir.ShrU) return this.binary(Ir.And, a.args[0]!, this.constant(-1 >>> count));
      if (op === Ir.ShrS && count === 24) return this.unary(Ir.Extend8, a.args[0]!);
      if (op === Ir.ShrS && count === 16) return this.unary(Ir.Extend16, a.args[0]!);
    }
    if (
      op === Ir.Shl &&
      (a.op === Ir.ShrU || a.op === Ir.ShrS) &&
      inner!.op === Ir.Constant &&
      inner!.immediate === count
    ) {
      const mask = -1 << count;
      if (mask >= -2048) return this.binary(Ir.And, a.args[0]!, this.constant(mask));
    }
    return undefined;
  }

  private comparison(op: IrOp, a: Value, b: Value): Value | undefined {
    if (a === b) return this.constant(op === Ir.Eq || op === Ir.GeS || op === Ir.GeU ? 1 : 0);
    if (op === Ir.Eq || op === Ir.Ne) return this.equality(op, a, b);
    if (a.op === Ir.Constant) return this.turned(op, a.immediate, b);
    if (b.op !== Ir.Constant) return undefined;
    const c = b.immediate;
    const possible = possibleBits(a);
    if (op === Ir.LtU || op === Ir.GeU) {
      if (c === 0) return this.constant(op === Ir.GeU ? 1 : 0);
      if (c === 1) return this.binary(op === Ir.LtU ? Ir.Eq : Ir.Ne, a, this.constant(0));
      if (possible >>> 0 < c >>> 0) return this.constant(op === Ir.LtU ? 1 : 0);
      return this.byteRange(op, a, c);
    }
    if (c === -0x8000_0000) return this.constant(op === Ir.GeS ? 1 : 0);
    if (possible >= 0 && c <= 0) return this.constant(op === Ir.GeS ? 1 : 0);
    if (possible >= 0 && possible < c) return this.constant(op === Ir.LtS ? 1 : 0);
    return undefined;
  }

  /**
   * (x − k) mod 2ⁿ < m for an x of n bits, as compilers write "x is between": a comparison without the mask,
   * of x − k if the range does not wrap, else of the other values' range.
   */
  private byteRange(op: IrOp, a: Value, m: number): Value | undefined {
    if (a.op !== Ir.And || !isConstant(a.args[1]!)) return undefined;
    const mask = a.args[1]!.immediate;
    const sum = a.args[0]!;
    if ((mask !== 0xff && mask !== 0xffff) || sum.op !== Ir.Add || !isConstant(sum.args[1]!))
      return undefined;
    const x = sum.args[0]!;
    if ((possibleBits(x) & ~mask) !== 0 || m <= 0 || m > mask) return undefined;
    const first = -sum.args[1]!.immediate & mask;
    const size = mask + 1;
    if (first + m <= size)
      return this.binary(op, this.binary(Ir.Add, x, this.constant(-first)), this.constant(m));
    const other = this.binary(Ir.Add, x, this.constant(-(first + m - size)));
    return this.binary(INVERSE[op]!, other, this.constant(size - m));
  }

  /** c < x is x >= c + 1, c >= x is x < c + 1: the constant always stands on the right. */
  private turned(op: IrOp, c: number, x: Value): Value | undefined {
    const signed = op === Ir.LtS || op === Ir.GeS;
    const less = op === Ir.LtS || op === Ir.LtU;
    if (c === (signed ? 0x7fff_ffff : -1)) return this.constant(less ? 0 : 1);
    return this.binary(INVERSE[op]!, x, this.constant(c + 1));
  }

  private equality(op: IrOp, a: Value, b: Value): Value | undefined {
    if (b.op !== Ir.Constant) return undefined;
    const c = b.immediate;
    const possible = possibleBits(a);
    if ((c & ~possible) !== 0) return this.constant(op === Ir.Ne ? 1 : 0);
    if (c === 0) {
      if (a.op === Ir.Sub || a.op === Ir.Xor) return this.binary(op, a.args[0]!, a.args[1]!);
      if (op === Ir.Ne && isBoolean(a)) return a;
      if (op === Ir.Eq && isComparison(a.op)) return this.binary(INVERSE[a.op]!, a.args[0]!, a.args[1]!);
      if (op === Ir.Eq && a.op === Ir.And && isConstant(a.args[1]!) && a.args[1]!.immediate === 1)
        return undefined;
    }
    if (c === 1 && isBoolean(a)) return op === Ir.Eq ? a : this.not(a);
    // Not of a phi: it would have to live on beside its successor.
    if (a.op === Ir.Add && isConstant(a.args[1]!) && a.args[0]!.op !== Ir.Phi) {
      return this.binary(op, a.args[0]!, this.constant(c - a.args[1]!.immediate));
    }
    if (a.op === Ir.Xor && isConstant(a.args[1]!))
      return this.binary(op, a.args[0]!, this.constant(c ^ a.args[1]!.immediate));
    return undefined;
  }
}

/** Constants stand on the right of what commutes. */
function swaps(op: IrOp, a: Value, b: Value): boolean {
  return (
    COMMUTATIVE.has(op) &&
    a.op <= Ir.Symbol &&
    (b.op > Ir.Symbol || a.op === Ir.Constant) &&
    b.op !== Ir.Constant
  );
}

/** Whether the value is what a load or an extension gave from `bits` bits or fewer, with their sign. */
function isExtended(value: Value, bits: number): boolean {
  if (value.op === Ir.Load8S || value.op === Ir.Extend8) return true;
  return bits === 16 && (value.op === Ir.Load16S || value.op === Ir.Extend16);
}

export function inverse(op: IrOp): IrOp {
  return INVERSE[op]!;
}

function isConstant(value: Value): boolean {
  return value.op === Ir.Constant;
}

function isZero(value: Value): boolean {
  return value.op === Ir.Constant && value.immediate === 0;
}

/** Surely 0 or 1. */
export function isBoolean(value: Value): boolean {
  return isComparison(value.op) || (possibleBits(value) & ~1) === 0;
}

/** Bits that may be set, as a signed word; all others are surely zero. Looks through a few operations only. */
export function possibleBits(value: Value, depth = 4): number {
  const { op, args } = value;
  if (op === Ir.Constant) return value.immediate;
  if (op === Ir.Load8U) return 0xff;
  if (op === Ir.Load16U) return 0xffff;
  if (op === Ir.Phi) return value.bits;
  if (isComparison(op)) return 1;
  if (op === Ir.Clz || op === Ir.Ctz || op === Ir.Popcnt) return 0x3f;
  if (depth === 0) return -1;
  const of = (index: number) => possibleBits(args[index]!, depth - 1);
  switch (op) {
    case Ir.And:
      return of(0) & of(1);
    case Ir.Or:
    case Ir.Xor:
      return of(0) | of(1);
    case Ir.Select:
      return of(1) | of(2);
    case Ir.MinU: {
      const [a, b] = [of(0), of(1)];
      return smear(a >>> 0 < b >>> 0 ? a : b);
    }
    case Ir.ShrU:
      return isConstant(args[1]!) ? (of(0) >>> (args[1]!.immediate & 31)) | 0 : smear(of(0));
    case Ir.Shl:
      return isConstant(args[1]!) ? of(0) << (args[1]!.immediate & 31) : -1;
    case Ir.Add: {
      const sum = (smear(of(0)) >>> 0) + (smear(of(1)) >>> 0);
      return sum < 2 ** 32 ? smear(sum | 0) : -1;
    }
    case Ir.RemU:
      return isConstant(args[1]!) && args[1]!.immediate !== 0 ? smear(args[1]!.immediate - 1) : -1;
    case Ir.DivU:
      return isConstant(args[1]!) && args[1]!.immediate !== 0 ? smear(of(0)) : -1;
    default:
      return -1;
  }
}

/** All bits up to the highest one. */
function smear(bits: number): number {
  return bits === 0 ? 0 : (-1 >>> Math.clz32(bits)) | 0;
}

function isPowerOfTwo(value: number): boolean {
  return value !== 0 && (value & (value - 1)) === 0;
}

function log2(value: number): number {
  return 31 - Math.clz32(value);
}

function evaluateUnary(op: IrOp, a: number): number {
  switch (op) {
    case Ir.Clz:
      return Math.clz32(a);
    case Ir.Ctz:
      return a === 0 ? 32 : 31 - Math.clz32(a & -a);
    case Ir.Popcnt: {
      let count = 0;
      for (let bits = a; bits !== 0; bits &= bits - 1) count++;
      return count;
    }
    case Ir.Extend8:
      return (a << 24) >> 24;
    case Ir.Extend16:
      return (a << 16) >> 16;
    default:
      throw new Error(`no unary operation ${op}`);
  }
}

/** Undefined where the result is not to be folded: a division that could trap. */
export function evaluateBinary(op: IrOp, a: number, b: number): number | undefined {
  switch (op) {
    case Ir.Add:
      return (a + b) | 0;
    case Ir.Sub:
      return (a - b) | 0;
    case Ir.Mul:
      return Math.imul(a, b);
    case Ir.MulHighS:
      return Number((BigInt(a) * BigInt(b)) >> 32n);
    case Ir.MulHighU:
      return Number((BigInt(a >>> 0) * BigInt(b >>> 0)) >> 32n) | 0;
    case Ir.DivS:
      return b === 0 || (b === -1 && a === -0x8000_0000) ? undefined : (a / b) | 0;
    case Ir.DivU:
      return b === 0 ? undefined : ((a >>> 0) / (b >>> 0)) | 0;
    case Ir.RemS:
      return b === 0 ? undefined : (a % b) | 0;
    case Ir.RemU:
      return b === 0 ? undefined : ((a >>> 0) % (b >>> 0)) | 0;
    case Ir.And:
      return a & b;
    case Ir.Or:
      return a | b;
    case Ir.Xor:
      return a ^ b;
    case Ir.Shl:
      return a << b;
    case Ir.ShrS:
      return a >> b;
    case Ir.ShrU:
      return (a >>> b) | 0;
    case Ir.Rotl:
      return (a << b) | (b & 31 ? a >>> (32 - (b & 31)) : 0);
    case Ir.Rotr:
      return (b & 31 ? a >>> (b & 31) : a) | (b & 31 ? a << (32 - (b & 31)) : 0);
    case Ir.Eq:
      return a === b ? 1 : 0;
    case Ir.Ne:
      return a !== b ? 1 : 0;
    case Ir.LtS:
      return a < b ? 1 : 0;
    case Ir.LtU:
      return a >>> 0 < b >>> 0 ? 1 : 0;
    case Ir.GeS:
      return a >= b ? 1 : 0;
    case Ir.GeU:
      return a >>> 0 >= b >>> 0 ? 1 : 0;
    case Ir.MinS:
      return Math.min(a, b);
    case Ir.MaxS:
      return Math.max(a, b);
    case Ir.MinU:
      return Math.min(a >>> 0, b >>> 0) | 0;
    case Ir.MaxU:
      return Math.max(a >>> 0, b >>> 0) | 0;
    default:
      return undefined;
  }
}
