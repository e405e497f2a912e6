/**
 * NAME      bulk — what a large transfer between two nodes costs
 * SYNOPSIS  node --import tsx test/bench/bulk.ts [RATE [programs|functions|files|lines [READERS]]]
 *
 * Boots two nodes on a wire of RATE Mbit/s (1000), where one reads a file of the other over and over, one read at a time or two. Of half a million
 * cycles in the midst of it every one is booked, at both ends, to the program, function, file or line that spent it.
 */
import { Board } from '../../hw/board.ts';
import { bootCluster, NODES } from '../os/cluster-rig.ts';
import { book, Follower, namer, printed, programsOf } from './ledger.ts';

const CYCLE_NS = 10;
const CYCLES = 500_000;
const SIZE = 0x1_0000;
const FILE_SIZE = 0x10_0000;
const WARM_NS = 20_000_000;
const PROGRAMS = {
  reader: 'test/os/guest/hauler.ts',
  net: 'os/service/net/net.ts',
  archive: 'os/service/archive/archive.ts',
};

const [rate = '1000', kind = 'functions', readers = '1'] = process.argv.slice(2);
const session = await bootCluster('line:2', {
  ...NODES,
  programs: { hauler: 'hauler' },
  files: { blob: Uint8Array.from({ length: FILE_SIZE }, (_, at) => at % 251) },
  session: { run: '/boot/bin/hauler', arguments: ['hauler', String(SIZE), '100', readers] },
  wire: { rate: Number(rate) * 1_000_000 },
});
await session.expect(0, 'hauling', { within: '2s' });
const start = session.now + WARM_NS;
session.cluster.runUntil(start);
const programs = await programsOf(PROGRAMS);
const followers = [0, 1].map(node => {
  const board = session.cluster.station(node);
  if (!(board instanceof Board)) throw new Error(`node ${node} is no board`);
  return new Follower(board, programs);
});
for (let time = start; time < start + CYCLES * CYCLE_NS; time += CYCLE_NS) {
  const ends = followers.map(follower => follower.begin());
  session.cluster.runUntil(time);
  for (const end of ends) end();
}
const from = start / CYCLE_NS;
for (const [node, { steps }] of followers.entries()) {
  const title = node === 0 ? "reader's node" : "server's node";
  process.stdout.write(printed(title, book(steps, from, from + CYCLES, namer(programs, kind))));
}
