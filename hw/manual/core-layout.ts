/**
 * What is where in the memory of the CPU core's WebAssembly module: the contract between the core
 * (hw/cpu/core), its host face (hw/cpu/hart.ts) and generated code that runs over the same memory.
 *
 *     0x00_0000  registers, hart state, counters
 *     0x00_1000  TLBs, hit tables, caches' tags
 *     0x01_c000  exits of regions, jumps seen, serials of translations
 *     0x02_0000  decoded lines
 *     0x49_0000  jump cache
 *     0x4b_0000  line table: one word a 64-byte line of RAM      (RAM size / 16 bytes)
 *                page marks: one byte a page of RAM              (RAM size / 4096 bytes)
 *                page code: 16 bytes a page of RAM               (RAM size / 256 bytes)
 *                decoded bits: one word a line of RAM            (RAM size / 16 bytes)
 *                guest RAM, at the address in RAM_HOST
 *
 * Fields are little-endian 32-bit words unless a comment says u64. What is marked `host` only makes
 * the host fast: it may be emptied at any instruction boundary without any effect on the model.
 */

// Registers: x0 … x31, then the word that takes what is written to x0.
export const REGISTERS = 0;
export const DISCARD = 128;

// Hart state.
export const PC = 0x100;
/** 0 user, 1 supervisor, 3 machine. */
export const PRIVILEGE = 0x104;
/** 1 after a wfi that found nothing pending. */
export const ASLEEP = 0x108;
/** The physical line that LR reserved, or 0. */
export const RESERVATION = 0x10c;
export const MSTATUS = 0x110;
export const MEDELEG = 0x114;
export const MIDELEG = 0x118;
export const MIE = 0x11c;
/** Interrupt lines into the hart, at their bits of mip. */
export const MIP_LINES = 0x120;
/** The bits of mip that software wrote. */
export const MIP_SOFT = 0x124;
export const MTVEC = 0x128;
export const MEPC = 0x12c;
export const MCAUSE = 0x130;
export const MTVAL = 0x134;
export const MSCRATCH = 0x138;
export const MCOUNTEREN = 0x13c;
export const MCOUNTINHIBIT = 0x140;
export const STVEC = 0x144;
export const SEPC = 0x148;
export const SCAUSE = 0x14c;
export const STVAL = 0x150;
export const SSCRATCH = 0x154;
export const SCOUNTEREN = 0x158;
export const SATP = 0x15c;
export const MENVCFG = 0x160;
export const MENVCFGH = 0x164;
export const SENVCFG = 0x168;
/** u64 */
export const STIMECMP = 0x170;
/** 32 × u64, for mcycle (0), minstret (2), mhpmcounter3 … 31: what to subtract from the source; the value itself while inhibited. */
export const COUNTER_BASE = 0x180;
/** 32 words. */
export const MHPMEVENT = 0x280;
/** 16 bytes. */
export const PMPCFG = 0x300;
/** 16 words. */
export const PMPADDR = 0x310;
export const HART_STATE_END = 0x350;

// Time. All u64.
export const CYCLE = 0x350;
export const INSTRET = 0x358;
export const ANCHOR_CYCLE = 0x360;
export const ANCHOR_NS = 0x368;
export const CLOCK_NUMERATOR = 0x370;
export const CLOCK_DENOMINATOR = 0x378;
export const TIME_OFFSET = 0x380;
/** The first cycle at which time ≥ stimecmp, or NEVER. */
export const TIMER_CYCLE = 0x388;
export const TIME_STATE_END = 0x390;

// Options, set once by the host before anything runs.
export const HART_ID = 0x390;
export const RAM_SIZE = 0x394;
export const RAM_HOST = 0x398;
export const AD_HARDWARE = 0x39c;
export const CACHE_WAY_COUNT = 0x3a0;
/** Number of sets less one: a power of two less one. */
export const CACHE_SET_MASK = 0x3a4;
export const TLB_ENTRY_COUNT = 0x3a8;
export const PAGE_MARKS = 0x3ac;

/** host: how many PMP regions there are up to the last that is on. */
export const PMP_USED = 0x3b0;

// The run in progress.
/** u64: the run ends at the first boundary at or after it. */
export const UNTIL = 0x3c0;
/** u64: the cycle at which the accumulator's cycles reach zero. */
export const CHUNK_END = 0x3c8;
/**
 * i64: cycles left · 2^20 + instructions retired in this chunk, the whole current block charged.
 * Interpreter and generated code keep it in a local; slow paths take and leave it here.
 */
