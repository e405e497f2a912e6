/**
 * Guest code as the core decodes it, for the translator: one decoder serves both tiers, and what an
 * instruction costs cannot differ.
 *
 * The registers of an instruction are those that it really reads and writes; the others are 0.
 */
import * as Layout from '../../manual/core-layout.ts';
import { RAM_BASE } from '../../manual/memory-map.ts';
import * as Op from '../../manual/operations.ts';
import type { CoreInstance } from '../core-instance.ts';
import type { GuestCode, Instruction } from './explore.ts';

const CYCLE = 2 ** 20;
/** The bit of a CSR instruction that has an immediate in place of a register. */
const CSR_IMMEDIATE = 0x4000;

export class CoreCode implements GuestCode {
  private readonly core: CoreInstance;

  constructor(core: CoreInstance) {
    this.core = core;
  }

  locate(va: number): number | undefined {
    const pa = this.core.exports.debugTranslate(va, 1);
    return pa < RAM_BASE || pa >= RAM_BASE + this.core.ram.length ? undefined : pa;
  }

  jumpsSeen(behind: number): number[] {
    const targets: number[] = [];
    for (let at = Layout.JUMPS_SEEN, n = 0; n < Layout.JUMPS_SEEN_COUNT; at += 8, n++) {
      if (this.core.word(at + 4) === behind) targets.push(this.core.word(at));
    }
    return targets;
  }

  isDecoded(pa: number): boolean {
    return this.core.exports.wasDecoded(pa) !== 0;
  }

  explain(pa: number, at: number): Instruction {
    this.core.exports.explain(pa);
    const { bytes } = this.core;
    const operation = bytes[Layout.EXPLAINED]!;
    const immediate = this.core.word(Layout.EXPLAINED + 4) | 0;
    const reads = readCount(operation, immediate);
    return {
      at,
      pa,
      size: bytes[Layout.EXPLAINED + 12]! / 8,
      operation,
      rd: writes(operation) ? registerAt(bytes[Layout.EXPLAINED + 1]!) : 0,
      rs1: reads > 0 ? registerAt(bytes[Layout.EXPLAINED + 2]!) : 0,
      rs2: reads > 1 ? registerAt(bytes[Layout.EXPLAINED + 3]!) : 0,
      immediate,
      code: bytes[Layout.EXPLAINED + 14]! | (bytes[Layout.EXPLAINED + 15]! << 8),
      cost: Math.ceil(this.core.word(Layout.EXPLAINED + 8) / CYCLE),
    };
  }
}

function registerAt(offset: number): number {
  return offset === Layout.DISCARD ? 0 : offset / 4;
}

function writes(operation: number): boolean {
  const isStore = operation >= Op.SW_2 && operation <= Op.SB;
  return !isStore && ![Op.BRANCH_FAR, Op.FENCE, Op.SYSTEM, Op.ILLEGAL].includes(operation);
}

/** How many registers an instruction reads: rs1, or rs1 and rs2. */
function readCount(operation: number, immediate: number): 0 | 1 | 2 {
  switch (operation) {
    case Op.CONSTANT_2:
    case Op.CONSTANT_4:
    case Op.AUIPC:
    case Op.JAL_FAR:
    case Op.FENCE:
    case Op.CSR_READ_PLAIN:
    case Op.SYSTEM:
    case Op.ILLEGAL:
      return 0;
    case Op.CSR:
      return (immediate & CSR_IMMEDIATE) === 0 ? 1 : 0;
    case Op.CSR_SWAP_PLAIN:
    case Op.CLZ:
    case Op.CTZ:
    case Op.CPOP:
    case Op.SEXT_B:
    case Op.SEXT_H:
    case Op.ZEXT_H:
    case Op.RORI:
    case Op.ORC_B:
    case Op.REV8:
    case Op.JALR:
      return 1;
    default:
      if (operation <= Op.SLTIU) return 1;
      return operation >= Op.LW_2 && operation <= Op.LBU ? 1 : 2;
  }
}
