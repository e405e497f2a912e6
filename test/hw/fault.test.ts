/**
 * Faults on stations and wires, planned, journalled and repeated. What they do inside a board is told in
 * cluster-boards.test.ts.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Cluster } from '../../hw/cluster.ts';
import { planFaults } from '../../hw/lab/fault-plan.ts';
import { type Entry, formatJournal, parseJournal } from '../../hw/lab/journal.ts';
import { Random } from '../../hw/lab/random.ts';
import { parseTopology } from '../../hw/lab/topology.ts';
import { build, frame, scripted } from './scripted-cluster.ts';
import { BUSY, DROWSY, QUIET } from './scripted-station.ts';

const UNTIL = 400_000;
const KINDS = ['power', 'reset', 'freeze', 'cut', 'noise', 'frame'] as const;

function ring(): Cluster {
  return build('ring:3', [BUSY, DROWSY], 6);
}

function run(entries: readonly Entry[], slices: readonly number[] = []): Cluster {
  const cluster = ring();
  for (const entry of entries) cluster.plan(entry);
  for (const slice of slices) cluster.runUntil(slice);
  cluster.runUntil(UNTIL);
  return cluster;
}

function drawn(seed: number): Entry[] {
  const plan = { fromNs: 0, untilNs: UNTIL, count: 12, kinds: KINDS };
  return planFaults(new Random(seed), ring().topology, plan);
}

test('a run with faults repeats from its seed and from its journal, however it is sliced', () => {
  const property = fc.property(fc.nat(), fc.array(fc.nat(UNTIL), { maxLength: 10 }), (seed, slices) => {
    const cluster = run(drawn(seed));
    const hash = cluster.hash();
    expect(
      run(
        drawn(seed),
        slices.sort((a, b) => a - b),
      ).hash(),
    ).toBe(hash);
    const journal = formatJournal(cluster.agenda.journal);
    expect(run(parseJournal(journal, cluster.topology)).hash()).toBe(hash);
  });
  fc.assert(property, { seed: 1, numRuns: 25 });
});

test('what was done by hand repeats from the journal too', () => {
  const cluster = ring();
  cluster.runUntil(30_000);
  cluster.perform({ do: 'freeze', node: 1, ns: 20_000 });
  cluster.runUntil(70_000);
  cluster.perform({ do: 'wire', link: 2, way: 'backward', settings: { delayNs: 20_000, jitterNs: 9_000 } });
  cluster.perform({ do: 'power-off', node: 0 });
  cluster.runUntil(UNTIL);
  const journal = formatJournal(cluster.agenda.journal);
  expect(journal.split('\n')[0]).toBe('{"at":30000,"do":"freeze","node":1,"ns":20000}');
  expect(run(parseJournal(journal, cluster.topology)).hash()).toBe(cluster.hash());
});

test('every plan drawn by seed is a valid journal and heals what it cut', () => {
  const topology = parseTopology('web:9', new Random(1));
  const property = fc.property(fc.nat(), seed => {
    const plan = { fromNs: 5, untilNs: 20_000_000_000, count: 40, diskSectors: 1_000, ramSize: 0x40_0000 };
    const entries = planFaults(new Random(seed), topology, plan);
    expect(parseJournal(formatJournal(entries), topology)).toEqual(entries);
    const ups = entries.filter(({ intervention }) => intervention.do === 'power-on').length;
    expect(entries.filter(({ intervention }) => intervention.do === 'power-off').length).toBe(ups);
  });
  fc.assert(property, { seed: 1, numRuns: 100 });
});

test('exactly the frame that is struck is hit', () => {
  const cluster = build('line:2', [QUIET]);
  for (const at of [10_000, 20_000, 30_000, 40_000]) scripted(cluster, 0).schedule(0, frame(2, 4), at);
  cluster.perform({ do: 'strike', link: 0, way: 'forward', what: 'drop', sequence: 2 });
  cluster.runUntil(29_000);
  expect([cluster.share.scheduler.outlet(0)!.lost, scripted(cluster, 1).received]).toEqual([0, 2]);
  cluster.runUntil(100_000);
  expect([cluster.share.scheduler.outlet(0)!.lost, scripted(cluster, 1).received]).toEqual([1, 3]);
});

const JOURNAL = `# two faults

{"at":5,"do":"reset","node":0}
{"cycle":77,"do":"power-off","node":2}
`;

test('comments and empty lines of a journal are skipped', () => {
  const entries = parseJournal(JOURNAL, ring().topology);
  expect(entries.map(({ when }) => when)).toEqual([{ at: 5 }, { cycle: 77, node: 2 }]);
});

test.each([
  ['{"at":5,"do":"reset"', 'it is not JSON: write one object, as {"at":1000,"do":"reset","node":0}'],
  ['[1]', 'the line is not an object: write {...}'],
  ['{"at":5}', 'it does not say what to "do": known are power-off'],
  ['{"at":5,"do":"rest","node":0}', 'it has an unknown "do" "rest": did you mean reset?'],
  ['{"at":5,"do":"reset","node":3}', 'reset\'s node is "3": give a whole number from 0 to 2'],
  ['{"at":5,"do":"reset","nod":0}', 'reset has an unknown field "nod": did you mean node?'],
  ['{"do":"reset","node":0}', 'it does not say when: give "at" in nanoseconds, or "cycle"'],
  ['{"at":-5,"do":"reset","node":0}', 'at is -5: give a whole number from 0'],
  [
    '{"cycle":5,"do":"strike","link":0,"way":"forward","what":"drop"}',
    'belongs to no node\'s cycles: give "at"',
  ],
  [
    '{"at":5,"do":"strike","link":0,"way":"forward","what":"drp"}',
    'strike\'s what is "drp": did you mean drop?',
  ],
  ['{"at":5,"do":"wire","link":0,"way":"both","settings":{"lossPmp":5}}', 'did you mean lossPpm?'],
  [
    '{"at":5,"do":"flip-ram","node":0,"address":0}',
    "flip-ram's bit is missing: give a whole number from 0 to 7",
  ],
])('the wrong journal line %s is refused with its number and mend', (line, message) => {
  expect(() => parseJournal(`# one\n${line}\n`, ring().topology)).toThrow(message);
  expect(() => parseJournal(`# one\n${line}\n`, ring().topology)).toThrow(/^journal line 2: [^\n]+$/);
});

test('what cannot be done to a station is refused before it is planned', () => {
  const intervention = { do: 'flip-register', node: 1, register: 3, bit: 4 } as const;
  expect(() => ring().plan({ when: { at: 5 }, intervention })).toThrow('node1 is no board');
});
