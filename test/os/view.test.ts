/**
 * One name space for a cluster of three: every console has the same files, and each shell may see them otherwise.
 */
import { beforeAll, expect, it } from 'vitest';
import { Consoles, PROMPT } from './console-rig.ts';

const PROGRAMS = ['cat', 'df', 'ls', 'mkdir', 'nodes'];

let cluster: Consoles;

beforeAll(async () => {
  cluster = await Consoles.boot('mesh:3', PROGRAMS);
}, 900_000);

it('shows the same file at each console, wherever it was written', async () => {
  await cluster.ask(1, 'mkdir /shared; echo from one > /shared/note');
  for (const node of [0, 1, 2]) expect(await cluster.ask(node, 'cat /shared/note')).toContain('from one\n');
  await cluster.ask(2, 'cd /shared; echo from two >> note; cd /');
  expect(await cluster.ask(0, 'cat /node/0/shared/note')).toContain('from one\nfrom two\n');
  expect(await cluster.ask(0, 'cat /node/1/shared/note')).toContain('No such file or directory');
});

it('keeps to each node its own programs and devices', async () => {
  await cluster.ask(2, 'echo for the console of node 2 > /node/1/dev/console');
  expect(cluster.session.text(1)).toContain('for the console of node 2');
  const places = await cluster.ask(1, 'df; df /dev');
  expect(places).toMatch(/^\/node\/0 .* \/$/m);
  expect(places).toMatch(/^\/boot .* \/boot$/m);
  expect(places).toMatch(/^\/dev .* \/dev$/m);
});

it('lets a shell see other files under a path, and its programs and subshells with it, but nobody else', async () => {
  await cluster.ask(0, "mkdir '/the real' /seen; echo deep > '/the real/file'");
  await cluster.ask(1, "bind '/the real' /seen");
  expect(await cluster.ask(1, 'cat /seen/file; (cat /seen/file | cat)')).toContain('deep\ndeep\n');
  expect(await cluster.ask(1, 'ns')).toContain("bind '/node/0/the real' /seen\n");
  expect(await cluster.ask(0, 'ls /seen')).not.toContain('file\n');
  expect(await cluster.ask(1, 'unbind /seen; ls /seen; unbind /seen')).toContain('/seen: not bound');
});

it('has in a union what is in both, hides the second behind the first, and makes what is new in the first', async () => {
  await cluster.ask(
    0,
    'mkdir /one /two /two/sub; echo 1 > /one/both; echo 2 > /two/both; echo 2 > /two/only',
  );
  await cluster.ask(2, 'bind -b /one /two; echo new > /two/new; echo in > /two/sub/in');
  expect(await cluster.ask(2, 'echo $(ls /two)')).toContain('both new only sub\n');
  expect(await cluster.ask(2, 'cat /two/both /two/only')).toContain('1\n2\n');
  expect(await cluster.ask(0, 'echo $(ls /one) and $(ls /two /two/sub)')).toContain(
    'both new and /two: both only sub /two/sub: in\n',
  );
});

it('refuses to bind what is not there', async () => {
  expect(await cluster.ask(0, 'bind /nowhere /tmp')).toContain('bind: /nowhere: No such file or directory');
  expect(await cluster.ask(0, 'bind /tmp /nowhere')).toContain('bind: /nowhere: No such file or directory');
  expect(await cluster.ask(0, 'bind -x /tmp /tmp')).toContain('Illegal option -x');
});

it('goes on without the node that has the root, and has it again when that is back', async () => {
  cluster.session.powerOff(0);
  await cluster.session.run('100ms');
  expect(await cluster.ask(1, 'cat /shared/note; echo $(nodes -q)')).toMatch(
    /Its node cannot be reached[\s\S]*\n1 2\n/,
  );
  cluster.session.powerOn(0);
  await cluster.session.expect(0, PROMPT, { within: '1s' });
  await cluster.session.run('100ms');
  await cluster.ask(1, 'echo again > /again');
  expect(await cluster.ask(0, 'cat /again')).toContain('again\n');
});

it('comes to its prompt where the root is not there, and finds it later without a restart', async () => {
  const late = await Consoles.start('line:3', PROGRAMS);
  late.session.powerOff(0);
  await late.session.expect(2, PROMPT, { within: '2s' });
  expect(late.session.text(2)).toContain('The node that has the root cannot be reached');
  expect(await late.ask(2, 'ls /; echo $(ls /boot/bin)')).toMatch(
    /Its node cannot be reached[\s\S]*cat df .*ls/,
  );
  late.session.powerOn(0);
  await late.session.expect(0, PROMPT, { within: '1s' });
  await late.session.run('100ms');
  await late.ask(0, 'echo came > /came');
  expect(await late.ask(2, 'cat /came')).toContain('came\n');
});
