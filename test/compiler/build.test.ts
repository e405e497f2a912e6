/**
 * Guest programs from their sources to the emulated CPU, and what a build does again.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readElf } from '../../hw/elf.ts';
import { readLineTable } from '../../hw/line-table.ts';
import { type BuiltImage, buildGuest } from '../../images/guest/build.ts';
import type { GuestProfile } from '../../images/guest/profile.ts';
import { bareDescription, runOnBoard } from './bare/machine.ts';

const UART =
  "import { load8, store8 } from 'rv';\nfunction put(c: u32): void {\n  while ((load8(0xf0000005) & 0x20) == 0) {}\n  store8(0xf0000000, c);\n}\nfunction print(s: string): void {\n  for (let i = 0; i < s.length; i++) put(load<u16>(changetype<usize>(s) + (i << 1)));\n}\n";

function build(source: string, profile: GuestProfile): Promise<BuiltImage> {
  const folder = mkdtempSync(join(tmpdir(), 'build-'));
  writeFileSync(join(folder, 'main.ts'), UART + source);
  const description = bareDescription({ pagesFirst: 4, pagesLimit: 256 });
  return buildGuest({
    modules: [{ name: 'main', entry: 'main.ts', profile, baseDir: folder, memoryBase: 4096 }],
    assembly: ['test/compiler/bare/start.s', 'test/compiler/bare/run-main.s'],
    description:
      profile === 'program' ? description : { ...description, stack: { from: ['main.run'], sizeMax: 4096 } },
    extensions: { zba: true, zbb: true },
  }).finally(() => rmSync(folder, { recursive: true }));
}

async function run(
  source: string,
  profile: GuestProfile,
): Promise<{ text: string; status: number | undefined }> {
  const { output, status } = await runOnBoard(await build(source, profile));
  return { text: new TextDecoder().decode(output), status };
}

describe('a guest program', () => {
  it('of a service prints and ends', async () => {
    expect(
      await run("export function run(): u32 { print('hello, machine\\n'); return 3; }", 'service'),
    ).toEqual({ text: 'hello, machine\n', status: 3 });
  });

  it('keeps its static memory, filled and zero', async () => {
    const source = `const zeros = memory.data(9000);
const primes = memory.data<u32>([2, 3, 5, 7]);
export function run(): u32 {
  let sum: u32 = 0;
  for (let i: usize = 0; i < 9000; i++) sum += load<u8>(zeros + i);
  store<u32>(zeros + 5000, 100);
  return sum + load<u32>(primes + 12) + load<u32>(zeros + 5000);
}`;
    expect((await run(source, 'service')).status).toBe(107);
  });

  it('has strings, arrays and maps that are collected', async () => {
    const source = `export function run(): u32 {
  const counts = new Map<string, i32>();
  for (let i = 0; i < 20000; i++) {
    const key = 'k' + (i % 7).toString();
    counts.set(key, counts.has(key) ? counts.get(key) + 1 : 1);
  }
  const keys = counts.keys().sort();
  print(keys.join(',') + ' ' + counts.get('k3').toString() + ' ' + (1.5 / 3).toString() + '\\n');
  return memory.size() < 64 ? 0 : 1;
}`;
    expect(await run(source, 'program')).toEqual({ text: 'k0,k1,k2,k3,k4,k5,k6 2857 0.5\n', status: 0 });
  });

  it('that fails an assertion or leaves an array traps', async () => {
    expect(
      (await run("export function run(): u32 { assert(load<u32>(8192) == 1, 'no'); return 0; }", 'service'))
        .status,
    ).toBe(102);
    expect(
      (
        await run(
          'const a: i32[] = [1, 2];\nexport function run(): u32 { return a[load<i32>(8192) + 2]; }',
          'program',
        )
      ).status,
    ).toBe(102);
  });
});

describe('a build', () => {
  const source =
    'function inner(x: u32): u32 {\n  return x / load8(4096);\n}\nexport function run(): u32 { return inner(5) + 1; }';

  it('carries functions and source lines', async () => {
    const elf = readElf((await build(source, 'service')).elf);
    const main = elf.symbols.find(symbol => symbol.name === 'main.run')!;
    expect(main).toMatchObject({ kind: 'function' });
    const lines = readLineTable(elf);
    const places = new Set<string>();
    for (let at = main.address; at < main.address + main.size; at += 2)
      places.add(`${lines.at(at)?.file}:${lines.at(at)?.line}`);
    expect([...places]).toContain('main.ts:10');
  });

  it('is the same bytes from another folder, kept or not', async () => {
    const first = await build(source, 'service');
    expect((await build(source, 'service')).elf).toEqual(first.elf);
    expect((await build(`${source}\n// longer`, 'service')).elf).toEqual(first.elf);
  });

  it('knows how deep its stack goes, and refuses what goes deeper', async () => {
    const deep =
      'export function run(): u32 { return down(load8(9)); }\nfunction down(n: u32): u32 { return n < 2 ? load8(n) : down(n - 1) ^ (down(n - 2) + load8(n)); }';
    await expect(build(deep, 'service')).rejects.toThrow(
      /^bare image: the stack below main\.run has no bound: recursion through .*down/,
    );
    expect((await build(source, 'service')).stacks['_start']?.size).toBeTypeOf('number');
  });

  it('of a module with an import that nobody has names it', async () => {
    await expect(
      build(
        '//@external("nobody", "there")\ndeclare function there(): u32;\nexport function run(): u32 { return there(); }',
        'service',
      ),
    ).rejects.toThrow(/^nobody\.there is not defined, and is wanted by main/);
  });
});
