/**
 * System call numbers: what a7 holds at `ecall`. Arguments are in a0–a6; the answer's first word is in a0:
 * an error (errors.ts, negative) or a result that is not; further results in a1, a2, …
 *
 * A call keeps sp, gp, tp and s0–s11, like a C function; every other register is lost. Message operations
 * use more registers: message.ts. All of them may be called by anybody; what they may do is decided by the
 * handles given. In the table: h a handle, → what comes back.
 */

/** Nothing → 0. */
export const CALL_NULL: u32 = 0;

// The calls after which another thread may run at once; messages (message.ts) have the handle or port in a0.
export const CALL_CALL: u32 = 1;
export const CALL_RECEIVE: u32 = 2;
export const CALL_REPLY: u32 = 3;
export const CALL_REPLY_AND_RECEIVE: u32 = 4;
export const CALL_SEND: u32 = 5;
/** The caller's equals have their turn → 0. */
export const CALL_THREAD_YIELD: u32 = 6;
/** token, range, offset, to, size → bytes copied out of the caller's lent memory, at most LENT_COPY_MAX. */
export const CALL_LENT_READ: u32 = 7;
/** token, range, offset, from, size → bytes copied into it. */
export const CALL_LENT_WRITE: u32 = 8;

/** h, rights, badge → h: a derived handle with these rights; a badge only where there was none. */
export const CALL_HANDLE_COPY: u32 = 9;
export const CALL_HANDLE_CLOSE: u32 = 10;
/** h → 0, when everything derived from it is gone. */
export const CALL_HANDLE_REVOKE: u32 = 11;
/** h → kind, rights, badge, 1 where something is derived from it, 1 where it is of a port that has died. */
export const CALL_HANDLE_INSPECT: u32 = 12;
/**
 * h, h port, bits → 0: notified, once, when nothing is derived from the first any more (no handle in any
 * space, no mapping); at once where nothing is. One watch a handle; it goes with the handle.
 */
export const CALL_HANDLE_WATCH: u32 = 13;

/** token, range → the size of a waiting caller's lent range, in a1 how it was lent (LENT_…). */
export const CALL_LENT_INSPECT: u32 = 14;
/** range → how far, from its beginning, the range that the caller lent with its last call was written to. */
export const CALL_LENT_WRITTEN: u32 = 15;

/** limits: seven words in the order of account.ts → h space, which ends with the caller's at the latest. */
export const CALL_SPACE_CREATE: u32 = 16;
/** h space, h, rights, badge → the derived handle's value in that space. */
export const CALL_SPACE_GRANT: u32 = 17;
/** h space, va, h memory, first page, page count, rights → 0. */
export const CALL_SPACE_MAP: u32 = 18;
/** h space, va: the start of a region → 0. */
export const CALL_SPACE_UNMAP: u32 = 19;
/** h space, resource → used, limit; RESOURCE_CYCLES → threads that can run, low, high. */
export const CALL_SPACE_ACCOUNT: u32 = 20;
/** h space → 0; it dies in the background and then tells who watches it. */
export const CALL_SPACE_KILL: u32 = 21;
/** h space, h port, bits → 0: notified when the space has died. */
export const CALL_SPACE_WATCH: u32 = 22;
/** h space → how it ended: 0 it lives, else EXIT_…; its word (exit status or cause), pc, value. */
export const CALL_SPACE_STATUS: u32 = 23;

/** h space, entry, sp, argument (a0), priority → h thread, stopped. */
export const CALL_THREAD_CREATE: u32 = 24;
export const CALL_THREAD_START: u32 = 25;
/** What that means to one that waits: thread.ts. */
export const CALL_THREAD_STOP: u32 = 26;
/** h thread, register 0 … 31 (0 is the pc) → 0, its value. The thread must be stopped or held. */
export const CALL_THREAD_READ: u32 = 27;
/** h thread, register, value → 0. The thread must be stopped. */
export const CALL_THREAD_WRITE: u32 = 28;
/** h thread, priority → 0; not above the caller's own. */
export const CALL_THREAD_PRIORITY: u32 = 29;
/** h thread → 0: what it waits in returns ERROR_CANCELLED; where it waits in nothing, its next wait does. */
export const CALL_THREAD_CANCEL: u32 = 30;
/** Ends the calling thread. */
export const CALL_THREAD_EXIT: u32 = 31;
/** h port, bits → 0. */
export const CALL_NOTIFY: u32 = 32;
/** status: ends the calling thread's whole space. */
export const CALL_SPACE_EXIT: u32 = 33;

/** h space → 0: all its threads stop, new ones too, until it is started; whoever was stopped by himself stays so. */
export const CALL_SPACE_STOP: u32 = 34;
export const CALL_SPACE_START: u32 = 35;

/** → h port with all rights. */
export const CALL_PORT_CREATE: u32 = 36;
/** h port, h port to notify, bits → 0: notified when the first can no longer be received from. */
export const CALL_PORT_WATCH: u32 = 37;
/**
 * h port, h target port, name → 0: the first, which nobody has used, becomes a proxy: messages to it are received
 * from the target, with the name for a badge (message.ts). Needs RECEIVE and MANAGE of the first; SEND, NOTIFY
 * and MANAGE of the target, without a badge.
 */
