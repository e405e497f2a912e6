/**
 * What a debugger needs of the machine it looks into. The console command and the laboratory each give
 * one; the GDB session knows nothing else of them.
 */
import type { Hart } from '../../cpu/hart.ts';

/** Why the machine stands still. */
export type Halt =
  | { readonly kind: 'step' | 'breakpoint' | 'stopped' | 'beginning' }
  | { readonly kind: 'watchpoint'; readonly address: number }
  | { readonly kind: 'off'; readonly status: number };

export interface Debuggee {
  readonly hart: Hart;
  /** What is in memory at a virtual address, without effects; undefined where nothing can be shown. */
  inspect(va: number, size: number): Uint8Array | undefined;
  /** Runs for about so many cycles; undefined where nothing but the budget ended it. */
  run(cycles: number): Halt | undefined;
  /** Exactly one instruction, however long the hart must sleep before it. */
  step(): Halt;
  /** The debugger has written to registers or memory. */
  changed(): void;
  reset(): void;
  powerOff(): void;
  /** Time of the machine, nanoseconds. */
  readonly now: number;
  /** The nearest symbol at or before an address, as `name+0x12`; undefined where nothing is known. */
  symbolAt(address: number): string | undefined;
  /** Where the past is recorded. */
  readonly history: History | undefined;
}

export interface History {
  /** The earliest cycle that can be gone back to. */
  readonly beginning: number;
  /** Cycles, ascending, from which going forward is cheap; the first is the beginning. */
  readonly checkpoints: readonly number[];
  /** Puts the machine on the first instruction boundary at or after this past cycle. */
  seek(cycle: number): void;
}
