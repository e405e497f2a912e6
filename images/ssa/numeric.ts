/**
 * Numeric instructions: arithmetic of i32 and i64 in place, floating point by calls of the runtime, except
 * what only moves bits (abs, neg, copysign, reinterpretations).
 *
 * Opcodes come in runs of the same order for each type; a run's first opcode is named where it is used.
 */
import { OPCODES } from '../wasm/opcodes.ts';
import type { Builder } from './builder.ts';
import { Ir, type IrOp, type Value } from './ir.ts';
import {
  extendSigned,
  extendUnsigned,
  type Wide,
  wideAdd,
  wideBitwise,
  wideCompare,
  wideCountZeros,
  wideMul,
  widePopulation,
  wideShift,
  wideSub,
} from './wide.ts';

const COMPARISONS: readonly (readonly [IrOp, 'as is' | 'swapped'])[] = [
  [Ir.Eq, 'as is'],
  [Ir.Ne, 'as is'],
  [Ir.LtS, 'as is'],
  [Ir.LtU, 'as is'],
  [Ir.LtS, 'swapped'],
  [Ir.LtU, 'swapped'],
  [Ir.GeS, 'swapped'],
  [Ir.GeU, 'swapped'],
  [Ir.GeS, 'as is'],
  [Ir.GeU, 'as is'],
];

const BINARY: readonly IrOp[] = [
  Ir.Add,
  Ir.Sub,
  Ir.Mul,
  Ir.DivS,
  Ir.DivU,
  Ir.RemS,
  Ir.RemU,
  Ir.And,
  Ir.Or,
  Ir.Xor,
  Ir.Shl,
  Ir.ShrS,
  Ir.ShrU,
  Ir.Rotl,
  Ir.Rotr,
];

const COUNTS: readonly IrOp[] = [Ir.Clz, Ir.Ctz, Ir.Popcnt];
const SIGN = -0x8000_0000;

/** Any instruction from i32.eqz (0x45) on that only takes and gives values. */
export function buildNumeric(b: Builder, op: number): void {
  if (op === 0x45) b.push(b.fold.not(b.pop()));
  else if (op <= 0x4f) compare(b, op - 0x46);
  else if (op === 0x50) b.push(isZeroWide(b, b.popWide()));
  else if (op <= 0x5a) compareWide(b, op - 0x51);
  else if (op <= 0x66) compareFloat(b, op);
  else if (op <= 0x69) b.push(b.fold.unary(COUNTS[op - 0x67]!, b.pop()));
  else if (op <= 0x78) binary(b, BINARY[op - 0x6a]!);
  else if (op <= 0x7b) countWide(b, COUNTS[op - 0x79]!);
  else if (op <= 0x8a) binaryWide(b, BINARY[op - 0x7c]!);
  else if (op <= 0x98) float(b, op, op - 0x8b);
  else if (op <= 0xa6) float(b, op, op - 0x99);
  else convert(b, op);
}

function compare(b: Builder, index: number): void {
  const right = b.pop();
  const left = b.pop();
  const [op, order] = COMPARISONS[index]!;
  b.push(order === 'as is' ? b.fold.binary(op, left, right) : b.fold.binary(op, right, left));
}

function compareWide(b: Builder, index: number): void {
  const right = b.popWide();
  const left = b.popWide();
  const [op, order] = COMPARISONS[index]!;
  b.push(order === 'as is' ? wideCompare(b.fold, op, left, right) : wideCompare(b.fold, op, right, left));
}

function isZeroWide(b: Builder, value: Wide): Value {
  return b.fold.not(b.fold.binary(Ir.Or, value.low, value.high));
}

