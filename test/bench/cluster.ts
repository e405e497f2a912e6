/**
 * What a cluster costs the host: sleeping boards against real time, and snapshots where little has changed.
 * Processor time, the best of RUNS, so that other work on the host does not decide. Prints a table; run it with `node --import tsx test/bench/cluster.ts`.
 */
import { Cluster } from '../../hw/cluster.ts';
import { Random } from '../../hw/lab/random.ts';
import { parseTopology } from '../../hw/lab/topology.ts';
import { clusterOptions, switchOn } from '../hw/cluster-rig.ts';

const RUNS = 5;
const MILLISECOND = 1_000_000;
const MEBIBYTE = 0x10_0000;

/** Sleeps, and wakes every `ticks` of the 10 MHz time base. */
const sleeper = (ticks: number) => `
        li    s0, 0x02004000
        sw    zero, 4(s0)
        li    t0, 0x80
        csrw  mie, t0
        li    s1, 1000
1:      sw    s1, 0(s0)
        wfi
        li    t0, ${ticks}
        add   s1, s1, t0
        j     1b
`;

async function sleepers(name: string, ramSize: number, ticks: number): Promise<Cluster> {
  const topology = parseTopology(name, new Random(1));
  const cluster = new Cluster(await clusterOptions(topology, sleeper(ticks), { ramSize }));
  switchOn(cluster);
  cluster.runUntil(50 * MILLISECOND);
  return cluster;
}

/** Milliseconds of processor time; the least of all runs. */
function cost(work: () => void): number {
  const costs = Array.from({ length: RUNS }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...costs);
}

/** How often in real time sixteen boards sleep, each waking at this rate. */
function asleep(cluster: Cluster): string {
  const second = () => cluster.runUntil(cluster.now + 1000 * MILLISECOND);
  second();
  return (1000 / cost(second)).toFixed(0);
}

async function* clusterTable(): AsyncGenerator<string> {
  yield '| cluster | measured | must |';
  yield '|---|---|---|';
  const four = await sleepers('ring:4', 64 * MEBIBYTE, 100_000);
  four.snapshot();
  const milliseconds = cost(() => {
    four.runUntil(four.now + 20 * MILLISECOND);
    four.snapshot();
  });
  const sixteen = await sleepers('star:16', 4 * MEBIBYTE, 100_000);
  yield `| 16 boards asleep, each woken 100 times a second, × real time | ${asleep(sixteen)} | ≥ 50 |`;
  const often = await sleepers('star:16', 4 * MEBIBYTE, 10_000);
  yield `| 16 boards asleep, each woken 1000 times a second, × real time | ${asleep(often)} | |`;
  yield `| 20 ms and a snapshot of 4 boards of 64 MiB, ms | ${milliseconds.toFixed(1)} | ≤ 10 |`;
}

for await (const line of clusterTable()) process.stdout.write(`${line}\n`);
