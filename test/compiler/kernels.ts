/**
 * Small programs by our compiler and by gcc -O2, each run on the emulated CPU: retired instructions, cycles and
 * bytes of text of `run(ROUNDS)`.
 *
 *     test/bench/guest/NAME.c  ─→ riscv64-unknown-elf-gcc                       what we compare with
 *                              ─→ clang --target=wasm32 ─→ our back end         `c`
 *     test/bench/guest/NAME.ts ─→ AssemblyScript, unchecked ─→ our back end     `dialect`, with Zba and Zbb
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readElf } from '../../hw/elf.ts';
import { POWER_BASE, RAM_BASE } from '../../hw/manual/memory-map.ts';
import { assembleFlat } from '../../images/assembler/assemble.ts';
import { compileGuest } from '../../images/guest/compile.ts';
import { A0, GP, RA, SP } from '../../images/riscv/calling-convention.ts';
import { load, stoppingHart } from './codegen-rig.ts';

/** Each kernel with what run(10) gives. */
export const KERNELS: ReadonlyMap<string, number> = new Map([
  ['crc32', 0x8ec48baf],
  ['sieve', 0x41d48d86],
  ['matmul', 0x7fb5397d],
  ['quicksort', 0x4d5b5545],
  ['queues', 0x2ba576bd],
  ['sha256', 0x03aab967],
  ['bytecode', 0x921aae58],
  ['format', 0xa0b35795],
]);

export interface KernelFigures {
  readonly checksum: number;
  readonly instructions: number;
  readonly cycles: number;
  readonly textSize: number;
}

const GCC = 'riscv64-unknown-elf-gcc';
const FREESTANDING = ['-O2', '-ffreestanding', '-nostdlib'];
const FOLDER = 'test/bench/guest';
const ROUNDS = 10;
const RAM_SIZE = 16 << 20;
const CYCLES_MAX = 1_000_000_000;
/** Where the kernel returns to: the host is told by a store outside RAM. */
const STOP = `li t6, ${POWER_BASE}\n sw zero, 0(t6)`;
const STOP_ADDRESS = RAM_BASE + RAM_SIZE - 4096;

const installed = (program: string) => spawnSync(program, ['--version']).status === 0;
export const clangInstalled = installed('clang') && installed('wasm-ld');

export async function dialectFigures(name: string): Promise<KernelFigures> {
  const { wasm } = await compileGuest({ entry: `${FOLDER}/${name}.ts`, profile: 'kernel', memoryBase: 4096 });
  return ourFigures(wasm, { zba: true, zbb: true });
}

/** Needs clang with its WebAssembly linker. */
export function cFigures(name: string): Promise<KernelFigures> {
  const options = ['--target=wasm32', '-Wl,--no-entry', '-Wl,--export=run', '-Wl,--strip-debug'];
  return ourFigures(built('clang', options, name), { zba: false, zbb: false });
}

/** Needs gcc. */
export async function gccFigures(name: string): Promise<KernelFigures> {
  const options = ['-march=rv32imac', '-mabi=ilp32', '-fno-tree-loop-distribute-patterns'];
  const linking = [`-Wl,-Ttext=0x${RAM_BASE.toString(16)},-N,-e,run`, '-Wl,--no-warn-rwx-segments'];
  const elf = readElf(built(GCC, [...options, ...linking], name));
  const hart = stoppingHart(RAM_SIZE);
  const placed = elf.segments.every(({ address, bytes }) => hart.ram.write(address, bytes));
  if (!placed) throw new Error(`${name}: gcc's program lies outside RAM`);
  hart.ram.write(STOP_ADDRESS, assembleFlat(STOP, { origin: STOP_ADDRESS }).bytes);
  const address = (symbol: string) => elf.symbols.find(each => each.name === symbol)!.address;
  hart.reset(address('run'), ROUNDS, 0);
  hart.writeRegister(SP, STOP_ADDRESS);
  hart.writeRegister(GP, address('__global_pointer$'));
  hart.writeRegister(RA, STOP_ADDRESS);
  if (hart.run(CYCLES_MAX) !== 'stopped') throw new Error(`${name}: gcc's program came to no end`);
  const functions = elf.symbols.filter(({ kind }) => kind === 'function');
  return {
    checksum: hart.readRegister(A0) >>> 0,
    instructions: hart.counters['instructions']!,
    cycles: hart.cycle,
    textSize: functions.reduce((sum, { size }) => sum + size, 0),
  };
}

async function ourFigures(
  wasm: Uint8Array,
  extensions: { readonly zba: boolean; readonly zbb: boolean },
): Promise<KernelFigures> {
  const program = await load(wasm, { profile: 'kernel', pages: 4, ...extensions });
  const { hart } = program;
  const before = { instructions: hart.counters['instructions']!, cycles: hart.cycle };
  const outcome = program.call('run', [ROUNDS], 1);
  if ('trap' in outcome) throw new Error(`the kernel trapped: ${outcome.trap}`);
  return {
    checksum: outcome.words[0]! >>> 0,
    instructions: hart.counters['instructions']! - before.instructions,
    cycles: hart.cycle - before.cycles,
    textSize: program.object.sections.reduce(
      (sum, { access, size }) => sum + (access === 'rx' ? size : 0),
      0,
    ),
  };
}

function built(compiler: string, options: readonly string[], name: string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'kernel-'));
  try {
    const output = join(folder, 'out');
    const source = fileURLToPath(new URL(`../../${FOLDER}/${name}.c`, import.meta.url));
    execFileSync(compiler, [...FREESTANDING, ...options, source, '-o', output], { stdio: 'pipe' });
    return new Uint8Array(readFileSync(output));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
