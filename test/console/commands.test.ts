/**
 * Commands, as `:` and keys give them: each does what the line of a script does that it is told with.
 */
import { expect, test } from 'vitest';
import { completions, type Operator, perform } from '../../hw/console/commands.ts';
import { drawStatus } from '../../hw/console/ui/bars.ts';
import { Canvas } from '../../hw/console/ui/canvas.ts';
import type { Session } from '../../hw/session/session.ts';
import { echoSession } from './session-rig.ts';
import { stageFor } from './stage-rig.ts';

const operatorOf = (session: Session): Operator => stageFor(session).live;

/** Runs a line of a script, as `--script` would. */
async function runLine(line: string, session: Session): Promise<void> {
  const script = new Function('session', `return (async () => { ${line} })();`);
  await script(session);
}

const COMMANDS = [
  'run 5ms',
  'next',
  'step node0',
  'step node1',
  'back node1',
  'bookmark here',
  'run 30ms',
  'goto 22ms',
  'rewind here',
  'cut node0 node1',
  'heal node0 node1',
  'loss node0 node1 12.5',
  'delay node0 node1 1ms',
  'slow node0 50',
  'freeze node1 3ms',
  'type node0 hello  there "you"',
  'power-off node1',
  'power-on node1',
  'reset node0',
  'restart node1',
  'fault {"do":"drift","node":0,"ppm":100}',
  'plan 3ms {"do":"reset","node":1}',
  'trouble 5 10ms',
  'break node0 kernel_trap',
  'unbreak node0 kernel_trap',
  'hash',
];

test('what a command does, its line of a script does too', async () => {
  const [byHand, byScript] = [await echoSession('line:2'), await echoSession('line:2')];
  for (const command of COMMANDS) {
    const { line } = await perform(command, operatorOf(byHand));
    await runLine(line, byScript);
    expect([command, byScript.now, byScript.hash()]).toEqual([command, byHand.now, byHand.hash()]);
  }
  for (const session of [byHand, byScript]) await session.run('20ms');
  expect(byScript.hash()).toBe(byHand.hash());
});

test('a plan waits for its time, and trouble comes within its own', async () => {
  const session = await echoSession('line:2');
  const operator = operatorOf(session);
  const { note } = await perform('plan 5ms {"do":"power-off","node":1}', operator);
  expect(note).toBe('planned for 0.025000000 s');
  await session.run('4ms');
  expect(session.cluster.station(1).power).toBe('on');
  await session.run('1ms');
  expect(session.cluster.station(1).power).toBe('off');
  await perform('trouble 7 100ms', operator);
  const { length } = session.cluster.agenda.toCome;
  expect(length).toBeGreaterThanOrEqual(7);
  await session.run('2s');
  expect(session.cluster.agenda.toCome).toHaveLength(0);
});

// biome-ignore format: a table
test.each([
  ['cutt node0 node1',        'there is no command cutt: did you mean cut?'],
  ['quti',                    'there is no command quti: did you mean quit?'],
  ['cut node0',               'cut lacks OTHER: write cut NODE OTHER'],
  ['cut node0 node1 node1',   'cut takes no node1: write cut NODE OTHER'],
  ['cut node0 node9',         'there is no node node9: did you mean node0?'],
  ['speed fast',              'fast is not a number: write for example 5'],
  ['speed 0',                 'it must be more than 0'],
  ['run soon',                '"soon" is not a time: write for example 250us, 5ms or 1.5s'],
  ['goto 9s',                 '9s was not passed yet: it is 0.020000000 s'],
  ['fault {"do":"reset"',     'that is not JSON: write for example {"do":"reset","node":0}'],
  ['load no/such',            'no/such does not exist: correct its name'],
  ['view topologie',          'there is no view topologie: did you mean topology?'],
])(':%s is refused in one line', async (command, message) => {
  const operator = operatorOf(await echoSession('line:2'));
  await expect(perform(command, operator)).rejects.toThrow(message);
});

test('names of commands, nodes, views and bookmarks are completed', async () => {
  const session = await echoSession('line:2');
  session.bookmarks.set('before', session.now);
  const complete = (text: string) => completions(text, operatorOf(session));
  expect(complete('pow')).toEqual(['power-off', 'power-on']);
  expect(complete('cut node0 n')).toEqual(['node0', 'node1']);
  expect(complete('view t')).toEqual(['topology', 'timeline']);
  expect(complete('goto b')).toEqual(['before']);
});

test('the lamp says what is unsound', async () => {
  const session = await echoSession('line:2');
  const lamp = () => {
    const canvas = new Canvas(120, 1);
    drawStatus(canvas, stageFor(session), session.broken);
    return canvas.lines()[0];
  };
  expect(lamp()).toContain('● sound');
  session.cluster.share.scheduler.outlet(0)!.sent += 1;
  expect(lamp()).toContain('✗ frames: 1 frames went into direction 0 and 0 came out');
});
