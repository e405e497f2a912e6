/**
 * System calls as functions (os/abi/calls.ts). Each gives the call's answer: a result, or an error below 0.
 * Further results go to memory.
 */

import { ecall_result, ecall0, ecall1, ecall2, ecall3, ecall4, ecall5, ecall6, ecall7 } from 'rv';
import { RESOURCE_CYCLES } from '../abi/account.ts';
import * as calls from '../abi/calls.ts';

export function nullCall(): i32 {
  return ecall0(calls.CALL_NULL);
}

/** This thread's equals have their turn. */
export function yieldTurn(): i32 {
  return ecall0(calls.CALL_THREAD_YIELD);
}

export function notify(port: u32, bits: u32): i32 {
  return ecall2(calls.CALL_NOTIFY, port, bits);
}

export function lentRead(token: u32, range: u32, offset: u32, to: u32, size: u32): i32 {
  return ecall5(calls.CALL_LENT_READ, token, range, offset, to, size);
}

/** The size of a waiting caller's lent range; how it was lent goes to the word at `access`. */
export function inspectLent(token: u32, range: u32, access: u32): i32 {
  const size = ecall2(calls.CALL_LENT_INSPECT, token, range);
  const way = ecall_result(1);
  store<u32>(access, way);
  return size;
}

/** How much of a range that this thread lent with its last call was written, from its beginning. */
export function lentWritten(range: u32): i32 {
  return ecall1(calls.CALL_LENT_WRITTEN, range);
}

export function lentWrite(token: u32, range: u32, offset: u32, from: u32, size: u32): i32 {
  return ecall5(calls.CALL_LENT_WRITE, token, range, offset, from, size);
}

/** The same for good, and the caller may use it at once. */
export function lentDeliver(token: u32, range: u32, offset: u32, from: u32, size: u32): i32 {
  return ecall5(calls.CALL_LENT_DELIVER, token, range, offset, from, size);
}

/** How much of the first range that the thread has lent with its present call is delivered, from its beginning. */
export function lentDelivered(thread: u32): i32 {
  return ecall1(calls.CALL_LENT_DELIVERED, thread);
}

/** The port is notified as more and more is delivered of what this thread lends. */
export function attendToLent(port: u32, bits: u32): i32 {
  return ecall2(calls.CALL_LENT_ATTEND, port, bits);
}

/** From the first range of one call to that of another. */
export function lentPass(from: u32, fromOffset: u32, to: u32, toOffset: u32, size: u32): i32 {
  return ecall5(calls.CALL_LENT_PASS, from, fromOffset, to, toOffset, size);
}

export function copyHandle(handle: u32, rights: u32, badge: u32): i32 {
  return ecall3(calls.CALL_HANDLE_COPY, handle, rights, badge);
}

export function close(handle: u32): i32 {
  return ecall1(calls.CALL_HANDLE_CLOSE, handle);
}

/** What the handle allows; 0 for one that is none. */
export function rightsOf(handle: u32): u32 {
  const kind = ecall1(calls.CALL_HANDLE_INSPECT, handle) as i32;
  const rights = ecall_result(1);
  return kind < 0 ? 0 : rights;
}

export function revoke(handle: u32): i32 {
  return ecall1(calls.CALL_HANDLE_REVOKE, handle);
}

/** Whether it is of a port that nobody can receive from any more. */
export function hasDied(handle: u32): bool {
  ecall1(calls.CALL_HANDLE_INSPECT, handle);
  const isDead = ecall_result(4);
  return isDead === 1;
}

/** Its kind; its rights, its badge and whether something is derived from it go to the three words at `found`. */
export function inspectHandle(handle: u32, found: u32): i32 {
  const kind = ecall1(calls.CALL_HANDLE_INSPECT, handle);
  const rights = ecall_result(1);
  const badge = ecall_result(2);
  const isDerivedFrom = ecall_result(3);
  store<u32>(found, rights);
  store<u32>(found, badge, 4);
  store<u32>(found, isDerivedFrom, 8);
  return kind;
}

/** The port is notified once nothing is derived from the handle any more. */
export function watchHandle(handle: u32, port: u32, bits: u32): i32 {
  return ecall3(calls.CALL_HANDLE_WATCH, handle, port, bits);
}

/** Limits in the order of os/abi/account.ts. */
export function createSpace(
  pages: u32,
  handles: u32,
  threads: u32,
  ports: u32,
  memories: u32,
  timers: u32,
  spaces: u32,
): i32 {
  return ecall7(calls.CALL_SPACE_CREATE, pages, handles, threads, ports, memories, timers, spaces);
}

export function grant(space: u32, handle: u32, rights: u32, badge: u32): i32 {
  return ecall4(calls.CALL_SPACE_GRANT, space, handle, rights, badge);
}

