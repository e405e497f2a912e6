/**
 * One hart: an RV32IMAC_Zicsr_Zifencei_Zba_Zbb_Sstc core with M, S and U mode, Sv32, PMP, caches and
 * an exact count of cycles, together with the RAM of its board.
 *
 * The work is done by one WebAssembly module (hw/cpu/core, tier 0), of which every hart has an instance
 * and a memory; the memory holds the model's tables and guest RAM as hw/manual/core-layout.ts says. No
 * Node API is used here: the compiled module is given (Node hosts get it from hw/cpu/load-core.ts).
 *
 *     board ── run(untilCycle) ─→ hart ── read/write ─→ bus (devices), at the access's exact cycle
 *                                   └── ram: what devices use for DMA
 */
import type { AccessSize, Ram } from '../bus/device.ts';
import * as Layout from '../manual/core-layout.ts';
import { MIP_MEIP, MIP_MSIP, MIP_MTIP, MIP_SEIP, PTE_EXECUTE, PTE_READ, PTE_WRITE } from '../manual/csr.ts';
import { RAM_BASE } from '../manual/memory-map.ts';
import * as Timing from '../manual/timing.ts';
import type { Stateful, StatePort } from '../state.ts';
import { CoreInstance } from './core-instance.ts';
import { readCounters } from './counters.ts';
import { HartRam } from './hart-ram.ts';
import { Shadow } from './shadow.ts';
import { TRANSLATION, Translator, type TranslatorStatistics } from './translator/translator.ts';

/** What answers outside RAM. `undefined` and `false` are bus errors: an access fault to the guest. */
export interface Bus {
  read(pa: number, size: AccessSize): number | undefined;
  write(pa: number, size: AccessSize, value: number): boolean;
}

export interface HartOptions {
  /** The compiled core. */
  readonly core: WebAssembly.Module;
  /** Bytes, a multiple of 4096, at most 1 GiB. */
  readonly ramSize: number;
  readonly clockHz: number;
  readonly bus: Bus;
  /** Who sets the A and D bits of a page-table entry: the walker, or software after a page fault. */
  readonly adBits: 'hardware' | 'fault';
  readonly hartId?: number;
  /** Bytes of the I$ and of the D$ each; ways × 64-byte lines × a power-of-two number of sets. */
  readonly cacheSize?: number;
  readonly cacheWays?: number;
  /** Entries of the instruction TLB and of the data TLB each. */
  readonly tlbEntries?: number;
  /**
   * Cycles that the interpreter works at a place before the hot code there is translated (hw/cpu/translator);
   * Infinity: never. It decides how fast the host is, and nothing else.
   */
  readonly translateAfter?: number | undefined;
  /** Bytes of WebAssembly that translated code may have; the oldest goes first. */
  readonly translationBytes?: number | undefined;
  /** Milliseconds of the host's clock, for the statistics of translation alone. */
  readonly hostClock?: (() => number) | undefined;
}

/**
 * How cycles become nanoseconds: anchorNs + floor((cycle - anchorCycle) · numerator / denominator).
 * The board anchors anew when its clock drifts or is slowed.
 */
export interface BoardClock {
  readonly anchorCycle: number;
  readonly anchorNs: number;
  readonly numerator: number;
  readonly denominator: number;
}

export type StopReason = 'limit' | 'wfi' | 'stopped' | 'breakpoint' | 'watchpoint';
export type InterruptLine = 'msip' | 'mtip' | 'meip' | 'seip';
export type Privilege = 'user' | 'supervisor' | 'machine';
export type Access = 'read' | 'write' | 'execute';

export interface Trap {
  /** mcause/scause as the hart wrote it, the interrupt bit included. */
  readonly cause: number;
  readonly value: number;
  readonly pc: number;
  readonly cycle: number;
  readonly from: Privilege;
  readonly to: Privilege;
}

