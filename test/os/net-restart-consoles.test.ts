/**
 * The net service of each of three nodes ends and begins anew while people work: whoever goes through it finds the
 * others again, without a restart and without being asked to.
 */
import { beforeAll, expect, it } from 'vitest';
import { Consoles } from './console-rig.ts';
import { BUILD_MILLISECONDS } from './system-rig.ts';

const NODES = [0, 1, 2];
const TOOLS = [
  'attach',
  'cat',
  'hostname',
  'load',
  'locate',
  'nodes',
  'on',
  'ping',
  'ps',
  'seq',
  'sleep',
  'wc',
  'who',
];
/** Ends each net at three moments within some four seconds. */
const KILLER = {
  source: 'test/os/guest/restarter.ts',
  authority: ['init'],
  arguments: ['400', '1200', '3', 'net'],
};

let cluster: Consoles;

beforeAll(async () => {
  cluster = await Consoles.boot('mesh:3', TOOLS, {}, { killer: KILLER });
  cluster.session.type(0, 'while :; do on 1 seq 3000 | on 2 wc -l; on any hostname; done\n');
  cluster.session.type(1, 'while :; do seq 2000 > /numbers; cat /node/0/numbers | on 0 wc -l; done\n');
  await cluster.session.run('6s');
  for (const node of [0, 1]) cluster.session.type(node, '\x03');
  await cluster.session.run('500ms');
}, BUILD_MILLISECONDS);

it('was ended three times on each node, and had not to be given up', () => {
  for (const node of NODES)
    expect(cluster.session.text(node).match(/net was killed: started again/g)).toHaveLength(3);
});

it('has all nodes in one view with a say, and hears how busy each is', async () => {
  for (const node of NODES) {
    const said = await cluster.ask(node, 'nodes');
    for (const other of NODES) expect(said).toMatch(new RegExp(`^ +${other} alive +yes .* 100MHz`, 'm'));
    expect(said).toContain('3 nodes, with a say');
    const ages = [...(await cluster.ask(node, 'load')).matchAll(/ (\d+) ms$/gm)].map(([, age]) =>
      Number(age),
    );
    expect(ages).toHaveLength(3);
    expect(Math.max(...ages)).toBeLessThan(3000);
  }
});

it('finds services at every node, by every strategy', async () => {
  for (const strategy of ['class', 'local', 'full', 'central'])
    expect(await cluster.ask(1, `locate -s ${strategy}; locate clock; locate`)).toMatch(
      new RegExp(`clock: at 0 1 2, [\\s\\S]*0 ${strategy}[\\s\\S]*1 ${strategy}[\\s\\S]*2 ${strategy}`),
    );
});

it('runs commands on every node, with pipes and files between them', async () => {
  for (const node of NODES) {
    expect(await cluster.ask(node, `on ${(node + 1) % 3} seq 3000 | on ${(node + 2) % 3} wc -l`)).toContain(
      '3000\n',
    );
    expect(await cluster.ask(node, 'ping -c 1 0; ping -c 1 1; ping -c 1 2; cat /numbers | wc -l')).toMatch(
      /(1 of 1 [\s\S]*){3}2000\n/,
    );
  }
});

it('shows who is at which console, and brings a session to another', async () => {
  expect(await cluster.ask(0, 'who')).toMatch(/node 0[\s\S]*node 1[\s\S]*node 2/);
  await cluster.ask(1, 'PLACE=london');
  cluster.session.type(2, 'attach 1\n');
  await cluster.session.run('500ms');
  expect(await cluster.ask(2, 'echo $PLACE; hostname')).toContain('london\nnode1\n');
});
