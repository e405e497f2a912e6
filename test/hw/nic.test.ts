/**
 * The NIC, from virtio 1.2 section 5.1 and its data sheet: frames both ways, times, carrier, what is
 * dropped and counted.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Nic } from '../../hw/device/nic.ts';
import type { Plug } from '../../hw/lab/station.ts';
import * as N from '../../hw/manual/nic.ts';
import * as V from '../../hw/manual/virtio.ts';
import { type Action, Bench, expectSameAfterRestore, passing, read, write } from './bench.ts';
import { VirtioDriver } from './virtio-driver.ts';

const MAC = Uint8Array.of(0x52, 0x54, 0, 1, 2, 3);
const HEADER = new Uint8Array(N.NIC_HEADER_SIZE);
const BASIC = [N.NIC_F_MAC, N.NIC_F_STATUS, N.NIC_F_MTU];

/** A wire that takes each frame `frameNs` after the one before. */
class TestWire implements Plug {
  carrier = true;
  freeAt = 0;
  readonly frames: { frame: Uint8Array; at: number }[] = [];
  private readonly frameNs: number;

  constructor(frameNs: number) {
    this.frameNs = frameNs;
  }

  transmit(frame: Uint8Array, at: number): void {
    this.frames.push({ frame, at });
    this.freeAt = Math.max(at, this.freeAt) + this.frameNs;
  }
}

function makeNic(features: readonly number[] = BASIC, frameNs = 0) {
  const bench = new Bench();
  let handed = 0;
  const nic = new Nic(bench.wiring, { name: 'nic0', mac: MAC, sent: () => void (handed += 1) });
  const wire = new TestWire(frameNs);
  nic.attach(wire);
  const driver = new VirtioDriver(bench, nic);
  driver.start(features, 2);
  return { bench, nic, wire, driver, handed: () => handed };
}

const frameOf = (size: number, byte = 0xaa) => new Uint8Array(size).fill(byte);
const moving = (size: number) => N.NIC_FRAME_NS + size * N.NIC_BYTE_NS;

describe('nic configuration', () => {
  it('tells its address, MTU and link, and offers no offload', () => {
    const { nic } = makeNic();
    write(nic, V.VIRTIO_DEVICE_FEATURES_SEL, 0);
    const bits = [3, 5, 15, 16, 28, 29];
    expect(read(nic, V.VIRTIO_DEVICE_FEATURES)).toBe(bits.reduce((sum, bit) => sum + 2 ** bit, 0));
    expect([0, 1, 2, 3, 4, 5].map(at => nic.read(V.VIRTIO_CONFIG + at, 1))).toEqual([...MAC]);
    expect([0x106, 0x108, 0x10a].map(at => nic.read(at, 2))).toEqual([1, 1, 1500]);
    nic.write(V.VIRTIO_CONFIG, 1, 0xff);
    expect(nic.read(V.VIRTIO_CONFIG, 1)).toBe(0x52);
  });

  it('cannot be driven without VERSION_1, on which the header’s form depends', () => {
    const bench = new Bench();
    const nic = new Nic(bench.wiring, { name: 'nic0', mac: MAC, sent: () => {} });
    write(nic, V.VIRTIO_STATUS, 11);
    expect(read(nic, V.VIRTIO_STATUS)).toBe(3);
  });

  it('tells the driver when the carrier comes and goes', () => {
    const { bench, nic, driver } = makeNic();
    const generation = read(nic, V.VIRTIO_CONFIG_GENERATION);
    nic.setCarrier(true);
    expect(bench.level).toBe(false);
    nic.setCarrier(false);
    expect([driver.acknowledge(), nic.read(0x106, 2)]).toEqual([V.VIRTIO_INTERRUPT_CONFIG, 0]);
    expect(read(nic, V.VIRTIO_CONFIG_GENERATION)).toBe(generation + 1);
    nic.setCarrier(true);
    expect([bench.level, nic.read(0x106, 2)]).toEqual([true, 1]);
  });
});

