/**
 * A cluster of three as a person meets it: the same system on every node, each node's files under /node.
 */
import { beforeAll, expect, it } from 'vitest';
import { loadCore } from '../../hw/cpu/load-core.ts';
import { Random } from '../../hw/lab/random.ts';
import { parseTopology } from '../../hw/lab/topology.ts';
import { Session } from '../../hw/session/session.ts';
import { buildSystem, clusterManifest } from '../../images/boot/system.ts';

const PROMPT = '$ ';
const NODES = [0, 1, 2];

let session: Session;

beforeAll(async () => {
  const { firmware, kernel, archive } = await buildSystem(clusterManifest('one'));
  const topology = parseTopology('mesh:3', new Random(1));
  const images = { firmware, kernel, initrd: archive };
  session = Session.boot({ topology, seed: 1, imagesOf: () => images }, await loadCore());
  for (const node of NODES) await session.expect(node, PROMPT, { within: '5s' });
  await session.run('100ms');
}, 300_000);

/** What the node's console says to a command; its end is told by a sum, since what is typed is echoed. */
function ask(node: number, command: string): Promise<string> {
  session.type(node, `${command}; echo end-$((1+1))\n`);
  return session.expect(node, /[\s\S]*end-2/, { within: '10s' });
}

it('lists the nodes at each of them', async () => {
  for (const node of NODES) expect(await ask(node, 'nodes -q | xargs echo')).toContain('0 1 2');
});

it('numbers processes by node, so that no two have the same number', async () => {
  for (const node of NODES) {
    const first = node * 100_000;
    const lines = await ask(node, 'ps -e');
    expect(lines).toMatch(new RegExp(`^ *${first + 1} R .* init\\r?$`, 'm'));
    expect(lines).toMatch(new RegExp(`^ *${first + 32} R .* sh\\r?$`, 'm'));
  }
});

it('shows in the root what is mounted there', async () => {
  expect(await ask(0, 'echo $(ls /)')).toContain('boot dev home node tmp');
});

it('writes a file at one node that another reads as its own', async () => {
  await ask(0, 'echo across > /node/1/note');
  expect(await ask(1, 'cat /note')).toContain('across');
  expect(await ask(2, 'cat /node/1/note')).toContain('across');
});

it('keeps the files of each node apart, and says what is not there', async () => {
  expect(await ask(2, 'cat /note')).toContain('No such file or directory');
  expect(await ask(2, 'cat /node/7/note')).toContain('No such file or directory');
});

it('copies a whole program between nodes, byte for byte', async () => {
  await ask(0, 'cp /boot/bin/cat /node/2/copy');
  expect(await ask(1, 'cmp /node/2/copy /boot/bin/cat && echo same')).toContain('same');
});

it('follows a symbolic link on another node as it is followed there, and one to another node', async () => {
  await ask(1, 'ln -s /note /tmp/there; ln -s /boot/bin/echo /say');
  expect(await ask(2, 'cat /node/1/tmp/there; /node/1/say said')).toMatch(/across[\s\S]*said/);
  await ask(2, 'ln -s /node/1/note far');
  expect(await ask(2, 'cat far')).toContain('across');
});

it('says that a node is lost that was switched off, and finds it when it is back', async () => {
  session.powerOff(1);
  await session.run('100ms');
  expect(await ask(0, 'nodes -q | xargs echo')).toContain('0 2');
  expect(await ask(0, 'cat /node/1/note')).toContain('cat: /node/1/note');
  session.powerOn(1);
  await session.expect(1, PROMPT, { within: '5s' });
  await session.run('200ms');
  expect(await ask(0, 'nodes -q | xargs echo')).toContain('0 1 2');
});
