/**
 * What a session can be written as, for other people's programs: a Chrome trace, pcapng, asciicast.
 */
import { expect, test } from 'vitest';
import { loadCore } from '../../hw/cpu/load-core.ts';
import { Random } from '../../hw/lab/random.ts';
import { parseTopology } from '../../hw/lab/topology.ts';
import { RAM_BASE } from '../../hw/manual/memory-map.ts';
import { asciicast } from '../../hw/session/asciicast.ts';
import { chromeTrace } from '../../hw/session/chrome-trace.ts';
import { frameCapture } from '../../hw/session/frame-capture.ts';
import { Session } from '../../hw/session/session.ts';
import { assembleFlat } from '../../images/assembler/assemble.ts';
import { program } from '../hw/cluster-rig.ts';
import { echoSession } from './session-rig.ts';

/** Preamble, check sequence and gap, in bytes of 1 Gbit/s. */
const WIRE_OVERHEAD = 24;

/** Two boards that send each other a frame every 20 µs. */
async function talkingSession(): Promise<Session> {
  const firmware = assembleFlat(program({ periodTicks: 200 }), { origin: RAM_BASE }).bytes;
  const topology = parseTopology('line:2', new Random(1));
  const description = { topology, seed: 1, imagesOf: () => ({ firmware }), ramSize: 0x40_0000 };
  return Session.build(description, await loadCore());
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly ts: number;
  readonly dur: number;
  readonly args: { readonly name?: string; readonly size: number; readonly fate?: string };
}

/** The events of one process of the trace. */
function eventsOf(trace: string, process: string): readonly TraceEvent[] {
  const events: readonly TraceEvent[] = JSON.parse(trace).traceEvents;
  const { pid } = events.find(({ name, args }) => name === 'process_name' && args.name === process)!;
  return events.filter(event => event.pid === pid && event.ph !== 'M');
}

test('a Chrome trace has each frame for as long as it took, and what was done when it was done', async () => {
  const session = await talkingSession();
  session.switchOn();
  await session.run('1ms');
  session.fault({ do: 'strike', link: 0, way: 'forward', what: 'drop' });
  await session.run('1ms');
  const trace = chromeTrace(session);
  const frames = eventsOf(trace, 'wires');
  expect(frames).toHaveLength(session.frames.added);
  expect(frames.length).toBeGreaterThan(50);
  for (const { ph, dur, args } of frames) {
    const microseconds = (args.size + WIRE_OVERHEAD) * 0.008;
    expect([ph, Math.abs(dur - microseconds) < 0.1]).toEqual(['X', true]);
  }
  expect(new Set(frames.map(({ args }) => args.fate))).toEqual(new Set(['sent', 'lost']));
  const done = eventsOf(trace, 'operator').map(({ name, ts }) => [name, ts]);
  expect(done).toEqual([
    ['power-on', 0],
    ['power-on', 0],
    ['strike', 1000],
  ]);
});

test('frames that are kept become the file that a capture from the beginning writes', async () => {
  const session = await talkingSession();
  const parts: Uint8Array[] = [];
  session.startCapture(bytes => parts.push(bytes.slice()));
  session.switchOn();
  await session.run('2ms');
  session.endCapture();
  expect(session.frames.added).toBeGreaterThan(50);
  expect(Buffer.compare(frameCapture(session), Buffer.concat(parts))).toBe(0);
});

test('an asciicast has what was typed and said at its time, and no half characters', async () => {
  const session = await echoSession('line:1');
  session.type(0, 'h\u00e9 \ud83d\ude42');
  await session.run('1s');
  session.type(0, 'later\n');
  await session.run('10ms');
  const [header, ...events] = asciicast(session, 0)
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
  expect(header).toMatchObject({ version: 2, width: 80, height: 24, title: 'node0 of line:1, seed 1' });
  expect(events.filter(([, kind]) => kind === 'i')).toEqual([
    [0.02, 'i', 'h\u00e9 \ud83d\ude42'],
    [1.02, 'i', 'later\n'],
  ]);
  const said = events.filter(([, kind]) => kind === 'o');
  expect(said.map(([, , text]) => text).join('')).toBe('h\u00e9 \ud83d\ude42later\n');
  expect(said.map(([time]) => Math.floor(time - 0.02))).toEqual(
    said.map(([, , text]) => ('later\n'.includes(text) ? 1 : 0)),
  );
  const times = events.map(([time]) => time);
  expect(times).toEqual([...times].sort((a, b) => a - b));
});
