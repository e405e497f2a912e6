/**
 * What arithmetic costs that the machine has no instruction for: retired instructions of one operation,
 * loop and loads included, from our tool chain and from gcc with its libgcc, both on the emulated CPU.
 *
 * Both programs make the same operands by the same generator and run every operation over all of them.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildGuest } from '../../images/guest/build.ts';
import { bareDescription, runOnBoard } from './bare/machine.ts';

interface Operation {
  readonly name: string;
  /** The type of the result in the dialect, and the expression; in C, and its expression. */
  readonly dialect: readonly [type: string, expression: string];
  readonly c: readonly [type: string, expression: string];
}

export interface Cost {
  readonly name: string;
  readonly ours: number;
  readonly gcc: number;
}

const D = ['load<f64>(A + at8)', 'load<f64>(B + at8)'] as const;
const F = ['load<f32>(FA + at4)', 'load<f32>(FB + at4)'] as const;
const L = ['load<i64>(LA + at8)', 'load<i64>(LB + at8)'] as const;
const U = ['load<u64>(LA + at8)', 'load<u64>(LB + at8)'] as const;

const binary = (type: string, sign: string): Operation => {
  const [a, b] = type === 'f64' ? D : F;
  const [x, y] = type === 'f64' ? ['a[i]', 'b[i]'] : ['fa[i]', 'fb[i]'];
  const c = type === 'f64' ? 'double' : 'float';
  const compares = sign === '<';
  return {
    name: `${type} ${sign}`,
    dialect: compares ? ['i32', `i32(${a} < ${b})`] : [type, `${a} ${sign} ${b}`],
    c: [compares ? 'int' : c, `${x} ${sign} ${y}`],
  };
};

const conversion = (name: string, type: string, expression: string, c: string, from: string): Operation => ({
  name,
  dialect: [type, expression],
  c: [c, `(${c})${from}`],
});

// biome-ignore format: a table
const OPERATIONS: readonly Operation[] = [
  ...['f64', 'f32'].flatMap(type => ['+', '-', '*', '/', '<'].map(sign => binary(type, sign))),
  conversion('i32 from f64', 'i32', `i32(${D[0]})`, 'int', 'a[i]'),
  conversion('i32 from f32', 'i32', `i32(${F[0]})`, 'int', 'fa[i]'),
  conversion('i64 from f64', 'i64', `i64(${D[0]})`, 'long long', 'a[i]'),
  conversion('f64 from i32', 'f64', `f64(i32(${L[0]}))`, 'double', '(int)la[i]'),
  conversion('f64 from i64', 'f64', `f64(${L[0]})`, 'double', 'la[i]'),
  conversion('f32 from i32', 'f32', `f32(i32(${L[0]}))`, 'float', '(int)la[i]'),
  conversion('f32 from f64', 'f32', `f32(${D[0]})`, 'float', 'a[i]'),
  conversion('f64 from f32', 'f64', `f64(${F[0]})`, 'double', 'fa[i]'),
  { name: 'i64 /', dialect: ['i64', `${L[0]} / ${L[1]}`], c: ['long long', 'la[i] / lb[i]'] },
  { name: 'u64 /', dialect: ['u64', `${U[0]} / ${U[1]}`], c: ['u64', '(u64)la[i] / (u64)lb[i]'] },
  { name: 'u64 %', dialect: ['u64', `${U[0]} % ${U[1]}`], c: ['u64', '(u64)la[i] % (u64)lb[i]'] },
];

const COUNT = 256;

export const gccInstalled = spawnSync('riscv64-unknown-elf-gcc', ['--version']).status === 0;

/** Needs gcc. Both are made for RV32IMAC unless `extensions` are wanted for ours: libgcc has none. */
export async function arithmeticCosts(extensions: boolean): Promise<readonly Cost[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cost-'));
  const gcc = countsOf((await runOnBoard({ elf: gccProgram(folder) })).output);
  const ours = countsOf((await runOnBoard(await ourProgram(folder, extensions))).output);
  return OPERATIONS.map(({ name }, index) => ({ name, ours: ours[index]!, gcc: gcc[index]! }));
}

function countsOf(output: Uint8Array): number[] {
  return new TextDecoder().decode(output).trim().split('\n').map(Number);
}

