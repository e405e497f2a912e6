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
 * The `Agenda` is a journal in use: entries up to its mark were carried out, those after it are to come.
 * Going back to an earlier mark and running on carries out the same entries again.
 */
import { checkIntervention, type Intervention } from './fault.ts';
import type { Topology } from './topology.ts';
import { fieldsOf } from './topology.ts';

export interface CycleOfNode {
  readonly cycle: number;
  readonly node: number;
}

export type When = { readonly at: number } | CycleOfNode;

export interface Entry {
  readonly when: When;
  readonly intervention: Intervention;
}

export interface CycleEntry extends Entry {
  readonly when: CycleOfNode;
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

/** A point that an agenda can go back to. */
export interface Mark {
  readonly count: number;
  readonly last: object | undefined;
}

interface Item {
  readonly at: number;
  readonly entry: Entry;
  /** Done by hand, and not planned. */
  readonly live: boolean;
}

export class Agenda {
  /** The first `count` were carried out, in this order; from there on ascending by time. */
  private items: Item[] = [];
  private count = 0;
  /** Entries whose cycle has not come; their nanosecond is known when it has. */
  private byCycle: CycleEntry[] = [];

  get mark(): Mark {
    return { count: this.count, last: this.items[this.count - 1] };
  }

  /** When the next entry with a known time is due; Infinity where there is none. */
  get nextTime(): number {
    return this.items[this.count]?.at ?? Number.POSITIVE_INFINITY;
  }

  get waitingForCycle(): readonly CycleEntry[] {
    return this.byCycle;
  }

  /** All that was carried out, and then what is to come. */
  get journal(): Entry[] {
    return [...this.items.map(({ entry }) => entry), ...this.byCycle];
  }

  /** What was not carried out yet. */
  get toCome(): Entry[] {
    return [...this.items.slice(this.count).map(({ entry }) => entry), ...this.byCycle];
  }

  /** Adds an entry that is to come. */
  plan(entry: Entry): void {
    const { when, intervention } = entry;
    if ('cycle' in when) this.byCycle.push({ when, intervention });
    else this.insert({ at: when.at, entry, live: false });
  }

  /** Notes what is being done at this moment by hand. After going back, another future begins here. */
  note(at: number, intervention: Intervention): void {
    this.forgetLive();
    this.items.splice(this.count, 0, { at, entry: { when: { at }, intervention }, live: true });
    this.count += 1;
  }

  /** Takes the next entry that is due at or before `now`. */
  take(now: number): Intervention | undefined {
    if (this.nextTime > now) return undefined;
    this.count += 1;
    return this.items[this.count - 1]!.entry.intervention;
  }

  /** The cycle of this entry has come, at `at`. */
  cycleCame(entry: CycleEntry, at: number): void {
    this.byCycle = this.byCycle.filter(other => other !== entry);
    this.insert({ at, entry, live: false });
  }

  /** Whether the state that was had at `mark` and `time` is still one of this future. */
  leadsTo({ count, last }: Mark, time: number): boolean {
    const next = this.items[count];
    return this.items[count - 1] === last && (next === undefined || next.at >= time);
  }

  /** Lets everything since the mark be carried out again, or takes it as carried out up to the mark. */
  goTo(mark: Mark): void {
    this.count = mark.count;
  }

  /** Forgets what was done by hand and is ahead; cycles that had come must come again. */
  forgetLive(): void {
    const ahead = this.items.splice(this.count).filter(item => !item.live);
    for (const item of ahead) {
      const { when, intervention } = item.entry;
      if ('cycle' in when) this.byCycle.push({ when, intervention });
      else this.items.push(item);
    }
  }

  private insert(item: Item): void {
    let index = this.items.length;
    while (index > this.count && this.items[index - 1]!.at > item.at) index -= 1;
    this.items.splice(index, 0, item);
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
