/**
 * What a serial line's driver does for its clients, by calls to its port.
 *
 *     label         in                                    out
 *     SERIAL_WRITE  a lent range, readable                word 0: bytes sent, from the range's beginning
 *     SERIAL_READ   –                                     word 0: bytes that have arrived, 1 … 24; words 1–6:
 *                                                         the bytes. The reply waits until there are some.
 *
 * The reply's label is 0, or SERIAL_REFUSED: an unknown label, nothing lent, or a reader waits already.
 */

export const SERIAL_WRITE: u32 = 1;
export const SERIAL_READ: u32 = 2;
export const SERIAL_REFUSED: u32 = 0xffff_ffff;
export const SERIAL_READ_MAX: u32 = 24;