export function map(space: u32, va: u32, memory: u32, firstPage: u32, pages: u32, rights: u32): i32 {
  return ecall6(calls.CALL_SPACE_MAP, space, va, memory, firstPage, pages, rights);
}

export function unmap(space: u32, va: u32): i32 {
  return ecall2(calls.CALL_SPACE_UNMAP, space, va);
}

/** What is used of a resource. */
export function used(space: u32, resource: u32): i32 {
  return ecall2(calls.CALL_SPACE_ACCOUNT, space, resource);
}

/** What is allowed of it. */
export function allowed(space: u32, resource: u32): i32 {
  const answer = ecall2(calls.CALL_SPACE_ACCOUNT, space, resource);
  const limit = ecall_result(1);
  return (answer as i32) < 0 ? answer : limit;
}

/** The space, which this one has made, may have so much more of it, out of what this one may have. */
export function allowMore(space: u32, resource: u32, count: u32): i32 {
  return ecall3(calls.CALL_SPACE_ALLOW, space, resource, count);
}

/** The processor time used, in cycles, goes to the two words at `cycles`. → its threads that can run. */
export function cyclesUsed(space: u32, cycles: u32): i32 {
  const answer = ecall2(calls.CALL_SPACE_ACCOUNT, space, RESOURCE_CYCLES);
  const low = ecall_result(1);
  const high = ecall_result(2);
  store<u32>(cycles, low);
  store<u32>(cycles, high, 4);
  return answer;
}

/** Ends the whole process. */
export function exit(status: u32): void {
  ecall1(calls.CALL_SPACE_EXIT, status);
}

export function kill(space: u32): i32 {
  return ecall1(calls.CALL_SPACE_KILL, space);
}

export function watchSpace(space: u32, port: u32, bits: u32): i32 {
  return ecall3(calls.CALL_SPACE_WATCH, space, port, bits);
}

/** How it ended; its word, pc and value go to the three words at `end`. */
export function spaceStatus(space: u32, end: u32): i32 {
  const how = ecall1(calls.CALL_SPACE_STATUS, space);
  const word = ecall_result(1);
  const pc = ecall_result(2);
  const value = ecall_result(3);
  store<u32>(end, word);
  store<u32>(end, pc, 4);
  store<u32>(end, value, 8);
  return how;
}

export function createThread(space: u32, entry: u32, sp: u32, argument: u32, priority: u32): i32 {
  return ecall5(calls.CALL_THREAD_CREATE, space, entry, sp, argument, priority);
}

export function startThread(thread: u32): i32 {
  return ecall1(calls.CALL_THREAD_START, thread);
}

export function stopSpace(space: u32): i32 {
  return ecall1(calls.CALL_SPACE_STOP, space);
}

export function startSpace(space: u32): i32 {
  return ecall1(calls.CALL_SPACE_START, space);
}

/** The thread in place `index`: its handle, or ERROR_BAD_ARGUMENT behind the last. */
export function threadOf(space: u32, index: u32): i32 {
  return ecall2(calls.CALL_SPACE_THREAD, space, index);
}

export function ownThread(): i32 {
  return ecall0(calls.CALL_THREAD_SELF);
}

export function stopThread(thread: u32): i32 {
  return ecall1(calls.CALL_THREAD_STOP, thread);
}

export function cancelThread(thread: u32): i32 {
  return ecall1(calls.CALL_THREAD_CANCEL, thread);
}

/** All registers, to REGISTERS_SIZE aligned bytes (os/abi/thread.ts). */
export function saveThread(thread: u32, address: u32): i32 {
  return ecall2(calls.CALL_THREAD_SAVE, thread, address);
}

export function loadThread(thread: u32, address: u32): i32 {
  return ecall2(calls.CALL_THREAD_LOAD, thread, address);
}

/** THREAD_…; its priority goes to the word at `priority`. */
export function inspectThread(thread: u32, priority: u32): i32 {
  const state = ecall1(calls.CALL_THREAD_INSPECT, thread);
  const word = ecall_result(1);
  store<u32>(priority, word);
  return state;
}

/** The value goes to the word at `value`. */
export function readRegister(thread: u32, register: u32, value: u32): i32 {
  const answer = ecall2(calls.CALL_THREAD_READ, thread, register);
  const word = ecall_result(1);
  store<u32>(value, word);
  return answer;
}

export function createPort(): i32 {
  return ecall0(calls.CALL_PORT_CREATE);
}

export function watchPort(port: u32, told: u32, bits: u32): i32 {
  return ecall3(calls.CALL_PORT_WATCH, port, told, bits);
}

/** Messages to the first port are received from the target, by this name: os/abi/calls.ts. */
export function forwardPort(port: u32, target: u32, name: u32): i32 {
  return ecall3(calls.CALL_PORT_FORWARD, port, target, name);
}

/** Calls through the proxy end with this error, also later ones; 0 lets them through again. */
export function failPort(port: u32, error: i32): i32 {
  return ecall2(calls.CALL_PORT_FAIL, port, error);
}

