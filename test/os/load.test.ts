/**
 * A cluster of three as a person meets it: how busy the nodes are, by which policy programs are placed, and its
 * nodes' end.
 */
import { beforeAll, expect, it } from 'vitest';
import { loadCore } from '../../hw/cpu/load-core.ts';
import { isBoard } from '../../hw/lab/intervene.ts';
import { Random } from '../../hw/lab/random.ts';
import { parseTopology } from '../../hw/lab/topology.ts';
import { Session } from '../../hw/session/session.ts';
import { buildSystem, clusterManifest } from '../../images/boot/system.ts';
import { BUILD_MILLISECONDS } from './system-rig.ts';

const PROMPT = '$ ';
const NODES = [0, 1, 2];

let booted: Session;

beforeAll(async () => {
  const { firmware, kernel, archive } = await buildSystem(clusterManifest('one'));
  const topology = parseTopology('mesh:3', new Random(1));
  const images = { firmware, kernel, initrd: archive };
  booted = Session.boot({ topology, seed: 1, imagesOf: () => images }, await loadCore());
  for (const node of NODES) await booted.expect(node, PROMPT, { within: '5s' });
  await booted.run('1500ms');
}, BUILD_MILLISECONDS);

/** What the node's console says to a command; its end is told by a sum, since what is typed is echoed. */
function ask(session: Session, node: number, command: string): Promise<string> {
  session.type(node, `${command}; echo end-$((1+1))\n`);
  return session.expect(node, /[\s\S]*end-2/, { within: '10s' });
}

it('shows every node as alive, in the view, idle, with its memory and clock, in 80 columns', async () => {
  const session = booted.fork();
  const answer = await ask(session, 1, 'nodes');
  for (const node of NODES)
    expect(answer).toMatch(new RegExp(` ${node} alive    yes .* 0\\.\\d\\d +\\d+M 100MHz +0:00:0\\d`));
  expect(answer).toContain('View 1: 3 nodes, with a say.');
  expect(Math.max(...answer.split(/\r?\n/).map(line => line.length))).toBeLessThan(80);
});

it('has one policy everywhere, whichever node it is set at', async () => {
  const session = booted.fork();
  expect(await ask(session, 0, 'load')).toContain('placed by: here');
  await ask(session, 2, 'load two-choices');
  for (const node of NODES) expect(await ask(session, node, 'load')).toContain('placed by: two-choices');
  expect(await ask(session, 0, 'load fastest')).toContain('unknown policy');
});

it('tells every node which one is busy', async () => {
  const session = booted.fork();
  session.type(2, 'while true; do true; done\n');
  await session.run('3s');
  expect(await ask(session, 0, 'load')).toMatch(/\n +2 +(9\d\.\d|100\.0)% /);
});

it('lets another node end in good order, and the rest agrees at once', async () => {
  const session = booted.fork();
  await ask(session, 0, 'shutdown -n 2');
  await session.expect(2, 'switching off', { within: '1s' });
  await session.run('100ms');
  const answer = await ask(session, 1, 'nodes');
  expect(answer).toMatch(/ 2 left {6}no/);
  expect(answer).toContain('View 2: 2 nodes, with a say.');
});

it('ends all nodes at once', async () => {
  const session = booted.fork();
  session.type(1, 'shutdown -a\n');
  const isOff = (node: number) => {
    const station = session.cluster.station(node);
    return isBoard(station) && station.poweredOff !== undefined;
  };
  await session.runUntil(() => NODES.every(isOff), { within: '10s' });
});
