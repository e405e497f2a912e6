/**
 * What everything costs, in CPU cycles: the one table that interpreter and translator share.
 *
 * The model is an in-order, single-issue, five-stage pipeline. An instruction costs BASE plus every
 * line below that applies to it; nothing else takes time. Replacement is first-in first-out in every
 * cache and TLB, so a hit changes no state.
 *
 *     load-use    the next instruction in memory order, wholly on the same page, reads the register that a
 *                 load, LR, SC or AMO writes; the last instruction of a page never stalls
 *     branches    static prediction: backward (negative distance) taken, others not
 *     misaligned  a load or store to RAM that is not naturally aligned; one access to each line it touches
 *     uncached    any access outside RAM, and every 16 bits of code fetched from there
 *     walk        each page-table entry is read through the data cache; setting A or D in it is free, but
 *                 makes its line dirty
 *     traps       an exception costs BASE + TRAP_ENTRY, its instruction does not retire; an interrupt costs
 *                 TRAP_ENTRY; mret and sret cost BASE + TRAP_RETURN
 *     caches      16-bit and 32-bit instructions alike cost nothing to fetch from a line in the I$; both lines
 *                 of one that crosses are fetched. fence.i empties the I$, sfence.vma the TLB entries it names.
 */

export const BASE = 1;
export const LOAD_USE = 1;
export const MISPREDICT = 2;
export const JUMP_REGISTER = 2;
export const MULTIPLY = 2;
export const DIVIDE = 32;
export const CSR_ACCESS = 2;
export const TRAP_ENTRY = 4;
export const TRAP_RETURN = 4;
export const UNCACHED = 10;
export const MISALIGNED = 2;
export const LINE_FILL = 20;
export const DIRTY_EVICTION = 10;
/** A page-table entry that the data cache holds. A miss adds LINE_FILL and perhaps DIRTY_EVICTION. */
export const WALK_READ = 1;

export const CACHE_SIZE = 16_384;
export const CACHE_WAYS = 4;
export const LINE_SIZE = 64;
export const TLB_ENTRIES = 32;
