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
import { CSR_NUMBERS } from '../manual/csr-names.ts';

/** `c.j 0` and `jal x0, 0`. */
const COMPRESSED_JUMP_TO_ITSELF = 0xa001;
const JUMP_TO_ITSELF = 0x0000_006f;
/** mstatus, Privileged 3.1.6. */
const MSTATUS_SIE = 1 << 1;
const MSTATUS_MIE = 1 << 3;

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

/** Whether the hart jumps to itself and no interrupt that is enabled could ever take it out of there. */
export function isHung(hart: Hart): boolean {
  if (!jumpsToItself(hart)) return false;
  const mie = hart.readCsr(CSR_NUMBERS['mie']!)!;
  const mstatus = hart.readCsr(CSR_NUMBERS['mstatus']!)!;
  const mideleg = hart.readCsr(CSR_NUMBERS['mideleg']!)!;
  const machine = hart.privilege !== 'machine' || (mstatus & MSTATUS_MIE) !== 0 ? mie & ~mideleg : 0;
  const supervisor =
    hart.privilege === 'user' || (hart.privilege === 'supervisor' && (mstatus & MSTATUS_SIE) !== 0)
      ? mie & mideleg
      : 0;
  return (machine | supervisor) === 0;
}

function jumpsToItself(hart: Hart): boolean {
  const code = hart.readMemory(hart.pc, 2);
  if (code === undefined) return false;
  const low = code[0]! | (code[1]! << 8);
  if (low === COMPRESSED_JUMP_TO_ITSELF) return true;
  const rest = low === JUMP_TO_ITSELF ? hart.readMemory(hart.pc + 2, 2) : undefined;
  return rest !== undefined && rest[0] === 0 && rest[1] === 0;
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