export const ACCUMULATOR = 0x3d0;
/** Where to go on: an entry's address; 0 = the run has ended. */
export const NEXT_ENTRY = 0x3d8;
/** Virtual address of the page being executed, and its part of the line table. */
export const PAGE_VA = 0x3dc;
export const PAGE_LINES = 0x3e0;
/** Joined to the address of a load or store to make its tag in the data hit table. */
export const DATA_KEY = 0x3e4;
/** Low bits of the tag in the fetch hit table, and the satp it is compared with (0 = not translated). */
export const FETCH_MODE = 0x3e8;
export const FETCH_SATP = 0x3ec;
export const STOP_REASON = 0x3f0;
/** ATTENTION_* bits: looked at at the next boundary. */
export const ATTENTION = 0x3f4;
export const PATCH_ENTRY = 0x3f8;
export const PATCH_OPERATION = 0x3fc;
export const FAULT_CAUSE = 0x400;
export const FAULT_VALUE = 0x404;
export const SCRATCH_OFFSET = 0x408;
export const SCRATCH_NEXT = 0x40c;
export const POOL_CURSOR = 0x410;
export const CONTEXT_CURSOR = 0x414;
export const DATA_PRIVILEGE = 0x418;
export const BREAKPOINT_COUNT = 0x41c;
export const WATCHPOINT_COUNT = 0x420;
export const WATCHED_ADDRESS = 0x424;
/** u64: the cycle at which a breakpoint was last reported; nothing has run since while it is now. */
export const BREAKPOINT_PASSED = 0x428;
export const LAST_TRAP_CAUSE = 0x430;
export const LAST_TRAP_VALUE = 0x434;
export const LAST_TRAP_PC = 0x438;
export const LAST_TRAP_FROM = 0x43c;
export const LAST_TRAP_TO = 0x440;
/** u64 */
export const LAST_TRAP_CYCLE = 0x448;

export const STOP_LIMIT = 1;
export const STOP_WFI = 2;
export const STOP_REQUESTED = 3;
export const STOP_BREAKPOINT = 4;
export const STOP_WATCHPOINT = 5;

export const ATTENTION_STOP = 1;
export const ATTENTION_INTERRUPT = 2;
export const ATTENTION_REFETCH = 4;
export const ATTENTION_WATCHPOINT = 8;

// Counters: u64 each, at COUNTERS + 8 · index. Model state.
export const COUNTERS = 0x480;
export const COUNT_EXCEPTION = 0;
export const COUNT_INTERRUPT = 1;
export const COUNT_TRAP_RETURN = 2;
export const COUNT_MISPREDICT = 3;
export const COUNT_JUMP_REGISTER = 4;
export const COUNT_MULTIPLY = 5;
export const COUNT_DIVIDE = 6;
export const COUNT_CSR = 7;
export const COUNT_DEVICE = 8;
export const COUNT_MISALIGNED = 9;
export const COUNT_I_MISS = 10;
export const COUNT_D_MISS = 11;
export const COUNT_DIRTY_EVICTION = 12;
export const COUNT_WALK_READ = 13;
export const COUNT_I_TLB_MISS = 14;
export const COUNT_D_TLB_MISS = 15;
/** Cycles that passed while asleep. */
export const COUNT_IDLE = 16;
export const COUNTER_SLOTS = 20;
export const COUNTERS_END = 0x520;

// Regions: guest code that became WebAssembly (hw/cpu/core/region.ts). All host.
/** u64: joined to the target of a jump to make its tag in the jump cache. */
export const JUMP_TAG = 0x540;
/** Address of the page code table: {u64 lines that regions are made of, u64 lines with entries of regions}. */
export const PAGE_CODE = 0x54c;
/** Address of the table of decoded bits: a word a line, a bit for each halfword at which an instruction was decoded. */
export const DECODED_BITS = 0x588;
/** Why a slow path has the region be left: OUTCOME_*; where, and the accumulator there (i64). */
export const REGION_OUTCOME = 0x550;
export const REGION_PC = 0x554;
export const REGION_ACCUMULATOR = 0x558;
/** Not 0 while the instruction to go on at is to be executed by the interpreter, budget being short. */
export const REGION_SHORT = 0x560;
/** Cycles between two samples of the interpreter's work; 0 = none are taken. */
export const SAMPLE_PERIOD = 0x564;
/** Cycles of interpretation since the last sample. */
export const SAMPLE_CREDIT = 0x568;
/** Exits of regions to one address after which the host is told; 0 = never. */
export const EXIT_LIMIT = 0x56c;
/** Cycles of the next chunk at most. */
export const CHUNK_LENGTH = 0x570;
/** Whether the chunk was brought to its end by a region. */
export const CHUNK_IN_REGION = 0x574;
/** u64: instructions that regions have executed. */
export const REGION_INSTRUCTIONS = 0x578;

/** i64: the accumulator when the interpreter went into a region. */
export const REGION_ENTERED = 0x580;

/** Go on at REGION_PC. */
export const OUTCOME_JUMP = 1;
/** The instruction at REGION_PC has faulted. */
export const OUTCOME_FAULT = 2;

/** How a region is left, in place of another region's index: as it should, and because the budget is short. */
export const LEFT = 0xffff_ffff;
export const LEFT_SHORT = 0xffff_fffe;
/** The virtual address that the region's addresses count from. */
export const REGION_BASE = 0x598;

/**
 * A place in a region, told to slow paths as an i64: from bit 0 the kind of access (five bits: bytes, 16 = sign-extended;
 * or the operation of an AMO), whether the instruction has 32 bits, and from these bits its cost (five), the cycles needed
 * behind its block to the next look at the budget (nine), its address in the region (seventeen), and what is charged of
 * its block from it on: cycles (sixteen), instructions (ten).
 */
