/**
 * Ports that stand for others elsewhere. Each line is what the clients' threads, and who receives for the other
 * node, were answered, in order.
 */
import { beforeAll, expect, it } from 'vitest';
import { answersOf, boot } from './kernel-rig.ts';

const NO_RIGHT = -4;
const BAD_ARGUMENT = -5;
const NO_SUCH_MESSAGE = -7;
const BAD_STATE = -8;
const TIMED_OUT = -24;
const PEER_DIED = -26;
const NODE_LOST = -54;
const UNANSWERED = 1000;
const NOTIFIED = 1;
const NAME = 11;
const OTHER_NAME = 22;
const BADGE = 5;

let lines: ReadonlyMap<string, readonly number[]>;

beforeAll(async () => {
  const { output, status } = await boot({ init: 'proxies' });
  expect(status).toBe(0);
  lines = answersOf(output);
});

it('makes a proxy of an unused port only, for who may give the target’s badges, and of no proxy’s target', () => {
  const [unowned, weak, badged, nameless, itself, notYet, made, ...later] = lines.get('refusals')!;
  expect([unowned, weak, badged, nameless]).toEqual([NO_RIGHT, NO_RIGHT, BAD_STATE, BAD_ARGUMENT]);
  expect([itself, notYet, made]).toEqual([BAD_STATE, BAD_STATE, 0]);
  expect(later).toEqual([BAD_STATE, BAD_STATE, BAD_STATE, BAD_ARGUMENT]);
});

it('passes a call on with its badge, its handle and its lent memory, and the answer back', () => {
  const [result, name, badge, label, counts, ...rest] = lines.get('calls')!;
  const oneHandleOneRange = 0x11;
  expect([result, name, badge, label, counts]).toEqual([0, NAME, BADGE, 41, oneHandleOneRange]);
  expect(rest).toEqual([8, 42, 0, 0]);
});

it('keeps each proxy’s notification bits together, apart from the target’s own, first come, first served', () => {
  expect(lines.get('bits')).toEqual([0, 8, NAME, 1 | 4, OTHER_NAME, 2, TIMED_OUT]);
});

it('ends the calls through a lost node’s proxy with its owner’s error, until it is found again', () => {
  const [late, failed, received, reply, next, bits, ...found] = lines.get('failures')!;
  expect([late, failed, received, reply]).toEqual([TIMED_OUT, 0, NODE_LOST, NO_SUCH_MESSAGE]);
  expect([next, bits]).toEqual([NODE_LOST, NODE_LOST]);
  expect(found).toEqual([0, NODE_LOST, TIMED_OUT]);
});

it('dies with its owner’s last handle: callers and watchers are told, and nothing is left', () => {
  const [before, answer, notified, bits, ...after] = lines.get('death')!;
  expect([before, answer, notified, bits]).toEqual([UNANSWERED, PEER_DIED, NOTIFIED, 64]);
  expect(after).toEqual([TIMED_OUT, PEER_DIED]);
  expect(lines.get('left')).toEqual([0]);
});
