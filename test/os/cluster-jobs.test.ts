/**
 * Commands, pipelines and jobs over the nodes of a cluster, as a person at a console meets them.
 */
import { beforeAll, expect, it } from 'vitest';
import { Consoles } from './console-rig.ts';
import { BUILD_MILLISECONDS } from './system-rig.ts';

const PROGRAMS = ['cat', 'grep', 'hostname', 'kill', 'load', 'on', 'ps', 'seq', 'sleep', 'sort', 'tr', 'wc'];

/** Until what was typed runs. */
const STARTING = '200ms';

let booted: Consoles;

beforeAll(async () => {
  booted = await Consoles.boot('mesh:3', PROGRAMS);
}, BUILD_MILLISECONDS);

/** Of what was said: what was typed may stand before it. */
function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)!;
}

it('runs a pipeline over three nodes, which gives what it gives on one', async () => {
  const cluster = booted.fork();
  const plain = await cluster.ask(0, 'seq 300 | tr 1-9 a-i | sort -r | wc');
  const spread = await cluster.ask(0, 'on 2 seq 300 | on 1 tr 1-9 a-i | sort -r | on 2 wc');
  expect(lastLine(spread)).toBe(lastLine(plain));
  expect(lastLine(spread)).toMatch(/300 +300 +1092/);
});

it('gives the shell a command’s exit status from wherever it ran', async () => {
  const cluster = booted.fork();
  const node = "on 1 sh -c 'exit 7'";
  expect(await cluster.ask(0, `${node}; echo status-$?`)).toContain('status-7');
  expect(await cluster.ask(0, "on 2 sh -c 'kill -TERM $$'; echo status-$?")).toContain('status-143');
  expect(await cluster.ask(0, 'on 1 absent; echo status-$?')).toContain('status-127');
  expect(await cluster.ask(0, 'on 9 sleep 1; echo status-$?')).toMatch(
    /there is no node 9:[\s\S]*status-126/,
  );
  expect(await cluster.ask(1, 'hostname; on 2 hostname')).toMatch(/node1\r?\n.*node2/);
});

it('lists the processes of all nodes at each of them', async () => {
  const cluster = booted.fork();
  const { session } = cluster;
  session.type(0, 'on 2 sleep 1000 &\n');
  await session.run(STARTING);
  const list = await cluster.ask(1, 'ps -e');
  expect(list).toMatch(/^ +2 200\d\d\d S .* sleep$/m);
  expect(list).toMatch(/^ +1 100\d\d\d R .* ps$/m);
  expect(await cluster.ask(1, 'ps -n 0 -e')).not.toContain('sleep');
});

it('ends a job that runs elsewhere by control-C', async () => {
  const cluster = booted.fork();
  const { session } = cluster;
  session.type(0, 'on 1 sleep 1000 | on 2 sleep 1000\n');
  await session.run(STARTING);
  expect(await cluster.fork().ask(1, 'ps -e')).toContain('sleep');
  session.type(0, '\x03');
  await session.expect(0, '$ ', { within: '1s' });
  expect(await cluster.ask(1, 'ps -e')).not.toContain('sleep');
});

it('breaks a loop by control-C, wherever the command is that it ends, and does not go on behind it', async () => {
  const cluster = booted.fork();
  const { session } = cluster;
  for (const place of ['', 'on any ', 'on node1 ']) {
    session.type(0, `while true; do ${place}sleep 1000; done; echo be''hind\n`);
    await session.run(STARTING);
    session.type(0, '\x03');
    expect(await cluster.ask(0, 'echo status-$?')).toContain('status-130');
    expect(session.text(0)).not.toContain('behind');
  }
});

it('stops a job that runs elsewhere by control-Z, and runs it on in the fore- and background', async () => {
  const cluster = booted.fork();
  const { session } = cluster;
  session.type(0, 'on 1 sleep 1000 | on 2 cat\n');
  await session.run(STARTING);
  session.type(0, '\x1a');
  await session.expect(0, 'Stopped', { within: '1s' });
  expect(await cluster.ask(0, 'ps -e | grep -c " T .* sleep"')).toMatch(/^1$/m);
  session.type(0, 'bg\n');
  await session.run(STARTING);
  expect(await cluster.ask(0, 'ps -e | grep -c " T "')).toMatch(/^0$/m);
  session.type(0, 'fg\n');
  await session.run(STARTING);
  session.type(0, '\x03');
  await session.expect(0, '$ ', { within: '1s' });
  expect(await cluster.ask(0, 'ps -e | grep -c sleep')).toMatch(/^0$/m);
});

