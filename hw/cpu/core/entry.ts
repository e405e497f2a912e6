/**
 * A decoded instruction: 16 bytes in a decoded line, and the accumulator that counts.
 *
 *     0  operation        4  immediate (i32), or two halves: slot offset, line offset
 *     1  rd offset        8  suffix (u32)
 *     2  rs1 offset      12  step to the next entry, bytes: 16 or 32
 *     3  rs2 offset      13  1 = ends its block    14  link or function code (u16)
 *
 * Register offsets are bytes from REGISTERS; an rd of x0 is DISCARD. The suffix is what the block costs
 * from this entry to its end, this entry included: cycles · 2^20 - instructions. Entering a block
 * subtracts its suffix from the accumulator once; leaving it early adds back the suffix of what was not
 * executed. An operation of 0 is not decoded yet.
 */
import { ACCUMULATOR, COUNTERS, DISCARD } from '../../manual/core-layout.ts';

export const ENTRY_SIZE = 16;
/** One cycle in the accumulator. */
export const ONE_CYCLE: i64 = 1 << 20;
export const INSTRUCTION_MASK: i64 = (1 << 20) - 1;

//@inline
export function rs1(entry: usize): i32 {
  return load<i32>(load<u8>(entry, 2));
}

//@inline
export function rs2(entry: usize): i32 {
  return load<i32>(load<u8>(entry, 3));
}

//@inline
export function setRd(entry: usize, value: i32): void {
  store<i32>(load<u8>(entry, 1), value);
}

//@inline
export function immediate(entry: usize): i32 {
  return load<i32>(entry, 4);
}

//@inline
export function suffix(entry: usize): i64 {
  return load<u32>(entry, 8);
}

//@inline
export function step(entry: usize): usize {
  return load<u8>(entry, 12);
}

//@inline
export function endsBlock(entry: usize): bool {
  return load<u8>(entry, 13) !== 0;
}

//@inline
export function link(entry: usize): u32 {
  return load<u16>(entry, 14);
}

//@inline
export function registerOffset(index: u32): u32 {
  return index << 2;
}

//@inline
export function destinationOffset(index: u32): u32 {
  return index === 0 ? DISCARD : index << 2;
}

/** Takes cycles from the accumulator that slow paths share. */
//@inline
export function charge(cycles: i32): void {
  store<i64>(ACCUMULATOR, load<i64>(ACCUMULATOR) - ((cycles as i64) << 20));
}

//@inline
export function count(counter: i32): void {
  const at: usize = COUNTERS + (counter << 3);
  store<u64>(at, load<u64>(at) + 1);
}
