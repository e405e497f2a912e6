/**
 * Instructions that need nothing but registers: each leaves its result on the stack.
 *
 * Operands are the guest's registers and the immediate; the semantics are those of hw/cpu/core/alu.ts,
 * multiply.ts and bitmanip.ts, written in WebAssembly's own operations.
 */
import { COUNT_DIVIDE, COUNTERS } from '../../manual/core-layout.ts';
import * as Op from '../../manual/operations.ts';
import type { Instruction } from './explore.ts';
import { EVENTS, type Registers } from './locals.ts';
import type { Code } from './wasm.ts';
import * as Wasm from './wasm.ts';

const ONE_MULTIPLICATION = 2 ** 40;

export function emitPlain(code: Code, registers: Registers, instruction: Instruction): void {
  const { operation, rs1, rs2, immediate } = instruction;
  const simple = SIMPLE[operation];
  if (simple !== undefined) {
    registers.get(code, rs1);
    if (simple.immediate) code.constant(immediate);
    else registers.get(code, rs2);
    code.op(simple.opcode);
    return;
  }
  const write = SPECIAL[operation];
  if (write === undefined) throw new Error(`operation ${operation} is not translated`);
  write({
    code,
    one: () => registers.get(code, rs1),
    other: () => registers.get(code, rs2),
    immediate,
  });
}

interface Simple {
  readonly opcode: number;
  readonly immediate: boolean;
}

const register = (opcode: number): Simple => ({ opcode, immediate: false });
const immediate = (opcode: number): Simple => ({ opcode, immediate: true });

/** One operation on rs1 and rs2, or rs1 and the immediate. */
const SIMPLE: Readonly<Record<number, Simple>> = {
  [Op.ADDI_2]: immediate(Wasm.I32_ADD),
  [Op.ADDI_4]: immediate(Wasm.I32_ADD),
  [Op.SLLI_2]: immediate(Wasm.I32_SHL),
  [Op.SLLI_4]: immediate(Wasm.I32_SHL),
  [Op.SRLI_2]: immediate(Wasm.I32_SHR_U),
  [Op.SRLI_4]: immediate(Wasm.I32_SHR_U),
  [Op.SRAI_2]: immediate(Wasm.I32_SHR_S),
  [Op.SRAI_4]: immediate(Wasm.I32_SHR_S),
  [Op.ANDI_2]: immediate(Wasm.I32_AND),
  [Op.ANDI_4]: immediate(Wasm.I32_AND),
  [Op.ORI]: immediate(Wasm.I32_OR),
  [Op.XORI]: immediate(Wasm.I32_XOR),
  [Op.SLTI]: immediate(Wasm.I32_LT_S),
  [Op.SLTIU]: immediate(Wasm.I32_LT_U),
  [Op.ADD_2]: register(Wasm.I32_ADD),
  [Op.ADD_4]: register(Wasm.I32_ADD),
  [Op.SUB_2]: register(Wasm.I32_SUB),
  [Op.SUB_4]: register(Wasm.I32_SUB),
  [Op.XOR_2]: register(Wasm.I32_XOR),
  [Op.XOR_4]: register(Wasm.I32_XOR),
  [Op.OR_2]: register(Wasm.I32_OR),
  [Op.OR_4]: register(Wasm.I32_OR),
  [Op.AND_2]: register(Wasm.I32_AND),
  [Op.AND_4]: register(Wasm.I32_AND),
  [Op.SLL]: register(Wasm.I32_SHL),
  [Op.SLT]: register(Wasm.I32_LT_S),
  [Op.SLTU]: register(Wasm.I32_LT_U),
  [Op.SRL]: register(Wasm.I32_SHR_U),
  [Op.SRA]: register(Wasm.I32_SHR_S),
  [Op.ROL]: register(Wasm.I32_ROTL),
  [Op.ROR]: register(Wasm.I32_ROTR),
  [Op.RORI]: immediate(Wasm.I32_ROTR),
};

interface Operands {
  readonly code: Code;
  /** Puts rs1 on the stack. */
  readonly one: () => Code;
  /** Puts rs2 on the stack. */
  readonly other: () => Code;
  readonly immediate: number;
}

type Write = (operands: Operands) => void;