describe('nic transmission', () => {
  it('hands a frame to the wire when it has been moved, tells the board, and interrupts later', () => {
    const { bench, nic, wire, driver, handed } = makeNic();
    const request = driver.submit(1, [HEADER, frameOf(14, 1), frameOf(86, 2)], []);
    driver.notify(1);
    bench.runTo(nic, moving(100));
    expect(wire.frames).toEqual([
      { at: moving(100), frame: Uint8Array.from([...frameOf(14, 1), ...frameOf(86, 2)]) },
    ]);
    expect([handed(), bench.level, driver.used(1)]).toEqual([1, false, [{ head: request.head, written: 0 }]]);
    bench.runTo(nic, moving(100) + N.NIC_INTERRUPT_NS);
    expect([driver.acknowledge(), nic.counters.sent]).toEqual([V.VIRTIO_INTERRUPT_USED, 1]);
  });

  it('keeps a slow wire busy without a gap and is never more than a frame ahead of it', () => {
    const frameNs = 5_000;
    const { bench, nic, wire, driver } = makeNic(BASIC, frameNs);
    for (let frame = 0; frame < 6; frame += 1) driver.submit(1, [HEADER, frameOf(100, frame)], []);
    driver.notify(1);
    bench.settle(nic);
    const first = moving(100);
    wire.frames.forEach(({ at, frame }, index) => {
      expect(frame[0]).toBe(index);
      if (index > 0) expect(at).toBe(first + (index - 1) * frameNs + (index > 0 ? moving(100) : 0));
    });
    expect(wire.freeAt).toBe(first + 6 * frameNs);
  });

  it('pads short frames, and drops what is too long, empty, or has no wire to go to', () => {
    const { bench, nic, wire, driver } = makeNic();
    const send = (size: number) => {
      driver.submit(1, size === 0 ? [HEADER] : [HEADER, frameOf(size)], []);
      driver.notify(1);
      bench.settle(nic);
    };
    send(20);
    expect(wire.frames[0]!.frame).toEqual(Uint8Array.from([...frameOf(20), ...new Uint8Array(40)]));
    send(1519);
    send(0);
    nic.setCarrier(false);
    send(60);
    expect([wire.frames.length, nic.counters.sendDropped, driver.used(1).length]).toEqual([1, 3, 4]);
    nic.setCarrier(true);
    send(1518);
    expect([wire.frames.length, nic.counters.sendDropped]).toEqual([2, 3]);
  });

  it('stops at a chain without a header', () => {
    const { bench, nic, driver } = makeNic();
    driver.submit(1, [new Uint8Array(11)], []);
    driver.notify(1);
    bench.settle(nic);
    expect([driver.failed, driver.acknowledge()]).toEqual([true, V.VIRTIO_INTERRUPT_CONFIG]);
  });
});

