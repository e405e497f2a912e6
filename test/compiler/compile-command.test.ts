/**
 * The commands `compile` and `disassemble` as a person runs them.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const START = '        .globl _start\n_start: call hello.start\n        call hello.run\n1:      j 1b\n';
const GOOD = 'export function run(): u32 {\n  return 42;\n}\n';

function folderWith(source: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'command-'));
  writeFileSync(join(folder, 'hello.ts'), source);
  writeFileSync(join(folder, 'start.s'), START);
  return folder;
}

function command(file: string, folder: string, ...words: string[]) {
  const tsx = join(PROJECT, 'node_modules/tsx/dist/loader.mjs');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', tsx, join(PROJECT, file), ...words],
    { cwd: folder, encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

const compile = (folder: string, ...words: string[]) =>
  command('images/guest/compile-command.ts', folder, ...words);

describe('compile', () => {
  it('makes an executable that disassemble shows with its lines', () => {
    const folder = folderWith(GOOD);
    const made = compile(folder, 'hello.ts', 'start.s', '-o', 'hello.elf');
    expect([made.status, made.stderr]).toEqual([0, '']);
    const { stdout } = command('images/disassemble-command.ts', folder, 'hello.elf', 'hello.run');
    expect(stdout).toMatch(/<hello\.run>:\n; hello\.ts:2 {2}return 42;\n[0-9a-f]+: .*li a0,42/);
  });

  it('says where a source is wrong, and leaves no file', () => {
    const folder = folderWith('export function run(): u32 {\n  return nothing;\n}\n');
    const made = compile(folder, 'hello.ts', 'start.s', '-o', 'hello.elf');
    expect([made.status, made.stdout]).toEqual([1, '']);
    expect(made.stderr).toBe("hello.ts:2:10: error: Cannot find name 'nothing'.\n");
    expect(readdirSync(folder).sort()).toEqual(['hello.ts', 'start.s']);
  });

  it('names a module that is none, a feature that is not supported and a missing entry', () => {
    const folder = folderWith(GOOD);
    writeFileSync(join(folder, 'bad.wasm'), 'what?');
    const bad = compile(folder, 'bad.wasm', 'start.s', '-o', 'out');
    expect([bad.status, bad.stderr]).toEqual([1, expect.stringContaining('not a WebAssembly module')]);
    const alone = compile(folder, 'hello.ts', '-o', 'out');
    expect([alone.status, alone.stderr]).toEqual([
      1,
      '_start is not defined, and is wanted by the link description\n',
    ]);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });

  it('without files it says how it is used', () => {
    expect(compile(folderWith(GOOD)).stderr).toContain('usage: npm run --silent compile --');
  });
});
