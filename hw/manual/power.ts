/**
 * Power: SiFive's test finisher, as in QEMU's `virt`. One register at POWER_BASE, written with 2 or 4
 * bytes; single bytes are bus errors. It reads zero. Other values, other offsets: ignored.
 *
 *     bits 15–0   what to do
 *     bits 31–16  exit status, for POWER_FAIL
 */

/** Power off; the exit status is bits 31–16. */
export const POWER_FAIL = 0x3333;
/** Power off with exit status 0. */
export const POWER_OFF = 0x5555;
export const POWER_RESET = 0x7777;