const STOP_REASONS: readonly (StopReason | undefined)[] = [
  undefined,
  'limit',
  'wfi',
  'stopped',
  'breakpoint',
  'watchpoint',
];
const LINES: Readonly<Record<InterruptLine, number>> = {
  msip: MIP_MSIP,
  mtip: MIP_MTIP,
  meip: MIP_MEIP,
  seip: MIP_SEIP,
};
const PRIVILEGES: readonly (Privilege | undefined)[] = ['user', 'supervisor', undefined, 'machine'];
const WATCH_KINDS = { read: 1, write: 2, access: 3 } as const;
const PAGE = 4096;

export class Hart implements Stateful {
  readonly ram: Ram;
  private readonly core: CoreInstance;
  private readonly shadow: Shadow;
  private readonly translator: Translator | undefined;

  /** Throws where the options are not those of a machine that can be built. */
  constructor(options: HartOptions) {
    checkOptions(options);
    const { bus } = options;
    this.core = new CoreInstance(
      options.core,
      options.ramSize,
      {
        read: (pa, size) => bus.read(pa >>> 0, size as AccessSize) ?? -1,
        write: (pa, size, value) => (bus.write(pa >>> 0, size as AccessSize, value >>> 0) ? 1 : 0),
      },
      {
        sample: pc => this.translator?.sample(pc >>> 0),
        exited: pc => this.translator?.exited(pc >>> 0),
        overwritten: pa => this.translator?.overwritten(pa >>> 0),
        decoded: pa => this.translator?.decoded(pa >>> 0),
      },
    );
    const ram = new HartRam(this.core);
    this.ram = ram;
    this.shadow = new Shadow(this.core, ram);
    const ways = options.cacheWays ?? Timing.CACHE_WAYS;
    const sets = (options.cacheSize ?? Timing.CACHE_SIZE) / Timing.LINE_SIZE / ways;
    this.core.setWord(Layout.HART_ID, options.hartId ?? 0);
    this.core.setWord(Layout.AD_HARDWARE, options.adBits === 'hardware' ? 1 : 0);
    this.core.setWord(Layout.CACHE_WAY_COUNT, ways);
    this.core.setWord(Layout.CACHE_SET_MASK, sets - 1);
    this.core.setWord(Layout.TLB_ENTRY_COUNT, options.tlbEntries ?? Timing.TLB_ENTRIES);
    const divisor = greatestCommonDivisor(1_000_000_000, options.clockHz);
    this.setClock({
      anchorCycle: 0,
      anchorNs: 0,
      numerator: 1_000_000_000 / divisor,
      denominator: options.clockHz / divisor,
    });
    this.reset(RAM_BASE, 0, 0);
    const after = options.translateAfter ?? TRANSLATION.after;
    if (after === Number.POSITIVE_INFINITY) return;
    const bytesMax = options.translationBytes ?? TRANSLATION.bytes;
    this.translator = new Translator(this.core, { after, bytesMax, hostClock: options.hostClock });
  }

  /** Runs to the first instruction boundary at or after the cycle, or until something else ends it. */
  run(untilCycle: number): StopReason {
    const reason = STOP_REASONS[this.core.exports.run(untilCycle)];
    if (reason === undefined) throw new Error('the core ended its run without a reason');
    return reason;
  }

  /** From inside the bus: `run` returns 'stopped' after the instruction that is being executed. */
  stop(): void {
    this.attend(Layout.ATTENTION_STOP);
  }

  /** Cycles since power on; inside the bus, the cycle of the access. */
  get cycle(): number {
    return this.core.long(Layout.CYCLE);
  }

  /** Lets a sleeping hart (run answered 'wfi') sleep on to this cycle. */
  skipTo(cycle: number): void {
    const slept = cycle - this.cycle;
    if (slept < 0) throw new Error(`cannot sleep back from cycle ${this.cycle} to ${cycle}`);
    const idle = Layout.COUNTERS + 8 * Layout.COUNT_IDLE;
    this.core.setLong(idle, this.core.long(idle) + slept);
    this.core.setLong(Layout.CYCLE, cycle);
  }

  setInterrupt(line: InterruptLine, level: boolean): void {
    const lines = this.core.word(Layout.MIP_LINES);
    this.core.setWord(Layout.MIP_LINES, level ? lines | LINES[line] : lines & ~LINES[line]);
    this.attend(Layout.ATTENTION_INTERRUPT);
  }

