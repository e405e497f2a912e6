/**
 * Threads of one process, and work that the kernel cuts in steps. Each line is what the first process was
 * answered, in order.
 */
import { beforeAll, expect, it } from 'vitest';
import { answersOf, boot } from './kernel-rig.ts';

const BAD_STATE = -8;
const BAD_ARGUMENT = -5;
const BAD_ADDRESS = -6;
const TIMED_OUT = -24;
const CANCELLED = -25;

let lines: ReadonlyMap<string, readonly number[]>;

beforeAll(async () => {
  const { output, status } = await boot({ init: 'threads' });
  expect(status).toBe(0);
  lines = answersOf(output);
});

it('lets equals take turns, and stops a thread that never rests', () => {
  const [yielded, startedAgain, stopped, stoodStill, stoppedAgain] = lines.get('turns')!;
  expect([yielded, startedAgain, stopped]).toEqual([0, BAD_STATE, 0]);
  expect([stoodStill, stoppedAgain]).toEqual([1, 0]);
});

it('cancels a wait, which says so, and finds nothing to cancel in a thread that has ended', () => {
  expect(lines.get('cancel')!.slice(0, 6)).toEqual([BAD_STATE, 0, CANCELLED, BAD_STATE, BAD_STATE, 0]);
});

it('cancels the next wait of a thread that does not wait yet, and only that one', () => {
  expect(lines.get('cancel')!.slice(6)).toEqual([0, CANCELLED, 0, CANCELLED, TIMED_OUT]);
});

it('reads and writes the registers of a stopped thread, and no others', () => {
  expect(lines.get('registers')).toEqual([0, 0x1234, 0, 0, 0x42, BAD_ARGUMENT, BAD_ARGUMENT, 0]);
});

it('unmaps two hundred pages and revokes three hundred handles, step by step, to the last', () => {
  const [pagesUsed, unmapped, again, derived, revoked, left, ...closing] = lines.get('steps')!;
  expect([pagesUsed, unmapped, again]).toEqual([1, 0, BAD_ADDRESS]);
  expect([derived, revoked, left]).toEqual([1, 0, 1]);
  expect(closing).toEqual([0, 300, 0, 0]);
});
