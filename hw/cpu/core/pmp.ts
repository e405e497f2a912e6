/**
 * Physical memory protection: 16 regions, granularity four bytes (Privileged 3.7).
 *
 * The lowest-numbered region that touches any byte of an access decides; it must contain every byte.
 * Where none touches it, machine mode may and the others may not. What is permitted to a page as a whole is
 * remembered; that is host.
 */
import { PMP_PAGE_COUNT, PMP_PAGES, PMP_USED, PMPADDR, PMPCFG } from '../../manual/core-layout.ts';
import {
  PMP_COUNT,
  PMP_EXECUTE,
  PMP_LOCK,
  PMP_MATCH,
  PMP_NA4,
  PMP_READ,
  PMP_TOR,
  PMP_WRITE,
} from '../../manual/csr.ts';

const ALL: u32 = PMP_READ | PMP_WRITE | PMP_EXECUTE;
const PAGE_MASK: u32 = 0xffff_f000;
const PAGE_SIZE: u32 = 0x1000;
const KNOWN: u32 = 16;
const IN_MACHINE_MODE: u32 = 8;
/** A region ends within the range: what is permitted differs from byte to byte. */
export const MIXED: u32 = 0x100;

/** PMP_READ | PMP_WRITE | PMP_EXECUTE as far as permitted to the whole range, or MIXED. */
export function permissions(pa: u32, size: u32, privilege: u32): u32 {
  const page = pa & PAGE_MASK;
  if (((pa + size - 1) & PAGE_MASK) !== page) return lookUp(pa, size, privilege);
  const key = page | KNOWN | (privilege === 3 ? IN_MACHINE_MODE : 0);
  const at: usize = PMP_PAGES + (((pa >> 12) & (PMP_PAGE_COUNT - 1)) << 2);
  const known = load<u32>(at);
  if ((known & ~ALL) === key) return known & ALL;
  const allowed = lookUp(page, PAGE_SIZE, privilege);
  if (allowed === MIXED) return lookUp(pa, size, privilege);
  store<u32>(at, key | allowed);
  return allowed;
}

function lookUp(pa: u32, size: u32, privilege: u32): u32 {
  const first = pa >> 2;
  const last = (pa + size - 1) >> 2;
  const used = load<u32>(PMP_USED);
  for (let i: u32 = 0; i < used; i++) {
    const config = load<u8>(PMPCFG + i) as u32;
    if ((config & PMP_MATCH) === 0) continue;
    const low = regionFirst(i, config);
    const end = regionEnd(i, config);
    if ((last as u64) < low || (first as u64) >= end) continue;
    if ((first as u64) < low || (last as u64) >= end) return MIXED;
    if (privilege === 3 && (config & PMP_LOCK) === 0) return ALL;
    return config & ALL;
  }
  return privilege === 3 ? ALL : 0;
}

/** After any change of the regions. */
export function noteRegions(): void {
  let used = PMP_COUNT;
  while (used > 0 && (load<u8>(PMPCFG + used - 1) & PMP_MATCH) === 0) used -= 1;
  store<u32>(PMP_USED, used);
  memory.fill(PMP_PAGES, 0, PMP_PAGE_COUNT << 2);
}

/** In words of four bytes; a TOR region may be empty. */
function regionFirst(i: u32, config: u32): u64 {
  const address = load<u32>(PMPADDR + (i << 2));
  const match = config & PMP_MATCH;
  if (match === PMP_TOR) return i === 0 ? 0 : load<u32>(PMPADDR + ((i - 1) << 2));
  if (match === PMP_NA4) return address;
  return address & ~(address ^ (address + 1));
}

function regionEnd(i: u32, config: u32): u64 {
  const address = load<u32>(PMPADDR + (i << 2));
  const match = config & PMP_MATCH;
  if (match === PMP_TOR) return address;
  if (match === PMP_NA4) return (address as u64) + 1;
  const span = ((address ^ (address + 1)) as u64) + 1;
  return ((address & ~(address ^ (address + 1))) as u64) + span;
}
