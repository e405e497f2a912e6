/**
 * What the core needs from its host: the bus, and nothing else.
 *
 * CYCLE holds the cycle of the access while the host answers. The host may call back to `written`, set
 * interrupt lines and ask for a stop; it may not call `run`.
 */

/** The value of 1, 2 or 4 bytes, or a negative number for a bus error. */
//@external("bus", "read")
export declare function busRead(pa: u32, size: i32): f64;

/** 0 for a bus error. */
//@external("bus", "write")
export declare function busWrite(pa: u32, size: i32, value: u32): i32;
