/**
 * Conditions and targets of branches and jumps, on a decoded entry.
 *
 * Targets are relative, so that code works at any virtual address: in the same line as a distance in
 * entries, in the same page as an offset into the line table and one into the decoded line, elsewhere as
 * an offset from the page's beginning.
 */
import {
  ACCUMULATOR,
  COUNT_JUMP_REGISTER,
  COUNT_MISPREDICT,
  JUMPS_SEEN,
  JUMPS_SEEN_COUNT,
  NO_LINES,
  PAGE_LINES,
  PAGE_VA,
} from '../../manual/core-layout.ts';
import { BASE, MISPREDICT } from '../../manual/timing.ts';
import { continueAt, jump } from './boundary.ts';
import { charge, count, immediate, link, ONE_CYCLE, rs1, rs2, setRd, step, suffix } from './entry.ts';
import { fetchHitOf, isFetchHit } from './fetch.ts';

//@inline
export function equal(entry: usize): bool {
  return rs1(entry) === rs2(entry);
}

//@inline
export function notEqual(entry: usize): bool {
  return rs1(entry) !== rs2(entry);
}

//@inline
export function less(entry: usize): bool {
  return rs1(entry) < rs2(entry);
}

//@inline
export function greaterOrEqual(entry: usize): bool {
  return rs1(entry) >= rs2(entry);
}

//@inline
export function lessUnsigned(entry: usize): bool {
  return (rs1(entry) as u32) < (rs2(entry) as u32);
}

//@inline
export function greaterOrEqualUnsigned(entry: usize): bool {
  return (rs1(entry) as u32) >= (rs2(entry) as u32);
}

//@inline
export function zero(entry: usize): bool {
  return rs1(entry) === 0;
}

//@inline
export function notZero(entry: usize): bool {
  return rs1(entry) !== 0;
}

/** A backward branch that is not taken. */
//@inline
export function mispredicted(): i64 {
  count(COUNT_MISPREDICT);
  return (MISPREDICT as i64) << 20;
}

/** What the accumulator gets back when a forward branch is taken: the block behind it, less the misprediction. */
//@inline
export function leftEarly(entry: usize): i64 {
  count(COUNT_MISPREDICT);
  return suffix(entry) - ((BASE + MISPREDICT) as i64) * ONE_CYCLE + 1;
}

/** The decoded line of a target in this page, or ≤ 0. */
//@inline
export function targetLine(entry: usize, pageLines: usize): i32 {
  return load<i32>(pageLines + load<u16>(entry, 6));
}

//@inline
export function targetInLine(entry: usize, line: i32): usize {
  return (line as usize) + load<u16>(entry, 4);
}

/** The virtual address of a target in this page. */
//@inline
export function targetInPage(entry: usize): u32 {
  return load<u32>(PAGE_VA) + ((load<u16>(entry, 6) as u32) << 4) + ((load<u16>(entry, 4) as u32) >> 3);
}

//@inline
export function setLink(entry: usize): void {
  setRd(entry, (load<u32>(PAGE_VA) + link(entry)) as i32);
}

/** A taken branch or jump whose line is not ready, everything up to it charged and nothing behind it. */
export function jumpInPage(entry: usize, accumulator: i64): void {
  store<i64>(ACCUMULATOR, accumulator);
  jump(targetInPage(entry));
}

/** A branch to another page; the link field holds funct3, and 8 where it goes backward. */
export function branchFar(entry: usize, accumulator: i64): void {
  store<i64>(ACCUMULATOR, accumulator);
  const offset = immediate(entry);
  const backward = (link(entry) & 8) !== 0;
  const taken = holds(entry);
  if (taken !== backward) {
    count(COUNT_MISPREDICT);
    charge(MISPREDICT);
  }
  if (taken) return jump(load<u32>(PAGE_VA) + offset);
  const next = entry + step(entry);
  store<i64>(ACCUMULATOR, load<i64>(ACCUMULATOR) - suffix(next));
  continueAt(next);
}

export function jalFar(entry: usize, accumulator: i64): void {
  store<i64>(ACCUMULATOR, accumulator);
  setLink(entry);
  jump(load<u32>(PAGE_VA) + immediate(entry));
}

function holds(entry: usize): bool {
  switch (link(entry) & 7) {
    case 0:
      return equal(entry);
    case 1:
      return notEqual(entry);
    case 4:
      return less(entry);
    case 5:
      return greaterOrEqual(entry);
    case 6:
      return lessUnsigned(entry);
    default:
      return greaterOrEqualUnsigned(entry);
  }
}

/** Notes for the translator where a jump by register goes. */
//@inline
export function noteJump(entry: usize, target: u32): void {
  const behind = load<u32>(PAGE_VA) + link(entry);
  const at: usize = JUMPS_SEEN + ((((target >> 1) ^ (behind << 3)) & (JUMPS_SEEN_COUNT - 1)) << 3);
  store<u64>(at, ((behind as u64) << 32) | (target as u64));
}

/** Before the link is written: rd may be rs1. */
//@inline
export function jumpTarget(entry: usize): u32 {
  count(COUNT_JUMP_REGISTER);
  return (rs1(entry) + immediate(entry)) & ~1;
}

//@inline
export function isInPage(target: u32): bool {
  return (target ^ load<u32>(PAGE_VA)) < 0x1000;
}

/** Makes the page of a target the one being executed, if there is a fetch hit for it; its lines. */
//@inline
export function openKnownPage(target: u32): usize {
  const hit = fetchHitOf(target);
  if (!isFetchHit(hit, target)) return NO_LINES;
  const lines = load<usize>(hit, 8);
  store<u32>(PAGE_VA, target & 0xffff_f000);
  store<usize>(PAGE_LINES, lines);
  return lines;
}

/** A jump whose page or line is not ready, charged. */
export function jumpTo(target: u32, accumulator: i64): void {
  store<i64>(ACCUMULATOR, accumulator);
  jump(target);
}
