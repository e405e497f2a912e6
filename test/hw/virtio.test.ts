/**
 * The virtio transport and its queues, from virtio 1.2 sections 2.7, 3.1 and 4.2, on the entropy device,
 * which has no rules of its own beyond them.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EmptySlot } from '../../hw/device/empty-slot.ts';
import { Entropy } from '../../hw/device/entropy.ts';
import { Random } from '../../hw/lab/random.ts';
import { ENTROPY_BYTE_NS, ENTROPY_REQUEST_NS } from '../../hw/manual/entropy.ts';
import { RAM_BASE } from '../../hw/manual/memory-map.ts';
import * as V from '../../hw/manual/virtio.ts';
import {
  type Action,
  Bench,
  expectSameAfterRestore,
  passing,
  read,
  reading,
  write,
  writing,
} from './bench.ts';
import { type Buffer, VirtioDriver } from './virtio-driver.ts';

const makeEntropy = (bench: Bench) =>
  new Entropy(bench.wiring, { name: 'entropy', random: new Random(1).stream('entropy') });

function started(features: readonly number[] = []) {
  const bench = new Bench();
  const entropy = makeEntropy(bench);
  const driver = new VirtioDriver(bench, entropy);
  driver.start(features);
  return { bench, entropy, driver };
}

describe('virtio transport', () => {
  it('introduces itself as Linux expects it', () => {
    const entropy = makeEntropy(new Bench());
    const registers = [
      V.VIRTIO_MAGIC,
      V.VIRTIO_VERSION,
      V.VIRTIO_DEVICE_ID,
      V.VIRTIO_VENDOR_ID,
      V.VIRTIO_STATUS,
    ];
    expect(registers.map(at => read(entropy, at))).toEqual([0x74726976, 2, 4, 0x73736f47, 0]);
    write(entropy, V.VIRTIO_DEVICE_FEATURES_SEL, 0);
    expect(read(entropy, V.VIRTIO_DEVICE_FEATURES)).toBe(0x3000_0000);
    write(entropy, V.VIRTIO_DEVICE_FEATURES_SEL, 1);
    expect(read(entropy, V.VIRTIO_DEVICE_FEATURES)).toBe(1);
    write(entropy, V.VIRTIO_DEVICE_FEATURES_SEL, 2);
    expect(read(entropy, V.VIRTIO_DEVICE_FEATURES)).toBe(0);
  });

  it('shows an empty slot by the device id 0', () => {
    const slot = new EmptySlot('slot 3');
    expect([0, 4, 8, 0x70, 0x100].map(at => slot.read(at, 4))).toEqual([0x74726976, 2, 0, 0, 0]);
    expect(slot.write()).toBe(true);
  });

  it('takes features only if they were offered, and not after FEATURES_OK', () => {
    const bench = new Bench();
    const entropy = makeEntropy(bench);
    const driver = new VirtioDriver(bench, entropy);
    driver.negotiate([0]);
    expect(driver.status & V.VIRTIO_STATUS_FEATURES_OK).toBe(0);
    write(entropy, V.VIRTIO_DRIVER_FEATURES_SEL, 1);
    write(entropy, V.VIRTIO_DRIVER_FEATURES, 3);
    write(entropy, V.VIRTIO_STATUS, 11);
    expect(driver.status).toBe(3);
    write(entropy, V.VIRTIO_DRIVER_FEATURES, 1);
    write(entropy, V.VIRTIO_DRIVER_FEATURES_SEL, 0);
    write(entropy, V.VIRTIO_DRIVER_FEATURES, 0);
    write(entropy, V.VIRTIO_STATUS, 11);
    write(entropy, V.VIRTIO_DRIVER_FEATURES, 0xffff_ffff);
    write(entropy, V.VIRTIO_STATUS, 15);
    expect(driver.status).toBe(15);
  });

  it('refuses to be started before features are agreed on', () => {
    const bench = new Bench();
    const entropy = makeEntropy(bench);
    write(entropy, V.VIRTIO_STATUS, 7);
    expect(read(entropy, V.VIRTIO_STATUS)).toBe(7 | V.VIRTIO_STATUS_NEEDS_RESET);
    write(entropy, V.VIRTIO_STATUS, 0);
    expect([read(entropy, V.VIRTIO_STATUS), bench.level]).toEqual([0, false]);
  });

  it('has the queues it has, of a size that is a power of two, fixed while ready', () => {
    const { entropy } = started();
    write(entropy, V.VIRTIO_QUEUE_SEL, 1);
    expect([read(entropy, V.VIRTIO_QUEUE_NUM_MAX), read(entropy, V.VIRTIO_QUEUE_READY)]).toEqual([0, 0]);
    write(entropy, V.VIRTIO_QUEUE_READY, 1);
    expect(read(entropy, V.VIRTIO_QUEUE_READY)).toBe(0);
    write(entropy, V.VIRTIO_QUEUE_SEL, 0);
    expect(read(entropy, V.VIRTIO_QUEUE_READY)).toBe(1);
    write(entropy, V.VIRTIO_QUEUE_READY, 0);
    expect(read(entropy, V.VIRTIO_QUEUE_READY)).toBe(0);
    expect(read(entropy, V.VIRTIO_STATUS)).toBe(15);
  });

  it('forgets everything on reset, in the middle of work too', () => {
    const { bench, entropy, driver } = started();
    driver.submit(0, [], [64]);
    driver.notify(0);
    const before = bench.memory.slice();
    write(entropy, V.VIRTIO_STATUS, 0);
    bench.settle(entropy);
    expect(bench.memory).toEqual(before);
    expect([bench.edges, read(entropy, V.VIRTIO_STATUS), read(entropy, V.VIRTIO_QUEUE_READY)]).toEqual([
      0, 0, 0,
    ]);
    driver.start();
    const request = driver.submit(0, [], [8]);
    driver.notify(0);
    bench.settle(entropy);
    expect(driver.used(0)).toEqual([{ head: request.head, written: 8 }]);
  });

  it('answers accesses of other sizes and to other places with zero', () => {
    const entropy = makeEntropy(new Bench());
    expect([entropy.read(0, 1), entropy.read(2, 2), entropy.read(0xf0, 4)]).toEqual([0, 0, 0]);
    expect(entropy.write(V.VIRTIO_STATUS, 1, 1)).toBe(true);
    expect(read(entropy, V.VIRTIO_STATUS)).toBe(0);
    expect(read(entropy, V.VIRTIO_SHM_LEN_LOW)).toBe(0xffff_ffff);
    expect([entropy.read(0x100, 1), entropy.read(0x100, 4)]).toEqual([0xff, 0xffff_ffff]);
  });
});

describe('virtqueue', () => {
  it('serves requests in ring order, each at its time, with the bytes of the seed', () => {
    const { bench, entropy, driver } = started();
    const first = driver.submit(0, [], [10, 6]);
    const second = driver.submit(0, [], [4]);
    driver.notify(0);
    const firstDone = ENTROPY_REQUEST_NS + 16 * ENTROPY_BYTE_NS;
    bench.runTo(entropy, firstDone - 1);
    expect(driver.used(0)).toEqual([]);
    bench.runTo(entropy, firstDone);
    expect(driver.used(0)).toEqual([{ head: first.head, written: 16 }]);
    bench.settle(entropy);
    expect(bench.time).toBe(firstDone + ENTROPY_REQUEST_NS + 4 * ENTROPY_BYTE_NS);
    expect(driver.used(0)).toEqual([{ head: second.head, written: 4 }]);
    const expected = new Uint8Array(16);
    new Random(1).stream('entropy').fill(expected);
    expect([...driver.written(first, 0), ...driver.written(first, 1)]).toEqual([...expected]);
  });

  it('interrupts until acknowledged, and not where the driver says so', () => {
    const { bench, entropy, driver } = started();
    driver.submit(0, [], [4]);
    driver.notify(0);
    bench.settle(entropy);
    expect(bench.level).toBe(true);
    expect([driver.acknowledge(), bench.level, driver.acknowledge()]).toEqual([
      V.VIRTIO_INTERRUPT_USED,
      false,
      0,
    ]);
    driver.setFlags(0, V.VIRTQ_AVAIL_NO_INTERRUPT);
    driver.submit(0, [], [4]);
    driver.notify(0);
    bench.settle(entropy);
    expect([driver.used(0).length, bench.level]).toEqual([2, false]);
  });

  it('with event indices interrupts for exactly the entry that was asked for', () => {
    const { bench, entropy, driver } = started([V.VIRTIO_F_EVENT_IDX]);
    driver.setUsedEvent(0, 2);
    for (let request = 0; request < 5; request += 1) driver.submit(0, [], [4]);
    driver.notify(0);
    const one = ENTROPY_REQUEST_NS + 4 * ENTROPY_BYTE_NS;
    bench.runTo(entropy, 3 * one - 1);
    expect(bench.level).toBe(false);
    bench.runTo(entropy, 3 * one);
    expect([bench.level, driver.acknowledge()]).toEqual([true, V.VIRTIO_INTERRUPT_USED]);
    bench.settle(entropy);
    expect(bench.level).toBe(false);
  });

  it('asks to be notified exactly when it has run out of requests, across the wrap of the index', () => {
    const { bench, entropy, driver } = started([V.VIRTIO_F_EVENT_IDX]);
    let wrong = 0;
    for (let index = 0; index < 65_540; index += 1) {
      if (driver.availableEvent(0) !== (index & 0xffff)) wrong += 1;
      driver.submit(0, [], [1]);
      driver.notify(0);
      if (driver.availableEvent(0) !== (index & 0xffff)) wrong += 1;
      bench.runTo(entropy, entropy.deadline);
    }
    expect([wrong, driver.failed, driver.used(0).length]).toEqual([0, false, 4]);
  });

  it('takes indirect tables, also after direct descriptors', () => {
    const { bench, entropy, driver } = started([V.VIRTIO_F_INDIRECT_DESC]);
    const request = driver.submitIndirect(0, [], [5, 5, 5]);
    driver.notify(0);
    bench.settle(entropy);
    expect(driver.used(0)).toEqual([{ head: request.head, written: 15 }]);
    const table = driver.place(new Uint8Array(16));
    driver.descriptor(table, driver.place(new Uint8Array(8)), 8, V.VIRTQ_DESC_WRITE, 0);
    driver.descriptor(driver.descriptorAt(0, 8), driver.place(new Uint8Array(8)), 8, 3, 9);
    driver.descriptor(driver.descriptorAt(0, 9), table, 16, V.VIRTQ_DESC_INDIRECT, 0);
    driver.offer(0, 8);
    driver.notify(0);
    bench.settle(entropy);
    expect(driver.used(0)).toEqual([{ head: 8, written: 16 }]);
  });

  it('serves what was offered before DRIVER_OK as soon as it comes', () => {
    const bench = new Bench();
    const entropy = makeEntropy(bench);
    const driver = new VirtioDriver(bench, entropy);
    driver.negotiate([]);
    driver.setUpQueue(0);
    driver.submit(0, [], [4]);
    driver.notify(0);
    bench.settle(entropy);
    expect(driver.used(0)).toEqual([]);
    write(entropy, V.VIRTIO_STATUS, driver.status | V.VIRTIO_STATUS_DRIVER_OK);
    bench.settle(entropy);
    expect(driver.used(0)).toHaveLength(1);
  });
});

/** One way to break the rules each: sets the scene, and the device must stop. */
const MISUSE: Readonly<Record<string, (driver: VirtioDriver) => void>> = {
  'a buffer outside RAM': driver => offerBuffers(driver, { address: 0x1000, size: 4, write: true }),
  'a buffer beyond the end of RAM': driver =>
    offerBuffers(driver, { address: RAM_BASE + 0xfffe, size: 4, write: true }),
  'a buffer at the end of 64 bits': driver =>
    offerBuffers(driver, { address: 2 ** 64 - 2048, size: 4, write: true }),
  'a buffer longer than RAM': driver =>
    offerBuffers(driver, { address: RAM_BASE, size: 0xffff_ffff, write: true }),
  'a buffer of no bytes': driver => offerBuffers(driver, { address: RAM_BASE, size: 0, write: true }),
  'a chain without anything to write': driver =>
    offerBuffers(driver, { address: RAM_BASE, size: 4, write: false }),
  'readable after writable': driver =>
    offerBuffers(
      driver,
      { address: RAM_BASE + 0x8000, size: 4, write: true },
      { address: RAM_BASE + 0x8000, size: 4, write: false },
    ),
  'a head that is no descriptor': driver => driver.offer(0, 16),
  'a link that is no descriptor': driver => offerDescriptor(driver, RAM_BASE + 0x8000, 4, 3, 16),
  'a loop': driver => offerDescriptor(driver, RAM_BASE + 0x8000, 4, 3, 0),
  'an index that runs ahead': driver => driver.view(RAM_BASE + 0x1000, 4).setUint16(2, 17, true),
  'an indirect table that was not agreed on': driver => offerDescriptor(driver, RAM_BASE + 0x8000, 16, 4, 0),
};

