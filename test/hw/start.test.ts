/**
 * Commands start from stripped copies of their sources: never from a copy that is older than its source.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const ROOT = new URL('../..', import.meta.url).pathname;
const project = mkdtempSync(join(tmpdir(), 'gossamer-'));
afterAll(() => rmSync(project, { recursive: true }));

it('runs what the sources say now, and hands over arguments and exit status', () => {
  mkdirSync(join(project, 'hw/console'), { recursive: true });
  for (const name of ['start.mjs', 'strip.mjs'])
    cpSync(join(ROOT, 'hw/console', name), join(project, 'hw/console', name));
  symlinkSync(join(ROOT, 'node_modules'), join(project, 'node_modules'));
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  const main =
    "import { word } from './word.ts';\nconsole.log(word as string, process.argv[2]);\nprocess.exit(3);\n";
  writeFileSync(join(project, 'hw/main.ts'), main);
  for (const word of ['first', 'another', 'last']) {
    writeFileSync(join(project, 'hw/word.ts'), `export const word: string = '${word}';\n`);
    for (let times = 0; times < 2; times += 1)
      expect(start()).toEqual({ status: 3, out: `${word} argument\n` });
  }
});

function start(): { status: number | null; out: string } {
  const words = [join(project, 'hw/console/start.mjs'), 'hw/main.ts', 'argument'];
  const { status, stdout } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  return { status, out: stdout };
}