describe('nic reception', () => {
  it('stores a frame behind its header when it has arrived and been moved', () => {
    const { bench, nic, driver } = makeNic();
    const request = driver.submit(0, [], [2048]);
    nic.receive(frameOf(100, 7), 10_000);
    bench.runTo(nic, 10_000 + moving(100) - 1);
    expect(driver.used(0)).toEqual([]);
    bench.runTo(nic, 10_000 + moving(100));
    expect(driver.used(0)).toEqual([{ head: request.head, written: 112 }]);
    const header = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0];
    expect([...driver.written(request, 0).slice(0, 112)]).toEqual([...header, ...frameOf(100, 7)]);
    expect(bench.level).toBe(false);
    bench.runTo(nic, 10_000 + moving(100) + N.NIC_INTERRUPT_NS);
    expect([bench.level, nic.counters.received]).toEqual([true, 1]);
  });

  it('shares an interrupt among frames that come close together', () => {
    const { bench, nic, driver } = makeNic();
    for (let index = 0; index < 4; index += 1) driver.submit(0, [], [128]);
    nic.receive(frameOf(60), 1_000);
    nic.receive(frameOf(60), 1_050);
    nic.receive(frameOf(60), 9_000);
    bench.runTo(nic, 8_000);
    expect([bench.edges, driver.used(0).length, driver.acknowledge()]).toEqual([1, 2, 1]);
    bench.settle(nic);
    expect([bench.edges, driver.used(0).length]).toEqual([2, 1]);
  });

  it('spreads a frame over merged buffers and counts them in the header', () => {
    const { bench, nic, driver } = makeNic([...BASIC, N.NIC_F_MRG_RXBUF]);
    const requests = [40, 40, 40].map(size => driver.submit(0, [], [size]));
    const frame = Uint8Array.from({ length: 100 }, (_, at) => at);
    nic.receive(frame, 0);
    bench.settle(nic);
    expect(driver.used(0).map(back => back.written)).toEqual([40, 40, 32]);
    const bytes = requests.flatMap(request => [...driver.written(request, 0)]);
    expect(bytes.slice(0, 112)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, ...frame]);
  });

  it('waits for buffers, also for enough of them, and is woken by their coming', () => {
    const { bench, nic, driver } = makeNic([...BASIC, N.NIC_F_MRG_RXBUF, V.VIRTIO_F_EVENT_IDX]);
    driver.submit(0, [], [40]);
    nic.receive(frameOf(100), 0);
    bench.runTo(nic, 5_000);
    expect([driver.used(0), driver.availableEvent(0)]).toEqual([[], 1]);
    driver.submit(0, [], [100]);
    driver.notify(0);
    bench.settle(nic);
    expect(driver.used(0).map(back => back.written)).toEqual([40, 72]);
  });

  it('drops what its memory cannot hold, what no buffer can, what is too long, and what nobody hears', () => {
    const { bench, nic, driver } = makeNic();
    const count = Math.floor(N.NIC_FIFO_SIZE / 1000);
    for (let index = 0; index < count + 5; index += 1) nic.receive(frameOf(1000), index);
    nic.receive(frameOf(1519), 999);
    bench.runTo(nic, 1_000);
    expect([nic.counters.overflowed, nic.counters.oversized]).toEqual([5, 1]);
    driver.submit(0, [], [1011]);
    driver.notify(0);
    bench.settle(nic);
    expect([nic.counters.oversized, driver.used(0), driver.failed]).toEqual([1 + count, [], false]);
    write(nic, V.VIRTIO_STATUS, 0);
    nic.receive(frameOf(60), bench.time + 5);
    bench.settle(nic);
    expect(nic.counters.unheard).toBe(1);
  });

  it('stops at a buffer that cannot hold a header', () => {
    const { bench, nic, driver } = makeNic();
    driver.submit(0, [], [11]);
    nic.receive(frameOf(60), 0);
    bench.settle(nic);
    expect([driver.failed, driver.acknowledge(), driver.used(0)]).toEqual([
      true,
      V.VIRTIO_INTERRUPT_CONFIG,
      [],
    ]);
  });

  it('keeps a reset computer’s old frames from its new driver', () => {
    const { bench, nic, driver } = makeNic();
    nic.receive(frameOf(60, 1), 0);
    bench.runTo(nic, 100);
    nic.reset();
    driver.start(BASIC, 2);
    const request = driver.submit(0, [], [128]);
    nic.receive(frameOf(60, 2), 200);
    bench.settle(nic);
    expect(driver.used(0)).toHaveLength(1);
    expect(driver.written(request, 0)[N.NIC_HEADER_SIZE]).toBe(2);
  });
});

describe('nic state', () => {
  it('behaves the same after it was saved and restored', () => {
    const action: fc.Arbitrary<Action> = fc.oneof(
      fc.integer({ min: 12, max: 200 }).map(size => exchange(0, [], [size])),
      fc.integer({ min: 1, max: 200 }).map(size => exchange(1, [HEADER, frameOf(size)], [])),
      fc.tuple(fc.nat(1_530), fc.nat(3_000)).map(arriving),
      fc.boolean().map(lighting),
      fc.nat(3_000).map(passing),
    );
    const make = (bench: Bench) => {
      const nic = new Nic(bench.wiring, { name: 'nic', mac: MAC, sent: () => {} });
      const log = (frame: Uint8Array, at: number) =>
        void (bench.memory[0xf000 + (at % 0xfff)] = frame.length);
      nic.attach({ carrier: true, freeAt: 0, transmit: log });
      return nic;
    };
    const first: Action = (device, bench) => new VirtioDriver(bench, device).start([N.NIC_F_MRG_RXBUF], 2);
    expectSameAfterRestore(make, action, { seed: 8, runs: 100, first });
  });
});

const arriving =
  ([size, delayNs]: [size: number, delayNs: number]): Action =>
  (device, bench) =>
    (device as Nic).receive(frameOf(size), bench.time + delayNs);

const lighting =
  (level: boolean): Action =>
  device =>
    (device as Nic).setCarrier(level);

/** Offers a request in the rings as they stand in RAM. */
function exchange(queue: number, readable: Uint8Array[], writable: number[]): Action {
  return (device, bench) => {
    const driver = new VirtioDriver(bench, device);
    driver.resume(queue);
    driver.submit(queue, readable, writable);
    driver.notify(queue);
    return driver.status;
  };
}