const INDIRECT_MISUSE: Readonly<Record<string, (driver: VirtioDriver) => void>> = {
  'an indirect table of no bytes': driver => offerDescriptor(driver, RAM_BASE + 0x8000, 0, 4, 0),
  'an indirect table of part of a descriptor': driver => offerDescriptor(driver, RAM_BASE + 0x8000, 24, 4, 0),
  'an indirect table outside RAM': driver => offerDescriptor(driver, RAM_BASE + 0xfff8, 16, 4, 0),
  'an indirect table that goes on': driver => offerDescriptor(driver, RAM_BASE + 0x8000, 16, 5, 1),
  'an indirect table within another': driver => {
    const table = driver.place(new Uint8Array(16));
    driver.descriptor(table, table, 16, V.VIRTQ_DESC_INDIRECT, 0);
    offerDescriptor(driver, table, 16, 4, 0);
  },
  'a loop in an indirect table': driver => {
    const table = driver.place(new Uint8Array(64));
    for (let index = 0; index < 4; index += 1) {
      driver.descriptor(table + 16 * index, RAM_BASE + 0x8000, 4, 3, (index + 1) % 4);
    }
    offerDescriptor(driver, table, 64, 4, 0);
  },
  'a chain longer than any queue': driver => {
    const table = driver.place(new Uint8Array(16 * 257));
    for (let index = 0; index < 257; index += 1) {
      driver.descriptor(table + 16 * index, RAM_BASE + 0x8000, 4, index < 256 ? 3 : 2, index + 1);
    }
    offerDescriptor(driver, table, 16 * 257, 4, 0);
  },
};

