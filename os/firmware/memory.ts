/**
 * Who may touch what: the firmware's own memory and the CLINT are closed to S and U by PMP, the rest is
 * open.
 *
 *     entry 0   RAM_BASE … + FIRMWARE_SIZE   no access
 *     entry 1   CLINT                        no access
 *     entry 2   everything                   read, write, execute
 *
 * Addresses that S hands over are physical and only an allegation: `isOpenRam` tells whether the whole
 * range is RAM that S may touch itself.
 */

import { csr_write } from 'rv';
import { CLINT_BASE, CLINT_SIZE, RAM_BASE } from '../../hw/manual/memory-map.ts';
import { PMPADDR0, PMPADDR1, PMPADDR2, PMPCFG0 } from '../lib/csr.ts';

/** Text, data and stack; a power of two, for one NAPOT region. The link description keeps to it. */
export const FIRMWARE_SIZE: u32 = 0x2_0000;
export const FIRMWARE_END: u32 = <u32>RAM_BASE + FIRMWARE_SIZE;

const PMP_NAPOT: u32 = 3 << 3;
const PMP_READ_WRITE_EXECUTE: u32 = 7;

/** First byte behind RAM, from the devicetree; 0 until it is known: then no range is open. */
let ramEnd: u32 = 0;

//@external("entry", "has_pmp")
declare function has_pmp(): u32;

export function setRamEnd(end: u32): void {
  ramEnd = end;
}

/** False where the hart has no PMP: then nothing is protected, and S would not get memory either with it. */
export function protect(): bool {
  if (has_pmp() === 0) return false;
  csr_write(PMPADDR0, napot(<u32>RAM_BASE, FIRMWARE_SIZE));
  csr_write(PMPADDR1, napot(<u32>CLINT_BASE, <u32>CLINT_SIZE));
  csr_write(PMPADDR2, 0xffff_ffff);
  csr_write(PMPCFG0, PMP_NAPOT | (PMP_NAPOT << 8) | ((PMP_NAPOT | PMP_READ_WRITE_EXECUTE) << 16));
  return true;
}

/** Whether `size` bytes from `pa` lie in RAM behind the firmware. An empty range must begin there too. */
export function isOpenRam(pa: u32, size: u32): bool {
  return pa >= FIRMWARE_END && pa <= ramEnd && size <= ramEnd - pa;
}

function napot(base: u32, size: u32): u32 {
  return (base >> 2) | ((size >> 3) - 1);
}
