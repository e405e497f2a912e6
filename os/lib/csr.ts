/**
 * Control and status registers that firmware and kernel use: numbers and fields (Privileged
 * Architecture 1.12; Sstc 1.0 for stimecmp).
 *
 * Numbers are the constant first argument of the `csr_…` intrinsics. hw/manual/csr.ts lists all of them
 * by name for the assembler; the dialect cannot look a record up at compile time, hence these constants.
 */

export const SSTATUS: u32 = 0x100;
export const SIE: u32 = 0x104;
export const STVEC: u32 = 0x105;
export const SCOUNTEREN: u32 = 0x106;
export const SEPC: u32 = 0x141;
export const SCAUSE: u32 = 0x142;
export const STVAL: u32 = 0x143;
export const SIP: u32 = 0x144;
export const STIMECMP: u32 = 0x14d;
export const STIMECMPH: u32 = 0x15d;
export const SATP: u32 = 0x180;

export const MSTATUS: u32 = 0x300;
export const MEDELEG: u32 = 0x302;
export const MIDELEG: u32 = 0x303;
export const MIE: u32 = 0x304;
export const MCOUNTEREN: u32 = 0x306;
export const MENVCFGH: u32 = 0x31a;
export const MEPC: u32 = 0x341;
export const MCAUSE: u32 = 0x342;
export const MTVAL: u32 = 0x343;
export const MIP: u32 = 0x344;
export const PMPCFG0: u32 = 0x3a0;
export const PMPADDR0: u32 = 0x3b0;
export const PMPADDR1: u32 = 0x3b1;
export const PMPADDR2: u32 = 0x3b2;
export const MVENDORID: u32 = 0xf11;
export const MARCHID: u32 = 0xf12;
export const MIMPID: u32 = 0xf13;
export const MHARTID: u32 = 0xf14;

export const CYCLE: u32 = 0xc00;
export const TIME: u32 = 0xc01;
export const TIMEH: u32 = 0xc81;

/** mstatus and sstatus. */
export const STATUS_SIE: u32 = 1 << 1;
export const STATUS_SPIE: u32 = 1 << 5;
export const STATUS_SPP: u32 = 1 << 8;
export const STATUS_MPP: u32 = 3 << 11;
export const STATUS_MPP_SUPERVISOR: u32 = 1 << 11;

/** Bits of mip, mie, sip, sie and of mideleg. */
export const INTERRUPT_SUPERVISOR_SOFTWARE: u32 = 1 << 1;
export const INTERRUPT_SUPERVISOR_TIMER: u32 = 1 << 5;
export const INTERRUPT_MACHINE_TIMER: u32 = 1 << 7;
export const INTERRUPT_SUPERVISOR_EXTERNAL: u32 = 1 << 9;

/** mcause and scause. */
export const CAUSE_INTERRUPT: u32 = 0x80000000;
export const CAUSE_FETCH_ACCESS: u32 = 1;
export const CAUSE_ILLEGAL: u32 = 2;
export const CAUSE_BREAKPOINT: u32 = 3;
export const CAUSE_LOAD_MISALIGNED: u32 = 4;
export const CAUSE_LOAD_ACCESS: u32 = 5;
export const CAUSE_STORE_MISALIGNED: u32 = 6;
export const CAUSE_STORE_ACCESS: u32 = 7;
export const CAUSE_SUPERVISOR_CALL: u32 = 9;
export const CAUSE_FETCH_PAGE: u32 = 12;
export const CAUSE_LOAD_PAGE: u32 = 13;
export const CAUSE_STORE_PAGE: u32 = 15;
export const CAUSE_MACHINE_TIMER: u32 = 0x80000007;

/** menvcfgh: stimecmp belongs to S mode (Sstc). */
export const ENVCFGH_STCE: u32 = 0x80000000;
