/**
 * Generated stubs and dispatches between two processes: words, ranges, handles and classes there and back,
 * late answers, and what a server is spared. Each line is what the first process was answered, in order.
 */
import { beforeAll, expect, it } from 'vitest';
import { hasQemu } from './firmware-rig.ts';
import { answersOf, boot, bootOnQemu } from './kernel-rig.ts';

const SOURCES = { init: 'asker', answerer: 'answerer' };
const NO_SUCH_CALL = -1;
const BAD_ARGUMENT = -5;
const TIMED_OUT = -24;
const NOT_FOUND = -32;
const EXISTS = -33;
const INPUT_OUTPUT = -41;

let lines: ReadonlyMap<string, readonly number[]>;

beforeAll(async () => {
  const { output, status } = await boot(SOURCES);
  expect(status).toBe(0);
  lines = answersOf(output);
});

it('carries numbers, lent ranges and a class of results', () => {
  expect(lines.get('block')).toEqual([0, 4, 0, 1, 1, 1234, INPUT_OUTPUT]);
});

it('hands over a handle and gives one back, with the rights of its kind and no more', () => {
  const sendAndCopy = 0x41;
  const [missing, late, bound, again, kept, ...resolved] = lines.get('names')!;
  expect([missing, late, bound, again, kept]).toEqual([NOT_FOUND, TIMED_OUT, 0, EXISTS, 1]);
  expect(resolved).toEqual([0, 5, sendAndCopy, 5]);
});

it('answers a ping, and refuses what is not of the contract', () => {
  expect(lines.get('refused')).toEqual([0, NO_SUCH_CALL, BAD_ARGUMENT]);
});

it('costs little over the bare messages', () => {
  const [cycles] = lines.get('stub')!;
  expect(cycles).toBeLessThanOrEqual(1069);
});

it.skipIf(!hasQemu)('is answered the same under QEMU', async () => {
  const answers = answersOf(await bootOnQemu(SOURCES));
  for (const line of ['block', 'names', 'refused']) expect(answers.get(line)).toEqual(lines.get(line));
});
