/**
 * PLIC: the platform-level interrupt controller (RISC-V PLIC 1.0.0) in QEMU's `virt` layout, with
 * sources 1 … 95 and two contexts of hart 0. Offsets from PLIC_BASE; accesses are 4 bytes wide, others
 * are bus errors. What is not listed reads zero and ignores writes.
 *
 *     0x000000 + 4 · source           priority 0 … 7 (three bits are kept); 0 never interrupts
 *     0x001000 + 4 · word             pending, one bit a source, read only
 *     0x002000 + 0x80 · context       enable, one bit a source; bit 0 is zero
 *     0x200000 + 0x1000 · context     threshold 0 … 7: only higher priorities interrupt
 *     0x200004 + 0x1000 · context     read: claim; write: complete
 *
 * Claim gives the pending, enabled source of highest priority (the lowest number among equals), or 0; the
 * threshold does not matter to it. A source's gateway forwards one request and no other until some context
 * that has it enabled completes it; a level that is still high is then forwarded again. A forwarded
 * request stays pending although its level drops.
 */

export const PLIC_SOURCES = 96;
export const PLIC_PRIORITY_MAX = 7;
export const PLIC_CONTEXT_MACHINE = 0;
export const PLIC_CONTEXT_SUPERVISOR = 1;
export const PLIC_CONTEXTS = 2;

export const PLIC_PRIORITY = 0x000000;
export const PLIC_PENDING = 0x001000;
export const PLIC_ENABLE = 0x002000;
export const PLIC_ENABLE_STRIDE = 0x80;
export const PLIC_CONTEXT = 0x200000;
export const PLIC_CONTEXT_STRIDE = 0x1000;
/** Offsets within a context. */
export const PLIC_THRESHOLD = 0;
export const PLIC_CLAIM = 4;
