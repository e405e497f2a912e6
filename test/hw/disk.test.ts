/**
 * The disk, from virtio 1.2 section 5.2 and its data sheet: requests, refusals, times, durability, faults.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Disk } from '../../hw/device/disk.ts';
import { Medium, type MediumOptions } from '../../hw/lab/medium.ts';
import { Random } from '../../hw/lab/random.ts';
import * as D from '../../hw/manual/disk.ts';
import * as V from '../../hw/manual/virtio.ts';
import type { StatePort } from '../../hw/state.ts';
import { type Action, Bench, expectSameAfterRestore, passing, read, write } from './bench.ts';
import { type Request, VirtioDriver } from './virtio-driver.ts';

const SECTORS = 1000;
const ALL = [D.DISK_F_FLUSH, D.DISK_F_CONFIG_WCE, D.DISK_F_DISCARD, D.DISK_F_WRITE_ZEROES];

function makeMedium(options: Partial<MediumOptions> = {}): Medium {
  return new Medium({ random: new Random(1), size: SECTORS * D.DISK_SECTOR_SIZE, ...options });
}

function makeDisk(features: readonly number[] = ALL, options: Partial<MediumOptions> = {}) {
  const bench = new Bench();
  const medium = makeMedium(options);
  const disk = new Disk(bench.wiring, { name: 'disk0', medium, serial: 'GOSSAMER-0' });
  const driver = new VirtioDriver(bench, disk);
  driver.start(features);
  return { bench, medium, disk, driver };
}

type Rig = ReturnType<typeof makeDisk>;

function header(type: number, sector = 0): Uint8Array {
  const bytes = new Uint8Array(D.DISK_HEADER_SIZE);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(8, sector % 2 ** 32, true);
  view.setUint32(12, Math.floor(sector / 2 ** 32), true);
  return bytes;
}

function range(sector: number, count: number, flags = 0): Uint8Array {
  const bytes = header(sector, 0);
  const view = new DataView(bytes.buffer);
  view.setUint32(8, count, true);
  view.setUint32(12, flags, true);
  return bytes;
}

const sectorsOf = (byte: number, count = 1) => new Uint8Array(count * D.DISK_SECTOR_SIZE).fill(byte);

/** Serves one request alone: its status, how long it took, and its data. */
function serve(rig: Rig, readable: Uint8Array[], writable: number[]) {
  const { bench, disk, driver } = rig;
  const start = bench.time;
  const request = driver.submit(0, readable, writable);
  driver.notify(0);
  bench.settle(disk);
  expect(driver.used(0)).toEqual([
    { head: request.head, written: writable.reduce((sum, size) => sum + size, 0) },
  ]);
  const status = driver.written(request, writable.length - 1).at(-1)!;
  return { status, ns: bench.time - start, data: driver.written(request, 0) };
}

const readSectors = (rig: Rig, sector: number, count = 1) =>
  serve(rig, [header(D.DISK_IN, sector)], [count * D.DISK_SECTOR_SIZE, 1]);
const writeSectors = (rig: Rig, sector: number, bytes: Uint8Array) =>
  serve(rig, [header(D.DISK_OUT, sector), bytes], [1]);
const flush = (rig: Rig) => serve(rig, [header(D.DISK_FLUSH)], [1]);

