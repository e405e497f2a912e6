/**
 * Where a machine is, in words: for people who look at one that hangs, and for debuggers.
 *
 *     pc 0x80001234 (trap_handler+0x14), machine mode, asleep, cycle 1234567
 *     last trap at cycle 1230000: illegal instruction at 0x80000100 (main+0x4), value 0x00000000, from
 *     machine to machine mode
 *
 * Causes are those of the privileged specification 1.12, table 3.6.
 */
import type { Hart } from '../cpu/hart.ts';

/** The nearest symbol at or before an address; undefined where none is known. */
export type SymbolLookUp = (address: number) => string | undefined;

// biome-ignore format: a table
const EXCEPTIONS: readonly (string | undefined)[] = [
  'instruction address misaligned', 'instruction access fault', 'illegal instruction', 'breakpoint',
  'load address misaligned', 'load access fault', 'store address misaligned', 'store access fault',
  'environment call from user mode', 'environment call from supervisor mode', undefined,
  'environment call from machine mode', 'instruction page fault', 'load page fault', undefined,
  'store page fault',
];

const INTERRUPTS: Readonly<Record<number, string>> = {
  1: 'supervisor software interrupt',
  3: 'machine software interrupt',
  5: 'supervisor timer interrupt',
  7: 'machine timer interrupt',
  9: 'supervisor external interrupt',
  11: 'machine external interrupt',
};

export function describePlace(hart: Hart, symbolAt: SymbolLookUp): string {
  const sleep = hart.awake ? '' : ', asleep in wfi';
  return `pc ${place(hart.pc, symbolAt)}, ${hart.privilege} mode${sleep}, cycle ${hart.cycle}`;
}

export function describeTrap(hart: Hart, symbolAt: SymbolLookUp): string {
  const trap = hart.lastTrap;
  if (trap === undefined) return 'no trap was taken yet';
  const what = `${causeName(trap.cause)} at ${place(trap.pc, symbolAt)}, value ${hex(trap.value)}`;
  return `last trap at cycle ${trap.cycle}: ${what}, from ${trap.from} to ${trap.to} mode`;
}

/** A cause as it stands in mcause, the interrupt bit included. */
export function causeName(cause: number): string {
  const interrupt = cause >>> 31 === 1;
  const code = cause & 0x7fff_ffff;
  return (interrupt ? INTERRUPTS[code] : EXCEPTIONS[code]) ?? `${interrupt ? 'interrupt' : 'cause'} ${code}`;
}

function place(address: number, symbolAt: SymbolLookUp): string {
  const symbol = symbolAt(address);
  return symbol === undefined ? hex(address) : `${hex(address)} (${symbol})`;
}

function hex(value: number): string {
  return '0x' + (value >>> 0).toString(16).padStart(8, '0');
}
