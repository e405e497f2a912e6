/**
 * Nodes that are not emulated here: who connects stands in their place, and the journal has what he sent.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { OutsideNodes } from '../../hw/console/outside-nodes.ts';
import { TcpLink } from '../../hw/console/tcp-link.ts';
import { loadCore } from '../../hw/cpu/load-core.ts';
import { formatJournal, parseJournal } from '../../hw/lab/journal.ts';
import { Random } from '../../hw/lab/random.ts';
import { parseTopology, withOutside } from '../../hw/lab/topology.ts';
import { Session } from '../../hw/session/session.ts';

const TOPOLOGY = withOutside(parseTopology('0-s0,1-s0,2-s0', new Random(1)), [1, 2]);
/** From whom to everybody, and how long. */
const frame = (from: number, size: number) => new Uint8Array(size).fill(from).fill(0xff, 0, 6);

/** A board without software, and two nodes outside, all at one switch. */
async function build(afterSlice: () => void | Promise<void> = () => {}): Promise<Session> {
  const description = { topology: TOPOLOGY, seed: 1, imagesOf: () => ({}), ramSize: 0x10_0000 };
  return Session.build(description, await loadCore(), { afterSlice });
}

let outside: OutsideNodes;
let session: Session;
let peers: TcpLink[];
let heard: string[];

beforeEach(async () => {
  outside = await OutsideNodes.open(
    [1, 2].map(node => ({ node, port: 0 })),
    TOPOLOGY,
  );
  session = await build(() => outside.betweenSlices());
  outside.attach(session);
  peers = [];
  heard = [];
});
afterEach(() => {
  for (const peer of peers) peer.close();
  outside.close();
});

/** Somebody connects at that node. */
async function connect(node: number): Promise<TcpLink> {
  const { port } = outside.nodes.find(each => each.node === node)!.links[0]!;
  const peer = await TcpLink.connect('127.0.0.1', port);
  peer.open({ frame: bytes => heard.push(`${node} ${bytes[6]} ${bytes.length}`), carrier: () => {} });
  peers.push(peer);
  await session.runUntil(() => session.cluster.station(node).power === 'on');
  return peer;
}

test('they hear each other through the cluster while they are connected, in the time of the host', async () => {
  const [one, two] = [await connect(1), await connect(2)];
  const [beganNs, beganMs] = [session.now, performance.now()];
  one.transmit(frame(1, 60));
  two.transmit(frame(2, 1514));
  await session.runUntil(() => heard.length === 2);
  expect(heard.sort()).toEqual(['1 2 1514', '2 1 60']);
  await session.run('200ms');
  const goneMs = performance.now() - beganMs;
  expect(goneMs).toBeGreaterThan((session.now - beganNs) / 1e6 - 20);
  two.close();
  await session.runUntil(() => session.cluster.station(2).power === 'off');
  expect(session.cluster.share.scheduler.carrier(3)).toBe(true);
});

test('a run repeats from its journal without them, and its past is told to nobody again', async () => {
  const one = await connect(1);
  await connect(2);
  for (const size of [60, 200, 1000]) one.transmit(frame(1, size));
  await session.runUntil(() => heard.length === 3);
  const [end, hash] = [session.now, session.hash()];
  const again = await build();
  again.repeat(parseJournal(formatJournal(session.cluster.agenda.journal), TOPOLOGY), end);
  await again.runTo(end);
  expect(again.hash()).toBe(hash);
  await session.visit(0);
  one.transmit(frame(1, 300));
  await session.runTo(end);
  expect([session.hash(), heard.length]).toEqual([hash, 3]);
});

test('what cannot come in is refused, and what cannot be outside', () => {
  const bytes = btoa('a'.repeat(14));
  const bring = (node: number, nic: number, text: string) => () =>
    session.fault({ do: 'frame', node, nic, bytes: text });
  expect(bring(0, 0, bytes)).toThrow('node0 is not outside: no frame can come in there');
  expect(bring(1, 1, bytes)).toThrow('node1 has no interface 1: it has 1');
  expect(bring(1, 0, btoa('short'))).toThrow(
    'frame\'s bytes is "c2hvcnQ=": give the base64 of 14 bytes or more',
  );
  const mesh = parseTopology('mesh:2', new Random(1));
  const put = (numbers: readonly number[]) => () => withOutside(mesh, numbers);
  expect(put([2])).toThrow('topology "mesh:2" has no board 2: give a number from 0 to 1');
  expect(put([0, 1])).toThrow('topology "mesh:2" has all of its boards outside: leave one here');
  const alone = parseTopology('line:1', new Random(1));
  expect(() => withOutside(alone, [0])).toThrow('wires node0 to nobody: nobody could join it');
});