export const CALL_PORT_FORWARD: u32 = 38;
/** h proxy, error → 0: calls through it end with the error, later ones too, until it is 0. */
export const CALL_PORT_FAIL: u32 = 39;

/** page count → h memory, zero-filled as it is touched. */
export const CALL_MEMORY_CREATE: u32 = 40;
/** h device memory, first page, page count → h memory of that part. */
export const CALL_MEMORY_PART: u32 = 41;
/** h from, page, h to, page → 0: the page changes owner; none must be at its destination. */
export const CALL_MEMORY_MOVE_PAGE: u32 = 42;
/** h memory → its size in pages, the pages present, 1 where a pager supplies them. */
export const CALL_MEMORY_INSPECT: u32 = 43;
/**
 * h device memory, h memory, page → 0, the physical address of the page, for a device to be told. From then
 * on no page of that memory moves away; the memory must outlive what the device does with it.
 */
export const CALL_MEMORY_LOCATE: u32 = 44;
/**
 * h from, page, h to, page, page count → pages dealt with, at least one. Copies without copying: both memories
 * have the pages, until either writes to one; absent pages stay absent (a pager's are in the way), present ones at the destination are
 * in the way. The destination's account pays at once. A copy is of one instant only as far as one call goes.
 */
export const CALL_MEMORY_COPY: u32 = 45;
/**
 * h memory, first page, page count → pages looked at, and bits in a1–a4 for those that were written to, or came
 * or went, since this was asked about them last; at most CHANGES_MAX.
 */
export const CALL_MEMORY_CHANGES: u32 = 46;
/** page count, h port → h memory whose pages are supplied by whoever receives from the port: pager.ts. */
export const CALL_MEMORY_CREATE_PAGED: u32 = 47;

/** h control, source → h interrupt. */
export const CALL_INTERRUPT_CREATE: u32 = 48;
/** h interrupt, h port, bits → 0; and from then on it is enabled. */
export const CALL_INTERRUPT_BIND: u32 = 49;
/** h interrupt → 0: it may come again. */
export const CALL_INTERRUPT_ACKNOWLEDGE: u32 = 50;

/** → h timer. */
export const CALL_TIMER_CREATE: u32 = 52;
/** h timer, h port, bits, deadline low, high → 0. */
export const CALL_TIMER_SET: u32 = 53;
export const CALL_TIMER_CANCEL: u32 = 54;

/**
 * h control → how many threads wait to run, counted to RUNNABLE_MAX; in a1 and a2 the cycles for which none did, in
 * a3 the pages that nobody has, in a4 all that there are. Needs READ only.
 */
export const CALL_CONTROL_USE: u32 = 55;

/** h control, address, size → bytes written to the firmware's console, at most LOG_SIZE_MAX. */
export const CALL_CONTROL_LOG: u32 = 56;
/** h control, SBI reset type, reason: does not return where it succeeds. */
export const CALL_CONTROL_RESET: u32 = 57;

/**
 * h control, position, address, size → bytes of what the log has from there on, at most LOG_SIZE_MAX, and in a1
 * the position behind them. What is older than LOG_KEPT bytes is passed over. Needs READ only.
 */
export const CALL_CONTROL_READ_LOG: u32 = 59;

/**
 * token, offset, token, offset, size → bytes copied from the first range of the one call to the first range of the
 * other, at most LENT_COPY_MAX: both callers' memory, without a way through the receiver's own.
 */
export const CALL_LENT_PASS: u32 = 58;

/** h space, index 0 … → h thread, derived from the first; ERROR_BAD_ARGUMENT where there are not so many. */
export const CALL_SPACE_THREAD: u32 = 60;
/** → h thread: the caller. */
export const CALL_THREAD_SELF: u32 = 61;
/** h thread, address → 0: registers go to the caller's memory (thread.ts). The thread must be stopped or held. */
export const CALL_THREAD_SAVE: u32 = 62;
/** h thread, address → 0: registers come from there. The thread must be stopped. */
export const CALL_THREAD_LOAD: u32 = 63;
/** h thread → THREAD_… (thread.ts), priority, 1 where its next wait is cancelled. */
export const CALL_THREAD_INSPECT: u32 = 64;
/**
 * token, range, offset, from, size → bytes copied into the caller's lent memory, as by CALL_LENT_WRITE, and for good:
 * who lent it may use what has been delivered of its first range, from its beginning on without a gap, before there is
 * a reply. What is delivered is not written again: ERROR_BAD_ARGUMENT.
 */
export const CALL_LENT_DELIVER: u32 = 65;
/** h thread → how much of the first range that its call lends is delivered; 0 where it waits for no reply. */
export const CALL_LENT_DELIVERED: u32 = 66;
/**
 * h port, bits → 0: whenever much more is delivered of what this thread lends (LENT_TOLD), but for the end, the port is
 * notified from now on.
 */
export const CALL_LENT_ATTEND: u32 = 67;
/** h space, resource, count → 0: the caller, who has made it, lets it have so much more of what he may have. */
export const CALL_SPACE_ALLOW: u32 = 68;