function offerBuffers(driver: VirtioDriver, ...buffers: Buffer[]): void {
  driver.offer(0, driver.writeChain(0, buffers));
}

function offerDescriptor(
  driver: VirtioDriver,
  address: number,
  size: number,
  flags: number,
  next: number,
): void {
  driver.descriptor(driver.descriptorAt(0, 0), address, size, flags, next);
  driver.offer(0, 0);
}

describe('virtio misuse', () => {
  const cases = [
    ...Object.entries(MISUSE).map(([name, arrange]) => ({ name, arrange, features: [] as number[] })),
    ...Object.entries(INDIRECT_MISUSE).map(([name, arrange]) => ({
      name,
      arrange,
      features: [V.VIRTIO_F_INDIRECT_DESC],
    })),
  ];
  it.each(cases)('$name stops the device, says so and touches nothing', ({ arrange, features }) => {
    const { bench, entropy, driver } = started(features);
    arrange(driver);
    const before = bench.memory.slice();
    driver.notify(0);
    bench.settle(entropy);
    expect([driver.failed, driver.acknowledge(), bench.memory]).toEqual([
      true,
      V.VIRTIO_INTERRUPT_CONFIG,
      before,
    ]);
    driver.notify(0);
    write(entropy, V.VIRTIO_STATUS, 15);
    bench.settle(entropy);
    expect([driver.failed, bench.level]).toEqual([true, false]);
    driver.start();
    driver.submit(0, [], [4]);
    driver.notify(0);
    bench.settle(entropy);
    expect(driver.used(0)).toHaveLength(1);
  });

  it('refuses rings that are outside RAM or misaligned', () => {
    for (const [register, address] of [
      [V.VIRTIO_QUEUE_DESC_LOW, RAM_BASE + 8],
      [V.VIRTIO_QUEUE_DRIVER_LOW, RAM_BASE + 0x1001],
      [V.VIRTIO_QUEUE_DEVICE_LOW, RAM_BASE + 0x1802],
      [V.VIRTIO_QUEUE_DESC_LOW, RAM_BASE + 0xff10],
      [V.VIRTIO_QUEUE_DEVICE_LOW, 0x1000],
      [V.VIRTIO_QUEUE_DRIVER_HIGH, 1],
    ] as const) {
      const { entropy, driver } = started();
      write(entropy, V.VIRTIO_STATUS, 0);
      driver.negotiate([]);
      driver.setUpQueue(0);
      write(entropy, V.VIRTIO_QUEUE_READY, 0);
      expect(driver.failed).toBe(false);
      write(entropy, register, address);
      write(entropy, V.VIRTIO_QUEUE_READY, 1);
      expect([driver.failed, read(entropy, V.VIRTIO_QUEUE_READY)]).toEqual([true, 0]);
    }
  });

  it('behaves the same after its state was saved and restored, whatever the guest does', () => {
    const register = fc.constantFrom(0x70, 0x50, 0x44, 0x64, 0x20, 0x30, 0x60, 0xfc);
    const restart: Action = (device, bench) => new VirtioDriver(bench, device).start([V.VIRTIO_F_EVENT_IDX]);
    const action: fc.Arbitrary<Action> = fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: 1, max: 40 }).map(offerAndNotify) },
      { weight: 3, arbitrary: fc.nat(5_000).map(passing) },
      { weight: 1, arbitrary: fc.tuple(register, fc.nat(15)).map(writing(4)) },
      { weight: 1, arbitrary: register.map(reading(4)) },
      { weight: 1, arbitrary: fc.constant(restart) },
    );
    expectSameAfterRestore(makeEntropy, action, { seed: 5, runs: 150, first: restart });
  });
});

/** Puts one more request into the ring as it stands in RAM. */
function offerAndNotify(size: number): Action {
  return (device, bench) => {
    const ring = new DataView(bench.memory.buffer, 0x1000, 64);
    const index = ring.getUint16(2, true);
    new VirtioDriver(bench, device).descriptor(RAM_BASE + 16 * (index % 16), RAM_BASE + 0x8000, size, 2, 0);
    ring.setUint16(4 + 2 * (index % 16), index % 16, true);
    ring.setUint16(2, index + 1, true);
    return device.write(V.VIRTIO_QUEUE_NOTIFY, 4, 0);
  };
}
