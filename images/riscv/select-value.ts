/**
 * Instruction selection for single values: arithmetic, memory, conditions.
 */
import { inverse } from '../ssa/fold.ts';
import { FIRST_GLOBAL, Ir, type IrOp, isComparison, isLoad, isStore, type Value } from '../ssa/ir.ts';
import { GP, ZERO } from './calling-convention.ts';
import { type MachineInstruction, NONE } from './machine.ts';
import { fits12, type Selector } from './selector.ts';

const PLAIN: Readonly<Record<number, string>> = {
  [Ir.Add]: 'add',
  [Ir.Sub]: 'sub',
  [Ir.Mul]: 'mul',
  [Ir.MulHighS]: 'mulh',
  [Ir.MulHighU]: 'mulhu',
  [Ir.DivS]: 'div',
  [Ir.DivU]: 'divu',
  [Ir.RemS]: 'rem',
  [Ir.RemU]: 'remu',
  [Ir.And]: 'and',
  [Ir.Or]: 'or',
  [Ir.Xor]: 'xor',
  [Ir.Shl]: 'sll',
  [Ir.ShrS]: 'sra',
  [Ir.ShrU]: 'srl',
  [Ir.Rotl]: 'rol',
  [Ir.Rotr]: 'ror',
  [Ir.LtS]: 'slt',
  [Ir.LtU]: 'sltu',
  [Ir.MinS]: 'min',
  [Ir.MaxS]: 'max',
  [Ir.MinU]: 'minu',
  [Ir.MaxU]: 'maxu',
  [Ir.Clz]: 'clz',
  [Ir.Ctz]: 'ctz',
  [Ir.Popcnt]: 'cpop',
  [Ir.Extend8]: 'sext.b',
  [Ir.Extend16]: 'sext.h',
};

const WITH_IMMEDIATE: Readonly<Record<number, string>> = {
  [Ir.Add]: 'addi',
  [Ir.And]: 'andi',
  [Ir.Or]: 'ori',
  [Ir.Xor]: 'xori',
  [Ir.LtS]: 'slti',
  [Ir.LtU]: 'sltiu',
  [Ir.Shl]: 'slli',
  [Ir.ShrS]: 'srai',
  [Ir.ShrU]: 'srli',
};

const ACCESSES: Readonly<Record<number, string>> = {
  [Ir.Load8S]: 'lb',
  [Ir.Load8U]: 'lbu',
  [Ir.Load16S]: 'lh',
  [Ir.Load16U]: 'lhu',
  [Ir.Load32]: 'lw',
  [Ir.Store8]: 'sb',
  [Ir.Store16]: 'sh',
  [Ir.Store32]: 'sw',
};

/** Calls, phis and parameters are select-call.ts' and select.ts' work. */
export function selectValue(s: Selector, value: Value): void {
  const { op } = value;
  if (isLoad(op) || isStore(op)) selectAccess(s, value);
  else if (op === Ir.Select) selectSelect(s, value);
  else if (isComparison(op)) selectComparison(s, value, s.registerOf(value));
  else if (op >= Ir.Clz && op <= Ir.Extend16) selectUnary(s, value);
  else selectBinary(s, value);
}

function selectUnary(s: Selector, value: Value): void {
  const d = s.registerOf(value);
  const a = s.use(value.args[0]!);
  if (s.options.zbb) {
    s.emit(PLAIN[value.op]!, d, a, NONE);
    return;
  }
  const shift = value.op === Ir.Extend8 ? 24 : 16;
  s.emit('srai', d, s.temporary('slli', a, NONE, shift), NONE, shift);
}