  /** The first cycle at which stimecmp raises its interrupt; Infinity where it never will. */
  get timerCycle(): number {
    return this.core.long(Layout.TIMER_CYCLE);
  }

  /** Whether `run` would have anything to execute now: not asleep, or an interrupt is pending. */
  get awake(): boolean {
    return this.core.word(Layout.ASLEEP) === 0 || this.core.exports.hasInterrupt() !== 0;
  }

  /** Anchors board time, of which `time` = floor(ns / 100) + timeOffset. */
  setClock(clock: BoardClock): void {
    this.core.setLong(Layout.ANCHOR_CYCLE, clock.anchorCycle);
    this.core.setLong(Layout.ANCHOR_NS, clock.anchorNs);
    this.core.setLong(Layout.CLOCK_NUMERATOR, clock.numerator);
    this.core.setLong(Layout.CLOCK_DENOMINATOR, clock.denominator);
    this.core.exports.setTimer();
  }

  get clock(): BoardClock {
    return {
      anchorCycle: this.core.long(Layout.ANCHOR_CYCLE),
      anchorNs: this.core.long(Layout.ANCHOR_NS),
      numerator: this.core.long(Layout.CLOCK_NUMERATOR),
      denominator: this.core.long(Layout.CLOCK_DENOMINATOR),
    };
  }

  get timeOffset(): number {
    return this.core.signedLong(Layout.TIME_OFFSET);
  }

  set timeOffset(ticks: number) {
    this.core.setLong(Layout.TIME_OFFSET, ticks);
    this.core.exports.setTimer();
  }

  /** As after power on, caches and TLBs cold; RAM keeps its contents, cycles and counters go on. */
  reset(pc: number, a0: number, a1: number): void {
    const { bytes } = this.core;
    const lines = this.core.word(Layout.MIP_LINES);
    this.core.exports.flushCaches();
    bytes.fill(0, Layout.REGISTERS, Layout.DISCARD);
    bytes.fill(0, Layout.PC, Layout.HART_STATE_END);
    for (const [from, to] of MODEL_TABLES) bytes.fill(0, from, to);
    this.core.setWord(Layout.MIP_LINES, lines);
    this.core.setWord(Layout.PRIVILEGE, 3);
    this.pc = pc;
    this.writeRegister(10, a0);
    this.writeRegister(11, a1);
    this.core.exports.setTimer();
    this.core.exports.resume();
  }

  /** x0 … x31, unsigned. */
  readRegister(index: number): number {
    return this.core.word(Layout.REGISTERS + 4 * index);
  }

  writeRegister(index: number, value: number): void {
    if (index !== 0) this.core.setWord(Layout.REGISTERS + 4 * index, value);
  }

  get pc(): number {
    return this.core.word(Layout.PC);
  }

  set pc(value: number) {
    this.core.setWord(Layout.PC, value);
  }

  get privilege(): Privilege {
    return privilegeOf(this.core.word(Layout.PRIVILEGE));
  }

  set privilege(value: Privilege) {
    this.core.exports.setPrivilege(PRIVILEGES.indexOf(value));
  }

  /** For debuggers: with machine rights, undefined where no such CSR is. */
  readCsr(address: number): number | undefined {
    const value = this.core.exports.debugReadCsr(address);
    return value < 0 ? undefined : value;
  }

  /** False where no such CSR is, or it is read-only. */
  writeCsr(address: number, value: number): boolean {
    return this.core.exports.debugWriteCsr(address, value) !== 0;
  }

  /** The physical address, without costs or effects; undefined where the page's flags do not permit it. */
  translate(va: number, access: Access): number | undefined {
    const pa = this.core.exports.debugTranslate(va, access === 'execute' ? 1 : 0);
    if (pa < 0) return undefined;
    const wanted = access === 'read' ? PTE_READ : access === 'write' ? PTE_WRITE : PTE_EXECUTE;
    return (this.core.exports.leaf() & wanted) === 0 ? undefined : pa;
  }

