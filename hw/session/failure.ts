/**
 * How a session can end, and what a failure tells: the claim that did not hold, every screen, the last
 * frames on the wires, what had been done, the seed, and the line that does it all again.
 *
 *     0 passed      1 failed        2 bad input     3 invariant broken    4 kernel panic
 *     5 no progress in simulated time               6 not deterministic   7 image        130 interrupted
 */
import { describePlace, describeTrap } from '../lab/diagnosis.ts';
import { isDeed } from '../lab/fault.ts';
import { isBoard } from '../lab/intervene.ts';
import { formatEntry } from '../lab/journal.ts';
import { SymbolTable } from '../lab/symbols.ts';
import { briefTime, timeText } from './duration.ts';
import { decodeFrame } from './frame-text.ts';
import type { Session } from './session.ts';

export const EXIT_CODES = {
  passed: 0,
  failed: 1,
  usage: 2,
  invariant: 3,
  panic: 4,
  'no-progress': 5,
  'not-deterministic': 6,
  image: 7,
  interrupted: 130,
} as const;

export type FailureKind = 'failed' | 'invariant' | 'panic' | 'no-progress' | 'not-deterministic';

export class SessionFailure extends Error {
  override readonly name = 'SessionFailure';
  readonly kind: FailureKind;

  /** The message is the report; its first line says what did not hold. */
  constructor(kind: FailureKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

const FRAMES_SHOWN = 8;
const ENTRIES_SHOWN = 12;

/** Everything that a person needs to understand a failure without starting anything. */
export async function failureReport(session: Session, what: string): Promise<string> {
  const { cluster } = session;
  const boards = session.boards;
  const screens = await Promise.all(boards.map(async node => screenText(session, node)));
  return [
    what,
    `at ${timeText(cluster.now)} in ${cluster.topology.name}, seed ${session.seed}`,
    ...screens.flat(),
    ...boards.map(node => `${session.nameOf(node)}: ${whereabouts(session, node)}`),
    ...framesText(session),
    ...journalText(session),
    `to see it again: ${session.replayLine}`,
  ].join('\n');
}

async function screenText(session: Session, node: number): Promise<string[]> {
  const lines = await session.screen(node);
  const name = session.nameOf(node);
  if (lines.length === 0) return [`${name}: its screen is empty`];
  return [`${name}:`, ...lines.map(line => `  │ ${line}`)];
}

/** Where the board stands, and what last happened to it there. */
export function whereabouts({ cluster }: Session, node: number): string {
  const station = cluster.station(node);
  if (!isBoard(station)) return 'no board';
  if (station.power === 'off') {
    const off = station.poweredOff;
    return `off${off?.by === 'guest' ? `, by its own software with status ${off.status}` : ''}`;
  }
  const symbols = new SymbolTable(station.plan.symbols);
  const symbolAt = (address: number) => symbols.nearest(address);
  return `${describePlace(station.hart, symbolAt)}; ${describeTrap(station.hart, symbolAt)}`;
}

function framesText(session: Session): string[] {
  const frames = session.frames.latest(FRAMES_SHOWN, session.now);
  if (frames.length === 0) return ['no frame was sent'];
  const lines = frames.map(frame => {
    const ends = session.endsOf(frame.direction).join(' → ');
    const fate = frame.fate === 'sent' ? '' : ` (${frame.fate})`;
    return `  ${timeText(frame.time)}  ${ends}  ${decodeFrame(frame.frame).summary}${fate}`;
  });
  return [`the last frames, of ${session.frames.added}:`, ...lines];
}

function journalText(session: Session): string[] {
  const journal = session.cluster.agenda.journal.filter(({ intervention }) => isDeed(intervention));
  if (journal.length === 0) return [];
  const omitted = Math.max(0, journal.length - ENTRIES_SHOWN);
  return [
    `what was done${omitted === 0 ? '' : `, without the first ${omitted}`}:`,
    ...journal.slice(-ENTRIES_SHOWN).map(entry => `  ${formatEntry(entry)}`),
  ];
}

/** How long was waited in vain, for messages. */
export function waited(ns: number): string {
  return `within ${briefTime(ns)} of simulated time`;
}
