/**
 * Wires that carry shorter frames than others: 600 bytes, and the 68 that any network card must take at least
 * (virtio 1.2, 5.1.4.1). Four nodes in a line, whose last two share a hub.
 *
 *     node 0 ── 1500 ── node 1 ── 600 ── node 2 ── 68 ── hub ── 68 ── node 3
 */
import { beforeAll, expect, it } from 'vitest';
import { topologyFromData } from '../../hw/lab/topology.ts';
import { Consoles } from './console-rig.ts';
import { BUILD_MILLISECONDS } from './system-rig.ts';

const HEADER = 14;
const LINES = 3000;
const COMPARE = `seq 1 ${LINES} | cmp - /numbers && echo the same`;
const SAME = /^the same$/m;
const UNLIKE = topologyFromData(
  {
    boards: 4,
    hubs: 1,
    links: [
      { from: '0', to: '1' },
      { from: '1', to: '2', mtu: 600 },
      { from: '2', to: 'h0', mtu: 68 },
      { from: '3', to: 'h0', mtu: 68 },
    ],
  },
  'unlike wires',
);

let booted: Consoles;

beforeAll(async () => {
  booted = await Consoles.boot(UNLIKE, ['cat', 'cmp', 'net', 'on', 'seq', 'wc']);
  await booted.ask(0, `seq 1 ${LINES} > /numbers`);
}, BUILD_MILLISECONDS);

it('brings a file over wires of any MTU unharmed, and programs their input', async () => {
  const cluster = booted.fork();
  for (const node of [0, 1, 2, 3]) expect(await cluster.ask(node, COMPARE)).toMatch(SAME);
  expect(await cluster.ask(3, 'cat /numbers | on 0 cat | on 2 wc -l')).toContain(`${LINES}`);
});

it('sends no frame that is longer than its wire carries', async () => {
  const { session } = booted.fork();
  const from = session.now;
  session.type(3, `${COMPARE}\n`);
  await session.expect(3, /^the same/m, { within: '10s' });
  const longest = UNLIKE.links.map(() => 0);
  for (const { direction, frame } of session.frames.between(from, session.now))
    longest[direction >> 1] = Math.max(longest[direction >> 1]!, frame.length - HEADER);
  for (const [link, { mtu }] of UNLIKE.links.entries()) expect(longest[link]).toBeLessThanOrEqual(mtu);
  expect(longest[0]).toBeGreaterThan(1400);
});

it.each([
  ['lost', { lossPpm: 50_000 }, /^ +[1-9]\d* {2}dropped: damaged$/m],
  ['doubled', { duplicatePpm: 200_000 }, /^ +[1-9]\d* {2}dropped: damaged$/m],
  ['out of order', { reorderPpm: 50_000, reorderNs: 100_000 }, /^ +[1-9]\d* {2}dropped: damaged$/m],
  ['changed', { corruptPpm: 50_000 }, /^ +[1-9]\d* {2}dropped: forged$/m],
])('brings a file over unharmed where pieces of packets are %s', async (_, settings, counted) => {
  const cluster = booted.fork();
  cluster.session.wire(1, 2, settings);
  for (let time = 0; time < 3; time++) expect(await cluster.ask(2, COMPARE)).toMatch(SAME);
  expect(await cluster.ask(2, 'net counters')).toMatch(counted);
});