  /** RAM through the MMU as it stands, with no regard to permission; undefined where nothing is mapped. */
  readMemory(va: number, size: number): Uint8Array | undefined {
    const bytes = new Uint8Array(size);
    for (const part of pagesOf(va, size)) {
      const pa = this.core.exports.debugTranslate(part.va, 0);
      const found = pa < 0 ? undefined : this.ram.read(pa, part.size);
      if (found === undefined) return undefined;
      bytes.set(found, part.offset);
    }
    return bytes;
  }

  /** As readMemory; nothing is written unless all of it can be. */
  writeMemory(va: number, bytes: Uint8Array): boolean {
    const parts = pagesOf(va, bytes.length).map(part => ({
      ...part,
      pa: this.core.exports.debugTranslate(part.va, 0),
    }));
    if (parts.some(part => part.pa < 0 || this.ram.read(part.pa, part.size) === undefined)) return false;
    for (const { pa, offset, size } of parts) this.ram.write(pa, bytes.subarray(offset, offset + size));
    return true;
  }

  /** Instructions, cycles, and how often each cause of hw/manual/timing.ts applied, by name. */
  get counters(): Readonly<Record<string, number>> {
    return readCounters(this.core);
  }

  /** What the translator has done; undefined where there is none. */
  get translation(): TranslatorStatistics | undefined {
    return this.translator?.statistics;
  }

  setBreakpoint(va: number): void {
    const count = this.core.word(Layout.BREAKPOINT_COUNT);
    if (count === Layout.BREAKPOINTS_MAX) throw new Error(`no more than ${count} breakpoints`);
    this.core.setWord(Layout.BREAKPOINTS + 4 * count, va);
    this.core.setWord(Layout.BREAKPOINT_COUNT, count + 1);
  }

  clearBreakpoint(va: number): void {
    this.removeRecord(Layout.BREAKPOINTS, Layout.BREAKPOINT_COUNT, [va]);
  }

  setWatchpoint(va: number, size: number, kind: keyof typeof WATCH_KINDS): void {
    const count = this.core.word(Layout.WATCHPOINT_COUNT);
    if (count === Layout.WATCHPOINTS_MAX) throw new Error(`no more than ${count} watchpoints`);
    this.putRecord(Layout.WATCHPOINTS + 12 * count, [va, size, WATCH_KINDS[kind]]);
    this.core.setWord(Layout.WATCHPOINT_COUNT, count + 1);
    this.core.exports.flushCaches();
  }

  clearWatchpoint(va: number, size: number, kind: keyof typeof WATCH_KINDS): void {
    this.removeRecord(Layout.WATCHPOINTS, Layout.WATCHPOINT_COUNT, [va, size, WATCH_KINDS[kind]]);
  }

  /** After run answered 'watchpoint': the address that was touched. */
  get watchedAddress(): number {
    return this.core.word(Layout.WATCHED_ADDRESS);
  }

  get lastTrap(): Trap | undefined {
    if (this.trapsTaken === 0) return undefined;
    return {
      cause: this.core.word(Layout.LAST_TRAP_CAUSE),
      value: this.core.word(Layout.LAST_TRAP_VALUE),
      pc: this.core.word(Layout.LAST_TRAP_PC),
      cycle: this.core.long(Layout.LAST_TRAP_CYCLE),
      from: privilegeOf(this.core.word(Layout.LAST_TRAP_FROM)),
      to: privilegeOf(this.core.word(Layout.LAST_TRAP_TO)),
    };
  }

  get trapsTaken(): number {
    return this.core.counter(Layout.COUNT_EXCEPTION) + this.core.counter(Layout.COUNT_INTERRUPT);
  }

  /** Takes and clears the list of 4 KiB RAM pages (index from RAM's base) written since it was last taken. */
  dirtyPages(): number[] {
    return this.shadow.takeWritten();
  }

  /** Notes what RAM holds, for `putBackMemory`. */
  markMemory(): void {
    this.shadow.mark();
  }

  /** Makes RAM what it was when it was last marked. */
  putBackMemory(): void {
    this.shadow.putBack();
  }

  /** Whether a run may end at a breakpoint or watchpoint. */
  get isWatched(): boolean {
    return this.core.word(Layout.BREAKPOINT_COUNT) !== 0 || this.core.word(Layout.WATCHPOINT_COUNT) !== 0;
  }

