/**
 * What one direction of a wire does to frames: when they arrive, and what becomes of each.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '../../hw/lab/random.ts';
import {
  DIRECTION_DEFAULT,
  type DirectionSettings,
  Inlet,
  Outlet,
  type Strike,
  serialisationNs,
} from '../../hw/lab/wire.ts';
import { restoreState, saveState } from '../../hw/state.ts';

interface Delivery {
  readonly time: number;
  readonly frame: Uint8Array;
}

function send(
  settings: Partial<DirectionSettings>,
  frames: readonly Uint8Array[],
  every = 0,
  strikes: Strike[] = [],
) {
  const outlet = new Outlet({ ...DIRECTION_DEFAULT, ...settings }, new Random(7).stream('wire'));
  const inlet = new Inlet();
  for (const strike of strikes) outlet.strike(strike);
  frames.forEach((frame, at) => {
    for (const arrival of outlet.transmit(frame, at * every)) inlet.push(arrival);
  });
  return { outlet, inlet };
}

function receiveAll(inlet: Inlet): Delivery[] {
  const deliveries: Delivery[] = [];
  while (inlet.nextTime < Number.POSITIVE_INFINITY) {
    const time = inlet.nextTime;
    const arrival = inlet.take('listening');
    if (arrival?.kind === 'frame') deliveries.push({ time, frame: arrival.frame });
  }
  return deliveries;
}

function numbered(count: number, size = 100): Uint8Array[] {
  return Array.from({ length: count }, (_, at) => new Uint8Array(size).fill(at, 0, 14));
}

test('the largest untagged frame keeps a gigabit wire busy for 12,304 ns and the smallest for 672', () => {
  expect(serialisationNs(1514, 1_000_000_000)).toBe(12_304);
  expect(serialisationNs(60, 1_000_000_000)).toBe(672);
  expect(serialisationNs(14, 1_000_000_000)).toBe(672);
  expect(serialisationNs(60, 10_000_000)).toBe(67_200);
});

test('a frame arrives when its last bit does, and the next waits for the wire', () => {
  const { inlet } = send({ delayNs: 5_000 }, numbered(2, 1514));
  expect(receiveAll(inlet).map(delivery => delivery.time)).toEqual([12_304 + 5_000, 2 * 12_304 + 5_000]);
});

test('a frame that finds the queue full is dropped and counted', () => {
  const { outlet, inlet } = send({ queueFrames: 3 }, numbered(10));
  expect(outlet.overflowed).toBe(6);
  expect(receiveAll(inlet).map(({ frame }) => frame[0])).toEqual([0, 1, 2, 3]);
});

test('a frame longer than 802.3 allows is dropped and counted', () => {
  const { outlet, inlet } = send({}, [new Uint8Array(1519), new Uint8Array(1518)]);
  expect([outlet.oversized, receiveAll(inlet).length]).toEqual([1, 1]);
});

test('the frame check catches damage, and does not catch corruption', () => {
  const caught = send({ damagePpm: 1_000_000 }, numbered(5));
  expect(receiveAll(caught.inlet)).toEqual([]);
  expect(caught.inlet.damaged).toBe(5);
  const sent = numbered(5);
  const uncaught = receiveAll(send({ corruptPpm: 1_000_000 }, sent).inlet);
  expect(uncaught.length).toBe(5);
  for (const [at, { frame }] of uncaught.entries()) expect(frame).not.toEqual(sent[at]);
});

test('a strike hits exactly the frame it names', () => {
  const strikes: Strike[] = [
    { sequence: 1, what: 'drop' },
    { sequence: 3, what: 'duplicate' },
    { sequence: 4, what: 'damage' },
  ];
  const { outlet, inlet } = send({}, numbered(6), 10_000, strikes);
  expect(receiveAll(inlet).map(({ frame }) => frame[0])).toEqual([0, 2, 3, 3, 5]);
  expect([outlet.lost, outlet.duplicated, inlet.damaged]).toEqual([1, 1, 1]);
});

test('a cut loses what is on its way and what is sent after it', () => {
  const { outlet, inlet } = send({}, numbered(3));
  inlet.sever();
  outlet.configure({ ...DIRECTION_DEFAULT, cut: true });
  expect(outlet.transmit(new Uint8Array(60), 1_000_000)).toEqual([]);
  expect([inlet.cut, outlet.cut, receiveAll(inlet).length]).toEqual([3, 1, 0]);
});

test('a frame is copied when it is handed over', () => {
  const frame = new Uint8Array(60).fill(1);
  const { inlet } = send({}, [frame]);
  frame.fill(9);
  expect(receiveAll(inlet)[0]!.frame).toEqual(new Uint8Array(60).fill(1));
});

test('impossible settings are refused by name', () => {
  const outlet = new Outlet(DIRECTION_DEFAULT, new Random(1));
  expect(() => outlet.configure({ ...DIRECTION_DEFAULT, rate: 0 })).toThrow('rate is 0: give at least 1000');
  expect(() => outlet.configure({ ...DIRECTION_DEFAULT, lossPpm: 1_000_001 })).toThrow('lossPpm is 1000001');
  expect(() => outlet.configure({ ...DIRECTION_DEFAULT, delayNs: 0.5 })).toThrow(
    'delayNs is 0.5: give a whole',
  );
});

const ppm = fc.constantFrom(0, 0, 100_000, 500_000);
const anySettings = fc.record({
  rate: fc.constantFrom(1_000_000, 100_000_000, 1_000_000_000),
  delayNs: fc.nat(20_000),
  jitterNs: fc.constantFrom(0, 0, 3_000, 100_000),
  lossPpm: ppm,
  duplicatePpm: ppm,
  reorderPpm: ppm,
  damagePpm: ppm,
  corruptPpm: ppm,
  queueFrames: fc.integer({ min: 1, max: 40 }),
  cut: fc.constantFrom(false, false, false, true),
});

test('no frame is lost without a counted cause', () => {
  const property = fc.property(
    anySettings,
    fc.nat(80),
    fc.nat(4_000),
    fc.boolean(),
    (settings, count, every, severed) => {
      const { outlet, inlet } = send(settings, numbered(count), every);
      const underWay = inlet.framesUnderWay;
      if (severed) inlet.sever();
      const delivered = receiveAll(inlet).length;
      const causes = outlet.lost + outlet.cut + outlet.overflowed + outlet.oversized;
      expect(inlet.delivered).toBe(delivered);
      expect(outlet.sent).toBe(count);
      expect(outlet.sent + outlet.duplicated).toBe(causes + underWay);
      expect(underWay).toBe(delivered + inlet.damaged + inlet.cut);
    },
  );
  fc.assert(property, { seed: 1, numRuns: 300 });
});

test('frames of one direction keep their order unless reordering is on', () => {
  const property = fc.property(anySettings, fc.nat(80), fc.nat(4_000), (settings, count, every) => {
    const calm = { ...settings, reorderPpm: 0, corruptPpm: 0 };
    const order = receiveAll(send(calm, numbered(count), every).inlet).map(({ frame }) => frame[0]!);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });
  fc.assert(property, { seed: 2, numRuns: 300 });
  const shuffled = receiveAll(send({ reorderPpm: 500_000 }, numbered(40), 1_000).inlet).map(
    ({ frame }) => frame[0]!,
  );
  expect(shuffled).not.toEqual([...shuffled].sort((a, b) => a - b));
});

test('a direction that is saved and restored goes on as if nothing had been', () => {
  const settings = { jitterNs: 5_000, lossPpm: 200_000, duplicatePpm: 200_000, reorderPpm: 200_000 };
  const straight = send(settings, numbered(40), 1_000);
  const { outlet, inlet } = send(settings, numbered(20), 1_000);
  const otherOutlet = new Outlet({ ...DIRECTION_DEFAULT, ...settings }, new Random(99));
  const otherInlet = new Inlet();
  restoreState(otherOutlet, saveState(outlet));
  restoreState(otherInlet, saveState(inlet));
  numbered(40).forEach((frame, at) => {
    if (at >= 20) for (const arrival of otherOutlet.transmit(frame, at * 1_000)) otherInlet.push(arrival);
  });
  expect(saveState(otherOutlet)).toEqual(saveState(straight.outlet));
  expect(receiveAll(otherInlet)).toEqual(receiveAll(straight.inlet));
});