describe('disk', () => {
  it('offers and describes what it can', () => {
    const { disk } = makeDisk();
    write(disk, V.VIRTIO_DEVICE_FEATURES_SEL, 0);
    const bits = [1, 2, 6, 9, 11, 13, 14, 28, 29];
    expect(read(disk, V.VIRTIO_DEVICE_FEATURES)).toBe(bits.reduce((sum, bit) => sum + 2 ** bit, 0));
    const config = (at: number) => read(disk, V.VIRTIO_CONFIG + at);
    expect([config(0), config(4), config(8), config(12), config(20)]).toEqual([1000, 0, 65536, 254, 512]);
    expect([disk.read(0x120, 1), disk.read(0x122, 2), config(36), config(40), config(44)]).toEqual([
      1, 1, 16384, 1, 1,
    ]);
    expect([config(48), config(52), disk.read(0x138, 1)]).toEqual([16384, 1, 1]);
  });

  it('reads what was written, in whatever parts the driver cuts its buffers', () => {
    const rig = makeDisk();
    const bytes = Uint8Array.from({ length: 1024 }, (_, at) => at * 7);
    const whole = [...header(D.DISK_OUT, 10), ...bytes];
    const cuts = [whole.slice(0, 3), whole.slice(3, 700), whole.slice(700)].map(part =>
      Uint8Array.from(part),
    );
    expect(serve(rig, cuts, [1]).status).toBe(D.DISK_STATUS_OK);
    const request = rig.driver.submit(0, [header(D.DISK_IN, 10)], [1, 1022, 2]);
    rig.driver.notify(0);
    rig.bench.settle(rig.disk);
    const back = [0, 1, 2].flatMap(part => [...rig.driver.written(request, part)]);
    expect(back).toEqual([...bytes, D.DISK_STATUS_OK]);
  });

  it('tells its serial', () => {
    const { status, data } = serve(makeDisk(), [header(D.DISK_GET_ID)], [20, 1]);
    expect([status, new TextDecoder().decode(data)]).toEqual([
      D.DISK_STATUS_OK,
      'GOSSAMER-0'.padEnd(20, '\0'),
    ]);
    const medium = makeMedium();
    const serial = 'X'.repeat(21);
    expect(() => new Disk(new Bench().wiring, { name: 'd', medium, serial })).toThrow('longer than 20 bytes');
  });

  it('works for a driver that accepts features as xv6 does: the low word, without VERSION_1', () => {
    const rig = makeDisk();
    write(rig.disk, V.VIRTIO_STATUS, 0);
    write(rig.disk, V.VIRTIO_STATUS, 3);
    write(rig.disk, V.VIRTIO_DRIVER_FEATURES_SEL, 0);
    write(rig.disk, V.VIRTIO_DRIVER_FEATURES, 1 << D.DISK_F_FLUSH);
    write(rig.disk, V.VIRTIO_STATUS, 11);
    rig.driver.setUpQueue(0);
    write(rig.disk, V.VIRTIO_STATUS, 15);
    expect(writeSectors(rig, 3, sectorsOf(4)).status).toBe(D.DISK_STATUS_OK);
    expect(readSectors(rig, 3).data[0]).toBe(4);
  });

  it('discards and zeroes whole ranges', () => {
    const rig = makeDisk();
    writeSectors(rig, 0, sectorsOf(5, 4));
    expect(serve(rig, [header(D.DISK_DISCARD), range(1, 1)], [1]).status).toBe(D.DISK_STATUS_OK);
    expect(serve(rig, [header(D.DISK_WRITE_ZEROES), range(3, 1, D.DISK_RANGE_UNMAP)], [1]).status).toBe(0);
    const { data } = readSectors(rig, 0, 4);
    expect([0, 512, 1024, 1536].map(at => data[at])).toEqual([5, 0, 5, 0]);
  });

  it('refuses what is out of range, ragged, unknown or ill-flagged, and changes nothing', () => {
    const rig = makeDisk();
    const hash = () => readSectors(rig, 990, 10).data.reduce((sum, byte) => sum + byte, 0);
    const status = (...parts: [Uint8Array[], number[]]) => serve(rig, ...parts).status;
    const { DISK_IN, DISK_OUT, DISK_DISCARD, DISK_WRITE_ZEROES, DISK_GET_ID } = D;
    expect(status([header(DISK_IN, SECTORS)], [512, 1])).toBe(D.DISK_STATUS_IOERR);
    expect(status([header(DISK_IN, 999)], [1024, 1])).toBe(D.DISK_STATUS_IOERR);
    expect(status([header(DISK_IN, 2 ** 33)], [512, 1])).toBe(D.DISK_STATUS_IOERR);
    expect(status([header(DISK_IN)], [511, 1])).toBe(D.DISK_STATUS_IOERR);
    expect(status([header(DISK_OUT, 999), sectorsOf(1, 2)], [1])).toBe(D.DISK_STATUS_IOERR);
    expect(status([header(DISK_OUT, 0), new Uint8Array(100)], [1])).toBe(D.DISK_STATUS_IOERR);
    expect(status([header(DISK_GET_ID)], [19, 1])).toBe(D.DISK_STATUS_IOERR);
    expect(status([header(DISK_DISCARD), range(999, 2)], [1])).toBe(D.DISK_STATUS_IOERR);
    expect(status([header(DISK_DISCARD), range(0, D.DISK_ZERO_SECTORS_MAX + 1)], [1])).toBe(
      D.DISK_STATUS_IOERR,
    );
    expect(status([header(DISK_DISCARD), new Uint8Array(8)], [1])).toBe(D.DISK_STATUS_IOERR);
    expect(status([header(DISK_DISCARD), range(0, 1, 1)], [1])).toBe(D.DISK_STATUS_UNSUPP);
    expect(status([header(DISK_WRITE_ZEROES), range(0, 1, 2)], [1])).toBe(D.DISK_STATUS_UNSUPP);
    expect(status([header(77)], [1])).toBe(D.DISK_STATUS_UNSUPP);
    expect(hash()).toBe(0);
  });

  it('that is read-only says so and refuses writes', () => {
    const rig = makeDisk([D.DISK_F_RO], { readOnly: true });
    write(rig.disk, V.VIRTIO_DEVICE_FEATURES_SEL, 0);
    const offered = read(rig.disk, V.VIRTIO_DEVICE_FEATURES);
    expect([(offered >>> D.DISK_F_RO) & 1, (offered >>> D.DISK_F_DISCARD) & 1]).toEqual([1, 0]);
    expect(writeSectors(rig, 0, sectorsOf(1)).status).toBe(D.DISK_STATUS_IOERR);
    expect(serve(rig, [header(D.DISK_DISCARD), range(0, 1)], [1]).status).toBe(D.DISK_STATUS_UNSUPP);
    expect(readSectors(rig, 0).data[0]).toBe(0);
  });

  it.each([
    ['no header', [new Uint8Array(15)], [1]],
    ['no place for a status', [header(D.DISK_FLUSH)], []],
  ] as [string, Uint8Array[], number[]][])('stops at a request with %s', (_, readable, writable) => {
    const { bench, disk, driver } = makeDisk();
    driver.submit(0, readable, writable);
    driver.notify(0);
    bench.settle(disk);
    expect([driver.failed, driver.used(0)]).toEqual([true, []]);
  });
});

