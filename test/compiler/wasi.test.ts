/**
 * Programs of other languages, by way of WASI preview 1, on a bare machine: output on the UART, arguments,
 * clocks, randomness; and a whole JavaScript engine.
 */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import wabt from 'wabt';
import { buildGuest, type GuestInput } from '../../images/guest/build.ts';
import { bareDescription, runOnBoard } from './bare/machine.ts';

const SYSTEM: readonly GuestInput[] = [
  { name: 'wasi_snapshot_preview1', entry: 'images/wasi/preview1.ts', profile: 'kernel' },
  { name: 'system', entry: 'test/compiler/bare/guest/system.ts', profile: 'kernel' },
];

interface Run {
  readonly modules: readonly GuestInput[];
  readonly start: string;
  readonly texts?: Readonly<Record<string, string>>;
  readonly words?: readonly string[];
}

async function outcome({
  modules,
  start,
  texts = {},
  words = [],
}: Run): Promise<{ text: string; status: number | undefined }> {
  const data = join(mkdtempSync(join(tmpdir(), 'wasi-')), 'data.s');
  writeFileSync(data, dataAssembly(texts, words));
  const image = await buildGuest({
    modules: [...modules, ...SYSTEM],
    assembly: ['test/compiler/bare/start.s', `test/compiler/bare/${start}`, data],
    description: bareDescription({ pagesFirst: 18, pagesLimit: 512 }),
    extensions: { zba: true, zbb: true },
  });
  const { output, status } = await runOnBoard(image);
  return { text: new TextDecoder().decode(output), status };
}

/** Texts end with a zero; the command line is a count, then the size and bytes of each word. */
function dataAssembly(texts: Readonly<Record<string, string>>, words: readonly string[]): string {
  const bytes = (text: string) => [...new TextEncoder().encode(text)].join(', ');
  const lines = Object.entries(texts).map(
    ([name, text]) => `.globl ${name}\n${name}: .byte ${bytes(text)}, 0`,
  );
  const list = words.map(
    word => `.balign 4\n.word ${new TextEncoder().encode(word).length}\n.byte ${bytes(word)}`,
  );
  return `.section .rodata.data, "a"\n${lines.join('\n')}\n.balign 4\n.globl bare_arguments\nbare_arguments: .word ${words.length}\n${list.join('\n')}\n`;
}

async function command(text: string, words: readonly string[] = ['command']) {
  const wasm = (await wabt()).parseWat('main.wat', text).toBinary({}).buffer;
  return outcome({ modules: [{ name: 'main', wasm, profile: 'program' }], start: 'run-wasi.s', words });
}

const IMPORTS = `
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func $print (param i32 i32)
    (i32.store (i32.const 0) (local.get 0)) (i32.store (i32.const 4) (local.get 1))
    (if (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)) (then unreachable)))`;

