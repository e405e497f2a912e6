/**
 * Learning switches and hubs: who gets to see a frame.
 */
import { expect, test } from 'vitest';
import { Hub } from '../../hw/lab/hub.ts';
import type { Forwarder } from '../../hw/lab/station.ts';
import { Switch } from '../../hw/lab/switch.ts';
import { restoreState, saveState } from '../../hw/state.ts';

const BROADCAST = 0xff_ff_ff_ff_ff_ff;

function frame(to: number, from: number): Uint8Array {
  const bytes = new Uint8Array(60);
  for (let at = 0; at < 6; at += 1) {
    bytes[at] = Math.floor(to / 256 ** (5 - at));
    bytes[at + 6] = Math.floor(from / 256 ** (5 - at));
  }
  return bytes;
}

/** The ports that a frame received on `port` leaves by, and when. */
function through(forwarder: Forwarder, port: number, bytes: Uint8Array, at: number): [number, number][] {
  const sent: [number, number][] = [];
  forwarder.receive(port, bytes, at, (out, _frame, when) => void sent.push([out, when]));
  return sent;
}

test('a stranger is flooded to, an acquaintance gets it alone', () => {
  const lan = new Switch('s0', { ports: 4, latencyNs: 1_000 });
  expect(through(lan, 0, frame(0xb, 0xa), 0).map(([port]) => port)).toEqual([1, 2, 3]);
  expect(through(lan, 2, frame(0xa, 0xb), 10)).toEqual([[0, 1_010]]);
  expect(through(lan, 0, frame(0xb, 0xa), 20)).toEqual([[2, 1_020]]);
});

test('a frame for the port it came from goes nowhere, a broadcast everywhere else', () => {
  const lan = new Switch('s0', { ports: 3 });
  through(lan, 1, frame(0xb, 0xa), 0);
  expect(through(lan, 1, frame(0xa, 0xc), 0)).toEqual([]);
  expect(through(lan, 1, frame(BROADCAST, 0xa), 0).map(([port]) => port)).toEqual([0, 2]);
  expect(lan.filtered).toBe(1);
});

test('a station that moves is found at its new port', () => {
  const lan = new Switch('s0', { ports: 3 });
  through(lan, 1, frame(0xb, 0xa), 0);
  through(lan, 2, frame(0xb, 0xa), 0);
  expect(through(lan, 0, frame(0xa, 0xb), 0).map(([port]) => port)).toEqual([2]);
});

test('an address is forgotten with age and when its port goes dark', () => {
  const lan = new Switch('s0', { ports: 3, ageNs: 1_000 });
  through(lan, 1, frame(0xb, 0xa), 0);
  expect(lan.portOf(frame(0xa, 0).subarray(0, 6), 1_000)).toBe(1);
  expect(lan.portOf(frame(0xa, 0).subarray(0, 6), 1_001)).toBeUndefined();
  through(lan, 1, frame(0xb, 0xa), 2_000);
  lan.setCarrier(1, false);
  expect(lan.portOf(frame(0xa, 0).subarray(0, 6), 2_000)).toBeUndefined();
});

test('a full table forgets the address that was silent for longest', () => {
  const lan = new Switch('s0', { ports: 3, addressesMax: 3 });
  for (const source of [2, 4, 6, 2, 8]) through(lan, 1, frame(BROADCAST, source), 0);
  const known = [2, 4, 6, 8].map(address => lan.portOf(frame(address, 0).subarray(0, 6), 0));
  expect(known).toEqual([1, undefined, 1, 1]);
});

test('a group address as source is not learned', () => {
  const lan = new Switch('s0', { ports: 3 });
  through(lan, 1, frame(2, BROADCAST), 0);
  expect(lan.addressesKnown).toBe(0);
});

test('a switch remembers its addresses and their order over a restore', () => {
  const lan = new Switch('s0', { ports: 3, addressesMax: 2 });
  through(lan, 1, frame(BROADCAST, 2), 5);
  through(lan, 2, frame(BROADCAST, 4), 6);
  const other = new Switch('s0', { ports: 3, addressesMax: 2 });
  restoreState(other, saveState(lan));
  expect(saveState(other)).toEqual(saveState(lan));
  through(other, 0, frame(BROADCAST, 6), 7);
  expect(other.portOf(frame(2, 0).subarray(0, 6), 7)).toBeUndefined();
  expect(other.portOf(frame(4, 0).subarray(0, 6), 7)).toBe(2);
});

test('the stations at a hub share one medium', () => {
  const hub = new Hub('h0', { ports: 3, latencyNs: 500 });
  expect(through(hub, 0, frame(1, 2), 1_000)).toEqual([
    [1, 1_500],
    [2, 1_500],
  ]);
  expect(through(hub, 1, frame(1, 2), 1_000).map(([, at]) => at)).toEqual([2_172, 2_172]);
});

test('a hub drops and counts what finds too many waiting for the medium', () => {
  const hub = new Hub('h0', { ports: 2, queueFrames: 2 });
  for (let count = 0; count < 5; count += 1) through(hub, 0, frame(1, 2), 0);
  expect([hub.repeated, hub.overflowed]).toEqual([3, 2]);
});