export function createMemory(pages: u32): i32 {
  return ecall1(calls.CALL_MEMORY_CREATE, pages);
}

/** Its pages are supplied by who receives from the port: os/abi/pager.ts. */
export function createPagedMemory(pages: u32, port: u32): i32 {
  return ecall2(calls.CALL_MEMORY_CREATE_PAGED, pages, port);
}

export function partOfMemory(memory: u32, firstPage: u32, pages: u32): i32 {
  return ecall3(calls.CALL_MEMORY_PART, memory, firstPage, pages);
}

/** Its size in pages. */
export function inspectMemory(memory: u32): i32 {
  return ecall1(calls.CALL_MEMORY_INSPECT, memory);
}

/** The page at `toPage` must not be there yet. */
export function movePage(from: u32, fromPage: u32, to: u32, toPage: u32): i32 {
  return ecall4(calls.CALL_MEMORY_MOVE_PAGE, from, fromPage, to, toPage);
}

/** The physical address of a page goes to the word at `address`. */
export function locatePage(device: u32, memory: u32, page: u32, address: u32): i32 {
  const answer = ecall3(calls.CALL_MEMORY_LOCATE, device, memory, page);
  const pa = ecall_result(1);
  store<u32>(address, pa);
  return answer;
}

/** Pages copied, to be shared until one side writes: os/abi/calls.ts. */
export function copyPages(from: u32, fromPage: u32, to: u32, toPage: u32, pages: u32): i32 {
  return ecall5(calls.CALL_MEMORY_COPY, from, fromPage, to, toPage, pages);
}

/** Another memory with the same contents; its pages are copied when one side writes to them. */
export function cloneMemory(memory: u32): i32 {
  const pages: i32 = ecall1(calls.CALL_MEMORY_INSPECT, memory);
  if (pages < 0) return pages;
  const made = createMemory(pages);
  let done: i32 = 0;
  while (made > 0 && done < pages) {
    const copied = copyPages(memory, done, made, done, pages - done);
    if (copied < 0) {
      close(made);
      return copied;
    }
    done += copied;
  }
  return made;
}

/** Pages looked at; the bits of those that changed since the last time go to the four words at `bits`. */
export function changedPages(memory: u32, firstPage: u32, pages: u32, bits: u32): i32 {
  const count = ecall3(calls.CALL_MEMORY_CHANGES, memory, firstPage, pages);
  const word0 = ecall_result(1);
  const word1 = ecall_result(2);
  const word2 = ecall_result(3);
  const word3 = ecall_result(4);
  store<u32>(bits, word0);
  store<u32>(bits, word1, 4);
  store<u32>(bits, word2, 8);
  store<u32>(bits, word3, 12);
  return count;
}

export function createTimer(): i32 {
  return ecall0(calls.CALL_TIMER_CREATE);
}

export function setTimer(timer: u32, port: u32, bits: u32, low: u32, high: u32): i32 {
  return ecall5(calls.CALL_TIMER_SET, timer, port, bits, low, high);
}

export function createInterrupt(control: u32, source: u32): i32 {
  return ecall2(calls.CALL_INTERRUPT_CREATE, control, source);
}

export function bindInterrupt(interrupt: u32, port: u32, bits: u32): i32 {
  return ecall3(calls.CALL_INTERRUPT_BIND, interrupt, port, bits);
}

export function acknowledge(interrupt: u32): i32 {
  return ecall1(calls.CALL_INTERRUPT_ACKNOWLEDGE, interrupt);
}

/** Bytes of the process's memory to the firmware's console. */
export function log(control: u32, address: u32, size: u32): i32 {
  return ecall3(calls.CALL_CONTROL_LOG, control, address, size);
}

/** Bytes of the log from the position at `position` on, which moves behind them; 0 where there are no more. */
export function readLog(control: u32, position: u32, address: u32, size: u32): i32 {
  const count = ecall4(calls.CALL_CONTROL_READ_LOG, control, load<u32>(position), address, size) as i32;
  const next = ecall_result(1);
  if (count >= 0) store<u32>(position, next);
  return count;
}

/** How many threads wait to run; idle cycles (two words), pages free and in all go to the four words at `into`. */
export function machineUse(control: u32, into: u32): i32 {
  const waiting = ecall1(calls.CALL_CONTROL_USE, control) as i32;
  const idleLow = ecall_result(1);
  const idleHigh = ecall_result(2);
  const free = ecall_result(3);
  const pages = ecall_result(4);
  store<u32>(into, idleLow);
  store<u32>(into, idleHigh, 4);
  store<u32>(into, free, 8);
  store<u32>(into, pages, 12);
  return waiting;
}

export function reset(control: u32, kind: u32, reason: u32): i32 {
  return ecall3(calls.CALL_CONTROL_RESET, control, kind, reason);
}
