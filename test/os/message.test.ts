/**
 * The less plain ways of messages between two processes: deadlines, handles, lent memory, notifications,
 * deaths. Each line is what the first process was answered, in order.
 */
import { beforeAll, expect, it } from 'vitest';
import { hasQemu } from './firmware-rig.ts';
import { answersOf, boot, bootOnQemu } from './kernel-rig.ts';

const TIMED_OUT = -24;
const NO_SUCH_MESSAGE = -7;
const NO_RIGHT = -4;
const BAD_HANDLE = -2;
const BAD_ADDRESS = -6;
const BAD_ARGUMENT = -5;
const PEER_DIED = -26;
const NOTIFIED = 1;

let lines: ReadonlyMap<string, readonly number[]>;

beforeAll(async () => {
  const { output, status } = await boot({ init: 'ways', partner: 'partner' });
  expect(status).toBe(0);
  lines = answersOf(output);
});

it('ends a wait at its deadline and no earlier, and makes a late reply mean nothing', () => {
  expect(lines.get('time')).toEqual([TIMED_OUT, 1, TIMED_OUT, 0, NO_SUCH_MESSAGE]);
});

it('derives a handle for the receiver, never with more rights, and takes it away on revocation', () => {
  expect(lines.get('handles')).toEqual([0, 0, NO_RIGHT, 0, 0, BAD_HANDLE, NOTIFIED, 4]);
});

it('lends memory to the receiver as far as it is the lender’s, and only as it was lent', () => {
  const [copied, written, last, beyond, ...rest] = lines.get('lent')!;
  expect([copied, written, last, beyond]).toEqual([50, 40, 40, 0]);
  const [ofFirst, ofSecond, size, access, ...refused] = rest;
  expect([ofFirst, ofSecond, size, access]).toEqual([0, 40, 40, 2]);
  expect(refused).toEqual([50, NO_RIGHT, 50, BAD_ADDRESS, 50, BAD_ARGUMENT]);
});

it('tells the lender what is delivered before the reply, which then is not written again', () => {
  const [first, second, again, behindGap, ...rest] = lines.get('delivered')!;
  expect([first, second, again, behindGap]).toEqual([4000, 200, BAD_ARGUMENT, 4096]);
  expect(rest).toEqual([12_288, 0, NOTIFIED, 2, TIMED_OUT]);
});

it('gathers notification bits until somebody receives, and a timer’s at its time', () => {
  expect(lines.get('bits')).toEqual([NOTIFIED, 9, NOTIFIED, 16, 1]);
});

it('tells callers and watchers of a death, and how it came', () => {
  const [left, notified, bits, how, status, ...rest] = lines.get('deaths')!;
  expect([left, notified, bits, how, status]).toEqual([PEER_DIED, NOTIFIED, 32, 1, 7]);
  const storePageFault = 15;
  expect(rest).toEqual([PEER_DIED, 64, 3, storePageFault, 0x2000_0010, 128, BAD_HANDLE]);
});

it.skipIf(!hasQemu)('answers the same under QEMU, with stimecmp and with the firmware’s timer', async () => {
  for (const cpu of ['rv32,h=false,sstc=true', 'rv32,h=false,sstc=false'])
    expect(answersOf(await bootOnQemu({ init: 'ways', partner: 'partner' }, { cpu }))).toEqual(lines);
});