describe('disk timing', () => {
  it('is what the data sheet says, request by request', () => {
    const rig = makeDisk();
    const command = D.DISK_COMMAND_NS;
    const sector = D.DISK_SECTOR_SIZE * D.DISK_BYTE_NS;
    expect(readSectors(rig, 0, 2).ns).toBe(command + 2 * sector);
    expect(readSectors(rig, 2, 1).ns).toBe(command + sector);
    expect(readSectors(rig, 503, 1).ns).toBe(command + sector + D.DISK_SEEK_NS + D.DISK_SEEK_FULL_NS / 2);
    expect(writeSectors(rig, 100, sectorsOf(1, 3)).ns).toBe(command + 3 * sector);
    expect(readSectors(rig, 100, 3).ns).toBe(command + 3 * sector);
    expect(flush(rig).ns).toBe(command + D.DISK_FLUSH_NS + 3 * D.DISK_DESTAGE_SECTOR_NS);
    expect(flush(rig).ns).toBe(command + D.DISK_FLUSH_NS);
    const discard = serve(rig, [header(D.DISK_DISCARD), range(0, 40)], [1]);
    expect(discard.ns).toBe(command + 40 * D.DISK_ZERO_SECTOR_NS);
    expect(readSectors(rig, SECTORS, 1).ns).toBe(command);
    rig.disk.setSlowness(10);
    expect(readSectors(rig, 504, 1).ns).toBe(10 * (command + sector));
  });

  it('charges a write for what it drives out of the cache', () => {
    const size = (D.DISK_CACHE_SECTORS + 8) * D.DISK_SECTOR_SIZE;
    const rig = makeDisk(ALL, { size });
    serve(rig, [header(D.DISK_WRITE_ZEROES), range(0, D.DISK_CACHE_SECTORS - 1)], [1]);
    const sector = D.DISK_SECTOR_SIZE * D.DISK_BYTE_NS;
    expect(writeSectors(rig, 0, sectorsOf(1, 4)).ns).toBe(
      D.DISK_COMMAND_NS + 4 * sector + 3 * D.DISK_DESTAGE_SECTOR_NS,
    );
  });

  it('completes requests one after the other in ring order, with an interrupt each', () => {
    const { bench, disk, driver } = makeDisk();
    const heads = [900, 0, 500].map(sector => driver.submit(0, [header(D.DISK_IN, sector)], [512, 1]).head);
    driver.notify(0);
    const order: number[] = [];
    while (disk.deadline !== Infinity) {
      bench.runTo(disk, disk.deadline);
      order.push(...driver.used(0).map(back => back.head));
      expect([bench.level, driver.acknowledge()]).toEqual([true, V.VIRTIO_INTERRUPT_USED]);
    }
    expect(order).toEqual(heads);
  });
});

