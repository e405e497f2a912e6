/**
 * A session as Chrome trace events, for chrome://tracing, Perfetto and their like. Times are simulated.
 *
 *     process "consoles"   a thread a board: an instant for each line that it said
 *     process "wires"      a thread a direction: a bar for each frame, as long as it takes on the wire
 *     process "operator"   an instant for everything that was done from outside
 *
 * Frames are those that the session still keeps.
 */
import { isDeed } from '../lab/fault.ts';
import { serialisationNs } from '../lab/wire.ts';
import { decodeFrame } from './frame-text.ts';
import type { Session } from './session.ts';

interface TraceEvent {
  readonly name: string;
  readonly ph: 'M' | 'X' | 'i';
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  readonly s?: 't' | 'g';
  readonly args?: Readonly<Record<string, unknown>>;
}

const CONSOLES = 1;
const WIRES = 2;
const OPERATOR = 3;
const MICROSECOND = 1000;
const FRAMES_MAX = Number.MAX_SAFE_INTEGER;

export function chromeTrace(session: Session): string {
  const traceEvents = [...names(session), ...lines(session), ...frames(session), ...interventions(session)];
  return `${JSON.stringify({ displayTimeUnit: 'ns', traceEvents })}\n`;
}

function names(session: Session): TraceEvent[] {
  const label = (what: string, pid: number, tid: number, name: string): TraceEvent => ({
    name: what,
    ph: 'M',
    pid,
    tid,
    ts: 0,
    args: { name },
  });
  const directions = Array.from({ length: 2 * session.cluster.topology.links.length }, (_, at) => at);
  return [
    label('process_name', CONSOLES, 0, 'consoles'),
    label('process_name', WIRES, 0, 'wires'),
    label('process_name', OPERATOR, 0, 'operator'),
    ...session.boards.map(node => label('thread_name', CONSOLES, node, session.nameOf(node))),
    ...directions.map(at => label('thread_name', WIRES, at, session.endsOf(at).join(' → '))),
  ];
}

function lines(session: Session): TraceEvent[] {
  return session.boards.flatMap(node => {
    const transcript = session.transcript(node);
    const bytes = transcript.bytes();
    const events: TraceEvent[] = [];
    for (let from = 0; from < bytes.length; ) {
      const newline = bytes.indexOf(10, from);
      const to = newline < 0 ? bytes.length : newline;
      const name = new TextDecoder().decode(bytes.subarray(from, to)).trim();
      const ts = transcript.timeOf(from) / MICROSECOND;
      if (name !== '') events.push({ name, ph: 'i', s: 't', pid: CONSOLES, tid: node, ts });
      from = to + 1;
    }
    return events;
  });
}

function frames(session: Session): TraceEvent[] {
  const { scheduler } = session.cluster.share;
  return session.frames.latest(FRAMES_MAX, session.now).map(({ direction, time, frame, fate }) => ({
    name: decodeFrame(frame).summary,
    ph: 'X',
    pid: WIRES,
    tid: direction,
    ts: time / MICROSECOND,
    dur: serialisationNs(frame.length, scheduler.settings(direction).rate) / MICROSECOND,
    args: { fate, size: frame.length },
  }));
}

function interventions(session: Session): TraceEvent[] {
  return session.cluster.agenda.journal.flatMap(({ when, intervention }): TraceEvent[] =>
    'at' in when && when.at <= session.now && isDeed(intervention)
      ? [
          {
            name: intervention.do,
            ph: 'i',
            s: 'g',
            pid: OPERATOR,
            tid: 0,
            ts: when.at / MICROSECOND,
            args: { ...intervention },
          },
        ]
      : [],
  );
}