/** eq, ne, lt, gt, le, ge, by the runtime's eq, lt and le. */
function compareFloat(b: Builder, op: number): void {
  const wide = op >= 0x61;
  const take = () => (wide ? words(b.popWide()) : [b.pop()]);
  const right = take();
  const left = take();
  const index = op - (wide ? 0x61 : 0x5b);
  const name = ['eq', 'eq', 'lt', 'lt', 'le', 'le'][index]!;
  const swapped = index === 3 || index === 5;
  const args = swapped ? [...right, ...left] : [...left, ...right];
  const result = b.runtime(`${wide ? 'f64' : 'f32'}_${name}`, args, 1, 'pure')[0]!;
  b.push(index === 1 ? b.fold.not(result) : result);
}

function words(value: Wide): Value[] {
  return [value.low, value.high];
}

function binary(b: Builder, op: IrOp): void {
  const right = b.pop();
  const left = b.pop();
  const divides = op >= Ir.DivS && op <= Ir.RemU;
  if (divides && b.env.traps.divide) checkDivision(b, op, left, right);
  b.push(b.fold.binary(op, left, right));
}

function checkDivision(b: Builder, op: IrOp, left: Value, right: Value): void {
  b.trapIf(b.fold.not(right), 'trap_divide_by_zero');
  if (op !== Ir.DivS) return;
  const extreme = b.fold.binary(Ir.Eq, left, b.constant(SIGN));
  const minusOne = b.fold.binary(Ir.Eq, right, b.constant(-1));
  b.trapIf(b.fold.binary(Ir.And, minusOne, extreme), 'trap_integer_overflow');
}

function countWide(b: Builder, op: IrOp): void {
  const value = b.popWide();
  b.pushWide(
    op === Ir.Popcnt ? widePopulation(b.fold, value) : wideCountZeros(b.fold, op as typeof Ir.Clz, value),
  );
}

function binaryWide(b: Builder, op: IrOp): void {
  const right = b.popWide();
  const left = b.popWide();
  switch (op) {
    case Ir.Add:
      b.pushWide(wideAdd(b.fold, left, right));
      break;
    case Ir.Sub:
      b.pushWide(wideSub(b.fold, left, right));
      break;
    case Ir.Mul:
      b.pushWide(wideMul(b.fold, left, right));
      break;
    case Ir.And:
    case Ir.Or:
    case Ir.Xor:
      b.pushWide(wideBitwise(b.fold, op, left, right));
      break;
    case Ir.DivS:
    case Ir.DivU:
    case Ir.RemS:
    case Ir.RemU:
      b.pushWide(divideWide(b, op, left, right));
      break;
    default:
      b.pushWide(wideShift(b.fold, op, left, right.low));
  }
}

const WIDE_DIVISIONS: Readonly<Record<number, string>> = {
  [Ir.DivS]: 'i64_div_s',
  [Ir.DivU]: 'i64_div_u',
  [Ir.RemS]: 'i64_rem_s',
  [Ir.RemU]: 'i64_rem_u',
};

function divideWide(b: Builder, op: IrOp, left: Wide, right: Wide): Wide {
  const { fold, env } = b;
  if (env.traps.divide) {
    b.trapIf(isZeroWide(b, right), 'trap_divide_by_zero');
    if (op === Ir.DivS) {
      const extreme = fold.binary(Ir.Or, left.low, fold.binary(Ir.Xor, left.high, b.constant(SIGN)));
      const minusOne = fold.binary(Ir.Xor, fold.binary(Ir.And, right.low, right.high), b.constant(-1));
      b.trapIf(fold.not(fold.binary(Ir.Or, extreme, minusOne)), 'trap_integer_overflow');
    }
  }
  const unsigned = op === Ir.DivU || op === Ir.RemU;
  const { low, high } = right;
  if (unsigned && low.op === Ir.Constant && high.op === Ir.Constant) {
    const divisor = (BigInt(high.immediate >>> 0) << 32n) | BigInt(low.immediate >>> 0);
    if (divisor !== 0n && (divisor & (divisor - 1n)) === 0n) {
      const rest = divisor - 1n;
      const mask = {
        low: b.constant(Number(BigInt.asIntN(32, rest))),
        high: b.constant(Number(rest >> 32n)),
      };
      if (op === Ir.RemU) return wideBitwise(fold, Ir.And, left, mask);
      return wideShift(fold, Ir.ShrU, left, b.constant(divisor.toString(2).length - 1));
    }
  }
  const zero = (value: Value) => value.op === Ir.Constant && value.immediate === 0;
  if (unsigned && zero(left.high) && zero(high)) return extendUnsigned(fold, fold.binary(op, left.low, low));
  const result = b.runtime(WIDE_DIVISIONS[op]!, [...words(left), ...words(right)], 2, 'pure');
  return { low: result[0]!, high: result[1]! };
}

