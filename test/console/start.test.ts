/**
 * `npm start` without a terminal: lines, scripts, recordings, and what the exit code says.
 */
import { afterAll, expect, test } from 'vitest';
import { parseStartOptions } from '../../hw/console/start-options.ts';
import { clusterShape } from '../../hw/session/cluster-source.ts';
import { PANIC, StartRig } from './start-rig.ts';

const rig = await StartRig.open();
afterAll(() => rig.remove());

/** What a pipe of Linux holds. */
const PIPE_SIZE = 65_536;
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

test('the exit code tells a panic, broken books and images that are not there from a failure', () => {
  const panic = rig.runSystem([...PANIC, '--plain']);
  expect([panic.status, panic.err.split('\n')[0]]).toEqual([
    4,
    'node0: kernel: the boot archive has no file init',
  ]);
  rig.write(
    'books.ts',
    SCRIPT('  session.cluster.share.scheduler.outlet(0).sent += 1;\n  await session.expect(0, "x");'),
  );
  const books = rig.run(['--script', 'books.ts']);
  expect([books.status, books.err.split('\n')[0]]).toEqual([
    3,
    'an invariant is broken: frames: 1 frames went into direction 0 and 0 came out',
  ]);
  rig.run(['--plain', '--record', 'now.jsonl']);
  rig.write('then.jsonl', rig.read('now.jsonl').replace(/"images":"\w/, '"images":"-'));
  const then = rig.run(['--replay', 'then.jsonl']);
  expect([then.status, then.err]).toEqual([
    7,
    'start: the images are not those that were recorded: go back to their sources first\n',
  ]);
});

test('an interrupt writes all that was wanted, in every mode', () => {
  rig.write('long.ts', SCRIPT("  process.kill(process.pid, 'SIGINT');\n  await session.run('1000s');"));
  const script = rig.run(['--script', 'long.ts', '--record', 'script.jsonl']);
  expect([script.status, script.out]).toEqual([130, expect.stringMatching(/^failed: /m)]);
  expect(rig.read('script.jsonl')).toContain('"end":');
  const lines = rig.shell(
    `$GOSSAMER --record lines.jsonl < <(echo hello; sleep 20) > said &
     until grep -q hello said; do sleep 0.1; done; kill -TERM $!; wait $!`,
  );
  expect(lines.status).toBe(130);
  expect(rig.read('lines.jsonl')).toContain('"end":');
});

test('a reader that goes away ends it, and one that is slow loses nothing', () => {
  const talk =
    "for (let i = 0; i < 900; i += 1) { session.type(i % 3, 'abc\\n'); await session.run('1ms'); }";
  rig.write('talk.ts', SCRIPT(talk));
  const gone = rig.shell('set -o pipefail; $GOSSAMER --script talk.ts | head -n 1');
  expect([gone.status, gone.err]).toEqual([141, '']);
  const slow = rig.shell(
    '$GOSSAMER --script talk.ts --json > all; $GOSSAMER --script talk.ts --json | (sleep 2; cmp - all)',
  );
  expect([slow.status, rig.read('all').length > PIPE_SIZE]).toEqual([0, true]);
});

test('a disk that is full is told in a sentence', () => {
  for (const line of [
    '$GOSSAMER > /dev/full',
    '$GOSSAMER --record /dev/full',
    '$GOSSAMER --pcap /dev/full',
  ]) {
    const { status, err } = rig.shell(`echo hello | ${line}`);
    expect([status, err]).toEqual([2, expect.stringMatching(/^start: .* finds no space left: free some\n$/)]);
  }
});

test('what is done, said and answered is an event each, in order of time', () => {
  const { out, status } = rig.run(['--json'], 'hello\n:cut 0 1\n:hash\n:hsh\n');
  const events = out
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
  expect(status).toBe(0);
  expect(events.slice(3).map(({ event, do: what, text }) => what ?? text ?? event)).toEqual([
    'type',
    'hello',
    'wire',
    expect.stringMatching(/^everything hashes to/),
    'there is no command hsh: did you mean hash?',
    'result',
  ]);
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
  ['--outside x',                 '--outside x is no node: write --outside 2, or --outside 2:6420 with the first of its ports'],
  ['--outside 7',                 'topology "mesh:3" has no board 7: give a number from 0 to 2'],
  ['--outside 1 --replay x',      '--outside and --replay exclude each other: give one of them'],
  ['--for ever',                  '--for: "ever" is not a time: write for example 250us, 5ms or 1.5s'],
  ['--plain=1',                   '--plain takes no value: write --plain'],
  ['--record',                    '--record lacks its value: write --record F'],
  ['5',                           "'5' is no option: write --nodes 5"],
  ['ring:5',                      "'ring:5' is no option: write --cluster ring:5"],
])('%s is refused in one line', (line, message) => {
  const parse = () => {
    const { cluster, seed } = parseStartOptions(line.split(' '));
    clusterShape(cluster, seed);
  };
  expect(parse).toThrow(message);
});

test('more nodes than the system is made for are refused, and none is booted', () => {
  const { status, err } = rig.runSystem(['--nodes', '65']);
  expect(status).toBe(2);
  expect(err).toBe('start: star:65 has 65 nodes: the system is for 64 at most, other software by --bios\n');
});

test('what is wrong with a file is told before anything is built', () => {
  rig.write('typo.json', '{ "bords": 3, "links": [] }');
  rig.write('half.json', '{ "boards": 3,');
  rig.write('apart.json', '{ "boards": 3, "links": [{ "from": "0", "to": "1" }] }');
  rig.write('fault.json', '{ "boards": 2, "links": [{ "from": "0", "to": "1", "lossPct": 1 }] }');
  rig.write('half.ts', 'export function script(session {');
  const refusals = [
    ['--cluster typo.json', 'topology "typo.json" has an unknown field "bords": did you mean boards?'],
    ['--cluster apart.json', 'apart.json: no way leads from node0 to node2: add a link'],
    ['--cluster 0-1,2-3', '0-1,2-3: no way leads from node0 to node2: add a link'],
    ['--cluster fault.json', 'link 0 has an unknown field "lossPct": did you mean lossPpm?'],
    ['--cluster line:3 --outside 2 --outside 2', 'node 2 is outside twice: give it once'],
    ['--cluster line:3 --outside 1:7000 --outside 2:7001', '--outside 2:7001: port 7001 is taken'],
    ['--replay half.json', '--replay half.json: this is not the recording of a session'],
    ['--script half.ts', '--script half.ts cannot be read: Transform failed with 1 error:'],
    ['--record no/folder/x', '--record no/folder/x does not exist: correct its name'],
  ] as const;
  for (const [line, message] of refusals) {
    const { status, out, err } = rig.run(line.split(' '));
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain(`start: ${message}`);
    expect(err.trim().split('\n')).toHaveLength(1);
  }
});
