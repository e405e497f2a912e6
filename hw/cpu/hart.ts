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
import type { Stateful, StatePort } from '../state.ts';

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

export class Hart implements Stateful {
  declare readonly ram: Ram;

  constructor(_options: HartOptions) {
    throw new Error('not yet');
  }

  /** Runs to the first instruction boundary at or after the cycle, or until something else ends it. */
  run(_untilCycle: number): StopReason {
    throw new Error('not yet');
  }

  /** From inside the bus: `run` returns 'stopped' after the instruction that is being executed. */
  stop(): void {
    throw new Error('not yet');
  }

  /** Cycles since power on; inside the bus, the cycle of the access. */
  get cycle(): number {
    throw new Error('not yet');
  }

  /** Lets a sleeping hart (run answered 'wfi') sleep on to this cycle. */
  skipTo(_cycle: number): void {
    throw new Error('not yet');
  }

  setInterrupt(_line: InterruptLine, _level: boolean): void {
    throw new Error('not yet');
  }

  /** The first cycle at which stimecmp raises its interrupt; Infinity where it never will. */
  get timerCycle(): number {
    throw new Error('not yet');
  }

  /** Whether `run` would have anything to execute now: not asleep, or an interrupt is pending. */
  get awake(): boolean {
    throw new Error('not yet');
  }

  /** Anchors board time, of which `time` = floor(ns / 100) + timeOffset. */
  setClock(_clock: BoardClock): void {
    throw new Error('not yet');
  }

  get clock(): BoardClock {
    throw new Error('not yet');
  }

  timeOffset = 0;

  /** As after power on; RAM keeps its contents. Cycles go on counting. */
  reset(_pc: number, _a0: number, _a1: number): void {
    throw new Error('not yet');
  }

  /** x0 … x31, unsigned. */
  readRegister(_index: number): number {
    throw new Error('not yet');
  }

  writeRegister(_index: number, _value: number): void {
    throw new Error('not yet');
  }

  pc = 0;
  privilege: Privilege = 'machine';

  /** For debuggers: with machine rights, undefined where no such CSR is. */
  readCsr(_address: number): number | undefined {
    throw new Error('not yet');
  }

  /** False where no such CSR is, or it is read-only. */
  writeCsr(_address: number, _value: number): boolean {
    throw new Error('not yet');
  }

  /** The physical address, without costs or effects; undefined where the access would fault. */
  translate(_va: number, _access: Access): number | undefined {
    throw new Error('not yet');
  }

  /** RAM through the MMU as it stands, with no regard to permission; undefined where nothing is mapped. */
  readMemory(_va: number, _size: number): Uint8Array | undefined {
    throw new Error('not yet');
  }

  writeMemory(_va: number, _bytes: Uint8Array): boolean {
    throw new Error('not yet');
  }

  /** Instructions, cycles, and how often each cause of hw/manual/timing.ts applied, by name. */
  get counters(): Readonly<Record<string, number>> {
    throw new Error('not yet');
  }

  setBreakpoint(_va: number): void {
    throw new Error('not yet');
  }

  clearBreakpoint(_va: number): void {
    throw new Error('not yet');
  }

  setWatchpoint(_va: number, _size: number, _kind: 'read' | 'write' | 'access'): void {
    throw new Error('not yet');
  }

  clearWatchpoint(_va: number, _size: number, _kind: 'read' | 'write' | 'access'): void {
    throw new Error('not yet');
  }

  /** After run answered 'watchpoint': the address that was touched. */
  get watchedAddress(): number {
    throw new Error('not yet');
  }

  get lastTrap(): Trap | undefined {
    throw new Error('not yet');
  }

  get trapsTaken(): number {
    throw new Error('not yet');
  }

  /** Takes and clears the list of 4 KiB RAM pages (index from RAM's base) written since it was last taken. */
  dirtyPages(): number[] {
    throw new Error('not yet');
  }

  /** Everything the model remembers except the contents of RAM. */
  state(_port: StatePort): void {
    throw new Error('not yet');
  }
}
