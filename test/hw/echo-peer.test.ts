/**
 * The neighbour of `--net echo`: what it answers, when, and that it keeps silent about everything else.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EchoPeer } from '../../hw/lab/echo-peer.ts';
import { serialisationNs } from '../../hw/lab/wire.ts';

const PEER = [10, 0, 2, 2];
const GUEST = [10, 0, 2, 15];
const MAC = [2, 1, 1, 1, 1, 1];
const RATE = 1_000_000_000;
const DELAY_NS = 5000;

interface Received {
  readonly frame: number[];
  readonly at: number;
}

function neighbour() {
  const received: Received[] = [];
  const peer = new EchoPeer(
    {
      attach: () => {},
      setCarrier: () => {},
      receive: (frame, at) => received.push({ frame: [...frame], at }),
    },
    PEER,
  );
  const ask = (frame: readonly number[], at = 0): number[] | undefined => {
    const before = received.length;
    peer.transmit(Uint8Array.from(frame), at);
    return received[before]?.frame;
  };
  return { peer, received, ask };
}

const ARP = [
  ...[...new Array<number>(6).fill(255), ...MAC, 8, 6],
  ...[0, 1, 8, 0, 6, 4, 0, 1, ...MAC, ...GUEST, 0, 0, 0, 0, 0, 0, ...PEER],
];

it('tells its hardware address to who asks for its address', () => {
  const answer = neighbour().ask(ARP)!;
  expect(answer.slice(0, 6)).toEqual(MAC);
  expect(answer.slice(12, 22)).toEqual([8, 6, 0, 1, 8, 0, 6, 4, 0, 2]);
  expect(answer.slice(22, 28)).toEqual(answer.slice(6, 12));
  expect(answer.slice(28, 32)).toEqual(PEER);
  expect(answer.slice(32, 42)).toEqual([...MAC, ...GUEST]);
  expect(neighbour().ask(ARP.with(41, 3))).toBeUndefined();
});

it('answers a ping with the same data, right checksums, and the addresses turned', () => {
  const answer = neighbour().ask(ping([1, 2, 3, 4, 5]))!;
  expect(answer.slice(26, 34)).toEqual([...PEER, ...GUEST]);
  expect(answer[34]).toBe(0);
  expect(answer.slice(38)).toEqual(ping([1, 2, 3, 4, 5]).slice(38));
  expect(sum(answer.slice(14, 34))).toBe(0xffff);
  expect(sum(answer.slice(34))).toBe(0xffff);
});

it('is silent about a ping to another, a damaged one, and a part of one', () => {
  const { ask } = neighbour();
  const good = ping([1, 2, 3]);
  expect(ask(good)).toBeDefined();
  expect(ask(ping([1, 2, 3], [10, 0, 2, 9]))).toBeUndefined();
  for (let at = 14; at < good.length; at += 1) {
    if (at >= 22 && at < 24) continue;
    expect(ask(good.with(at, good[at]! ^ 0x10)), `byte ${at}`).toBeUndefined();
  }
  for (let size = 0; size < good.length; size += 1) expect(ask(good.slice(0, size))).toBeUndefined();
});

it('answers after the time that the wire takes both ways, one frame after the other', () => {
  const { peer, received } = neighbour();
  const frame = Uint8Array.from(ping(new Array<number>(1000).fill(7)));
  const wire = serialisationNs(frame.length, RATE);
  peer.transmit(frame, 1000);
  peer.transmit(frame, 1000);
  expect(received[0]!.at).toBe(1000 + wire + DELAY_NS + 10_000 + wire + DELAY_NS);
  expect(received[1]!.at).toBe(received[0]!.at + wire);
});

it('leases one address to a DHCP client', () => {
  const { ask } = neighbour();
  const offer = ask(dhcp([53, 1, 1]))!;
  expect(offer.slice(58, 62)).toEqual(GUEST);
  expect(offer.slice(282, 285)).toEqual([53, 1, 2]);
  const ack = ask(dhcp([0, 53, 1, 3, 54, 4, ...PEER, 50, 4, ...GUEST]))!;
  expect(ack.slice(282, 285)).toEqual([53, 1, 5]);
  expect(sum(ack.slice(14, 34))).toBe(0xffff);
  expect(ask(dhcp([53, 1, 3, 54, 4, 10, 0, 2, 9]))).toBeUndefined();
  expect(ask(dhcp([53, 1, 7]))).toBeUndefined();
  expect(ask(dhcp([53]))).toBeUndefined();
});

it('survives every frame', () => {
  const { ask } = neighbour();
  const seeds = [ARP, ping([1, 2, 3, 4]), dhcp([53, 1, 1])];
  const change = fc.tuple(fc.nat(300), fc.nat(255));
  fc.assert(
    fc.property(
      fc.constantFrom(...seeds),
      fc.array(change, { maxLength: 8 }),
      fc.nat(400),
      (seed, changes, size) => {
        const frame = seed.slice(0, size);
        for (const [at, byte] of changes) if (at < frame.length) frame[at] = byte;
        ask(frame);
      },
    ),
    { seed: 5, numRuns: 2000 },
  );
});

function ping(data: readonly number[], target = PEER): number[] {
  return packet(1, target, checked([8, 0, 0, 0, 0x12, 0x34, 0, 1, ...data], 2));
}

/** A client's message with these options. */
function dhcp(options: readonly number[]): number[] {
  const message = [1, 1, 6, 0, ...new Array<number>(24).fill(9), ...MAC, ...new Array<number>(202).fill(0)];
  const body = [...message, 0x63, 0x82, 0x53, 0x63, ...options, 255];
  const size = body.length + 8;
  return packet(17, [255, 255, 255, 255], [0, 68, 0, 67, size >> 8, size & 255, 0, 0, ...body]);
}

function packet(protocol: number, target: readonly number[], data: readonly number[]): number[] {
  const size = data.length + 20;
  const header = [0x45, 0, size >> 8, size & 255, 0, 0, 0, 0, 64, protocol, 0, 0, ...GUEST, ...target];
  return [2, 0, ...PEER, ...MAC, 8, 0, ...checked(header, 10), ...data];
}

function checked(bytes: readonly number[], at: number): number[] {
  const check = ~sum(bytes) & 0xffff;
  return bytes.with(at, check >> 8).with(at + 1, check & 255);
}

/** Ones' complement, 16 bits at a time. */
function sum(bytes: readonly number[]): number {
  let total = 0;
  for (let at = 0; at < bytes.length; at += 2) total += bytes[at]! * 256 + (bytes[at + 1] ?? 0);
  while (total > 0xffff) total = (total & 0xffff) + (total >> 16);
  return total;
}
