/**
 * Messages: a label, seven words, up to four handles, up to two lent ranges, and the registers they are in.
 *
 *     register  going in                                    coming out
 *     a0        handle (CALL, SEND), port (RECEIVE…)        0 a message, NOTIFIED bits, or an error
 *     a1        label                                       label; the bits of a notification
 *     a2–a6, t0, t1   words 0–6                             words 0–6
 *     t2        extras: address of what is told below, 0    badge of the handle the sender used; a proxy's name
 *     t3, t4    deadline in ticks, low and high word        t3: counts of handles (bits 0–3) and lent
 *                                                           ranges (bits 4–7) received
 *                                                           t4: where t2 is a proxy's name, the badge
 *     t5        token of the call replied to (REPLY…)       token; 0 for what wants no reply
 *     t6        h of an interrupt, NO_INTERRUPT             —
 *     a7        the system call's number
 *
 * A deadline that is past means: do not wait. NEVER in both words means: wait for ever.
 *
 * CALL waits until the message is received and replied to, the others until it is received. A reply never
 * waits. Ranges lent with a call last until its reply, its time-out or its cancellation. A notification that
 * came through a proxy has the proxy's name in t2, any other has 0.
 *
 * An interrupt that is named is acknowledged first, as by CALL_INTERRUPT_ACKNOWLEDGE, where it is pending: so its
 * driver goes back to waiting in one call. With one that cannot be acknowledged nothing else is done.
 */

export const NOTIFIED: i32 = 1;
export const NEVER: u32 = 0xffff_ffff;
export const NO_INTERRUPT: u32 = 0;

/** Added to the address by who only receives extras: nothing is read from them, which is as quick as none. */
export const EXTRAS_RECEIVE_ONLY: u32 = 1;
/**
 * Extras, 64-aligned so that they lie in one page; the kernel writes what was received to the same places:
 *
 *     0   handles: count          36  lent ranges: count
 *     4   handles: values         40  {address, size, access} twice: only sent, see CALL_LENT_INSPECT
 *     20  handles: rights
 *
 * A handle that is sent stays with its sender, and the receiver's is derived from it.
 */
export const EXTRAS_SIZE: u32 = 64;
export const EXTRAS_HANDLES: u32 = 0;
export const EXTRAS_VALUES: u32 = 4;
export const EXTRAS_RIGHTS: u32 = 20;
export const EXTRAS_LENT: u32 = 36;
export const EXTRAS_RANGES: u32 = 40;
export const EXTRAS_RANGE_SIZE: u32 = 12;

export const HANDLES_PER_MESSAGE: u32 = 4;
export const LENT_PER_MESSAGE: u32 = 2;
export const LENT_READABLE: u32 = 1;
export const LENT_WRITABLE: u32 = 2;