/** abs neg ceil floor trunc nearest sqrt add sub mul div min max copysign, in this order from `index` 0. */
function float(b: Builder, op: number, index: number): void {
  if (index === 0) mapSign(b, op, value => b.fold.binary(Ir.And, value, b.constant(~SIGN)));
  else if (index === 1) mapSign(b, op, value => b.fold.binary(Ir.Xor, value, b.constant(SIGN)));
  else if (index === 13) copySign(b, op);
  else callRuntime(b, op, 'pure');
}

/** Applies `change` to the word that has the sign. */
function mapSign(b: Builder, op: number, change: (word: Value) => Value): void {
  if (op < 0x99) {
    b.push(change(b.pop()));
    return;
  }
  const { low, high } = b.popWide();
  b.pushWide({ low, high: change(high) });
}

function copySign(b: Builder, op: number): void {
  const source = op < 0x99 ? b.pop() : b.popWide().high;
  const sign = b.fold.binary(Ir.And, source, b.constant(SIGN));
  mapSign(b, op, word => b.fold.binary(Ir.Or, b.fold.binary(Ir.And, word, b.constant(~SIGN)), sign));
}

/** By the runtime's function of the instruction's name, `f32.add` as `f32_add`. */
function callRuntime(b: Builder, op: number, effect: 'pure' | 'effect', name = OPCODES.get(op)!.name): void {
  const [parameters = '', results = ''] = OPCODES.get(op)!.signature!.split(':');
  const args: Value[] = [];
  for (let i = parameters.length - 1; i >= 0; i--) {
    args.unshift(...(isWide(parameters[i]!) ? words(b.popWide()) : [b.pop()]));
  }
  const wide = isWide(results);
  const result = b.runtime(name.replace('.', '_'), args, wide ? 2 : 1, effect);
  if (wide) b.pushWide({ low: result[0]!, high: result[1]! });
  else b.push(result[0]!);
}

function isWide(letter: string): boolean {
  return letter === 'I' || letter === 'F';
}

function convert(b: Builder, op: number): void {
  const { fold } = b;
  switch (op) {
    case 0xa7: // i32.wrap_i64
      b.push(b.popWide().low);
      break;
    case 0xac: // i64.extend_i32_s
      b.pushWide(extendSigned(fold, b.pop()));
      break;
    case 0xad: // i64.extend_i32_u
      b.pushWide(extendUnsigned(fold, b.pop()));
      break;
    case 0xbc: // reinterpretations: the bits are already there
    case 0xbd:
    case 0xbe:
    case 0xbf:
      break;
    case 0xc0:
      b.push(fold.unary(Ir.Extend8, b.pop()));
      break;
    case 0xc1:
      b.push(fold.unary(Ir.Extend16, b.pop()));
      break;
    case 0xc2:
      b.pushWide(extendSigned(fold, fold.unary(Ir.Extend8, b.popWide().low)));
      break;
    case 0xc3:
      b.pushWide(extendSigned(fold, fold.unary(Ir.Extend16, b.popWide().low)));
      break;
    case 0xc4:
      b.pushWide(extendSigned(fold, b.popWide().low));
      break;
    default: {
      const name = OPCODES.get(op)!.name;
      const truncates = name.includes('.trunc_f');
      if (truncates && b.env.traps.convert) callRuntime(b, op, 'effect');
      else callRuntime(b, op, 'pure', name.replace('.trunc_f', '.trunc_sat_f'));
    }
  }
}
