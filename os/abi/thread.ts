/**
 * What a thread is doing (CALL_THREAD_INSPECT), and how its registers are laid out (CALL_THREAD_SAVE, _LOAD).
 *
 * A thread that is stopped while it waits to send or to receive is taken out of its wait, with its registers
 * as they were at its \`ecall\` and the pc at it: started again, here or elsewhere, it makes the call again
 * (a REPLY_AND_RECEIVE that has replied as a RECEIVE). Deadlines are absolute, so that nothing is waited for
 * longer. A call that has been received cannot be made again: the thread is held, and stopped with the answer
 * once its wait ends. A page fault is given up, and had again.
 */

/** In the kernel alone: a place in the pool. */
export const THREAD_FREE: u8 = 0;
/** Not started, or stopped by somebody. */
export const THREAD_STOPPED: u8 = 1;
/** Runs, or would. */
export const THREAD_READY: u8 = 2;
/** Waits for somebody to receive its call or its send. */
export const THREAD_SENDING: u8 = 3;
export const THREAD_RECEIVING: u8 = 4;
/** Its call has been received; waits for the reply. */
export const THREAD_CALLING: u8 = 5;
/** The same, but stopped by somebody: it will not run when the reply comes. */
export const THREAD_HELD: u8 = 6;
/** Its pager has received its page fault. */
export const THREAD_FAULTING: u8 = 7;
/** Ended; only handles are left. */
export const THREAD_DEAD: u8 = 8;

/** Thirty-two words, aligned to their size: the pc, then registers 1 … 31. */
export const REGISTERS_SIZE: u32 = 128;
