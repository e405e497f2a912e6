/**
 * What each system call takes, for programs that call at random: four bits an argument, the first lowest.
 */
import * as calls from '../../../os/abi/calls.ts';

export const NOTHING: u32 = 0;
export const SPACE: u32 = 1;
export const THREAD: u32 = 2;
export const PORT: u32 = 3;
export const MEMORY: u32 = 4;
export const INTERRUPT: u32 = 5;
export const TIMER: u32 = 6;
export const ANY: u32 = 7;
/** The beginning of a window to map at. */
export const WINDOW: u32 = 8;
export const SMALL: u32 = 9;
export const RIGHTS: u32 = 10;
export const ADDRESS: u32 = 11;
/** Where a thread can begin. */
export const ENTRY: u32 = 12;
export const STACK: u32 = 13;
/** Ticks of the low word, soon. */
export const SOON: u32 = 14;
export const WILD: u32 = 15;

function sequence(a: u32, b: u32, c: u32, d: u32, e: u32, f: u32): u32 {
  return a | (b << 4) | (c << 8) | (d << 12) | (e << 16) | (f << 20);
}

/** 0 for calls that take nothing, or are no calls. */
export function signatureOf(call: u32): u32 {
  switch (call) {
    case calls.CALL_LENT_READ:
    case calls.CALL_LENT_WRITE:
    case calls.CALL_LENT_DELIVER:
      return sequence(WILD, SMALL, SMALL, ADDRESS, SMALL, 0);
    case calls.CALL_LENT_PASS:
      return sequence(WILD, SMALL, WILD, SMALL, SMALL, 0);
    case calls.CALL_CONTROL_READ_LOG:
      return sequence(ANY, WILD, ADDRESS, SMALL, 0, 0);
    case calls.CALL_CONTROL_USE:
      return sequence(ANY, 0, 0, 0, 0, 0);
    case calls.CALL_LENT_INSPECT:
      return sequence(WILD, SMALL, 0, 0, 0, 0);
    case calls.CALL_LENT_WRITTEN:
      return SMALL;
    case calls.CALL_NOTIFY:
    case calls.CALL_LENT_ATTEND:
      return sequence(PORT, WILD, 0, 0, 0, 0);
    case calls.CALL_HANDLE_COPY:
      return sequence(ANY, RIGHTS, SMALL, 0, 0, 0);
    case calls.CALL_HANDLE_CLOSE:
    case calls.CALL_HANDLE_REVOKE:
    case calls.CALL_HANDLE_INSPECT:
      return ANY;
    case calls.CALL_HANDLE_WATCH:
      return sequence(ANY, PORT, WILD, 0, 0, 0);
    case calls.CALL_SPACE_CREATE:
      return sequence(SMALL, SMALL, SMALL, SMALL, SMALL, SMALL);
    case calls.CALL_SPACE_GRANT:
      return sequence(SPACE, ANY, RIGHTS, SMALL, 0, 0);
    case calls.CALL_SPACE_MAP:
      return sequence(SPACE, WINDOW, MEMORY, SMALL, SMALL, RIGHTS);
    case calls.CALL_SPACE_UNMAP:
      return sequence(SPACE, WINDOW, 0, 0, 0, 0);
    case calls.CALL_SPACE_ACCOUNT:
    case calls.CALL_SPACE_THREAD:
      return sequence(SPACE, SMALL, 0, 0, 0, 0);
    case calls.CALL_SPACE_ALLOW:
      return sequence(SPACE, SMALL, SMALL, 0, 0, 0);
    case calls.CALL_SPACE_KILL:
    case calls.CALL_SPACE_STATUS:
    case calls.CALL_SPACE_STOP:
    case calls.CALL_SPACE_START:
      return SPACE;
    case calls.CALL_SPACE_WATCH:
      return sequence(SPACE, PORT, WILD, 0, 0, 0);
    default:
      return moreSignatures(call);
  }
}

function moreSignatures(call: u32): u32 {
  switch (call) {
    case calls.CALL_THREAD_CREATE:
      return sequence(SPACE, ENTRY, STACK, WILD, SMALL, 0);
    case calls.CALL_THREAD_START:
    case calls.CALL_THREAD_STOP:
    case calls.CALL_THREAD_CANCEL:
    case calls.CALL_THREAD_INSPECT:
    case calls.CALL_LENT_DELIVERED:
      return THREAD;
    case calls.CALL_THREAD_READ:
    case calls.CALL_THREAD_PRIORITY:
      return sequence(THREAD, SMALL, 0, 0, 0, 0);
    case calls.CALL_THREAD_WRITE:
      return sequence(THREAD, SMALL, WILD, 0, 0, 0);
    case calls.CALL_THREAD_SAVE:
    case calls.CALL_THREAD_LOAD:
      return sequence(THREAD, ADDRESS, 0, 0, 0, 0);
    case calls.CALL_PORT_WATCH:
    case calls.CALL_PORT_FORWARD:
      return sequence(PORT, PORT, SMALL, 0, 0, 0);
    case calls.CALL_PORT_FAIL:
      return sequence(PORT, WILD, 0, 0, 0, 0);
    case calls.CALL_MEMORY_CREATE:
      return SMALL;
    case calls.CALL_MEMORY_CREATE_PAGED:
      return sequence(SMALL, PORT, 0, 0, 0, 0);
    case calls.CALL_MEMORY_PART:
    case calls.CALL_MEMORY_CHANGES:
      return sequence(MEMORY, SMALL, SMALL, 0, 0, 0);
    case calls.CALL_MEMORY_MOVE_PAGE:
    case calls.CALL_MEMORY_COPY:
      return sequence(MEMORY, SMALL, MEMORY, SMALL, SMALL, 0);
    case calls.CALL_MEMORY_LOCATE:
      return sequence(MEMORY, MEMORY, SMALL, 0, 0, 0);
    case calls.CALL_MEMORY_INSPECT:
      return MEMORY;
    case calls.CALL_INTERRUPT_BIND:
      return sequence(INTERRUPT, PORT, WILD, 0, 0, 0);
    case calls.CALL_INTERRUPT_ACKNOWLEDGE:
      return INTERRUPT;
    case calls.CALL_TIMER_SET:
      return sequence(TIMER, PORT, WILD, SOON, NOTHING, 0);
    case calls.CALL_TIMER_CANCEL:
      return TIMER;
    default:
      return sequence(ANY, WILD, WILD, WILD, WILD, WILD);
  }
}