function selectBinary(s: Selector, value: Value): void {
  const { op } = value;
  const [a, b] = value.args as [Value, Value];
  const d = s.registerOf(value);
  if (b.op === Ir.Constant && selectWithConstant(s, op, d, a, b.immediate)) return;
  if (op === Ir.Add && selectScaledAdd(s, d, a, b)) return;
  if (s.options.zbb && selectInverted(s, op, d, a, b)) return;
  if ((op === Ir.Rotl || op === Ir.Rotr) && !s.options.zbb) {
    selectRotation(s, op, d, s.use(a), s.use(b));
    return;
  }
  if (op >= Ir.MinS && op <= Ir.MaxU && !s.options.zbb) {
    selectMinimum(s, op, d, s.use(a), s.use(b));
    return;
  }
  s.emit(PLAIN[op]!, d, s.use(a), s.use(b));
}

function selectWithConstant(s: Selector, op: IrOp, d: number, a: Value, c: number): boolean {
  const { options } = s;
  switch (op) {
    case Ir.Add:
    case Ir.Or:
    case Ir.Xor:
    case Ir.And:
      if (fits12(c)) {
        s.emit(WITH_IMMEDIATE[op]!, d, s.use(a), NONE, c);
        return true;
      }
      return op === Ir.And && selectMask(s, d, a, c);
    case Ir.Shl:
    case Ir.ShrS:
    case Ir.ShrU:
      s.emit(WITH_IMMEDIATE[op]!, d, s.use(a), NONE, c & 31);
      return true;
    case Ir.Rotl: {
      const x = s.use(a);
      if (options.zbb) s.emit('rori', d, x, NONE, (32 - c) & 31);
      else s.emit('or', d, s.temporary('slli', x, NONE, c & 31), s.temporary('srli', x, NONE, (32 - c) & 31));
      return true;
    }
    case Ir.Mul:
      return selectProduct(s, d, a, c);
    default:
      return false;
  }
}

/** Low bits only: two shifts where the mask would have to be made each time. */
function selectMask(s: Selector, d: number, a: Value, mask: number): boolean {
  if (mask === 0xffff && s.options.zbb) {
    s.emit('zext.h', d, s.use(a), NONE);
    return true;
  }
  if ((mask & (mask + 1)) !== 0 || s.block.loopDepth > 0) return false;
  const shift = Math.clz32(mask);
  s.emit('srli', d, s.temporary('slli', s.use(a), NONE, shift), NONE, shift);
  return true;
}

/** x · (2ⁿ ± 1) in two instructions, x · 3, 5, 9 in one where there is one. */
function selectProduct(s: Selector, d: number, a: Value, c: number): boolean {
  const x = s.use(a);
  const shifted = 31 - Math.clz32(c & (c - 1) ? c - 1 : 0);
  if (c > 0 && c - 1 === 1 << shifted) {
    if (s.options.zba && shifted <= 3) s.emit(`sh${shifted}add`, d, x, x);
    else s.emit('add', d, s.temporary('slli', x, NONE, shifted), x);
    return true;
  }
  const above = 31 - Math.clz32(c + 1);
  if (c > 0 && c + 1 === 1 << above) {
    s.emit('sub', d, s.temporary('slli', x, NONE, above), x);
    return true;
  }
  return false;
}