describe('disk durability', () => {
  const survivors = (features: readonly number[], act: (rig: Rig) => void): Set<number> => {
    const seen = new Set<number>();
    for (let seed = 0; seed < 40; seed += 1) {
      const rig = makeDisk(features, { random: new Random(seed) });
      act(rig);
      rig.disk.losePower();
      seen.add(rig.medium.read(5, 1)![0]!);
    }
    return seen;
  };

  it('is certain after a flush and chance before', () => {
    expect(survivors(ALL, rig => writeSectors(rig, 5, sectorsOf(1)))).toEqual(new Set([0, 1]));
    const flushed = (rig: Rig) => [writeSectors(rig, 5, sectorsOf(1)), flush(rig)];
    expect(survivors(ALL, flushed)).toEqual(new Set([1]));
  });

  it('is certain at once for a driver that cannot flush, or that turned write-back off', () => {
    expect(survivors([], rig => writeSectors(rig, 5, sectorsOf(1)))).toEqual(new Set([1]));
    const through = (rig: Rig) => {
      write(rig.disk, V.VIRTIO_CONFIG + D.DISK_CONFIG_WRITEBACK, 0, 1);
      expect(read(rig.disk, V.VIRTIO_CONFIG + D.DISK_CONFIG_WRITEBACK, 1)).toBe(0);
      expect(writeSectors(rig, 5, sectorsOf(1)).ns).toBeGreaterThan(D.DISK_FLUSH_NS);
    };
    expect(survivors(ALL, through)).toEqual(new Set([1]));
  });

  it('leaves of a write under way any part of what had been transferred, and nothing else', () => {
    const kept = new Set<string>();
    for (let seed = 0; seed < 60; seed += 1) {
      const { bench, disk, driver, medium } = makeDisk(ALL, { random: new Random(seed) });
      driver.submit(0, [header(D.DISK_OUT, 0), sectorsOf(7, 4)], [1]);
      driver.notify(0);
      bench.runTo(disk, D.DISK_COMMAND_NS + 2 * D.DISK_SECTOR_SIZE * D.DISK_BYTE_NS + 1);
      disk.losePower();
      kept.add([0, 1, 2, 3].map(sector => medium.read(sector, 1)![0]).join(''));
      expect([disk.deadline, driver.used(0)]).toEqual([Infinity, []]);
    }
    expect([...kept].sort()).toEqual(['0000', '0700', '7000', '7700']);
  });

  it('outlives a reset of the computer, cache and all', () => {
    const rig = makeDisk();
    writeSectors(rig, 5, sectorsOf(9));
    rig.disk.reset();
    rig.driver.start(ALL);
    expect(readSectors(rig, 5).data[0]).toBe(9);
  });
});

describe('disk faults', () => {
  it('show the guest an error for a latent sector, until it is written', () => {
    const rig = makeDisk();
    rig.medium.fault({ kind: 'latent', sector: 8, count: 1 });
    expect(readSectors(rig, 7, 2).status).toBe(D.DISK_STATUS_IOERR);
    writeSectors(rig, 8, sectorsOf(1));
    flush(rig);
    expect(readSectors(rig, 7, 2).status).toBe(D.DISK_STATUS_OK);
  });

  it('hang the disk at any moment, and let it go on where it stood', () => {
    const { bench, disk, driver } = makeDisk();
    const request: Request = driver.submit(0, [header(D.DISK_IN, 0)], [512, 1]);
    driver.notify(0);
    const due = disk.deadline;
    bench.runTo(disk, 1_000);
    disk.hang();
    expect(disk.deadline).toBe(Infinity);
    driver.submit(0, [header(D.DISK_FLUSH)], [1]);
    driver.notify(0);
    bench.runTo(disk, 1_000_000);
    expect(driver.used(0)).toEqual([]);
    disk.resume();
    expect(disk.deadline).toBe(due + 999_000);
    bench.settle(disk);
    expect(driver.used(0).map(back => back.head)).toEqual([request.head, expect.any(Number)]);
  });
});

/** A disk whose state travels with its medium's. */
class DiskAndMedium extends Disk {
  override state(port: StatePort): void {
    this.medium.state(port);
    super.state(port);
  }
}

describe('disk state', () => {
  it('behaves the same after it was saved and restored', () => {
    const type = fc.constantFrom(D.DISK_IN, D.DISK_OUT, D.DISK_FLUSH, D.DISK_GET_ID, D.DISK_WRITE_ZEROES, 99);
    const request = fc.tuple(type, fc.nat(SECTORS), fc.integer({ min: 1, max: 3 }));
    const action: fc.Arbitrary<Action> = fc.oneof(
      request.map(requesting),
      fc.nat(100_000).map(passing),
      fc.constantFrom('hang' as const, 'resume' as const).map(hanging),
    );
    const make = (bench: Bench) =>
      new DiskAndMedium(bench.wiring, { name: 'd', medium: makeMedium(), serial: 's' });
    const first: Action = (device, bench) => new VirtioDriver(bench, device).start(ALL);
    expectSameAfterRestore(make, action, { seed: 6, runs: 100, first });
  });
});

const hanging =
  (fault: 'hang' | 'resume'): Action =>
  device =>
    (device as Disk)[fault]();

/** One more request in the rings as they stand in RAM. */
function requesting([type, sector, count]: [type: number, sector: number, count: number]): Action {
  return (device, bench) => {
    const driver = new VirtioDriver(bench, device);
    driver.resume(0);
    if (type === D.DISK_IN) driver.submit(0, [header(type, sector)], [count * 512, 1]);
    else if (type === D.DISK_OUT) driver.submit(0, [header(type, sector), sectorsOf(sector, count)], [1]);
    else driver.submit(0, [header(type), range(sector, count)], [1]);
    driver.notify(0);
    return driver.status;
  };
}
