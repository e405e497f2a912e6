/**
 * Sessions that are left at one console and gone on with at another, in a cluster of three.
 */
import { beforeAll, expect, it } from 'vitest';
import { Consoles, LOGIN, PROMPT } from './console-rig.ts';

let cluster: Consoles;

beforeAll(async () => {
  cluster = await Consoles.boot('mesh:3', ['adduser', 'attach', 'cat', 'kill', 'ps', 'sleep', 'who']);
}, 900_000);

it('says who is logged in at which node', async () => {
  expect(await cluster.ask(2, 'who')).toMatch(/^root +node 0 .*\nroot +node 1 .*\nroot +node 2 .*:\d\d\n$/m);
});

it('refuses a session of nobody, and one that is not there', async () => {
  expect(await cluster.ask(2, 'attach 7')).toContain('attach: there is no node 7: nodes lists');
  expect(await cluster.ask(2, 'attach 2')).toContain('attach: node 2: this is its session');
  expect(await cluster.ask(2, 'attach 1 < /dev/null')).toContain('attach: node 1: the input is no console');
});

it('refuses a session of another user, and brings the own', async () => {
  const fork = cluster.fork();
  await fork.addUser(0, 'eve', 'apple');
  for (const node of [0, 2]) fork.session.type(node, 'exit\n');
  await fork.logIn(0, 'eve', 'apple');
  expect(await fork.ask(0, 'attach 1')).toContain("attach: node 1: the session is somebody else's");
  expect(await fork.ask(0, 'cat < /node/1/dev/console')).toContain('Permission denied');
  expect(await fork.ask(0, 'attach 2')).toContain('attach: node 2: nobody is logged in there');
  await fork.logIn(2, 'eve', 'apple');
  await fork.ask(2, 'PLACE=eden');
  fork.session.type(0, 'attach 2\n');
  await fork.session.expect(2, LOGIN, { within: '2s' });
  expect(await fork.ask(0, 'echo $PLACE')).toContain('eden\n');
});

it('brings a session to another console as it was left, and a login to where it was', async () => {
  await cluster.ask(1, 'cd /tmp; PLACE=london; sleep 1000 & true');
  cluster.session.type(2, 'attach 1\n');
  await cluster.session.expect(1, LOGIN, { within: '2s' });
  expect(await cluster.ask(2, 'echo $PLACE; pwd; jobs; who')).toMatch(
    /london\n\/tmp\n\[1\]\+ .*sleep 1000 &\n.*node 0[^(]*\n.*node 1[^(]*\(node 2\)\n$/m,
  );
  cluster.session.type(1, 'root\n');
  await cluster.session.expect(1, PROMPT, { within: '2s' });
  expect(await cluster.ask(1, 'echo $PLACE-; who')).toMatch(/^-\n[\s\S]*node 2[^(]*\(node 1\)\n$/m);
});

it('interrupts what runs in it from there', async () => {
  cluster.session.type(2, 'sleep 500\n');
  await cluster.session.run('100ms');
  cluster.session.type(2, '\x03');
  expect(await cluster.ask(2, 'echo $PLACE $?')).toContain('london 130\n');
});

it('gives each node its own console back where the way between them is lost', async () => {
  await cluster.session.run('50ms');
  cluster.session.powerOff(2);
  await cluster.session.run('200ms');
  expect(cluster.session.text(1)).toContain('[node 2 cannot be reached: this is the session of node 1]\n');
  expect(await cluster.ask(1, 'echo $PLACE; who')).toMatch(/london\n[\s\S]*node 1[^(]*\n$/m);
});
