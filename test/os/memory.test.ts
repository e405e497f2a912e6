/**
 * Memories that share pages until one is written to, and that know which of their pages have changed. Each
 * line is what the first process found, in order: on the first memory by two mappings, its copy, and the
 * copy's copy.
 */
import { beforeAll, expect, it } from 'vitest';
import { answersOf, boot } from './kernel-rig.ts';

const BAD_STATE = -8;
const BAD_ARGUMENT = -5;
const NO_RIGHT = -4;

let lines: ReadonlyMap<string, readonly number[]>;

beforeAll(async () => {
  const { output, status } = await boot({ init: 'copies', partner: 'partner' });
  expect(status).toBe(0);
  lines = answersOf(output);
});

it('copies a memory without its pages, which the copy’s account pays for at once', () => {
  const slots = 1;
  expect(lines.get('paid')).toEqual([7 + slots]);
});

it('shows a write to one memory by each of its mappings, and to no memory that was copied', () => {
  const writing = lines.get('writing')!;
  expect(writing.slice(0, 4)).toEqual([100, 100, 100, 100]);
  expect(writing.slice(4, 8)).toEqual([1, 1, 2, 3]);
  expect(writing.slice(8, 12)).toEqual([4, 4, 101, 101]);
  expect(writing.slice(12)).toEqual([5, 5, 0, 0]);
});

it('keeps copies apart when the kernel writes to one for a server', () => {
  expect(lines.get('lent')).toEqual([4, 102, 102, 102 + 0x0101_0101, 102]);
});

it('moves a shared page away from under its copies, which keep it', () => {
  expect(lines.get('moving')).toEqual([0, 104, 0, 0, 103, 103]);
});

it('refuses to copy over pages, beyond the end, from devices, and to report for whom it does not concern', () => {
  const [occupied, beyond, none, device, devices, tooMany] = lines.get('misuse')!;
  expect([occupied, beyond, none, device]).toEqual([BAD_STATE, BAD_ARGUMENT, BAD_ARGUMENT, BAD_ARGUMENT]);
  expect([devices, tooMany]).toEqual([NO_RIGHT, BAD_ARGUMENT]);
});

it('reports the pages that were written to by any mapping or moved away, once', () => {
  const [all, none, read, some, noneAgain] = lines.get('changes')!;
  expect([all, none, read]).toEqual([0xff, 0, 6]);
  expect([some, noneAgain]).toEqual([0b101_0010, 0]);
});

it('keeps a page for the last of its copies, and leaves nothing behind', () => {
  expect(lines.get('last')).toEqual([105]);
  expect(lines.get('left')).toEqual([0]);
});
