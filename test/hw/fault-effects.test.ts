/**
 * What each fault does to a guest, carried out from a journal: to its disk, its interrupts, its frames and
 * at its exact cycle. Faults of memory, registers and clocks are told in cluster-boards.test.ts.
 */
import { describe, expect, it, test } from 'vitest';
import { Cluster } from '../../hw/cluster.ts';
import { parseJournal } from '../../hw/lab/journal.ts';
import { Medium } from '../../hw/lab/medium.ts';
import { Random } from '../../hw/lab/random.ts';
import { parseTopology } from '../../hw/lab/topology.ts';
import { RAM_BASE } from '../../hw/manual/memory-map.ts';
import { board, clusterOptions, switchOn } from './cluster-rig.ts';
import { DISK_WRITER } from './disk-writer.ts';
import { build, frame, scripted } from './scripted-cluster.ts';
import { QUIET } from './scripted-station.ts';

const MILLISECOND = 1_000_000;
const SECTOR = 512;
/** Far from the firmware, so that a reset leaves it alone. */
const SCRATCH = RAM_BASE + 0x10_0000;

async function running(source: string, journal: string): Promise<Cluster> {
  const drives = () => [{ medium: new Medium({ random: new Random(5), size: 65_536 }), serial: 'disk' }];
  const cluster = new Cluster(
    await clusterOptions(parseTopology('line:2', new Random(1)), source, { drives }),
  );
  switchOn(cluster);
  for (const entry of parseJournal(journal, cluster.topology)) cluster.plan(entry);
  return cluster;
}

/** Between the guest's first write, which is done before it, and its second, begun at 1 ms. */
const STRUCK_NS = MILLISECOND / 2;

function diskFault(kind: string, more = ''): string {
  return `{"at":${STRUCK_NS},"do":"${kind}","node":0,"disk":0${more}}\n`;
}

interface Written {
  /** How many of the three requests are done. */
  readonly done: number;
  /** Cycles from the second write's notification to its completion. */
  readonly cycles: number;
  readonly interrupts: number;
  /** Interrupts for which the disk had no cause. */
  readonly causeless: number;
  /** What the guest reads back: of each sector its byte, or 'mixed'. */
  readonly back: readonly (number | 'mixed')[];
}

function written(cluster: Cluster): Written {
  const { hart, ram } = board(cluster, 0);
  const [done, cycles, interrupts, causeless, back] = [9, 18, 19, 20, 21].map(at => hart.readRegister(at));
  const bytes = ram.read(back!, 4 * SECTOR)!;
  return {
    done: done!,
    cycles: cycles!,
    interrupts: interrupts!,
    causeless: causeless!,
    back: sectorsOf(bytes),
  };
}

function sectorsOf(bytes: Uint8Array): (number | 'mixed')[] {
  return Array.from({ length: bytes.length / SECTOR }, (_, at) => {
    const sector = bytes.subarray(at * SECTOR, (at + 1) * SECTOR);
    return sector.every(byte => byte === sector[0]) ? sector[0]! : 'mixed';
  });
}

async function afterFault(journal: string): Promise<Cluster> {
  const cluster = await running(DISK_WRITER, journal);
  cluster.runUntil(STRUCK_NS - 1);
  expect(written(cluster).done).toBe(1);
  cluster.runUntil(3 * MILLISECOND);
  return cluster;
}

describe('a disk fault from the journal', () => {
  it('is needed: without one the guest reads back its second write, with an interrupt a request', async () => {
    const sound = { done: 3, interrupts: 3, causeless: 0, back: [2, 2, 2, 2] };
    expect(written(await afterFault(''))).toMatchObject(sound);
  });

  it('loses a write that was acknowledged: the old data read back', async () => {
    expect(written(await afterFault(diskFault('disk-lost')))).toMatchObject({ done: 3, back: [1, 1, 1, 1] });
  });

  it('sends a write elsewhere and leaves the place that was meant as it was', async () => {
    const cluster = await afterFault(diskFault('disk-misdirected', ',"by":16'));
    expect(written(cluster)).toMatchObject({ done: 3, back: [1, 1, 1, 1] });
    const { medium } = board(cluster, 0).disks[0]!;
    expect(sectorsOf(medium.read(23, 6)!)).toEqual([0, 2, 2, 2, 2, 0]);
  });

  it('tears a write: whole sectors of its head are new, the rest are old', async () => {
    const { done, back } = written(await afterFault(diskFault('disk-torn')));
    expect(done).toBe(3);
    expect(['2,1,1,1', '2,2,1,1', '2,2,2,1']).toContain(back.join());
  });

  it('makes a request later by the factor', async () => {
    const sound = written(await afterFault('')).cycles;
    const slow = written(await afterFault(diskFault('disk-slow', ',"factor":7')));
    expect(slow).toMatchObject({ done: 3, back: [2, 2, 2, 2] });
    expect(Math.abs(slow.cycles - 7 * sound)).toBeLessThan(1_000);
    expect(sound).toBeGreaterThan(5_000);
  });

  it('holds every request until the disk is let go, and then does it whole', async () => {
    const resume = `{"at":${5 * MILLISECOND},"do":"disk-resume","node":0,"disk":0}`;
    const cluster = await afterFault(diskFault('disk-hang') + resume);
    cluster.runUntil(5 * MILLISECOND - 1);
    expect(written(cluster)).toMatchObject({ done: 1, interrupts: 1 });
    cluster.runUntil(6 * MILLISECOND);
    expect(written(cluster)).toMatchObject({ done: 3, interrupts: 3, back: [2, 2, 2, 2] });
  });
});

