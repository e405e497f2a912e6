/**
 * NAME      cluster — what a cluster costs the host
 * SYNOPSIS  node --import tsx test/bench/cluster.ts
 *
 * Sleeping boards and busy ones against real time, and snapshots where little has changed. All boards are in one
 * thread and joined by wires of 5 µs: a busy one runs some 500 cycles at a time, unless it is led further. Processor
 * time, the best of RUNS, so that other work on the host does not decide.
 *
 *     the mix       the workload of test/bench/cpu, without a system
 *     the system    booted whole; a shell counts on each node, another lists and sorts, a third reads and translates
 */
import { readFileSync } from 'node:fs';
import { Cluster } from '../../hw/cluster.ts';
import { loadCore } from '../../hw/cpu/load-core.ts';
import { Random } from '../../hw/lab/random.ts';
import { parseTopology } from '../../hw/lab/topology.ts';
import { Session } from '../../hw/session/session.ts';
import { buildSystem, clusterManifest } from '../../images/boot/system.ts';
import { clusterOptions, switchOn } from '../hw/cluster-rig.ts';

const RUNS = 5;
const MILLISECOND = 1_000_000;
const MEBIBYTE = 0x10_0000;
/** What shells are told to do for ever, by node. */
const WORK = [
  'i=0; while true; do i=$((i+1)); done',
  'while true; do ls -l /boot/bin | sort | wc; done',
  'while true; do cat /boot/bin/ls | tr a-z A-Z | wc; done',
];

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

/** How often in real time a cluster runs that has been at work for a while. */
function atWork(cluster: Cluster): string {
  cluster.runUntil(cluster.now + 2000 * MILLISECOND);
  const milliseconds = cost(() => cluster.runUntil(cluster.now + 300 * MILLISECOND));
  return (300 / milliseconds).toFixed(2);
}

async function mixers(): Promise<Cluster> {
  const text = (name: string) => readFileSync(new URL(`cpu/${name}.s`, import.meta.url), 'utf8');
  const source = `.equ ROUNDS, 0x7fffffff\n${text('start')}\n${text('mix')}`;
  const topology = parseTopology('mesh:3', new Random(1));
  const cluster = new Cluster(await clusterOptions(topology, source, { ramSize: 32 * MEBIBYTE }));
  switchOn(cluster);
  return cluster;
}

async function busySystem(): Promise<Cluster> {
  const { firmware, kernel, archive } = await buildSystem(clusterManifest('one'));
  const images = { firmware, kernel, initrd: archive };
  const topology = parseTopology('mesh:3', new Random(1));
  const description = { topology, seed: 1, imagesOf: () => images, diskSize: 16 * MEBIBYTE };
  const session = Session.boot(description, await loadCore());
  for (const node of session.boards) await session.expect(node, '$ ', { within: '5s' });
  for (const [index, node] of session.boards.entries()) session.type(node, `${WORK[index]}\n`);
  return session.cluster;
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
  yield `| 3 boards busy with the mix, × real time | ${atWork(await mixers())} | ≥ 1 |`;
  yield `| 3 boards busy with the system, × real time | ${atWork(await busySystem())} | ≥ 1 |`;
  yield `| 20 ms and a snapshot of 4 boards of 64 MiB, ms | ${milliseconds.toFixed(1)} | ≤ 10 |`;
}

for await (const line of clusterTable()) process.stdout.write(`${line}\n`);
