/**
 * A session as a file: where it started, everything that was done to it and when, and where it ended.
 * Kilobytes, for all else follows from that.
 *
 *     {"gossamer":"recording","version":1,"cluster":{"name":"ring:3"},"seed":7,"system":"one","images":"4be1…"}
 *     {"at":0,"do":"power-on","node":0}                          the journal (hw/lab/journal.ts)
 *     …
 *     {"end":1500000000,"hash":"70258f986958c789"}
 *
 * Whoever replays it must come to the same hash; where not, something depends on what it may not.
 */
import { type Entry, formatEntry, parseJournal } from '../lab/journal.ts';
import { fieldsOf } from '../lab/topology.ts';
import { type ClusterSource, clusterShape } from './cluster-source.ts';
import type { Session } from './session.ts';

/** Boot images by the names of their files. */
export interface ImageFiles {
  readonly bios?: string;
  readonly kernel?: string;
  readonly initrd?: string;
}

/** What a session starts from. */
export interface Origin {
  readonly cluster: ClusterSource;
  readonly seed: number;
  readonly ramSize: number | undefined;
  readonly diskSize: number | undefined;
  /** What the boards' clocks began with, where that was the host's time. */
  readonly epochSeconds?: number;
  /** The name of what the boards boot. */
  readonly system: string;
  /** Instead of the system, where a person gave files. */
  readonly files?: ImageFiles;
  /** A hash of the boot images' bytes. */
  readonly images: string;
}

export interface Recording {
  readonly origin: Origin;
  readonly entries: readonly Entry[];
  readonly endNs: number;
  readonly hash: string;
}

const VERSION = 1;
const NOT_ONE = 'this is not the recording of a session: give a file that --record wrote';

export function formatRecording(session: Session, origin: Origin): string {
  const first = { gossamer: 'recording', version: VERSION, ...origin };
  const done = session.cluster.agenda.journal.map(entry => formatEntry(entry));
  const last = { end: session.now, hash: session.hash() };
  return [JSON.stringify(first), ...done, JSON.stringify(last), ''].join('\n');
}

/** Throws an error of one line. */
export function parseRecording(text: string): Recording {
  const lines = text.trimEnd().split('\n');
  const first = objectOf(lines[0]!);
  if (first['gossamer'] !== 'recording') throw new Error(NOT_ONE);
  if (first['version'] !== VERSION)
    throw new Error(
      `this recording has version ${first['version']} and ${VERSION} is understood: record anew`,
    );
  const last = objectOf(lines.at(-1)!);
  const { end, hash } = last;
  if (!Number.isSafeInteger(end) || typeof hash !== 'string')
    throw new Error('the recording is cut short, its last line does not say where it ended: copy it again');
  const origin = first as unknown as Origin;
  const { topology } = clusterShape(origin.cluster, origin.seed);
  const entries = parseJournal(lines.slice(1, -1).join('\n'), topology);
  return { origin, entries, endNs: end as number, hash };
}

function objectOf(line: string): Record<string, unknown> {
  try {
    return fieldsOf(JSON.parse(line), 'the line');
  } catch {
    throw new Error(NOT_ONE);
  }
}
