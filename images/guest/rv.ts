/**
 * The machine's own instructions, as functions: the module `rv` of guest sources.
 *
 *     import { csr_read, store32, wfi } from 'rv';
 *
 * The back end expands each call in place (images/riscv/intrinsics.ts says to what, and what it orders).
 * A parameter named `csr`, `result` or `code` must be a constant at compile time. Device registers and
 * memory that a trap or another process also touches are read and written by these only: plain loads and
 * stores are merged and moved by the optimiser.
 */

//@external("rv", "csr_read")
export declare function csr_read(csr: u32): u32;
//@external("rv", "csr_write")
export declare function csr_write(csr: u32, value: u32): void;
/** Gives the value before. */
//@external("rv", "csr_swap")
export declare function csr_swap(csr: u32, value: u32): u32;
//@external("rv", "csr_set")
export declare function csr_set(csr: u32, bits: u32): void;
//@external("rv", "csr_clear")
export declare function csr_clear(csr: u32, bits: u32): void;
/** Sets bits and gives the value before. */
//@external("rv", "csr_read_set")
export declare function csr_read_set(csr: u32, bits: u32): u32;
/** Clears bits and gives the value before. */
//@external("rv", "csr_read_clear")
export declare function csr_read_clear(csr: u32, bits: u32): u32;

/** Volatile: each access happens once, in order, with its width. Narrow loads are unsigned. */
//@external("rv", "load8")
export declare function load8(address: u32): u32;
//@external("rv", "load16")
export declare function load16(address: u32): u32;
//@external("rv", "load32")
export declare function load32(address: u32): u32;
//@external("rv", "store8")
export declare function store8(address: u32, value: u32): void;
//@external("rv", "store16")
export declare function store16(address: u32, value: u32): void;
//@external("rv", "store32")
export declare function store32(address: u32, value: u32): void;

/** `ecall` with `number` in a7 and the rest in a0, a1 …; gives a0. */
//@external("rv", "ecall0")
export declare function ecall0(number: u32): u32;
//@external("rv", "ecall1")
export declare function ecall1(number: u32, a0: u32): u32;
//@external("rv", "ecall2")
export declare function ecall2(number: u32, a0: u32, a1: u32): u32;
//@external("rv", "ecall3")
export declare function ecall3(number: u32, a0: u32, a1: u32, a2: u32): u32;
//@external("rv", "ecall4")
export declare function ecall4(number: u32, a0: u32, a1: u32, a2: u32, a3: u32): u32;
//@external("rv", "ecall5")
export declare function ecall5(number: u32, a0: u32, a1: u32, a2: u32, a3: u32, a4: u32): u32;
//@external("rv", "ecall6")
export declare function ecall6(number: u32, a0: u32, a1: u32, a2: u32, a3: u32, a4: u32, a5: u32): u32;
//@external("rv", "ecall7")
export declare function ecall7(
  number: u32,
  a0: u32,
  a1: u32,
  a2: u32,
  a3: u32,
  a4: u32,
  a5: u32,
  a6: u32,
): u32;
/** What the ecall directly before left in register a<result>, 1 … 7. */
//@external("rv", "ecall_result")
export declare function ecall_result(result: u32): u32;

/** Sleeps until an interrupt is pending. */
//@external("rv", "wfi")
export declare function wfi(): void;
/** Orders all memory and device accesses before it with all behind it. */
//@external("rv", "fence")
export declare function fence(): void;
/** Code written before it is what is fetched behind it. */
//@external("rv", "fence_i")
export declare function fence_i(): void;
/** Page tables written before it hold behind it, for one page and address space. */
//@external("rv", "sfence_vma")
export declare function sfence_vma(address: u32, space: u32): void;
//@external("rv", "sfence_vma_all")
export declare function sfence_vma_all(): void;
/** Orders the compiler's own moves of memory accesses; no instruction. */
//@external("rv", "compiler_barrier")
export declare function compiler_barrier(): void;

/** What is done beside it hardly ever is: it is kept out of the way of the rest. No instruction. */
//@external("rv", "unlikely")
export declare function unlikely(): void;

/** Loads and reserves the word. */
//@external("rv", "lr")
export declare function lr(address: u32): u32;
/** Stores if the reservation stands: 0 for success. */
//@external("rv", "sc")
export declare function sc(address: u32, value: u32): u32;
/** Atomic, with acquire and release; each gives the word before. */
//@external("rv", "amoswap")
export declare function amoswap(address: u32, value: u32): u32;
//@external("rv", "amoadd")
export declare function amoadd(address: u32, value: u32): u32;
//@external("rv", "amoxor")
export declare function amoxor(address: u32, value: u32): u32;
//@external("rv", "amoand")
export declare function amoand(address: u32, value: u32): u32;
//@external("rv", "amoor")
export declare function amoor(address: u32, value: u32): u32;
//@external("rv", "amomin")
export declare function amomin(address: u32, value: i32): i32;
//@external("rv", "amomax")
export declare function amomax(address: u32, value: i32): i32;
//@external("rv", "amominu")
export declare function amominu(address: u32, value: u32): u32;
//@external("rv", "amomaxu")
export declare function amomaxu(address: u32, value: u32): u32;

//@external("rv", "sp")
export declare function sp(): u32;
//@external("rv", "set_sp")
export declare function set_sp(value: u32): void;
//@external("rv", "tp")
export declare function tp(): u32;
//@external("rv", "set_tp")
export declare function set_tp(value: u32): void;
//@external("rv", "gp")
export declare function gp(): u32;
/** Stores { resume address, sp } at `from` and goes on with those at `to`. */
//@external("rv", "switch_context")
export declare function switch_context(from: u32, to: u32): void;
/** The address of the code behind an entry of the function table (`fn.index`). */
//@external("rv", "code_address")
export declare function code_address(index: u32): u32;

/** An illegal instruction: never returns. */
//@external("rv", "trap")
export declare function trap(): void;
//@external("rv", "breakpoint")
export declare function breakpoint(): void;
/** No effect on any machine; traces see it. */
//@external("rv", "hint")
export declare function hint(code: u32): void;
//@external("rv", "hint_value")
export declare function hint_value(code: u32, value: u32): void;
