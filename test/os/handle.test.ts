/**
 * Handles: what is derived from them, and who learns that nothing is any more. Each line is what the first
 * process was answered and told, in order.
 */
import { beforeAll, expect, it } from 'vitest';
import { answersOf, boot } from './kernel-rig.ts';

const BAD_STATE = -8;

let lines: ReadonlyMap<string, readonly number[]>;

beforeAll(async () => {
  const { output, status } = await boot({ init: 'orphans', partner: 'partner', maker: 'maker' });
  expect(status).toBe(0);
  lines = answersOf(output);
});

it('tells who watches a handle that nothing is derived from it any more, at once where nothing is', () => {
  const [isDerivedFrom, watched, told, ...later] = lines.get('copies')!;
  expect([isDerivedFrom, watched, told]).toEqual([0, 0, 1]);
  const [again, twice, isNow, early, last, isAtTheEnd] = later;
  expect([again, twice, isNow]).toEqual([0, BAD_STATE, 1]);
  expect([early, last, isAtTheEnd]).toEqual([0, 2, 0]);
});

it('knows the copies that other processes were given and sent, until the last of those has died', () => {
  expect(lines.get('processes')).toEqual([0, 0, 8]);
});

it('counts a mapping as derived, also after the handle that it was made by was closed', () => {
  expect(lines.get('mappings')).toEqual([0, 0, 0, 16]);
});

it('fires on revocation, goes without a word with its handle, and is paid for no longer', () => {
  expect(lines.get('endings')).toEqual([1, 0, 32, 0, 0]);
});

it('leaves nothing of a process that watched a port and made a process, or that nobody has a handle to', () => {
  expect(lines.get('remains')).toEqual([1, 128, 0]);
});
