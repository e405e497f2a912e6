/**
 * CLINT: machine software interrupt and timer of hart 0, laid out as SiFive's and QEMU's (RISC-V ACLINT
 * 1.0, chapters 2 and 3). Offsets from CLINT_BASE; accesses are 4 bytes wide, others are bus errors.
 *
 *     0x0000  msip      bit 0 is the software interrupt, the others are zero
 *     0x4000  mtimecmp  64 bits; the timer interrupt is on while mtime ≥ mtimecmp
 *     0xbff8  mtime     64 bits, counts at TIME_BASE_HZ; writable, and `time` follows
 *
 * After reset msip is 0, mtimecmp all ones and mtime the board's time. Elsewhere reads give zero and
 * writes are ignored: those are the registers of harts that are not there.
 */

export const CLINT_MSIP = 0x0000;
export const CLINT_MTIMECMP = 0x4000;
export const CLINT_MTIMECMP_HIGH = 0x4004;
export const CLINT_MTIME = 0xbff8;
export const CLINT_MTIME_HIGH = 0xbffc;
