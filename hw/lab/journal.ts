/**
 * The journal: what was, or is to be, done to a cluster and when. One JSON object a line, so that a
 * run can be written down, edited by hand, and repeated exactly.
 *
 *     {"at":1500000,"do":"wire","link":0,"way":"both","settings":{"cut":true}}
 *     {"cycle":300000,"do":"power-off","node":2}
 *
 * `at` is nanoseconds of the cluster; `cycle` is of the node that the entry touches. Empty lines and
 * lines that begin with # are skipped. An entry at t comes after everything that happens by itself at t.
 *
 * The `Agenda` is a journal in use: entries before its mark were carried out, those after it are to
 * come. Going back to an earlier mark and running on carries out the same entries again.
 */
import { checkIntervention, type Intervention } from './fault.ts';
import type { Topology } from './topology.ts';
import { fieldsOf } from './topology.ts';

export type When = { readonly at: number } | { readonly cycle: number; readonly node: number };

export interface Entry {
  readonly when: When;
  readonly intervention: Intervention;
}

/** The entries of a journal, in its order. Throws an error that names the line and the mend. */
export function parseJournal(text: string, topology: Topology): Entry[] {
  return text.split('\n').flatMap((line, at) => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    try {
      return [parseEntry(line, topology)];
    } catch (error) {
      throw new Error(`journal line ${at + 1}: ${error instanceof Error ? error.message : error}`);
    }
  });
}

export function formatJournal(entries: readonly Entry[]): string {
  return entries.map(entry => formatEntry(entry) + '\n').join('');
}

export class Agenda {
  /** Carried out before `mark`, in this order; from there on ascending by time. */
  private entries: { readonly at: number; readonly entry: Entry; readonly live: boolean }[] = [];
  /** Entries whose cycle has not come; their nanosecond is known when it has. */
  private byCycle: Entry[] = [];
  private carriedOut = 0;

  /** How many entries were carried out: a point that `goBack` can return to. */
  get mark(): number {
    return this.carriedOut;
  }

  /** When the next entry with a known time is due; Infinity where there is none. */
  get nextTime(): number {
    return this.entries[this.carriedOut]?.at ?? Number.POSITIVE_INFINITY;
  }

  get waitingForCycle(): readonly Entry[] {
    return this.byCycle;
  }

  /** All that was carried out, and then what is to come. */
  get journal(): Entry[] {
    return [...this.entries.map(({ entry }) => entry), ...this.byCycle];
  }

  /** Adds an entry that is to come. */
  plan(entry: Entry): void {
    if ('cycle' in entry.when) this.byCycle.push(entry);
    else this.insert(entry.when.at, entry, false);
  }

  /** Notes what is being done at this moment by hand. */
  note(at: number, intervention: Intervention): void {
    this.entries.splice(this.carriedOut, 0, { at, entry: { when: { at }, intervention }, live: true });
    this.carriedOut += 1;
  }

  /** Takes the next entry that is due at or before `now`. */
  take(now: number): Intervention | undefined {
    if (this.nextTime > now) return undefined;
    const { intervention } = this.entries[this.carriedOut]!.entry;
    this.carriedOut += 1;
    return intervention;
  }

  /** The cycle of this entry has come, at `at`. */
  cycleCame(entry: Entry, at: number): void {
    this.byCycle = this.byCycle.filter(other => other !== entry);
    this.insert(at, entry, false);
  }

  /** Undoes nothing, but lets everything since the mark be carried out again. */
  goBack(mark: number): void {
    const again = this.entries.splice(mark);
    this.carriedOut = mark;
    for (const item of again) {
      if ('cycle' in item.entry.when) this.byCycle.push(item.entry);
      else this.entries.push(item);
    }
  }

  /** Forgets what was done by hand and has not been carried out again: another future begins here. */
  forgetLive(): void {
    const past = this.entries.slice(0, this.carriedOut);
    this.entries = [...past, ...this.entries.slice(this.carriedOut).filter(item => !item.live)];
  }

  private insert(at: number, entry: Entry, live: boolean): void {
    let index = this.entries.length;
    while (index > this.carriedOut && this.entries[index - 1]!.at > at) index -= 1;
    this.entries.splice(index, 0, { at, entry, live });
  }
}

/** One entry as a line, without its end. */
export function formatEntry({ when, intervention }: Entry): string {
  return JSON.stringify(
    'at' in when ? { at: when.at, ...intervention } : { cycle: when.cycle, ...intervention },
  );
}

function parseEntry(line: string, topology: Topology): Entry {
  const { at, cycle, ...rest } = fieldsOf(parseObject(line), 'the line');
  const intervention = checkIntervention(rest, topology);
  if (at !== undefined) return { when: { at: time(at, 'at') }, intervention };
  if (cycle === undefined) throw new Error('it does not say when: give "at" in nanoseconds, or "cycle"');
  if (!('node' in intervention))
    throw new Error(`${intervention.do} belongs to no node's cycles: give "at" in nanoseconds`);
  return { when: { cycle: time(cycle, 'cycle'), node: intervention.node }, intervention };
}

function parseObject(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new Error('it is not JSON: write one object, as {"at":1000,"do":"reset","node":0}');
  }
}

function time(value: unknown, name: string): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw new Error(`${name} is ${JSON.stringify(value)}: give a whole number from 0`);
}
