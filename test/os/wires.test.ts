/**
 * `net` and `ping` at the consoles of three nodes in a line.
 */
import { beforeAll, expect, it } from 'vitest';
import { Consoles } from './console-rig.ts';

let cluster: Consoles;

beforeAll(async () => {
  cluster = await Consoles.boot('line:3', ['net', 'ping']);
}, 900_000);

it('asks a node how soon it answers, itself, over one wire and over two', async () => {
  for (const node of [0, 1, 2]) {
    const said = await cluster.ask(0, `ping -c 2 -i 0 ${node}`);
    expect(said.match(new RegExp(`^node ${node} answers in \\d+\\.\\d us$`, 'gm'))).toHaveLength(2);
    expect(said).toMatch(
      /^2 of 2 calls to node \d answered: at least \d+\.\d, mean \d+\.\d, at most \d+\.\d us$/m,
    );
  }
});

it('says that there is no such node', async () => {
  expect(await cluster.ask(0, 'ping 7; echo $?')).toMatch(
    /ping: there is no node 7: nodes lists those that are there[\s\S]*^1$/m,
  );
  expect(await cluster.ask(0, 'ping x; echo $?')).toMatch(/invalid node: ‘x’/);
});

it('shows every wire at every node, and by which card it goes from here', async () => {
  expect(await cluster.ask(0, 'net links')).toMatch(/^0 - 1 +1 +0$\s^1 - 2 +1 +-$/m);
  expect(await cluster.ask(1, 'net links')).toMatch(/^0 - 1 +1 +0$\s^1 - 2 +1 +1$/m);
});

it('shows the ways to all others', async () => {
  expect(await cluster.ask(0, 'net routes')).toMatch(/^ 1 +1 +1 +\d+ us$\s^ 2 +1 +2 +\d+ us$/m);
});

it('counts the packets that this node passes on, and none that are forged', async () => {
  const before = await cluster.ask(1, 'net counters');
  expect(before).toMatch(/^ +[1-9]\d* {2}passed on$/m);
  expect(before).toMatch(/^ +0 {2}dropped: forged$/m);
});

it('leaves a wire of 100 Mbit/s to itself, 99 parts of a hundred, while nobody does anything', async () => {
  const { session } = cluster;
  const from = session.now;
  await session.run('1s');
  const sent = session.frames.between(from, session.now).filter(({ direction }) => direction < 2);
  // with preamble, frame check and the gap to the next
  const bits = sent.reduce((sum, { frame }) => sum + 8 * (frame.length + 24), 0);
  expect(sent.length).toBeGreaterThan(0);
  expect(bits).toBeLessThan(0.01 * 100_000_000);
});

it('leaves alone what passes on a hub between others', async () => {
  const bus = await Consoles.boot('bus:3', ['net', 'ping']);
  expect(await bus.ask(0, 'ping -c 5 -i 0 1')).toContain('5 of 5 calls');
  expect(await bus.ask(2, 'net counters')).toMatch(/^ +0 {2}passed on$/m);
});

it('finds a cut wire gone, and the node behind it', async () => {
  cluster.session.cut(1, 2);
  await cluster.session.run('100ms');
  expect(await cluster.ask(0, 'net links')).not.toContain('1 - 2 ');
  expect(await cluster.ask(0, 'ping 2')).toContain('node 2 cannot be reached');
});