describe('an interrupt fault from the journal', () => {
  const fault = (kind: string) => `{"at":${STRUCK_NS},"do":"${kind}","node":0,"source":1}`;

  it('loses exactly the next interrupt, and the request is done all the same', async () => {
    const lost = written(await afterFault(fault('lose-interrupt')));
    expect(lost).toMatchObject({ done: 3, interrupts: 2, causeless: 0, back: [2, 2, 2, 2] });
  });

  it('adds one interrupt for which the device has no cause', async () => {
    const spurious = written(await afterFault(fault('spurious-interrupt')));
    expect(spurious).toMatchObject({ done: 3, interrupts: 4, causeless: 1, back: [2, 2, 2, 2] });
  });
});

/** Counts in RAM until it is started a second time. */
const COUNTER = `
        li    s0, ${SCRATCH}
        lw    t0, 4(s0)
        addi  t0, t0, 1
        sw    t0, 4(s0)
        li    t1, 2
        beq   t0, t1, 2f
1:      addi  s1, s1, 1
        sw    s1, 0(s0)
        j     1b
2:      wfi
        j     2b
`;

describe('an entry for a cycle', () => {
  const CYCLE = 23_456;

  /** The first instruction boundary at or after the cycle, and what RAM holds there. */
  async function undisturbed(): Promise<{ cycle: number; count: number }> {
    const cluster = await running(COUNTER, '');
    const { hart, ram } = board(cluster, 0);
    cluster.runUntil(10 * CYCLE - 1_000);
    while (hart.cycle < CYCLE) cluster.step(0);
    return { cycle: hart.cycle, count: wordOf(ram.read(SCRATCH, 4)!) };
  }

  it('takes the power at the first instruction boundary there', async () => {
    const cluster = await running(COUNTER, `{"cycle":${CYCLE},"do":"power-off","node":0}`);
    cluster.runUntil(MILLISECOND);
    expect(board(cluster, 0).power).toBe('off');
    expect(board(cluster, 0).hart.cycle).toBe((await undisturbed()).cycle);
    expect(board(cluster, 1).power).toBe('on');
  });

  it('presses reset there: the guest starts again and RAM stays as it was', async () => {
    const cluster = await running(COUNTER, `{"cycle":${CYCLE},"do":"reset","node":0}`);
    cluster.runUntil(MILLISECOND);
    const words = [0, 4].map(at => wordOf(board(cluster, 0).ram.read(SCRATCH + at, 4)!));
    expect(words).toEqual([(await undisturbed()).count, 2]);
    expect(words[0]).toBeGreaterThan(1_000);
  });
});

function wordOf(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}

test.each([
  ['drop', [1, 2, 2, 3], { lost: 1, duplicated: 0, damaged: 0 }],
  ['damage', [1, 2, 2, 3], { lost: 0, duplicated: 0, damaged: 1 }],
  ['duplicate', [1, 2, 4, 5], { lost: 0, duplicated: 1, damaged: 0 }],
])('a strike from the journal does %s to exactly the third frame', (what, received, counts) => {
  const cluster = build('line:2', [QUIET]);
  for (const at of [10_000, 20_000, 30_000, 40_000]) scripted(cluster, 0).schedule(0, frame(2, 4), at);
  const line = `{"at":5000,"do":"strike","link":0,"way":"forward","what":"${what}","sequence":2}`;
  for (const entry of parseJournal(line, cluster.topology)) cluster.plan(entry);
  const seen = [19_000, 29_000, 39_000, 49_000].map(at => {
    cluster.runUntil(at);
    return scripted(cluster, 1).received;
  });
  expect(seen).toEqual(received);
  const { lost, duplicated } = cluster.share.scheduler.outlet(0)!;
  expect({ lost, duplicated, damaged: cluster.share.scheduler.inlet(0)!.damaged }).toEqual(counts);
});
