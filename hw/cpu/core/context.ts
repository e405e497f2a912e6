/**
 * Contexts of address translation, and the keys by which the hit tables tell them apart. All host.
 *
 * A data context is all that decides whether an access is permitted and where it goes, apart from its
 * address: satp, the effective privilege, SUM and MXR. Contexts in use have a number of 1 … 15, which is
 * part of each tag (see data-hit.ts), so that a switch of privilege or address space flushes nothing.
 * A sixteenth context takes over the number of the one that was numbered first, whose hits are cleared.
 */
import {
  CONTEXT_CURSOR,
  CONTEXTS,
  DATA_KEY,
  DATA_PRIVILEGE,
  FETCH_MODE,
  FETCH_SATP,
  JUMP_TAG,
  MSTATUS,
  PRIVILEGE,
  SATP,
} from '../../manual/core-layout.ts';
import {
  MSTATUS_MPP,
  MSTATUS_MPP_SHIFT,
  MSTATUS_MPRV,
  MSTATUS_MXR,
  MSTATUS_SUM,
  SATP_MODE,
} from '../../manual/csr.ts';
import { clearHitsOfContext } from './data-hit.ts';

const CONTEXT_COUNT: u32 = 16;
const USED: u32 = 0x100;

/** After any change of privilege, satp, or the bits of mstatus that decide about data accesses. */
export function privilegeChanged(): void {
  const privilege = load<u32>(PRIVILEGE);
  const status = load<u32>(MSTATUS);
  store<u32>(FETCH_MODE, privilege + 1);
  const fetchSatp = translatedBy(privilege);
  store<u32>(FETCH_SATP, fetchSatp);
  // Where satp translates there are two privileges, told apart by the lowest bit of an address.
  const jumpTag =
    fetchSatp === 0 ? (privilege as u64) << 32 : ((fetchSatp as u64) << 32) | (privilege as u64);
  store<u64>(JUMP_TAG, jumpTag);
  const effective =
    (status & MSTATUS_MPRV) !== 0 && privilege === 3
      ? (status & MSTATUS_MPP) >> MSTATUS_MPP_SHIFT
      : privilege;
  store<u32>(DATA_PRIVILEGE, effective);
  const satp = translatedBy(effective);
  let mode = effective | USED;
  if (satp !== 0) {
    if (effective === 1) mode |= status & MSTATUS_SUM;
    mode |= status & MSTATUS_MXR;
  }
  store<u32>(DATA_KEY, keyOf(contextNumber(satp, mode)));
}

/** satp where it translates accesses of this privilege, otherwise 0. */
//@inline
export function translatedBy(privilege: u32): u32 {
  const satp = load<u32>(SATP);
  return privilege === 3 || (satp & SATP_MODE) === 0 ? 0 : satp;
}

/** Forgets the numbers; the hits must have been cleared. */
export function forgetContexts(): void {
  memory.fill(CONTEXTS, 0, CONTEXT_COUNT << 3);
}

function contextNumber(satp: u32, mode: u32): u32 {
  for (let n: u32 = 1; n < CONTEXT_COUNT; n++) {
    const at: usize = CONTEXTS + (n << 3);
    if (load<u32>(at, 4) === mode && load<u32>(at) === satp) return n;
    if (load<u32>(at, 4) === 0) return number(n, satp, mode);
  }
  const cursor = load<u32>(CONTEXT_CURSOR) % (CONTEXT_COUNT - 1);
  store<u32>(CONTEXT_CURSOR, cursor + 1);
  clearHitsOfContext(cursor + 1);
  return number(cursor + 1, satp, mode);
}

function number(n: u32, satp: u32, mode: u32): u32 {
  const at: usize = CONTEXTS + (n << 3);
  store<u32>(at, satp);
  store<u32>(at, mode, 4);
  return n;
}

/** The number in bits 2 … 5; spread over the index bits, so that equal addresses of two contexts do not meet. */
function keyOf(n: u32): u32 {
  return (n << 2) | (((n * 0x9d) & 0x3ff) << 6);
}
