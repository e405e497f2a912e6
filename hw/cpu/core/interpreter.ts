/**
 * The interpreter: one switch over the operations of decoded instructions.
 *
 * `entry` is where the program is; `accumulator` covers the block being executed to its end (entry.ts).
 * An instruction that needs nothing but registers, or hits, ends with `continue`. Everything else is a
 * slow path: it takes and leaves the hart's state in memory and says in NEXT_ENTRY where to go on, 0 for
 * the end of the run; `break` brings it there.
 */
import { ACCUMULATOR, DATA_KEY, NEXT_ENTRY, PAGE_LINES } from '../../manual/core-layout.ts';
import * as Op from '../../manual/operations.ts';
import * as alu from './alu.ts';
import { atomicOperation, loadReserved, storeConditional } from './atomic.ts';
import * as bitmanip from './bitmanip.ts';
import { decodeAndEnter, edge, reachStop } from './boundary.ts';
import * as control from './control.ts';
import { csrInstruction, isPlainPermitted, readPlain, swapPlain } from './csr.ts';
import { addend, BYTE, HALF, hitOf, readTag, tagOf, WORD, writeTag } from './data-hit.ts';
import { immediate, rs2, setRd, suffix } from './entry.ts';
import { crossLine, leaveLine } from './fetch.ts';
import { address, loadSlowly, SIGNED, storeSlowly } from './memory.ts';
import * as multiply from './multiply.ts';
import { enterRegion } from './region.ts';
import { illegalInstruction, systemInstruction } from './system.ts';