export const PLACE_KIND = 31;
export const PLACE_LONG = 32;
export const PLACE_COST = 6;
export const PLACE_BEHIND = 11;
export const PLACE_AT = 20;
export const PLACE_CYCLES = 37;
export const PLACE_INSTRUCTIONS = 53;

// Breakpoints: words. Watchpoints: {va, size, kind: 1 read, 2 write, 3 either}, 12 bytes each.
export const BREAKPOINTS = 0x600;
export const BREAKPOINTS_MAX = 128;
export const WATCHPOINTS = 0x800;
export const WATCHPOINTS_MAX = 64;

/** One decoded instruction outside any line: executed by itself. */
export const SCRATCH = 0xc00;
/** 64 zero words: the line table of a page of which nothing may be executed without a look. */
export const NO_LINES = 0xd00;
/** 16 × {satp, mode bits}: data contexts, host. */
export const CONTEXTS = 0xe00;

/** One instruction decoded for the translator; the suffix field is its own cost. */
export const EXPLAINED = 0xe80;

// TLBs: TLB_ENTRY_COUNT × 16 bytes {va page | TLB_VALID | TLB_GLOBAL | TLB_SUPERPAGE, asid, pa page, leaf flags}.
export const TLB_ENTRIES_MAX = 64;
export const INSTRUCTION_TLB = 0x1000;
export const DATA_TLB = 0x1400;
export const TLB_VALID = 1;
export const TLB_GLOBAL = 2;
export const TLB_SUPERPAGE = 4;
/** Index of the entry that is replaced next. */
export const INSTRUCTION_TLB_NEXT = 0x1800;
export const DATA_TLB_NEXT = 0x1804;
/** host: the chains by which entries are found, of the instruction and the data TLB; 256 bytes each. */
export const CHAINS = 0x1a00;
export const CHAINS_SIZE = 0x100;
/** host: for each data TLB entry, 128 bytes: a bit for each way of the D$ whose hit was made through it. */
export const TLB_WAYS = 0x2000;
/** host: 64 × {va page | mode, satp, page lines, TLB entry}. */
export const FETCH_HITS = 0x4000;
export const FETCH_HIT_COUNT = 64;
/** host: 1024 × {tag for reads, tag for writes, addend, way}. */
export const DATA_HITS = 0x5000;
export const DATA_HIT_COUNT = 1024;
// Caches: a line's number is its physical address / 64; 0 = empty. Sets are consecutive groups of ways.
export const CACHE_LINES_MAX = 1024;
/** A word a way. */
export const INSTRUCTION_CACHE = 0x9000;
/** A word a way: line number, DIRTY in bit 31. */
export const DATA_CACHE = 0xa000;
/** host: a word a way: the address of the data hit made for it, or 0. */
export const DATA_CACHE_HITS = 0xb000;
/** A byte a set: the way that is replaced next. */
export const INSTRUCTION_CACHE_NEXT = 0xc000;
export const DATA_CACHE_NEXT = 0xc400;
export const DIRTY = 0x8000_0000;

/** host: 256 words: page | machine mode << 3 | PMP permissions, 16 where it is valid; 0 = not known. */
export const PMP_PAGES = 0xd000;
export const PMP_PAGE_COUNT = 256;

// Decoded lines, host: see hw/cpu/core/line.ts.
/** A word a pool line: the line-table address it was made for, or 0; it counts if that points back. */
export const POOL_OWNERS = 0x1_0000;
/** host: 256 × {address, count}: where regions go on in the interpreter. */
export const EXIT_COUNTS = 0x1_c000;
export const EXIT_COUNT_SLOTS = 256;
/** host: 1024 × {target, address behind the jump}: where jumps by register went in the interpreter, for the translator. */
export const JUMPS_SEEN = 0x1_d000;
export const JUMPS_SEEN_COUNT = 1024;
/**
 * host: a word for each entry of the instruction TLB, and one for code that is not translated: it has another value as
 * soon as what is known of code by this translation may no longer be so.
 */
export const CODE_SERIALS = 0x1_f000;
export const POOL = 0x2_0000;
export const POOL_LINE_SIZE = 576;
export const POOL_LINE_COUNT = 8000;
/**
 * host: 4096 × {u64 tag, function index, parameter, where in CODE_SERIALS that of the target's translation is, what it
 * was, 8 bytes unused}: where jumps go that stay in regions.
 */
export const JUMP_CACHE = 0x49_0000;
export const JUMP_CACHE_COUNT = 4096;
/**
 * One word a line of RAM: the address of its decoded line while the I$ holds it; the same with bit 31
 * while it does not; 0 = not decoded. So that a signed test > 0 says "go".
 */
export const LINE_TABLE = 0x4b_0000;
export const NOT_CACHED = 0x8000_0000;

/** What the tables are made for. */
export const RAM_SIZE_MAX = 0x4000_0000;

/** Page marks: written since the host last asked. */
export const PAGE_DIRTY = 1;
