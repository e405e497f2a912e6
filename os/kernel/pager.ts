/**
 * Page faults that are not the kernel's to serve: the thread calls the memory's pager (os/abi/pager.ts), as if
 * by CALL, but that none of its registers take part. `thread.fault` says so, from the fault to the reply.
 *
 *     fault   bits 31–4 the page's number, bits 3–0 the access as page-table bits, never 0
 */

import { EXIT_FAULT } from '../abi/account.ts';
import { ERROR_BAD_ADDRESS } from '../abi/errors.ts';
import { PAGE_SHIFT, PAGE_SIZE } from '../abi/layout.ts';
import {
  EXTRAS_LENT,
  EXTRAS_RANGE_SIZE,
  EXTRAS_RANGES,
  LENT_PER_MESSAGE,
  LENT_WRITABLE,
} from '../abi/message.ts';
import { PAGE_FAULT, PAGED_LENT_MAX } from '../abi/pager.ts';
import { RIGHT_EXECUTE, RIGHT_READ, RIGHT_WRITE } from '../abi/rights.ts';
import { THREAD_FAULTING } from '../abi/thread.ts';
import { CAUSE_FETCH_PAGE, CAUSE_LOAD_PAGE, CAUSE_STORE_PAGE } from '../lib/csr.ts';
import { isNone } from '../lib/pointer.ts';
import { letGo } from './hold.ts';
import { sendFault } from './object/port.ts';
import { endSpace } from './object/space.ts';
import { PTE_EXECUTE, PTE_WRITE } from './page-table.ts';
import { ABSENT, regionAt, resolve } from './region.ts';
import { RESTART } from './restart.ts';
import { current } from './schedule.ts';
import type { Memory, Thread } from './structures.ts';
import { beginCall, endCall } from './token.ts';
import { TO_READ, TO_WRITE, userAddress } from './user-memory.ts';

const ACCESS_BITS: u32 = 4;
const ACCESS_MASK: u32 = 15;

/** The running thread waits for the page at `va`, which is absent. False where nobody will ever supply it. */
export function askPager(va: u32, access: u32): bool {
  const thread = current();
  const region = regionAt(thread.space, va);
  const memory = changetype<Memory>(region.object);
  const page = region.firstPage + ((va - region.start) >> PAGE_SHIFT);
  thread.fault = (page << ACCESS_BITS) | access;
  thread.faultAddress = va;
  if (sendFault(thread, memory.pager, memory.pagerBadge)) return true;
  thread.fault = 0;
  return false;
}

/** The fault's message, to a thread that receives. */
export function deliverFault(thread: Thread, receiver: Thread): void {
  receiver.a0 = 0;
  receiver.a1 = PAGE_FAULT;
  receiver.a2 = thread.fault >> ACCESS_BITS;
  receiver.a3 = rightOf(thread.fault & ACCESS_MASK);
  receiver.a4 = 0;
  receiver.a5 = 0;
  receiver.a6 = 0;
  receiver.t0 = 0;
  receiver.t1 = 0;
  receiver.t2 = isNone(thread.proxy) ? thread.badge : thread.proxy.name;
  receiver.t3 = 0;
  receiver.t4 = thread.badge;
  receiver.t5 = beginCall(thread, receiver.space);
  thread.state = THREAD_FAULTING;
}

/** The pager's reply: the access is made again, or the thread's process ends where there still is no page. */
export function endFault(thread: Thread, label: u32): void {
  const access = thread.fault & ACCESS_MASK;
  endCall(thread);
  thread.fault = 0;
  if (label === 0 && resolve(thread.space, thread.faultAddress, access) !== ABSENT) letGo(thread);
  else endSpace(thread.space, EXIT_FAULT, causeOf(access), thread.pc, thread.faultAddress);
}

/** Why the running thread's own memory at `va` cannot be had so: RESTART where it waits for a pager. */
export function ownAddressFault(va: u32, access: u32): i32 {
  return resolve(current().space, va, access) === ABSENT && askPager(va, access)
    ? RESTART
    : ERROR_BAD_ADDRESS;
}

/** RESTART where the running thread waits for a page of its message's extras, or of what it lends; else 0. */
export function fetchExtras(): i32 {
  const sender = current();
  if (sender.space.pagedRegions === 0) return 0;
  const out = userAddress(sender.space, sender.t2, TO_READ);
  if (out === 0) return ownAddressFault(sender.t2, TO_READ) === RESTART ? RESTART : 0;
  const lent = min<u32>(load<u32>(out, EXTRAS_LENT), LENT_PER_MESSAGE);
  for (let index: u32 = 0; index < lent; index += 1) {
    if (fetchRange(out + EXTRAS_RANGES + index * EXTRAS_RANGE_SIZE) === RESTART) return RESTART;
  }
  return 0;
}

function fetchRange(range: u32): i32 {
  const access = (load<u32>(range, 8) & LENT_WRITABLE) === 0 ? TO_READ : TO_WRITE;
  const end = load<u32>(range) + load<u32>(range, 4);
  let va = load<u32>(range) & ~(PAGE_SIZE - 1);
  for (let page: u32 = 0; page < PAGED_LENT_MAX && va < end; page += 1) {
    if (userAddress(current().space, va, access) === 0) return ownAddressFault(va, access);
    va += PAGE_SIZE;
  }
  return 0;
}

function rightOf(access: u32): u32 {
  if ((access & PTE_WRITE) !== 0) return RIGHT_WRITE;
  return access === PTE_EXECUTE ? RIGHT_EXECUTE : RIGHT_READ;
}

function causeOf(access: u32): u32 {
  if ((access & PTE_WRITE) !== 0) return CAUSE_STORE_PAGE;
  return access === PTE_EXECUTE ? CAUSE_FETCH_PAGE : CAUSE_LOAD_PAGE;
}
