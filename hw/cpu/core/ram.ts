/**
 * Guest RAM in the module's memory, and what a write to it must not forget: the page's mark for
 * snapshots, decoded code, a reservation.
 */
import {
  ATTENTION,
  ATTENTION_REFETCH,
  LINE_TABLE,
  PAGE_CODE,
  PAGE_DIRTY,
  PAGE_MARKS,
  RAM_HOST,
  RAM_SIZE,
  RESERVATION,
} from '../../manual/core-layout.ts';
import { RAM_BASE } from '../../manual/memory-map.ts';
import { overwritten } from './host.ts';
import { dropLine, forgetDecoded } from './line.ts';

const BASE_ADDRESS: u32 = RAM_BASE;

//@inline
export function inRam(pa: u32, size: u32): bool {
  const offset = pa - BASE_ADDRESS;
  return offset < load<u32>(RAM_SIZE) && offset + size <= load<u32>(RAM_SIZE);
}

//@inline
export function hostOf(pa: u32): usize {
  return load<usize>(RAM_HOST) + (pa - BASE_ADDRESS);
}

/** Where the line table has the line of a physical address. */
//@inline
export function lineSlot(pa: u32): usize {
  return LINE_TABLE + (((pa - BASE_ADDRESS) >> 6) << 2);
}

export function storeWord(pa: u32, value: u32): void {
  written(pa);
  store<u32>(hostOf(pa), value);
}

/** Notes that the line of an address is written: its page's mark and its decoded instructions. */
export function written(pa: u32): void {
  const mark: usize = load<usize>(PAGE_MARKS) + ((pa - BASE_ADDRESS) >> 12);
  store<u8>(mark, load<u8>(mark) | PAGE_DIRTY);
  dropCode(pa);
}

/** Whether the host has been told, or will be, that the page is written. */
export function pageIsMarked(pa: u32): bool {
  return (load<u8>(load<usize>(PAGE_MARKS) + ((pa - BASE_ADDRESS) >> 12)) & PAGE_DIRTY) !== 0;
}

/** Whether nothing that was decoded or translated depends on the line of an address. */
export function isFreeOfCode(pa: u32): bool {
  const slot = lineSlot(pa);
  if (load<u32>(slot) !== 0 || isTranslated(pa)) return false;
  return (pa & 0xfc0) === 0 || load<u32>(slot - 4) === 0;
}

/** The page code record of an address. */
//@inline
export function pageCode(pa: u32): usize {
  return load<usize>(PAGE_CODE) + (((pa - BASE_ADDRESS) >> 12) << 4);
}

/** Whether regions depend on the line of an address. */
//@inline
function isTranslated(pa: u32): bool {
  return ((load<u64>(pageCode(pa)) >> ((pa >> 6) & 63)) & 1) !== 0;
}

/**
 * The decoded lines that depend on the line of an address: itself, and the one before it on the same page,
 * whose last instruction may reach into it or stall for its first one.
 */
function dropCode(pa: u32): void {
  const slot = lineSlot(pa);
  forgetDecoded(slot);
  if (isFreeOfCode(pa)) return;
  if (isTranslated(pa)) overwritten(pa);
  dropLine(slot);
  if ((pa & 0xfc0) !== 0) dropLine(slot - 4);
  store<u32>(ATTENTION, load<u32>(ATTENTION) | ATTENTION_REFETCH);
}

/** A bus master other than this hart wrote to RAM. */
export function writtenByOther(pa: u32, size: u32): void {
  const end = pa + size;
  for (let line = pa & ~63; line < end; line += 64) {
    written(line);
    if (load<u32>(RESERVATION) === line) store<u32>(RESERVATION, 0);
  }
}