const SPECIAL: Readonly<Record<number, Write>> = {
  [Op.CONSTANT_2]: ({ code, immediate }) => void code.constant(immediate),
  [Op.CONSTANT_4]: ({ code, immediate }) => void code.constant(immediate),
  [Op.MUL]: ({ code, one, other }) => {
    one();
    other().op(Wasm.I32_MUL);
    countMultiplication(code);
  },
  [Op.MULH]: multiplyHigh(Wasm.I64_EXTEND_I32_S, Wasm.I64_EXTEND_I32_S),
  [Op.MULHSU]: multiplyHigh(Wasm.I64_EXTEND_I32_S, Wasm.I64_EXTEND_I32_U),
  [Op.MULHU]: multiplyHigh(Wasm.I64_EXTEND_I32_U, Wasm.I64_EXTEND_I32_U),
  [Op.DIV]: operands => {
    divideOr(
      operands,
      ({ code }) => code.constant(-1),
      () => {
        unlessMinusOne(operands, Wasm.I32_DIV_S, ({ code, one }) => {
          code.constant(0);
          one().op(Wasm.I32_SUB);
        });
      },
    );
  },
  [Op.DIVU]: operands => {
    divideOr(
      operands,
      ({ code }) => code.constant(-1),
      ({ one, other }) => {
        one();
        other().op(Wasm.I32_DIV_U);
      },
    );
  },
  [Op.REM]: operands => {
    divideOr(
      operands,
      ({ one }) => one(),
      () => {
        unlessMinusOne(operands, Wasm.I32_REM_S, ({ code }) => code.constant(0));
      },
    );
  },
  [Op.REMU]: operands => {
    divideOr(
      operands,
      ({ one }) => one(),
      ({ one, other }) => {
        one();
        other().op(Wasm.I32_REM_U);
      },
    );
  },
  [Op.SH1ADD]: shiftAdd(1),
  [Op.SH2ADD]: shiftAdd(2),
  [Op.SH3ADD]: shiftAdd(3),
  [Op.ANDN]: inverted(Wasm.I32_AND),
  [Op.ORN]: inverted(Wasm.I32_OR),
  [Op.XNOR]: inverted(Wasm.I32_XOR),
  [Op.CLZ]: ({ one }) => void one().op(Wasm.I32_CLZ),
  [Op.CTZ]: ({ one }) => void one().op(Wasm.I32_CTZ),
  [Op.CPOP]: ({ one }) => void one().op(Wasm.I32_POPCNT),
  [Op.MAX]: choose(Wasm.I32_GT_S),
  [Op.MAXU]: choose(Wasm.I32_GT_U),
  [Op.MIN]: choose(Wasm.I32_LT_S),
  [Op.MINU]: choose(Wasm.I32_LT_U),
  [Op.SEXT_B]: ({ one }) => void one().op(Wasm.I32_EXTEND8_S),
  [Op.SEXT_H]: ({ one }) => void one().op(Wasm.I32_EXTEND16_S),
  [Op.ZEXT_H]: ({ one }) => void one().constant(0xffff).op(Wasm.I32_AND),
  [Op.ORC_B]: ({ code, one }) => {
    // Bit 7 of each byte that is not zero, spread over the byte.
    one().constant(0x7f7f7f7f).op(Wasm.I32_AND).constant(0x7f7f7f7f).op(Wasm.I32_ADD);
    one().op(Wasm.I32_OR).constant(0x80808080).op(Wasm.I32_AND);
    code.constant(7).op(Wasm.I32_SHR_U).constant(0xff).op(Wasm.I32_MUL);
  },
  [Op.REV8]: ({ code, one }) => {
    one().constant(8).op(Wasm.I32_ROTL).constant(0x00ff00ff).op(Wasm.I32_AND);
    one().constant(8).op(Wasm.I32_ROTR).constant(0xff00ff00).op(Wasm.I32_AND);
    code.op(Wasm.I32_OR);
  },
};

function countMultiplication(code: Code): void {
  code.get(EVENTS).constant64(ONE_MULTIPLICATION).op(Wasm.I64_ADD).set(EVENTS);
}

function multiplyHigh(extendOne: number, extendOther: number): Write {
  return ({ code, one, other }) => {
    one().op(extendOne);
    other().op(extendOther).op(Wasm.I64_MUL);
    code.constant64(32).op(Wasm.I64_SHR_U).op(Wasm.I32_WRAP_I64);
    countMultiplication(code);
  };
}

/** A division whose divisor may be zero; it is counted. */
function divideOr(operands: Operands, byZero: Write, divide: Write): void {
  const { code, other } = operands;
  const counter = COUNTERS + 8 * COUNT_DIVIDE;
  code.constant(0).constant(0).memory(Wasm.I64_LOAD, counter);
  code.constant64(1).op(Wasm.I64_ADD).memory(Wasm.I64_STORE, counter);
  other().if(Wasm.I32);
  divide(operands);
  code.else();
  byZero(operands);
  code.end();
}

/** Signed division overflows, by -1 alone. */
function unlessMinusOne(operands: Operands, opcode: number, byMinusOne: Write): void {
  const { code, one, other } = operands;
  other().constant(-1).op(Wasm.I32_NE).if(Wasm.I32);
  one();
  other().op(opcode);
  code.else();
  byMinusOne(operands);
  code.end();
}

function shiftAdd(amount: number): Write {
  return ({ one, other }) => {
    one().constant(amount).op(Wasm.I32_SHL);
    other().op(Wasm.I32_ADD);
  };
}

function inverted(opcode: number): Write {
  return ({ one, other }) => {
    one();
    other().constant(-1).op(Wasm.I32_XOR).op(opcode);
  };
}

function choose(comparison: number): Write {
  return ({ one, other }) => {
    one();
    other();
    one();
    other().op(comparison).op(Wasm.SELECT);
  };
}
