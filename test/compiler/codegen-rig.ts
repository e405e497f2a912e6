/**
 * Translated modules on a bare hart: link one with the runtime, then call its exports one by one.
 *
 *     const program = await load(wasm, { profile: 'strict' });
 *     program.call('add', [1, 2], 1)      the result's words, or the name of the trap
 *
 * The hart runs in supervisor mode on page tables made here: linear memory from 0, the code where RAM is.
 */
import wabtModule from 'wabt';
import { Hart } from '../../hw/cpu/hart.ts';
import { loadCore } from '../../hw/cpu/load-core.ts';
import { readElf } from '../../hw/elf.ts';
import { CLOCK_HZ_DEFAULT, POWER_BASE, RAM_BASE } from '../../hw/manual/memory-map.ts';
import { assemble } from '../../images/assembler/assemble.ts';
import { runtimeObjects } from '../../images/guest/runtime.ts';
import { bareDescription } from '../../images/link/description.ts';
import { link } from '../../images/link/link.ts';
import type { ObjectFile } from '../../images/object.ts';
import { A0, ARGUMENT_REGISTERS, RA, SP } from '../../images/riscv/calling-convention.ts';
import type { TargetOptions } from '../../images/riscv/target.ts';
import { translate } from '../../images/riscv/translate.ts';

const RAM_SIZE = 64 << 20;
const LINEAR_SIZE = 16 << 20;
const SUPERPAGE_SIZE = 4 << 20;
const LINEAR_LOAD = RAM_BASE + RAM_SIZE - LINEAR_SIZE;
const PAGE_TABLE = LINEAR_LOAD - 4096;
const STACK_TOP = PAGE_TABLE - 4096;
const STACK_SIZE = 1 << 20;
const CYCLES_MAX = 4_000_000_000;

const GLUE = `
  .section .text._start, "ax"
  .globl _start, runtime.memory_size, runtime.memory_grow
_start:
  ebreak
runtime.memory_size:
  lui t0, %hi(pages)
  lw a0, %lo(pages)(t0)
  ret
runtime.memory_grow:
  lui t0, %hi(pages)
  lw a1, %lo(pages)(t0)
  add a0, a0, a1
  li a2, ${LINEAR_SIZE / 65536}
  bgtu a0, a2, 1f
  bltu a0, a1, 1f
  sw a0, %lo(pages)(t0)
  mv a0, a1
  ret
1: li a0, -1
  ret
  .globl stop
  .balign 4
stop:
  li t6, ${POWER_BASE}
  sw zero, 0(t6)
  .section .data.pages, "aw"
  .balign 4
pages: .word PAGES
`;

export type Outcome = { readonly words: readonly number[] } | { readonly trap: string };

export interface Program {
  readonly hart: Hart;
  readonly object: ObjectFile;
  readonly symbols: ReadonlyMap<string, number>;
  /** Calls the export with the argument's words; the first `resultWords` words of what it gives. */
  call(name: string, words: readonly number[], resultWords: number): Outcome;
  /** Linear memory. */
  memory(address: number, size: number): Uint8Array;
}

const core = await loadCore();
const wabt = await wabtModule();

export function assembleText(text: string): Uint8Array {
  const features = {
    mutable_globals: true,
    bulk_memory: true,
    multi_value: true,
    sat_float_to_int: true,
    sign_extension: true,
  };
  const module = wabt.parseWat('test.wat', text, features);
  const { buffer } = module.toBinary({ write_debug_names: true });
  module.destroy();
  return buffer;
}

export async function load(
  wasm: Uint8Array,
  options: Partial<TargetOptions> & { pages?: number } = {},
): Promise<Program> {
  const { pages = 1, ...target } = options;
  const full: TargetOptions = { name: 'test', profile: 'strict', zba: true, zbb: true, ...target };
  const object = translate(wasm, full);
  const glue = assemble(GLUE.replace('PAGES', String(pages)), { name: 'glue' });
  const runtime = await runtimeObjects({ bounded: true, zba: full.zba, zbb: full.zbb });
  const roots = object.symbols.filter(({ binding, place }) => binding === 'global' && place !== undefined);
  const description = bareDescription({
    base: RAM_BASE,
    linearLoadAddress: LINEAR_LOAD,
    roots: ['stop', 'runtime.memory_size', ...roots.map(({ name }) => name)],
  });
  const image = link([glue, object, ...runtime], description);
  return start(image.elf, image.symbols, object);
}

/** A bare hart whose run any store outside RAM ends. */
export function stoppingHart(ramSize: number): Hart {
  const hart: Hart = new Hart({
    core,
    ramSize,
    clockHz: CLOCK_HZ_DEFAULT,
    adBits: 'hardware',
    bus: {
      read: () => undefined,
      write: () => {
        hart.stop();
        return true;
      },
    },
  });
  return hart;
}

