/**
 * Each node's own files under /node: the administrator's view of a cluster of three.
 */
import { beforeAll, expect, it } from 'vitest';
import { Consoles, PROMPT } from './console-rig.ts';

const NODES = [0, 1, 2];

let cluster: Consoles;

beforeAll(async () => {
  cluster = await Consoles.boot('mesh:3', ['cat', 'cmp', 'cp', 'echo', 'ln', 'ls', 'nodes', 'ps', 'xargs']);
}, 900_000);

function ask(node: number, command: string): Promise<string> {
  return cluster.ask(node, command);
}

it('lists the nodes at each of them', async () => {
  for (const node of NODES) expect(await ask(node, 'nodes -q | xargs echo')).toContain('0 1 2');
});

it('numbers processes by node, so that no two have the same number', async () => {
  for (const node of NODES) {
    const first = node * 100_000;
    const lines = await ask(node, 'ps -e');
    expect(lines).toMatch(new RegExp(`^ +${node} +${first + 1} [RS] .* init$`, 'm'));
    expect(lines).toMatch(new RegExp(`^ +${node} +${first + 33} S .* sh$`, 'm'));
  }
});

it('shows in the root what is mounted there', async () => {
  expect(await ask(0, 'echo $(ls /)')).toContain('boot dev etc home node service tmp');
});

it('writes a file at one node that another has as its own', async () => {
  await ask(0, 'echo across > /node/1/note');
  expect(await ask(1, 'cat /node/1/note')).toContain('across');
  expect(await ask(2, 'cat /node/1/note')).toContain('across');
});

it('keeps the files of each node apart, and says what is not there', async () => {
  expect(await ask(2, 'cat /node/2/note')).toContain('No such file or directory');
  expect(await ask(2, 'cat /node/7/note')).toContain('No such file or directory');
});

it('copies a whole program between nodes, byte for byte', async () => {
  await ask(0, 'cp /boot/bin/cat /node/2/copy');
  expect(await ask(1, 'cmp /node/2/copy /boot/bin/cat && echo same')).toContain('same');
});

it('follows a symbolic link on another node as it is followed there, and one to another node', async () => {
  await ask(1, 'ln -s /note /node/1/tmp/there; ln -s /boot/bin/echo /node/1/say');
  expect(await ask(2, 'cat /node/1/tmp/there; /node/1/say said')).toMatch(/across[\s\S]*said/);
  await ask(2, 'ln -s /node/1/note far');
  expect(await ask(2, 'cat far')).toContain('across');
});

it('says that a node is lost that was switched off, and finds it when it is back', async () => {
  const { session } = cluster;
  session.powerOff(1);
  await session.run('100ms');
  expect(await ask(0, 'nodes -q | xargs echo')).toContain('0 2');
  expect(await ask(0, 'cat /node/1/note')).toContain('cat: /node/1/note: Its node cannot be reached');
  session.powerOn(1);
  await session.expect(1, PROMPT, { within: '5s' });
  await session.run('200ms');
  expect(await ask(0, 'nodes -q | xargs echo')).toContain('0 1 2');
});