it('goes on with a stopped script where it was, whichever node its command is on', async () => {
  const cluster = booted.fork();
  const { session } = cluster;
  session.type(0, "on 1 sh -c 'on 2 cat; echo status-$?'\n");
  await session.run(STARTING);
  session.type(0, '\x1a');
  await session.expect(0, 'Stopped', { within: '1s' });
  for (const typed of ['fg\n', 'said\n', '\x04']) {
    session.type(0, typed);
    await session.run(STARTING);
  }
  await session.expect(0, /said\s+said\s+status-0\s/, { within: '1s' });
});

it('runs sixty processes of one node’s on another, and ends them', async () => {
  const cluster = booted.fork();
  await cluster.ask(0, 'i=0; while [ $i -lt 60 ]; do on 1 sleep 1000 & i=$((i+1)); done');
  await cluster.session.run('1s');
  expect(lastLine(await cluster.ask(2, 'ps -e | grep -c sleep'))).toMatch(/^60$/);
  await cluster.ask(0, 'i=0; while [ $i -lt 60 ]; do i=$((i+1)); kill %$i; done; wait');
  expect(lastLine(await cluster.ask(2, 'ps -e | grep -c sleep'))).toMatch(/^0$/);
});

it('kills a process from a third node, and its parent hears of it', async () => {
  const cluster = booted.fork();
  const { session } = cluster;
  session.type(0, 'on 1 sleep 1000 &\n');
  await session.run(STARTING);
  const lines = (await cluster.ask(1, 'ps -e')).split('\n');
  const [, pid] = lines
    .find(text => text.includes('sleep'))!
    .trim()
    .split(/ +/);
  session.type(0, `on 2 kill -KILL ${pid}; sleep 0.1\n`);
  await session.expect(0, 'Killed', { within: '1s' });
});

it('says of a command that it is lost, when its node is switched off', async () => {
  const cluster = booted.fork();
  const { session } = cluster;
  session.type(0, 'on 2 sleep 1000; echo status-$?\n');
  await session.run(STARTING);
  session.powerOff(2);
  await session.expect(0, /lost: node 2[\s\S]*status-255/, { within: '1s' });
  expect(await cluster.ask(0, 'ps -e')).not.toContain('sleep');
});

it('tells a node that is lost from one that there is not', async () => {
  const cluster = booted.fork();
  cluster.session.powerOff(2);
  await cluster.session.run('100ms');
  const lost = await cluster.ask(0, 'kill 200033; ps -n 2; echo status-$?; on 2 cat');
  expect(lost).toContain(
    'kill: 200033: Its node cannot be reached\nps: node 2 cannot be reached: nodes says',
  );
  expect(lost).toContain('COMMAND\nstatus-1\non: node 2 cannot be reached');
  expect(await cluster.ask(0, 'kill 900033; ps -n 9; echo status-$?')).toMatch(
    /900033: No such process\nps: there is no node 9: [^\n]*\n.*COMMAND\nstatus-1\n/,
  );
});

it('places programs by the cluster’s policy, and their shell controls them wherever they are', async () => {
  const cluster = booted.fork();
  await cluster.ask(1, 'load random');
  await cluster.ask(0, 'for i in 1 2 3 4 5 6; do sleep 1000 & done');
  await cluster.session.run(STARTING);
  const lines = (await cluster.ask(2, 'ps -e')).split('\n').filter(line => line.endsWith('sleep'));
  expect(lines).toHaveLength(6);
  expect(new Set(lines.map(line => line.trim().split(' ')[0])).size).toBeGreaterThan(1);
  await cluster.ask(0, 'kill %1 %2 %3 %4 %5 %6; wait');
  expect(await cluster.ask(2, 'ps -e')).not.toContain('sleep');
});
