/**
 * What the core needs from its host: the bus, and somebody who translates hot code if he wants to.
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

/** The interpreter has worked another SAMPLE_PERIOD, and goes on at `pc`. */
//@external("translator", "sample")
export declare function sample(pc: u32): void;

/** Regions have gone on at `pc` in the interpreter EXIT_LIMIT times. */
//@external("translator", "exited")
export declare function exited(pc: u32): void;

/** A line that regions are made of is being written. */
//@external("translator", "overwritten")
export declare function overwritten(pa: u32): void;

/** Entries were decoded in a line that has entries of regions. */
//@external("translator", "decoded")
export declare function decodedAgain(pa: u32): void;