describe('a WASI command', () => {
  it('writes its vectors to standard output and returns', async () => {
    const text = `(module ${IMPORTS} (data (i32.const 100) "one, two\\n") (data (i32.const 16) "\\64\\00\\00\\00\\05\\00\\00\\00\\69\\00\\00\\00\\04\\00\\00\\00")
      (func (export "_start") (if (call $write (i32.const 1) (i32.const 16) (i32.const 2) (i32.const 8)) (then unreachable))
        (if (i32.ne (i32.load (i32.const 8)) (i32.const 9)) (then unreachable))))`;
    expect(await command(text)).toEqual({ text: 'one, two\n', status: 0 });
  });

  it('gets its command line', async () => {
    const text = `(module ${IMPORTS} (func (export "_start") (local i32)
      (drop (call $sizes (i32.const 16) (i32.const 20))) (drop (call $args (i32.const 32) (i32.const 200)))
      (if (i32.ne (i32.load (i32.const 16)) (i32.const 3)) (then unreachable))
      (call $print (i32.load (i32.const 40)) (i32.const 5)) (call $print (i32.const 200) (i32.load (i32.const 20)))))`;
    expect((await command(text, ['echo', 'first', 'second'])).text).toBe('seconecho\0first\0second\0');
  });

  it('ends with the status that it says', async () => {
    expect(
      (await command(`(module ${IMPORTS} (func (export "_start") (call $exit (i32.const 9)) (unreachable)))`))
        .status,
    ).toBe(9);
  });

  it('has clocks that go on, and random bytes', async () => {
    const text = `(module ${IMPORTS} (func (export "_start")
      (if (call $clock (i32.const 1) (i64.const 1) (i32.const 16)) (then unreachable))
      (if (call $clock (i32.const 1) (i64.const 1) (i32.const 24)) (then unreachable))
      (if (i64.lt_u (i64.load (i32.const 24)) (i64.load (i32.const 16))) (then unreachable))
      (if (call $clock (i32.const 0) (i64.const 1) (i32.const 16)) (then unreachable))
      (if (i64.lt_u (i64.load (i32.const 16)) (i64.const 1600000000000000000)) (then unreachable))
      (if (i32.ne (call $clock (i32.const 7) (i64.const 1) (i32.const 16)) (i32.const 28)) (then unreachable))
      (if (call $random (i32.const 48) (i32.const 8)) (then unreachable))
      (if (i64.eqz (i64.load (i32.const 48))) (then unreachable))))`;
    expect(await command(text)).toEqual({ text: '', status: 0 });
  });

  it('is told of a descriptor that is not open', async () => {
    const text = `(module ${IMPORTS} (func (export "_start")
      (call $exit (i32.add (call $close (i32.const 5)) (call $write (i32.const 3) (i32.const 0) (i32.const 1) (i32.const 8))))))`;
    expect((await command(text)).status).toBe(16);
  });

  it('whose import nobody provides is refused by name', async () => {
    const text =
      '(module (import "wasi_snapshot_preview1" "fd_fly" (func $fly)) (memory 1) (func (export "_start") (call $fly)))';
    await expect(command(text)).rejects.toThrow(
      'wasi_snapshot_preview1.fd_fly is not defined, and is wanted by main',
    );
  });
});

const PROGRAM = `
const primes = [];
for (let n = 2; primes.length < 25; n++) if (primes.every(p => n % p !== 0)) primes.push(n);
const words = 'The machine computes: 3 apples, 14 pears and 159 plums.'.match(/\\d+|[a-z]{5,}/g);
const copy = JSON.parse(JSON.stringify({ words, nested: { pi: Math.PI, big: 2n ** 70n + '' }, list: [1.5, null, true] }));
class Shape { constructor(size) { this.size = size; } get area() { return this.size ** 2; } }
const sum = [...new Map([['a', 1], ['b', 2]])].reduce((total, [key, value]) => total + key + value, '');
[primes.at(-1), (0.1 + 0.2).toFixed(17), 1e21 + 1, (255).toString(16), copy.words.join('|'), copy.nested.pi, copy.nested.big,
 JSON.stringify(copy.list), 'x'.padStart(3, '-').replace(/-/g, m => m + m), new Shape(12).area, sum, typeof undefined,
 [3, 1, 2].sort().toString(), Math.sin(1).toFixed(12), parseInt('0x1f'), new Date(0).toISOString()].join(';');
`;

const QUICKJS = fileURLToPath(new URL('../../node_modules/quickjs-wasi/quickjs.wasm', import.meta.url));

describe('QuickJS, translated', () => {
  const evaluate = (script: string) =>
    outcome({
      modules: [
        { name: 'quickjs', wasm: new Uint8Array(readFileSync(QUICKJS)), profile: 'program' },
        { name: 'env', entry: 'test/compiler/bare/guest/quickjs-host.ts', profile: 'kernel' },
      ],
      start: 'run-quickjs.s',
      texts: { bare_script: script, bare_script_name: 'story.js' },
    });

  it('evaluates numbers, strings, regular expressions and JSON as Node does', async () => {
    const expected = String(runInNewContext(PROGRAM));
    expect(await evaluate(PROGRAM)).toEqual({ text: expected, status: 0 });
  });

  it('reports an exception of the script', async () => {
    expect(await evaluate('null.size')).toEqual({ text: expect.stringContaining('TypeError'), status: 1 });
  });
});