/** y + (x << 1, 2 or 3). */
function selectScaledAdd(s: Selector, d: number, a: Value, b: Value): boolean {
  if (!s.options.zba) return false;
  for (const [shift, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const count = shift.op === Ir.Shl ? shift.args[1]! : undefined;
    if (count?.op !== Ir.Constant || count.immediate < 1 || count.immediate > 3) continue;
    if (shift.uses > 1 && shift.block !== undefined && shift.block.order !== s.block.index) continue;
    s.takeOver(shift);
    s.emit(`sh${count.immediate}add`, d, s.use(shift.args[0]!), s.use(other));
    return true;
  }
  return false;
}

/** and, or, xor with a complement. */
function selectInverted(s: Selector, op: IrOp, d: number, a: Value, b: Value): boolean {
  const name = op === Ir.And ? 'andn' : op === Ir.Or ? 'orn' : op === Ir.Xor ? 'xnor' : undefined;
  if (name === undefined) return false;
  for (const [inverted, other] of [
    [b, a],
    [a, b],
  ] as const) {
    if (inverted.op !== Ir.Xor || inverted.uses > 1) continue;
    const mask = inverted.args[1]!;
    if (mask.op !== Ir.Constant || mask.immediate !== -1) continue;
    s.takeOver(inverted);
    s.emit(name, d, s.use(other), s.use(inverted.args[0]!));
    return true;
  }
  return false;
}

function selectRotation(s: Selector, op: IrOp, d: number, x: number, count: number): void {
  const [main, back] = op === Ir.Rotl ? ['sll', 'srl'] : ['srl', 'sll'];
  const rest = s.temporary('sub', ZERO, count);
  s.emit('or', d, s.temporary(main!, x, count), s.temporary(back!, x, rest));
}

function selectMinimum(s: Selector, op: IrOp, d: number, a: number, b: number): void {
  const condition = op === Ir.MinS || op === Ir.MaxS ? 'blt' : 'bltu';
  const smaller = op === Ir.MinS || op === Ir.MinU;
  s.copy([d], [a]);
  const move = smaller ? s.emit('move-if', d, b, a) : s.emit('move-if', d, a, b);
  move.condition = condition;
  move.uses = [b];
}

function selectComparison(s: Selector, value: Value, d: number): void {
  const { op } = value;
  const [a, b] = value.args as [Value, Value];
  if (op === Ir.Eq || op === Ir.Ne) {
    const difference = differenceOf(s, a, b);
    if (op === Ir.Eq) s.emit('sltiu', d, difference, NONE, 1);
    else s.emit('sltu', d, ZERO, difference);
    return;
  }
  const less = op === Ir.LtS || op === Ir.LtU ? op : inverse(op);
  const target = less === op ? d : s.newRegister();
  if (b.op === Ir.Constant && fits12(b.immediate)) {
    s.emit(less === Ir.LtS ? 'slti' : 'sltiu', target, s.use(a), NONE, b.immediate);
  } else {
    s.emit(less === Ir.LtS ? 'slt' : 'sltu', target, s.use(a), s.use(b));
  }
  if (less !== op) s.emit('xori', d, target, NONE, 1);
}

/** A register that is zero just where a and b are equal. */
function differenceOf(s: Selector, a: Value, b: Value): number {
  if (b.op === Ir.Constant) {
    if (b.immediate === 0) return s.use(a);
    if (b.immediate > -2048 && b.immediate <= 2048) return s.temporary('addi', s.use(a), NONE, -b.immediate);
  }
  return s.temporary('xor', s.use(a), s.use(b));
}

export interface Condition {
  readonly op: string;
  readonly a: number;
  readonly b: number;
}

const BRANCHES: Readonly<Record<number, string>> = {
  [Ir.Eq]: 'beq',
  [Ir.Ne]: 'bne',
  [Ir.LtS]: 'blt',
  [Ir.LtU]: 'bltu',
  [Ir.GeS]: 'bge',
  [Ir.GeU]: 'bgeu',
};

/** How a branch asks whether `value` is not zero; a comparison becomes part of the branch. */
export function selectCondition(s: Selector, value: Value): Condition {
  const sameBlock = value.block !== undefined && value.block.order === s.block.index;
  if (!isComparison(value.op) || (value.uses > 1 && !sameBlock))
    return { op: 'bne', a: s.use(value), b: ZERO };
  s.takeOver(value);
  const [a, b] = value.args as [Value, Value];
  if ((value.op === Ir.Eq || value.op === Ir.Ne) && b.op === Ir.Constant && b.immediate === 0) {
    const bit = selectBitTest(s, a, value.op);
    if (bit !== undefined) return bit;
  }
  return { op: BRANCHES[value.op]!, a: s.use(a), b: s.use(b) };
}

/** Of a single high bit, by its sign after a shift: the mask would not fit an immediate. */
function selectBitTest(s: Selector, a: Value, op: IrOp): Condition | undefined {
  const mask = a.op === Ir.And && a.uses === 1 ? a.args[1]! : undefined;
  if (mask?.op !== Ir.Constant || fits12(mask.immediate)) return undefined;
  const bit = mask.immediate;
  const single = (bit & (bit - 1)) === 0;
  const low = (bit & (bit + 1)) === 0;
  if (!single && !low) return undefined;
  s.takeOver(a);
  const x = s.use(a.args[0]!);
  const shift = Math.clz32(bit);
  const shifted = shift === 0 ? x : s.temporary('slli', x, NONE, shift);
  if (low) return { op: op === Ir.Eq ? 'beq' : 'bne', a: shifted, b: ZERO };
  return { op: op === Ir.Eq ? 'bge' : 'blt', a: shifted, b: ZERO };
}

const OPPOSITE: Readonly<Record<string, string>> = {
  beq: 'bne',
  bne: 'beq',
  blt: 'bge',
  bge: 'blt',
  bltu: 'bgeu',
  bgeu: 'bltu',
};

export function opposite(branch: string): string {
  return OPPOSITE[branch]!;
}

/** condition ? yes : no, as a move that a branch passes over. */
function selectSelect(s: Selector, value: Value): void {
  const [condition, yes, no] = value.args as [Value, Value, Value];
  const d = s.registerOf(value);
  const test = selectCondition(s, condition);
  const small = (v: Value) => v.op === Ir.Constant && fits12(v.immediate);
  const swap = small(no) && !small(yes);
  const [taken, kept] = swap ? [no, yes] : [yes, no];
  const from = small(taken) ? NONE : s.use(taken);
  s.copy([d], [s.use(kept)]);
  const move = s.emit(
    from === NONE ? 'li-if' : 'move-if',
    d,
    test.a,
    test.b,
    from === NONE ? taken.immediate : 0,
  );
  move.condition = swap ? opposite(test.op) : test.op;
  if (from !== NONE) move.uses = [from];
}

function selectAccess(s: Selector, value: Value): void {
  const store = isStore(value.op);
  const data = store ? s.use(value.args[1]!) : NONE;
  const d = store ? NONE : s.registerOf(value);
  const name = ACCESSES[value.op]!;
  const access = (base: number, offset: number): MachineInstruction => s.emit(name, d, base, data, offset);
  if (value.memory >= FIRST_GLOBAL) {
    const instruction = access(GP, value.immediate);
    instruction.symbol = value.symbol;
    instruction.part = 'gp';
    return;
  }
  if (value.symbol !== undefined) {
    const instruction = access(s.use(value.args[0]!), value.immediate);
    instruction.symbol = value.symbol;
    instruction.part = 'low';
    return;
  }
  const { base, offset } = selectAddress(s, value.args[0]!, value.immediate);
  access(base, offset);
}

/** A base register and an offset of 12 bits. */
function selectAddress(s: Selector, base: Value, offset: number): { base: number; offset: number } {
  if (base.op === Ir.Constant) {
    const address = (base.immediate + offset) | 0;
    const low = (address << 20) >> 20;
    return { base: s.constant((address - low) | 0), offset: low };
  }
  if (base.op === Ir.Add && base.args[1]!.op === Ir.Constant) {
    const sum = (base.args[1]!.immediate + offset) | 0;
    if (fits12(sum)) {
      s.takeOver(base);
      return selectAddress(s, base.args[0]!, sum);
    }
  }
  if (fits12(offset)) return { base: s.use(base), offset };
  const low = (offset << 20) >> 20;
  const sum = s.newRegister();
  const upper = s.fn.constant((offset - low) | 0);
  if (!selectScaledAdd(s, sum, base, upper)) s.emit('add', sum, s.use(base), s.use(upper));
  return { base: sum, offset: low };
}