function start(elf: Uint8Array, symbols: ReadonlyMap<string, number>, object: ObjectFile): Program {
  const hart = stoppingHart(RAM_SIZE);
  for (const { address, bytes } of readElf(elf).segments) hart.ram.write(address, bytes);
  mapMemory(hart);
  const program: Program = {
    hart,
    object,
    symbols,
    call: (name, words, resultWords) => call(hart, symbols, `test.${name}`, words, resultWords),
    memory: (address, size) => hart.ram.read(LINEAR_LOAD + address, size)!,
  };
  if (symbols.has('test.start')) program.call('start', [], 0);
  return program;
}

const LEAF = 0xcf;

/** Linear memory from virtual 0, RAM where it is; both in superpages, everything allowed. */
function mapMemory(hart: Hart): void {
  const table = new Uint32Array(1024);
  for (let i = 0; i < LINEAR_SIZE / SUPERPAGE_SIZE; i++)
    table[i] = ((LINEAR_LOAD + i * SUPERPAGE_SIZE) >>> 2) | LEAF;
  const first = RAM_BASE / SUPERPAGE_SIZE;
  for (let i = 0; i < RAM_SIZE / SUPERPAGE_SIZE; i++)
    table[first + i] = ((RAM_BASE + i * SUPERPAGE_SIZE) >>> 2) | LEAF;
  hart.ram.write(PAGE_TABLE, new Uint8Array(table.buffer));
}

const CSR = { satp: 0x180, pmpcfg0: 0x3a0, pmpaddr0: 0x3b0, mtvec: 0x305 };
const CAUSES: Readonly<Record<number, string>> = {
  2: 'unreachable',
  5: 'memory',
  7: 'memory',
  13: 'memory',
  15: 'memory',
};
const TRAPS = ['', 'divide by zero', 'overflow', 'conversion', 'type', 'memory', 'table'];

function call(
  hart: Hart,
  symbols: ReadonlyMap<string, number>,
  name: string,
  words: readonly number[],
  resultWords: number,
): Outcome {
  const entry = symbols.get(name);
  if (entry === undefined) throw new Error(`there is no ${name}`);
  const stackWords = Math.max(0, words.length - 8);
  const sp = (STACK_TOP - 4 * (stackWords + Math.max(0, resultWords - 8))) & ~15;
  hart.reset(entry, 0, 0);
  hart.writeCsr(CSR.pmpaddr0, -1);
  hart.writeCsr(CSR.pmpcfg0, 0x1f);
  hart.writeCsr(CSR.satp, 0x8000_0000 | (PAGE_TABLE >>> 12));
  hart.writeCsr(CSR.mtvec, symbols.get('stop')!);
  hart.privilege = 'supervisor';
  hart.writeRegister(RA, symbols.get('_start')!);
  hart.writeRegister(SP, sp);
  hart.writeRegister(3, symbols.get('__global_pointer$')!);
  words.forEach((word, i) => {
    if (i < 8) hart.writeRegister(ARGUMENT_REGISTERS[i]!, word >>> 0);
    else hart.ram.write((sp >>> 0) + 4 * (i - 8), new Uint8Array(Int32Array.of(word).buffer));
  });
  const reason = hart.run(hart.cycle + CYCLES_MAX);
  if (reason !== 'stopped') throw new Error(`${name} did not end: ${reason} at ${hart.pc.toString(16)}`);
  const trap = hart.lastTrap!;
  if (trap.cause !== 3) return { trap: nameOfTrap(hart, symbols, trap) };
  const result = Array.from({ length: resultWords }, (_, i) => {
    if (i < 8) return hart.readRegister(A0 + i) | 0;
    const bytes = hart.ram.read((sp >>> 0) + 4 * (stackWords + i - 8), 4)!;
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getInt32(0, true);
  });
  return { words: result };
}

function nameOfTrap(
  hart: Hart,
  symbols: ReadonlyMap<string, number>,
  trap: { readonly cause: number; readonly pc: number; readonly value: number },
): string {
  for (const [symbol, address] of symbols) {
    if (
      symbol.startsWith('runtime.trap_') &&
      trap.pc >= address &&
      trap.pc < address + 8 &&
      trap.cause === 2
    ) {
      return TRAPS[hart.readRegister(A0)] ?? symbol;
    }
  }
  const inStackGuard = trap.value < STACK_TOP && trap.value >= STACK_TOP - STACK_SIZE;
  return CAUSES[trap.cause] ?? `cause ${trap.cause} at ${trap.pc.toString(16)} (${inStackGuard})`;
}
