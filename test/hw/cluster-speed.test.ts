/**
 * What sleeping and saving may cost the host. Measured in processor time, the best of a few, so that other
 * work on the host does not decide.
 */
import { expect, test } from 'vitest';
import { Cluster } from '../../hw/cluster.ts';
import { Random } from '../../hw/lab/random.ts';
import { parseTopology } from '../../hw/lab/topology.ts';
import { clusterOptions, switchOn } from './cluster-rig.ts';

const MILLISECOND = 1_000_000;

/** Sleeps, and wakes a hundred times a second. */
const SLEEPER = `
        li    s0, 0x02004000
        sw    zero, 4(s0)
        li    t0, 0x80
        csrw  mie, t0
        li    s1, 1000
1:      sw    s1, 0(s0)
        wfi
        li    t0, 100000
        add   s1, s1, t0
        j     1b
`;

async function sleepers(name: string, ramSize: number): Promise<Cluster> {
  const options = await clusterOptions(parseTopology(name, new Random(1)), SLEEPER, { ramSize });
  const cluster = new Cluster(options);
  switchOn(cluster);
  cluster.runUntil(50 * MILLISECOND);
  return cluster;
}

/** Microseconds of processor time; the least of five. */
function cost(work: () => void): number {
  const costs = [1, 2, 3, 4, 5].map(() => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return user + system;
  });
  return Math.min(...costs);
}

test('sixteen sleeping boards run fifty times faster than real time', async () => {
  const cluster = await sleepers('star:16', 0x40_0000);
  const microseconds = cost(() => cluster.runUntil(cluster.now + 1_000 * MILLISECOND));
  expect(1_000_000 / microseconds).toBeGreaterThan(50);
});

test('a snapshot of four boards of 64 MiB takes under ten milliseconds when little has changed', async () => {
  const cluster = await sleepers('ring:4', 0x400_0000);
  cluster.snapshot();
  const microseconds = cost(() => {
    cluster.runUntil(cluster.now + 20 * MILLISECOND);
    cluster.snapshot();
  });
  expect(microseconds).toBeLessThan(10_000);
});
