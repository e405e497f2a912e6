/**
 * Control and status registers: addresses, bits and causes of the RISC-V privileged architecture 1.12
 * (with Sstc), as far as this hart has them. Names are the manual's. Anything else is an illegal
 * instruction.
 *
 * mhpmevent3 … 31 choose what the counter of the same number counts: 0 = nothing, otherwise 1 plus the
 * index of one of the counters of hw/manual/core-layout.ts (COUNT_…). Other values are not taken.
 */

// Unprivileged counters.
export const CSR_CYCLE = 0xc00;
export const CSR_TIME = 0xc01;
export const CSR_INSTRET = 0xc02;
export const CSR_CYCLEH = 0xc80;
export const CSR_TIMEH = 0xc81;
export const CSR_INSTRETH = 0xc82;

// Supervisor.
export const CSR_SSTATUS = 0x100;
export const CSR_SIE = 0x104;
export const CSR_STVEC = 0x105;
export const CSR_SCOUNTEREN = 0x106;
export const CSR_SENVCFG = 0x10a;
export const CSR_SSCRATCH = 0x140;
export const CSR_SEPC = 0x141;
export const CSR_SCAUSE = 0x142;
export const CSR_STVAL = 0x143;
export const CSR_SIP = 0x144;
export const CSR_STIMECMP = 0x14d;
export const CSR_STIMECMPH = 0x15d;
export const CSR_SATP = 0x180;

// Machine.
export const CSR_MSTATUS = 0x300;
export const CSR_MISA = 0x301;
export const CSR_MEDELEG = 0x302;
export const CSR_MIDELEG = 0x303;
export const CSR_MIE = 0x304;
export const CSR_MTVEC = 0x305;
export const CSR_MCOUNTEREN = 0x306;
export const CSR_MENVCFG = 0x30a;
export const CSR_MSTATUSH = 0x310;
export const CSR_MENVCFGH = 0x31a;
export const CSR_MCOUNTINHIBIT = 0x320;
/** mhpmevent3 is at 0x323, mhpmevent31 at 0x33f. */
export const CSR_MHPMEVENT0 = 0x320;
export const CSR_MSCRATCH = 0x340;
export const CSR_MEPC = 0x341;
export const CSR_MCAUSE = 0x342;
export const CSR_MTVAL = 0x343;
export const CSR_MIP = 0x344;
export const CSR_PMPCFG0 = 0x3a0;
export const CSR_PMPCFG3 = 0x3a3;
export const CSR_PMPADDR0 = 0x3b0;
export const CSR_PMPADDR15 = 0x3bf;
export const CSR_TSELECT = 0x7a0;
export const CSR_TDATA1 = 0x7a1;
export const CSR_TDATA2 = 0x7a2;
export const CSR_TDATA3 = 0x7a3;
export const CSR_MCYCLE = 0xb00;
export const CSR_MINSTRET = 0xb02;
export const CSR_MCYCLEH = 0xb80;
export const CSR_MINSTRETH = 0xb82;
export const CSR_MVENDORID = 0xf11;
export const CSR_MARCHID = 0xf12;
export const CSR_MIMPID = 0xf13;
export const CSR_MHARTID = 0xf14;
export const CSR_MCONFIGPTR = 0xf15;

// mstatus and sstatus.
export const MSTATUS_SIE = 1 << 1;
export const MSTATUS_MIE = 1 << 3;
export const MSTATUS_SPIE = 1 << 5;
export const MSTATUS_MPIE = 1 << 7;
export const MSTATUS_SPP = 1 << 8;
export const MSTATUS_MPP = 3 << 11;
export const MSTATUS_MPP_SHIFT = 11;
export const MSTATUS_MPRV = 1 << 17;
export const MSTATUS_SUM = 1 << 18;
export const MSTATUS_MXR = 1 << 19;
export const MSTATUS_TVM = 1 << 20;
export const MSTATUS_TW = 1 << 21;
export const MSTATUS_TSR = 1 << 22;

// mip, mie and their supervisor views.
export const INTERRUPT_SSI = 1;
export const INTERRUPT_MSI = 3;
export const INTERRUPT_STI = 5;
export const INTERRUPT_MTI = 7;
export const INTERRUPT_SEI = 9;
export const INTERRUPT_MEI = 11;
export const MIP_SSIP = 1 << 1;
export const MIP_MSIP = 1 << 3;
export const MIP_STIP = 1 << 5;
export const MIP_MTIP = 1 << 7;
export const MIP_SEIP = 1 << 9;
export const MIP_MEIP = 1 << 11;

/** satp: translation on; the address-space id (9 bits); the root table's page number. */
export const SATP_MODE = 0x8000_0000;
export const SATP_ASID_SHIFT = 22;
export const SATP_ASID_MASK = 0x1ff;
export const SATP_PPN_MASK = 0x003f_ffff;

/** menvcfgh. */
export const MENVCFGH_STCE = 0x8000_0000;
/** menvcfg and senvcfg: fence of I/O implies memory. */
export const ENVCFG_FIOM = 1;

/** misa: RV32 with A C I M S U; not B, which would promise Zbs. */
export const MISA = 0x4014_1105;

// pmpcfg: one byte an entry.
export const PMP_READ = 1;
export const PMP_WRITE = 2;
export const PMP_EXECUTE = 4;
export const PMP_MATCH = 0x18;
export const PMP_TOR = 0x08;
export const PMP_NA4 = 0x10;
export const PMP_NAPOT = 0x18;
export const PMP_LOCK = 0x80;
export const PMP_COUNT = 16;

// Sv32 page-table entries.
export const PTE_VALID = 0x01;
export const PTE_READ = 0x02;
export const PTE_WRITE = 0x04;
export const PTE_EXECUTE = 0x08;
export const PTE_USER = 0x10;
export const PTE_GLOBAL = 0x20;
export const PTE_ACCESSED = 0x40;
export const PTE_DIRTY = 0x80;

// Causes of exceptions.
export const CAUSE_FETCH_MISALIGNED = 0;
export const CAUSE_FETCH_ACCESS = 1;
export const CAUSE_ILLEGAL = 2;
export const CAUSE_BREAKPOINT = 3;
export const CAUSE_LOAD_MISALIGNED = 4;
export const CAUSE_LOAD_ACCESS = 5;
export const CAUSE_STORE_MISALIGNED = 6;
export const CAUSE_STORE_ACCESS = 7;
/** From U mode; from S 9, from M 11. */
export const CAUSE_ECALL = 8;
export const CAUSE_FETCH_PAGE = 12;
export const CAUSE_LOAD_PAGE = 13;
export const CAUSE_STORE_PAGE = 15;
export const CAUSE_INTERRUPT = 0x8000_0000;