  /** Forgets all that only makes the host fast. Nothing of the model changes by it. */
  flushHostCaches(): void {
    this.core.exports.flushCaches();
  }

  /** Everything the model remembers except the contents of RAM. */
  state(port: StatePort): void {
    let restored = false;
    for (const [from, to] of STATE_RANGES) {
      if (port.bytes(this.core.bytes.subarray(from, to))) restored = true;
    }
    if (restored) this.core.exports.resume();
  }

  private attend(bits: number): void {
    this.core.setWord(Layout.ATTENTION, this.core.word(Layout.ATTENTION) | bits);
  }

  private putRecord(at: number, words: readonly number[]): void {
    words.forEach((word, index) => {
      this.core.setWord(at + 4 * index, word);
    });
  }

  /** Takes one record of words out of a list of them; the last takes its place. */
  private removeRecord(list: number, countAt: number, record: readonly number[]): void {
    const size = 4 * record.length;
    const count = this.core.word(countAt);
    for (let at = list; at < list + count * size; at += size) {
      if (!record.every((word, index) => this.core.word(at + 4 * index) === word >>> 0)) continue;
      const last = list + (count - 1) * size;
      this.core.bytes.copyWithin(at, last, last + size);
      this.core.setWord(countAt, count - 1);
      return;
    }
  }
}

/** The model's tables in the module's memory: TLBs, caches' tags, what is replaced next. */
const MODEL_TABLES: readonly (readonly [number, number])[] = [
  [Layout.INSTRUCTION_TLB, Layout.DATA_TLB_NEXT + 4],
  [Layout.INSTRUCTION_CACHE, Layout.DATA_CACHE_HITS],
  [Layout.INSTRUCTION_CACHE_NEXT, Layout.DATA_CACHE_NEXT + Layout.CACHE_LINES_MAX],
];

const STATE_RANGES: readonly (readonly [number, number])[] = [
  [Layout.REGISTERS, Layout.DISCARD],
  [Layout.PC, Layout.TIME_STATE_END],
  [Layout.LAST_TRAP_CAUSE, Layout.COUNTERS_END],
  ...MODEL_TABLES,
];

function checkOptions(options: HartOptions): void {
  const { ramSize, clockHz } = options;
  const ways = options.cacheWays ?? Timing.CACHE_WAYS;
  const lines = (options.cacheSize ?? Timing.CACHE_SIZE) / Timing.LINE_SIZE;
  const entries = options.tlbEntries ?? Timing.TLB_ENTRIES;
  demand(
    Number.isInteger(ramSize / PAGE) && ramSize > 0 && ramSize <= Layout.RAM_SIZE_MAX,
    `RAM of ${ramSize} bytes`,
  );
  demand(Number.isInteger(clockHz) && clockHz > 0 && clockHz <= 1_000_000_000, `a clock of ${clockHz} Hz`);
  demand(
    Number.isInteger(ways) &&
      ways > 0 &&
      Number.isInteger(Math.log2(lines / ways)) &&
      lines >= 2 &&
      lines <= Layout.CACHE_LINES_MAX,
    `caches of ${lines * Timing.LINE_SIZE} bytes in ${ways} ways`,
  );
  demand(
    Number.isInteger(entries) && entries > 0 && entries <= Layout.TLB_ENTRIES_MAX,
    `TLBs of ${entries} entries`,
  );
}

function demand(possible: boolean, what: string): void {
  if (!possible) throw new Error(`there is no machine with ${what}`);
}

function privilegeOf(code: number): Privilege {
  const privilege = PRIVILEGES[code];
  if (privilege === undefined) throw new Error(`no privilege has the code ${code}`);
  return privilege;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** A range of virtual addresses, cut at page boundaries. */
function pagesOf(va: number, size: number): { va: number; offset: number; size: number }[] {
  const parts: { va: number; offset: number; size: number }[] = [];
  for (let offset = 0; offset < size; ) {
    const from = (va + offset) >>> 0;
    const part = Math.min(size - offset, PAGE - (from % PAGE));
    parts.push({ va: from, offset, size: part });
    offset += part;
  }
  return parts;
}
