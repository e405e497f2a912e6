/**
 * The whole of one node as its cluster's manifest has it: from power on to a shell that answers.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { hasQemu } from './firmware-rig.ts';
import { Qemu } from './qemu.ts';
import { BUILD_MILLISECONDS, bootSystem, systemImages } from './system-rig.ts';

const PROMPT = '\r$ ';

const PROGRAMS = ['login', 'sh', 'cat', 'wc', 'ls', 'sort', 'mkdir'];
const one = JSON.parse(readFileSync('images/cluster/one.json', 'utf8')) as object;
const asItIs = { ...one, programs: PROGRAMS };
/** The machine goes off with the shell. */
const shellOnly = {
  ...asItIs,
  sessions: [{ run: '/boot/bin/sh', console: '/dev/console', atEnd: 'off' }],
};

/** What programs wrote, without the typing and the line editor's own marks. */
const answersIn = (output: string) =>
  output.split(/\r?\n/).filter(line => !line.includes('$ ') && !line.includes('init: ') && line !== '');

beforeAll(async () => {
  await systemImages(asItIs);
  await systemImages(shellOnly);
}, BUILD_MILLISECONDS);

it('comes from power on to its prompt in no more than 20 million cycles', async () => {
  const { output } = await bootSystem(asItIs, { seconds: 0.2 });
  expect(output).toContain(PROMPT);
});

const SCRIPT = [
  'echo one two | wc -w',
  'mkdir /d && echo text > /d/f && cat /d/f',
  'ls /boot/bin | sort | cat',
  'cat /absent || echo failed with $?',
  'exit 0',
];

const ANSWERS = ['2', 'text', 'cat', 'ls', 'mkdir', 'sh', 'sort', 'wc'];

it('answers at its shell, on a file tree in memory, and goes off with it', async () => {
  const typed = SCRIPT.map(line => `${line}\r`).join('');
  const { output, status } = await bootSystem(shellOnly, { typed, seconds: 3 });
  for (const answer of ANSWERS) expect(answersIn(output)).toContain(answer);
  expect(output).toContain('cat: /absent: No such file or directory');
  expect(output).toContain('failed with 1');
  expect(status).toBe(0);
});

it.skipIf(!hasQemu)('answers the same at its shell under QEMU', async () => {
  const qemu = new Qemu(await systemImages(shellOnly));
  for (const line of SCRIPT) {
    await qemu.until(PROMPT);
    qemu.type(`${line}\r`);
  }
  const output = await qemu.ended();
  for (const answer of ANSWERS) expect(answersIn(output)).toContain(answer);
  expect(output).toContain('failed with 1');
});
