/**
 * Frames in words: what a person reads in the packet list.
 */
import { expect, test } from 'vitest';
import { decodeFrame, hexDump } from '../../hw/session/frame-text.ts';
import { framesOfCalls } from '../os/remote-rig.ts';

const bytes = (text: string) =>
  Uint8Array.from(text.match(/[0-9a-f]{2}/g)!, pair => Number.parseInt(pair, 16));

const TO_ALL = 'ffffffffffff 020000000001';
const HEADER = '020000000002 020000000001';
const ARP = `${TO_ALL} 0806 0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002`;
const ADDRESSES = '0a000001 0a000002';
const IP = (protocol: string, size: string) =>
  `${HEADER} 0800 45 00 ${size} 0000 0000 40 ${protocol} 0000 ${ADDRESSES}`;

test.each([
  [ARP, 'ARP who has 10.0.0.2? tell 10.0.0.1'],
  [ARP.replace('06 04 0001', '06 04 0002'), 'ARP 10.0.0.1 is at 02:00:00:00:00:01'],
  [`${IP('01', '001c')} 0800 0000 0001 0007`, 'ICMP echo request 10.0.0.1 → 10.0.0.2, number 7'],
  [`${IP('11', '001e')} 0044 0043 000a 0000 6869`, 'UDP 10.0.0.1:68 → 10.0.0.2:67, 2 bytes'],
  [
    `${IP('06', '0028')} 1000 0050 00000000 00000000 50 02 0000 0000 0000`,
    'TCP 10.0.0.1:4096 → 10.0.0.2:80 SYN, 0 bytes',
  ],
  [`${IP('2f', '0014')}`, 'IPv4 10.0.0.1 → 10.0.0.2, protocol 47'],
  [`${TO_ALL} 88b5 00`, '02:00:00:00:00:01 → everybody, type 0x88b5, 15 bytes'],
  [`${HEADER} 0800 45`, '02:00:00:00:00:01 → 02:00:00:00:00:02, type 0x0800, 15 bytes'],
  ['0102', 'runt of 2 bytes'],
])('%s reads %s', (text, summary) => {
  expect(decodeFrame(bytes(text)).summary).toBe(summary);
});

test('packets of the cluster read as what they say, and no cut of one confuses its decoder', async () => {
  const frames = await framesOfCalls();
  const summaries = frames.map(frame => decodeFrame(frame).summary);
  expect(summaries).toContain('hello 0 → all #4, hears 1');
  expect(summaries.some(summary => /^links 1 → all #\d+, node 1 has links to 0$/.test(summary))).toBe(true);
  for (const summary of [
    'request of call 0.1, port 5, label 0',
    'reply of call 0.1, label 0',
    'done with 1 calls',
  ])
    expect(summaries).toContain(summary);
  expect(summaries.some(summary => /^fragment of call 0\.2, 1440 of 5000 bytes at 1440$/.test(summary))).toBe(
    true,
  );
  for (const frame of frames)
    for (let size = 0; size < Math.min(frame.length, 140); size += 1)
      expect(decodeFrame(frame.subarray(0, size)).layers.length).toBeGreaterThan(0);
});

test('no cut of a frame confuses its decoder', () => {
  for (const frame of [ARP, `${IP('06', '0028')} 1000 0050 00000000 00000000 50 02 0000 0000 0000`]) {
    const whole = bytes(frame);
    for (let size = 0; size <= whole.length; size += 1)
      expect(decodeFrame(whole.subarray(0, size)).layers.length).toBeGreaterThan(0);
  }
});

test('bytes are dumped sixteen a row', () => {
  expect(hexDump(bytes('00414243ff'))).toEqual([`0000  ${'00 41 42 43 ff'.padEnd(47)}  .ABC.`]);
});
