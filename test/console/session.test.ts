/**
 * The session: what scripts, tests and the terminal UI do to a cluster, and what they see of it.
 */
import { expect, test } from 'vitest';
import type { Board } from '../../hw/board.ts';
import { SessionFailure } from '../../hw/session/failure.ts';
import { echoSession } from './session-rig.ts';

async function failureOf(step: Promise<unknown>): Promise<SessionFailure> {
  const error = await step.then(
    () => undefined,
    caught => caught,
  );
  expect(error).toBeInstanceOf(SessionFailure);
  return error as SessionFailure;
}

test('what is typed at one console is answered there and nowhere else', async () => {
  const session = await echoSession('ring:3');
  session.type('node1', 'hello');
  await session.expect('node1', 'hello', { within: '1s' });
  expect([session.text(0), session.text(2)]).toEqual(['', '']);
  expect(await session.screen(1)).toEqual(['hello']);
});

test('each thing said is met once', async () => {
  const session = await echoSession('line:1');
  session.type(0, 'one two');
  await session.expect(0, /o\w/);
  expect(await session.expect(0, /\w*o/)).toBe('two'.slice(0, 3));
});

test('the same calls give the same state', async () => {
  const hashes = [];
  for (let times = 0; times < 2; times += 1) {
    const session = await echoSession('ring:3', 7);
    session.type(0, 'abc');
    await session.expect(0, 'abc');
    session.cut(0, 1);
    session.restart(2);
    await session.run('20ms');
    hashes.push(session.hash());
  }
  expect(hashes[0]).toBe(hashes[1]);
});

test('after going back the future is the same until something is done differently', async () => {
  const session = await echoSession('line:2', 1, { snapshotEvery: '5ms' });
  await session.run('20ms');
  const early = session.now;
  session.type(0, 'first');
  await session.run('30ms');
  const [late, hash] = [session.now, session.hash()];
  await session.visit(early);
  expect([session.text(0), session.knownUntil]).toEqual(['', late]);
  await session.runTo(late);
  expect([session.text(0), session.hash()]).toEqual(['first', hash]);
  await session.rewind(early);
  session.type(0, 'second');
  await session.runTo(late);
  expect(session.text(0)).toBe('second');
});

test('the known future is gone to as the past is, in leaps', async () => {
  const session = await echoSession('line:2', 1, { snapshotEvery: '5ms' });
  const times: number[] = [];
  for (const word of ['one ', 'two ', 'three ', 'four ']) {
    session.type(0, word);
    await session.run('20ms');
    times.push(session.now);
  }
  const hash = session.hash();
  const text = async (time: number) => {
    await session.visit(time);
    return session.text(0);
  };
  expect(await text(times[0]!)).toBe('one ');
  expect(await text(times[3]!)).toBe('one two three four ');
  expect(session.hash()).toBe(hash);
  expect(await text(times[1]!)).toBe('one two ');
  session.type(0, 'else ');
  await session.run('20ms');
  expect([session.text(0), session.knownUntil]).toEqual(['one two else ', session.now]);
});

test('a fork goes its own way', async () => {
  const session = await echoSession('line:2');
  session.type(0, 'a');
  await session.expect(0, 'a');
  const other = session.fork();
  session.type(0, 'b');
  other.type(0, 'c');
  await session.run('20ms');
  await other.run('20ms');
  expect([session.text(0), other.text(0)]).toEqual(['ab', 'ac']);
});

test('a snapshot is taken up where it was taken', async () => {
  const session = await echoSession('line:2');
  session.type(0, 'before');
  await session.expect(0, 'before');
  const file = session.snapshot();
  session.type(0, 'x');
  await session.run('20ms');
  const hash = session.hash();
  const other = await echoSession('line:2');
  other.restore(file);
  other.type(0, 'x');
  await other.run('20ms');
  expect([other.text(0), other.hash()]).toEqual(['x', hash]);
});

test('a step back is undone by a step forward', async () => {
  const session = await echoSession('line:1');
  session.type(0, 'x');
  await session.run('10us');
  const { hart } = session.cluster.station(0) as Board;
  const places = [];
  for (let steps = 0; steps < 40; steps += 1) {
    places.push([hart.pc, hart.cycle]);
    await session.step(0);
  }
  for (const place of places.reverse()) {
    await session.stepBack(0);
    expect([hart.pc, hart.cycle]).toEqual(place);
  }
});

test('a breakpoint stops a run where it is met, and the next run goes on from there', async () => {
  const session = await echoSession('line:2');
  const { hart } = session.cluster.station(1) as Board;
  const address = session.setBreakpoint(1, 'deliverExternal');
  expect(await session.run('50ms')).toBe(true);
  session.type(1, 'x');
  expect([await session.run('50ms'), hart.pc]).toEqual([false, address]);
  session.clearBreakpoint(1, address);
  await session.expect(1, 'x');
  expect(() => session.setBreakpoint(1, 'nowhere')).toThrow('nowhere is no symbol and no address');
});

test('what was not said is told with screens, frames, seed and the way to repeat it', async () => {
  const session = await echoSession('ring:3', 9);
  session.type(2, 'here I am');
  await session.expect(2, 'am');
  session.plan({ when: { at: session.now + 1_000_000_000 }, intervention: { do: 'reset', node: 0 } });
  session.type(1, 'x');
  const failure = await failureOf(session.expect(1, /never/, { within: '50ms' }));
  expect(failure.kind).toBe('failed');
  expect(failure.message).toMatch(/^node1 did not say \/never\/ within 50 ms of simulated time/);
  for (const part of [
    'in ring:3, seed 9',
    '  │ here I am',
    'asleep in wfi',
    'no frame was sent',
    '"do":"type","node":2,"text":"here I am"',
    'npm start -- --cluster ring:3 --seed 9',
  ])
    expect(failure.message).toContain(part);
});

test('waiting on a cluster that is off ends at once, as no progress', async () => {
  const session = await echoSession('line:2');
  session.type(0, 'q');
  session.powerOff(1);
  const failure = await failureOf(session.expect(0, 'anything', { within: '100s' }));
  expect(failure.kind).toBe('no-progress');
  expect(session.now).toBeLessThan(1_000_000_000);
  expect(failure.message).toContain('node0: off, by its own software with status 0');
});

test('silence is no progress too', async () => {
  const session = await echoSession('line:1');
  await session.run('20ms');
  const failure = await failureOf(session.expect(0, 'anything', { within: '20ms' }));
  expect(failure.kind).toBe('no-progress');
});

test('a name that is not there is answered with what was meant', async () => {
  const session = await echoSession('line:3');
  expect(() => session.type('nod1', 'x')).toThrow('there is no node nod1: did you mean node1?');
  expect(() => session.cut(0, 2)).toThrow('node0 and node2 are not wired to each other: node0 is to node1');
  expect(() => session.run('5 parsecs')).toThrow('write for example 250us, 5ms or 1.5s');
});