/** Executes from NEXT_ENTRY until a slow path ends the run. */
export function interpret(): void {
  let entry: usize = load<usize>(NEXT_ENTRY);
  let accumulator = load<i64>(ACCUMULATOR);
  let pageLines = load<usize>(PAGE_LINES);
  let key = load<u32>(DATA_KEY);
  while (entry !== 0) {
    switch (load<u8>(entry) as u32) {
      case Op.UNDECODED:
        decodeAndEnter(entry, accumulator);
        break;
      case Op.ADDI_2:
        alu.addi(entry);
        entry += 16;
        continue;
      case Op.ADDI_4:
        alu.addi(entry);
        entry += 32;
        continue;
      case Op.CONSTANT_2:
        alu.constant(entry);
        entry += 16;
        continue;
      case Op.CONSTANT_4:
        alu.constant(entry);
        entry += 32;
        continue;
      case Op.SLLI_2:
        alu.slli(entry);
        entry += 16;
        continue;
      case Op.SLLI_4:
        alu.slli(entry);
        entry += 32;
        continue;
      case Op.SRLI_2:
        alu.srli(entry);
        entry += 16;
        continue;
      case Op.SRLI_4:
        alu.srli(entry);
        entry += 32;
        continue;
      case Op.SRAI_2:
        alu.srai(entry);
        entry += 16;
        continue;
      case Op.SRAI_4:
        alu.srai(entry);
        entry += 32;
        continue;
      case Op.ANDI_2:
        alu.andi(entry);
        entry += 16;
        continue;
      case Op.ANDI_4:
        alu.andi(entry);
        entry += 32;
        continue;
      case Op.ORI:
        alu.ori(entry);
        entry += 32;
        continue;
      case Op.XORI:
        alu.xori(entry);
        entry += 32;
        continue;
      case Op.SLTI:
        alu.slti(entry);
        entry += 32;
        continue;
      case Op.SLTIU:
        alu.sltiu(entry);
        entry += 32;
        continue;
      case Op.AUIPC:
        alu.auipc(entry);
        entry += 32;
        continue;
      case Op.ADD_2:
        alu.add(entry);
        entry += 16;
        continue;
      case Op.ADD_4:
        alu.add(entry);
        entry += 32;
        continue;
      case Op.SUB_2:
        alu.sub(entry);
        entry += 16;
        continue;
      case Op.SUB_4:
        alu.sub(entry);
        entry += 32;
        continue;
      case Op.XOR_2:
        alu.xor(entry);
        entry += 16;
        continue;
      case Op.XOR_4:
        alu.xor(entry);
        entry += 32;
        continue;
      case Op.OR_2:
        alu.or(entry);
        entry += 16;
        continue;
      case Op.OR_4:
        alu.or(entry);
        entry += 32;
        continue;
      case Op.AND_2:
        alu.and(entry);
        entry += 16;
        continue;
      case Op.AND_4:
        alu.and(entry);
        entry += 32;
        continue;
      case Op.SLL:
        alu.sll(entry);
        entry += 32;
        continue;
      case Op.SLT:
        alu.slt(entry);
        entry += 32;
        continue;
      case Op.SLTU:
        alu.sltu(entry);
        entry += 32;
        continue;
      case Op.SRL:
        alu.srl(entry);
        entry += 32;
        continue;
      case Op.SRA:
        alu.sra(entry);
        entry += 32;
        continue;
      case Op.MUL:
        multiply.mul(entry);
        entry += 32;
        continue;
      case Op.MULH:
        multiply.mulh(entry);
        entry += 32;
        continue;
      case Op.MULHSU:
        multiply.mulhsu(entry);
        entry += 32;
        continue;
      case Op.MULHU:
        multiply.mulhu(entry);
        entry += 32;
        continue;
      case Op.DIV:
        multiply.div(entry);
        entry += 32;
        continue;
      case Op.DIVU:
        multiply.divu(entry);
        entry += 32;
        continue;
      case Op.REM:
        multiply.rem(entry);
        entry += 32;
        continue;
      case Op.REMU:
        multiply.remu(entry);
        entry += 32;
        continue;
      case Op.SH1ADD:
        bitmanip.sh1add(entry);
        entry += 32;
        continue;
      case Op.SH2ADD:
        bitmanip.sh2add(entry);
        entry += 32;
        continue;
      case Op.SH3ADD:
        bitmanip.sh3add(entry);
        entry += 32;
        continue;
      case Op.ANDN:
        bitmanip.andn(entry);
        entry += 32;
        continue;
      case Op.ORN:
        bitmanip.orn(entry);
        entry += 32;
        continue;
      case Op.XNOR:
        bitmanip.xnor(entry);
        entry += 32;
        continue;
      case Op.CLZ:
        bitmanip.countLeadingZeros(entry);
        entry += 32;
        continue;
      case Op.CTZ:
        bitmanip.countTrailingZeros(entry);
        entry += 32;
        continue;
      case Op.CPOP:
        bitmanip.countOnes(entry);
        entry += 32;
        continue;
      case Op.MAX:
        bitmanip.maximum(entry);
        entry += 32;
        continue;
      case Op.MAXU:
        bitmanip.maximumUnsigned(entry);
        entry += 32;
        continue;
      case Op.MIN:
        bitmanip.minimum(entry);
        entry += 32;
        continue;
      case Op.MINU:
        bitmanip.minimumUnsigned(entry);
        entry += 32;
        continue;
      case Op.SEXT_B:
        bitmanip.signExtendByte(entry);
        entry += 32;
        continue;
      case Op.SEXT_H:
        bitmanip.signExtendHalf(entry);
        entry += 32;
        continue;
      case Op.ZEXT_H:
        bitmanip.zeroExtendHalf(entry);
        entry += 32;
        continue;
      case Op.ROL:
        bitmanip.rotateLeft(entry);
        entry += 32;
        continue;
      case Op.ROR:
        bitmanip.rotateRight(entry);
        entry += 32;
        continue;
      case Op.RORI:
        bitmanip.rotateRightImmediate(entry);
        entry += 32;
        continue;
      case Op.ORC_B:
        bitmanip.orCombine(entry);
        entry += 32;
        continue;
      case Op.REV8:
        bitmanip.reverseBytes(entry);
        entry += 32;
        continue;
      case Op.LW_2: {
        const va = address(entry);
        const tag = tagOf(va, WORD, key);
        const hit = hitOf(tag);
        if (readTag(hit) === tag) {
          setRd(entry, load<i32>(va + addend(hit)));
          entry += 16;
          continue;
        }
        loadSlowly(entry, accumulator, 4);
        break;
      }
      case Op.LW_4: {
        const va = address(entry);
        const tag = tagOf(va, WORD, key);
        const hit = hitOf(tag);
        if (readTag(hit) === tag) {
          setRd(entry, load<i32>(va + addend(hit)));
          entry += 32;
          continue;
        }
        loadSlowly(entry, accumulator, 4);
        break;
      }
      case Op.LH: {
        const va = address(entry);
        const tag = tagOf(va, HALF, key);
        const hit = hitOf(tag);
        if (readTag(hit) === tag) {
          setRd(entry, load<i16>(va + addend(hit)));
          entry += 32;
          continue;
        }
        loadSlowly(entry, accumulator, 2 | SIGNED);
        break;
      }
      case Op.LHU: {
        const va = address(entry);
        const tag = tagOf(va, HALF, key);
        const hit = hitOf(tag);
        if (readTag(hit) === tag) {
          setRd(entry, load<u16>(va + addend(hit)));
          entry += 32;
          continue;
        }
        loadSlowly(entry, accumulator, 2);
        break;
      }
      case Op.LB: {
        const va = address(entry);
        const tag = tagOf(va, BYTE, key);
        const hit = hitOf(tag);
        if (readTag(hit) === tag) {
          setRd(entry, load<i8>(va + addend(hit)));
          entry += 32;
          continue;
        }
        loadSlowly(entry, accumulator, 1 | SIGNED);
        break;
      }
      case Op.LBU: {
        const va = address(entry);
        const tag = tagOf(va, BYTE, key);
        const hit = hitOf(tag);
        if (readTag(hit) === tag) {
          setRd(entry, load<u8>(va + addend(hit)));
          entry += 32;
          continue;
        }
        loadSlowly(entry, accumulator, 1);
        break;
      }
      case Op.SW_2: {
        const va = address(entry);
        const tag = tagOf(va, WORD, key);
        const hit = hitOf(tag);
        if (writeTag(hit) === tag) {
          store<i32>(va + addend(hit), rs2(entry));
          entry += 16;
          continue;
        }
        storeSlowly(entry, accumulator, 4);
        break;
      }
      case Op.SW_4: {
        const va = address(entry);
        const tag = tagOf(va, WORD, key);
        const hit = hitOf(tag);
        if (writeTag(hit) === tag) {
          store<i32>(va + addend(hit), rs2(entry));
          entry += 32;
          continue;
        }
        storeSlowly(entry, accumulator, 4);
        break;
      }
      case Op.SH: {
        const va = address(entry);
        const tag = tagOf(va, HALF, key);
        const hit = hitOf(tag);
        if (writeTag(hit) === tag) {
          store<i16>(va + addend(hit), rs2(entry) as i16);
          entry += 32;
          continue;
        }
        storeSlowly(entry, accumulator, 2);
        break;
      }
      case Op.SB: {
        const va = address(entry);
        const tag = tagOf(va, BYTE, key);
        const hit = hitOf(tag);
        if (writeTag(hit) === tag) {
          store<i8>(va + addend(hit), rs2(entry) as i8);
          entry += 32;
          continue;
        }
        storeSlowly(entry, accumulator, 1);
        break;
      }
      case Op.LR:
        loadReserved(entry, accumulator);
        break;
      case Op.SC:
        storeConditional(entry, accumulator);
        break;
      case Op.AMO:
        atomicOperation(entry, accumulator);
        break;
      case Op.BEQ_BACK_LINE:
        if (control.equal(entry)) {
          entry += immediate(entry);
        } else {
          accumulator -= control.mispredicted();
          entry += 32;
        }
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      case Op.BEQ_BACK_PAGE:
        if (control.equal(entry)) {
          const line = control.targetLine(entry, pageLines);
          if (line <= 0) {
            control.jumpInPage(entry, accumulator);
            break;
          }
          entry = control.targetInLine(entry, line);
        } else {
          accumulator -= control.mispredicted();
          entry += 32;
        }
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      case Op.BEQ_FORWARD_LINE:
        if (!control.equal(entry)) {
          entry += 32;
          continue;
        }
        accumulator += control.leftEarly(entry);
        entry += immediate(entry);
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      case Op.BEQ_FORWARD_PAGE: {
        if (!control.equal(entry)) {
          entry += 32;
          continue;
        }
        accumulator += control.leftEarly(entry);
        const line = control.targetLine(entry, pageLines);
        if (line <= 0) {
          control.jumpInPage(entry, accumulator);
          break;
        }
        entry = control.targetInLine(entry, line);
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      }
      case Op.BNE_BACK_LINE:
        if (control.notEqual(entry)) {
          entry += immediate(entry);
        } else {
          accumulator -= control.mispredicted();
          entry += 32;
        }
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      case Op.BNE_BACK_PAGE:
        if (control.notEqual(entry)) {
          const line = control.targetLine(entry, pageLines);
          if (line <= 0) {
            control.jumpInPage(entry, accumulator);
            break;
          }
          entry = control.targetInLine(entry, line);
        } else {
          accumulator -= control.mispredicted();
          entry += 32;
        }
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      case Op.BNE_FORWARD_LINE:
        if (!control.notEqual(entry)) {
          entry += 32;
          continue;
        }
        accumulator += control.leftEarly(entry);
        entry += immediate(entry);
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      case Op.BNE_FORWARD_PAGE: {
        if (!control.notEqual(entry)) {
          entry += 32;
          continue;
        }
        accumulator += control.leftEarly(entry);
        const line = control.targetLine(entry, pageLines);
        if (line <= 0) {
          control.jumpInPage(entry, accumulator);
          break;
        }
        entry = control.targetInLine(entry, line);
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      }
      case Op.BLT_BACK_LINE:
        if (control.less(entry)) {
          entry += immediate(entry);
        } else {
          accumulator -= control.mispredicted();
          entry += 32;
        }
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      case Op.BLT_BACK_PAGE:
        if (control.less(entry)) {
          const line = control.targetLine(entry, pageLines);
          if (line <= 0) {
            control.jumpInPage(entry, accumulator);
            break;
          }
          entry = control.targetInLine(entry, line);
        } else {
          accumulator -= control.mispredicted();
          entry += 32;
        }
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      case Op.BLT_FORWARD_LINE:
        if (!control.less(entry)) {
          entry += 32;
          continue;
        }
        accumulator += control.leftEarly(entry);
        entry += immediate(entry);
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      case Op.BLT_FORWARD_PAGE: {
        if (!control.less(entry)) {
          entry += 32;
          continue;
        }
        accumulator += control.leftEarly(entry);
        const line = control.targetLine(entry, pageLines);
        if (line <= 0) {
          control.jumpInPage(entry, accumulator);
          break;
        }
        entry = control.targetInLine(entry, line);
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      }
      case Op.BGE_BACK_LINE:
        if (control.greaterOrEqual(entry)) {
          entry += immediate(entry);
        } else {
          accumulator -= control.mispredicted();
          entry += 32;
        }
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      case Op.BGE_BACK_PAGE:
        if (control.greaterOrEqual(entry)) {
          const line = control.targetLine(entry, pageLines);
          if (line <= 0) {
            control.jumpInPage(entry, accumulator);
            break;
          }
          entry = control.targetInLine(entry, line);
        } else {
          accumulator -= control.mispredicted();
          entry += 32;
        }
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      case Op.BGE_FORWARD_LINE:
        if (!control.greaterOrEqual(entry)) {
          entry += 32;
          continue;
        }
        accumulator += control.leftEarly(entry);
        entry += immediate(entry);
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      case Op.BGE_FORWARD_PAGE: {
        if (!control.greaterOrEqual(entry)) {
          entry += 32;
          continue;
        }
        accumulator += control.leftEarly(entry);
        const line = control.targetLine(entry, pageLines);
        if (line <= 0) {
          control.jumpInPage(entry, accumulator);
          break;
        }
        entry = control.targetInLine(entry, line);
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      }
      case Op.BLTU_BACK_LINE:
        if (control.lessUnsigned(entry)) {
          entry += immediate(entry);
        } else {
          accumulator -= control.mispredicted();
          entry += 32;
        }
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      case Op.BLTU_BACK_PAGE:
        if (control.lessUnsigned(entry)) {
          const line = control.targetLine(entry, pageLines);
          if (line <= 0) {
            control.jumpInPage(entry, accumulator);
            break;
          }
          entry = control.targetInLine(entry, line);
        } else {
          accumulator -= control.mispredicted();
          entry += 32;
        }
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      case Op.BLTU_FORWARD_LINE:
        if (!control.lessUnsigned(entry)) {
          entry += 32;
          continue;
        }
        accumulator += control.leftEarly(entry);
        entry += immediate(entry);
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      case Op.BLTU_FORWARD_PAGE: {
        if (!control.lessUnsigned(entry)) {
          entry += 32;
          continue;
        }
        accumulator += control.leftEarly(entry);
        const line = control.targetLine(entry, pageLines);
        if (line <= 0) {
          control.jumpInPage(entry, accumulator);
          break;
        }
        entry = control.targetInLine(entry, line);
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      }
      case Op.BGEU_BACK_LINE:
        if (control.greaterOrEqualUnsigned(entry)) {
          entry += immediate(entry);
        } else {
          accumulator -= control.mispredicted();
          entry += 32;
        }
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      case Op.BGEU_BACK_PAGE:
        if (control.greaterOrEqualUnsigned(entry)) {
          const line = control.targetLine(entry, pageLines);
          if (line <= 0) {
            control.jumpInPage(entry, accumulator);
            break;
          }
          entry = control.targetInLine(entry, line);
        } else {
          accumulator -= control.mispredicted();
          entry += 32;
        }
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      case Op.BGEU_FORWARD_LINE:
        if (!control.greaterOrEqualUnsigned(entry)) {
          entry += 32;
          continue;
        }
        accumulator += control.leftEarly(entry);
        entry += immediate(entry);
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      case Op.BGEU_FORWARD_PAGE: {
        if (!control.greaterOrEqualUnsigned(entry)) {
          entry += 32;
          continue;
        }
        accumulator += control.leftEarly(entry);
        const line = control.targetLine(entry, pageLines);
        if (line <= 0) {
          control.jumpInPage(entry, accumulator);
          break;
        }
        entry = control.targetInLine(entry, line);
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      }
      case Op.BEQZ_BACK_LINE:
        if (control.zero(entry)) {
          entry += immediate(entry);
        } else {
          accumulator -= control.mispredicted();
          entry += 16;
        }
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      case Op.BEQZ_BACK_PAGE:
        if (control.zero(entry)) {
          const line = control.targetLine(entry, pageLines);
          if (line <= 0) {
            control.jumpInPage(entry, accumulator);
            break;
          }
          entry = control.targetInLine(entry, line);
        } else {
          accumulator -= control.mispredicted();
          entry += 16;
        }
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      case Op.BEQZ_FORWARD_LINE:
        if (!control.zero(entry)) {
          entry += 16;
          continue;
        }
        accumulator += control.leftEarly(entry);
        entry += immediate(entry);
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      case Op.BEQZ_FORWARD_PAGE: {
        if (!control.zero(entry)) {
          entry += 16;
          continue;
        }
        accumulator += control.leftEarly(entry);
        const line = control.targetLine(entry, pageLines);
        if (line <= 0) {
          control.jumpInPage(entry, accumulator);
          break;
        }
        entry = control.targetInLine(entry, line);
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      }
      case Op.BNEZ_BACK_LINE:
        if (control.notZero(entry)) {
          entry += immediate(entry);
        } else {
          accumulator -= control.mispredicted();
          entry += 16;
        }
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      case Op.BNEZ_BACK_PAGE:
        if (control.notZero(entry)) {
          const line = control.targetLine(entry, pageLines);
          if (line <= 0) {
            control.jumpInPage(entry, accumulator);
            break;
          }
          entry = control.targetInLine(entry, line);
        } else {
          accumulator -= control.mispredicted();
          entry += 16;
        }
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      case Op.BNEZ_FORWARD_LINE:
        if (!control.notZero(entry)) {
          entry += 16;
          continue;
        }
        accumulator += control.leftEarly(entry);
        entry += immediate(entry);
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      case Op.BNEZ_FORWARD_PAGE: {
        if (!control.notZero(entry)) {
          entry += 16;
          continue;
        }
        accumulator += control.leftEarly(entry);
        const line = control.targetLine(entry, pageLines);
        if (line <= 0) {
          control.jumpInPage(entry, accumulator);
          break;
        }
        entry = control.targetInLine(entry, line);
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      }
      case Op.BRANCH_FAR:
        control.branchFar(entry, accumulator);
        break;
      case Op.JAL_LINE:
        control.setLink(entry);
        entry += immediate(entry);
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      case Op.JAL_PAGE: {
        control.setLink(entry);
        const line = control.targetLine(entry, pageLines);
        if (line <= 0) {
          control.jumpInPage(entry, accumulator);
          break;
        }
        entry = control.targetInLine(entry, line);
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      }
      case Op.JAL_FAR:
        control.jalFar(entry, accumulator);
        break;
      case Op.JALR: {
        const target = control.jumpTarget(entry);
        control.setLink(entry);
        control.noteJump(entry, target);
        if (!control.isInPage(target)) {
          pageLines = control.openKnownPage(target);
        }
        const line = load<i32>(pageLines + ((target >> 4) & 0xfc));
        if (line <= 0) {
          control.jumpTo(target, accumulator);
          break;
        }
        entry = (line as usize) + ((target & 62) << 3);
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      }
      case Op.FENCE:
        entry += 32;
        continue;
      case Op.CSR:
        csrInstruction(entry, accumulator);
        break;
      case Op.CSR_READ_PLAIN:
        if (isPlainPermitted(entry)) {
          readPlain(entry);
          entry += 32;
          continue;
        }
        csrInstruction(entry, accumulator);
        break;
      case Op.CSR_SWAP_PLAIN:
        if (isPlainPermitted(entry)) {
          swapPlain(entry);
          entry += 32;
          continue;
        }
        csrInstruction(entry, accumulator);
        break;
      case Op.SYSTEM:
        systemInstruction(entry, accumulator);
        break;
      case Op.LINE_END: {
        const line = control.targetLine(entry, pageLines);
        if (line <= 0) {
          leaveLine(entry, accumulator);
          break;
        }
        entry = control.targetInLine(entry, line);
        accumulator -= suffix(entry);
        if (accumulator >= 0) continue;
        edge(entry, accumulator);
        break;
      }
      case Op.CROSS_LINE:
        if (control.targetLine(entry, pageLines) > 0) {
          entry += 32;
          continue;
        }
        crossLine(entry, accumulator);
        break;
      case Op.CROSS_PAGE:
      case Op.PAGE_END:
      case Op.SCRATCH_END:
        leaveLine(entry, accumulator);
        break;
      case Op.STOP:
        reachStop(entry, accumulator);
        break;
      case Op.REGION:
        enterRegion(entry, accumulator);
        break;
      default:
        illegalInstruction(entry, accumulator);
        break;
    }
    entry = load<usize>(NEXT_ENTRY);
    accumulator = load<i64>(ACCUMULATOR);
    pageLines = load<usize>(PAGE_LINES);
    key = load<u32>(DATA_KEY);
  }
}
