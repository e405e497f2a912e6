/**
 * Processes and threads under another's control: stopped, started, read and carried over, whatever they were
 * doing. Each line is what the first process was answered and saw, in order.
 */
import { beforeAll, expect, it } from 'vitest';
import { CALL_RECEIVE } from '../../os/abi/calls.ts';
import { THREAD_HELD, THREAD_READY, THREAD_SENDING, THREAD_STOPPED } from '../../os/abi/thread.ts';
import { answersOf, boot } from './kernel-rig.ts';

const TIMED_OUT = -24;
const BAD_STATE = -8;
const BAD_ARGUMENT = -5;
const BAD_ADDRESS = -6;
const UNANSWERED = 1000;

let lines: ReadonlyMap<string, readonly number[]>;

beforeAll(async () => {
  const { output, status } = await boot({ init: 'control', partner: 'partner' });
  expect(status).toBe(0);
  lines = answersOf(output);
});

it('stops a server while it waits, finds its threads, and starts it as if nothing had been', () => {
  const [running, stopped, state, priority, saved, call, ...rest] = lines.get('servers')!;
  expect([running, stopped, state, priority]).toEqual([0, 0, THREAD_STOPPED, 20]);
  expect([saved, call]).toEqual([0, CALL_RECEIVE]);
  expect(rest).toEqual([TIMED_OUT, BAD_STATE, 0, 0, BAD_ARGUMENT]);
});

it('lets the call of a stopped thread be answered once, and gives it the answer when it is started', () => {
  const [stopped, state, replied, after, unanswered, started, answer] = lines.get('callers')!;
  expect([stopped, state, replied, after]).toEqual([0, THREAD_HELD, 0, THREAD_STOPPED]);
  expect([unanswered, started, answer]).toEqual([UNANSWERED, 0, 0]);
});

it('takes back a call that nobody has received, and makes it again', () => {
  expect(lines.get('senders')).toEqual([TIMED_OUT, THREAD_STOPPED, 0, 99]);
});

it('keeps a call for a server’s successor, as long as somebody keeps the port', () => {
  expect(lines.get('restarts')).toEqual([THREAD_SENDING, 0]);
});

it('carries a thread over to another by its registers', () => {
  const [state, running, counted, misaligned, loaded, went] = lines.get('carrying')!;
  expect([state, running]).toEqual([THREAD_READY, BAD_STATE]);
  expect([counted, misaligned, loaded, went]).toEqual([1, BAD_ADDRESS, 0, 1]);
});
