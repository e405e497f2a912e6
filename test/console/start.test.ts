/**
 * `npm start` without a terminal: lines, scripts, recordings, and what the exit code says.
 */
import { afterAll, expect, test } from 'vitest';
import { parseStartOptions } from '../../hw/console/start-options.ts';
import { clusterShape } from '../../hw/session/cluster-source.ts';
import { StartRig } from './start-rig.ts';

const rig = await StartRig.open();
afterAll(() => rig.remove());

const SCRIPT = (body: string) =>
  `export async function script(session) {\n  await session.run('20ms');\n  session.type(0, 'hello');\n${body}\n}\n`;

test('lines from a pipe are typed at the consoles, which answer with a prefix each', () => {
  const { status, out } = rig.run(['--plain'], 'hello\n@node1 world\n:cut 0 1\n:hash\n');
  expect(out).toMatch(/^node0 │ hello\nnode1 │ world\n· everything hashes to [0-9a-f]{16}\n$/);
  expect(status).toBe(0);
});

test('a recorded session is replayed to the same hash, and one that was changed is found out', () => {
  rig.run(['--plain', '--seed', '5', '--record', 'session.jsonl'], 'hello\n@node1 world\n:cut 0 1\n');
  const again = rig.run(['--replay', 'session.jsonl']);
  expect(again.status).toBe(0);
  expect(again.out).toMatch(/node1 │ world\n(.*\n)*passed: .* simulated, seed 5, hash [0-9a-f]{16}\n$/);
  rig.write('changed.jsonl', rig.read('session.jsonl').replace('hello', 'hullo'));
  const changed = rig.run(['--replay', 'changed.jsonl']);
  expect([changed.status, changed.err.split(':')[0]]).toEqual([6, 'not deterministic']);
});

test('a script passes or fails, with the line that repeats it', () => {
  rig.write('good.ts', SCRIPT("  await session.expect('node0', 'hello');"));
  rig.write('bad.ts', SCRIPT("  await session.expect('node1', 'hello');"));
  rig.write('wrong.ts', SCRIPT("  throw new Error('two is not one');"));
  const good = rig.run(['--script', 'good.ts', '--nodes', '2', '--json']);
  const result = JSON.parse(good.out.trim().split('\n').at(-1)!);
  expect([good.status, result.event, result.exitCode, result.seed]).toEqual([0, 'result', 0, 1]);
  const bad = rig.run(['--script', 'bad.ts', '--nodes', '2', '--seed', '3']);
  expect(bad.status).toBe(5);
  expect(bad.err).toContain(
    'npm start -- --cluster mesh:2 --seed 3 --bios firmware --kernel kernel --initrd archive --script bad.ts',
  );
  const wrong = rig.run(['--script', 'wrong.ts']);
  expect([wrong.status, wrong.err.split('\n')[0]]).toEqual([1, 'Error: two is not one']);
});

test('frames, consoles and traces are written where they are wanted', () => {
  const files = ['--pcap', 'a.pcapng', '--trace', 'a.trace', '--asciicast', 'a.cast'];
  expect(rig.run(['--plain', ...files], 'hello\n').status).toBe(0);
  expect(rig.read('a.pcapng').slice(0, 4)).toBe('\n\r\r\n');
  expect(JSON.parse(rig.read('a.trace')).traceEvents.length).toBeGreaterThan(3);
  const [header, ...events] = rig.read('a.cast').trim().split('\n');
  expect(JSON.parse(header!)).toMatchObject({ version: 2, width: 80, height: 24 });
  expect(events.map(event => JSON.parse(event)[2]).join('')).toBe('hello\nhello\n');
});

// biome-ignore format: a table
test.each([
  ['--clutser ring:3',            'there is no option --clutser: did you mean --cluster?'],
  ['--cluster rong:3',            'topology "rong:3" is not known: did you mean ring:5?'],
  ['--cluster no/gone.json',      '--cluster no/gone.json does not exist: correct its name'],
  ['--seed x',                    '--seed x is not a whole number'],
  ['--nodes 0',                   '--nodes 0 is no cluster: give 1 or more'],
  ['--nodes 3 --cluster ring:3',  '--cluster and --nodes exclude each other: give one of them'],
  ['--for ever',                  '--for: "ever" is not a time: write for example 250us, 5ms or 1.5s'],
  ['--plain=1',                   '--plain takes no value: write --plain'],
  ['--record',                    '--record lacks its value: write --record F'],
  ['ring:5',                      "'ring:5' is no option: write --cluster ring:5"],
])('%s is refused in one line', (line, message) => {
  const parse = () => {
    const { cluster, seed } = parseStartOptions(line.split(' '));
    clusterShape(cluster, seed);
  };
  expect(parse).toThrow(message);
});

test('what is wrong with a file is told before anything is built', () => {
  rig.write('typo.json', '{ "bords": 3, "links": [] }');
  rig.write('half.json', '{ "boards": 3,');
  const refusals = [
    ['--cluster typo.json', 'topology "typo.json" has an unknown field "bords": did you mean boards?'],
    ['--replay half.json', '--replay half.json: this is not the recording of a session'],
    ['--record no/folder/x', '--record no/folder/x does not exist: correct its name'],
  ] as const;
  for (const [line, message] of refusals) {
    const { status, out, err } = rig.run(line.split(' '));
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain(`start: ${message}`);
    expect(err.trim().split('\n')).toHaveLength(1);
  }
});
