/**
 * WebAssembly as its specification has it, on the emulated CPU: our own scripts always, the official ones
 * where they are.
 *
 *     SPEC_TESTS=FOLDER   the folder of the official .wast files
 *     SPEC_QEMU=1         runs them under qemu-system-riscv32 too
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { qemuInstalled, runOnBoard, runOnQemu } from './bare/machine.ts';
import { EXCEPTIONS } from './spec/exceptions.ts';
import { type Runner, runScript } from './spec/run.ts';
import { readScript } from './spec/script.ts';

const STORIES = fileURLToPath(new URL('spec/stories', import.meta.url));
const OFFICIAL = process.env['SPEC_TESTS'] ?? '';
const scriptsIn = (folder: string) =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter(file => file.endsWith('.wast'))
        .sort()
    : [];

/** Every problem that is no exception, and every exception that is no problem. */
async function surprises(folder: string, file: string, run: Runner): Promise<string[]> {
  const { problems, passed } = await runScript(readScript(readFileSync(join(folder, file), 'utf8')), run);
  const lines = EXCEPTIONS[file.replace('.wast', '')]?.lines ?? [];
  const excepted = folder === OFFICIAL ? lines : [];
  const found = problems
    .filter(({ line }) => !excepted.includes(line))
    .map(({ line, text }) => `${file}:${line}: ${text}`);
  const unneeded = excepted.filter(line => !problems.some(problem => problem.line === line));
  if (passed + problems.length === 0 && folder === STORIES) found.push(`${file}: nothing was asserted`);
  return [...found, ...unneeded.map(line => `${file}:${line}: is an exception, but passes`)];
}

describe('our own scripts', () => {
  it.each(scriptsIn(STORIES))('%s passes on the emulated CPU', async file => {
    expect(await surprises(STORIES, file, runOnBoard)).toEqual([]);
  });

  it.skipIf(!qemuInstalled).each(scriptsIn(STORIES))('%s passes under QEMU', async file => {
    expect(await surprises(STORIES, file, runOnQemu)).toEqual([]);
  });

  it('a wrong expectation is a failure', async () => {
    const script =
      '(module (func (export "f") (result i32) (i32.const 1)))\n(assert_return (invoke "f") (i32.const 2))';
    expect((await runScript(readScript(script), runOnBoard)).problems).toEqual([
      { line: 2, text: 'gave i32 0x00000001, expected 0x00000002' },
    ]);
  });
});

describe.skipIf(OFFICIAL === '')('the official scripts', () => {
  it.each(scriptsIn(OFFICIAL))('%s passes on the emulated CPU', async file => {
    expect(await surprises(OFFICIAL, file, runOnBoard)).toEqual([]);
  });

  it.skipIf(process.env['SPEC_QEMU'] === undefined).each(scriptsIn(OFFICIAL))(
    '%s passes under QEMU',
    async file => {
      expect(await surprises(OFFICIAL, file, runOnQemu)).toEqual([]);
    },
  );
});