async function ourProgram(folder: string, extensions: boolean) {
  const runs = OPERATIONS.map(({ dialect: [type, expression] }) => {
    const body = `const at8 = i << 3, at4 = i << 2; store<${type}>(R + (at8 & 0) + (at4 & 0), ${expression});`;
    return `start = instructions(); for (let i: usize = 0; i < ${COUNT}; i++) { ${body} } report(start);`;
  });
  const source = `//@external("bench", "instructions")
declare function instructions(): u32;
//@external("bench", "put")
declare function put(c: u32): void;
const A = memory.data(2048, 8), B = memory.data(2048, 8), LA = memory.data(2048, 8), LB = memory.data(2048, 8);
const FA = memory.data(1024, 8), FB = memory.data(1024, 8), R = memory.data(8, 8);
let seed: u32 = 12345;
function random(): u32 { seed ^= seed << 13; seed ^= seed >> 17; seed ^= seed << 5; return seed; }
function number(n: u32): void { if (n >= 10) number(n / 10); put(48 + (n % 10)); }
function report(start: u32): void { number((instructions() - start) / ${COUNT}); put(10); }
function double(at: usize): void { const u = random() & 0x800fffff, e = 1000 + (random() % 46); store<u32>(at, random()); store<u32>(at + 4, u | (e << 20)); }
function single(at: usize): void { const u = random() & 0x807fffff; store<u32>(at, u | ((110 + (random() % 34)) << 23)); }
function long(at: usize, shift: u32): void { const u = random(); store<u64>(at, ((u64(u) << 32) | u64(random())) >> u64(shift)); }
export function run(): u32 {
  let start: u32;
  for (let i: usize = 0; i < ${COUNT}; i++) { double(A + i * 8); double(B + i * 8); single(FA + i * 4); single(FB + i * 4); long(LA + i * 8, 0); long(LB + i * 8, random() & 47); }
  ${runs.join('\n  ')}
  return 0;
}`;
  writeFileSync(join(folder, 'cost.ts'), source);
  return buildGuest({
    modules: [
      { name: 'main', entry: 'cost.ts', profile: 'kernel', baseDir: folder, memoryBase: 4096 },
      { name: 'bench', entry: 'test/compiler/bare/guest/bench.ts', profile: 'kernel' },
    ],
    assembly: ['test/compiler/bare/start.s', 'test/compiler/bare/run-main.s'],
    description: bareDescription({ pagesFirst: 1, pagesLimit: 1 }),
    extensions: { zba: extensions, zbb: extensions },
  });
}

function gccProgram(folder: string): Uint8Array {
  const runs = OPERATIONS.map(
    ({ c: [type, expression] }) =>
      `{ static volatile ${type} r; start = instructions(); for (int i = 0; i < ${COUNT}; i++) r = ${expression}; report(start); }`,
  );
  const source = `typedef unsigned int u32; typedef unsigned long long u64;
__asm__(".section .text.first, \\"ax\\"\\n.globl _start\\n_start: la sp, stack_top\\n call run\\n li t0, 0x100000\\n li t1, 0x5555\\n sw t1, 0(t0)\\n1: j 1b\\n.text");
static u32 instructions(void) { u32 n; __asm__ volatile(".option push\\n.option arch, +zicsr\\ncsrr %0, minstret\\n.option pop" : "=r"(n)); return n; }
static void put(char c) { while (!(*(volatile unsigned char *)0x10000005 & 0x20)); *(volatile unsigned char *)0x10000000 = c; }
static void number(u32 n) { if (n >= 10) number(n / 10); put('0' + n % 10); }
static void report(u32 start) { number((instructions() - start) / ${COUNT}); put(10); }
static u32 seed = 12345;
static u32 random_(void) { seed ^= seed << 13; seed ^= seed >> 17; seed ^= seed << 5; return seed; }
static double a[${COUNT}], b[${COUNT}]; static float fa[${COUNT}], fb[${COUNT}]; static long long la[${COUNT}], lb[${COUNT}];
static void double_(void *at) { u32 u = random_() & 0x800fffff, e = 1000 + random_() % 46; ((u32 *)at)[0] = random_(); ((u32 *)at)[1] = u | e << 20; }
static void single(void *at) { u32 u = random_() & 0x807fffff; *(u32 *)at = u | (110 + random_() % 34) << 23; }
static void long_(void *at, u32 shift) { u32 u = random_(); *(u64 *)at = ((u64)u << 32 | random_()) >> shift; }
char stack[16384] __attribute__((aligned(16))); __asm__(".globl stack_top\\n.equ stack_top, stack + 16384");
void run(void) { u32 start;
  for (int i = 0; i < ${COUNT}; i++) { double_(a + i); double_(b + i); single(fa + i); single(fb + i); long_(la + i, 0); long_(lb + i, random_() & 47); }
  ${runs.join('\n  ')}
}`;
  const [file, elf] = [join(folder, 'cost.c'), join(folder, 'cost.elf')];
  writeFileSync(file, source);
  const options = [
    '-O2',
    '-fno-strict-aliasing',
    '-march=rv32imac',
    '-mabi=ilp32',
    '-nostdlib',
    '-ffreestanding',
  ];
  const linking = [
    '-Wl,--no-relax,--no-warn-rwx-segments',
    '-Wl,--section-start=.text.first=0x80000000',
    '-Wl,-Ttext=0x80001000',
  ];
  execFileSync('riscv64-unknown-elf-gcc', [...options, ...linking, '-o', elf, file, '-lgcc'], {
    stdio: 'pipe',
  });
  return new Uint8Array(readFileSync(elf));
}
