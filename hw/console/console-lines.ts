/**
 * What consoles say, as lines with a prefix, for files, pipes, screen readers and dumb terminals.
 *
 *     node0 │ $ echo hello
 *     node1 │ booting
 *
 * A line is told when it is whole, or when its console has been silent for a while: then it is a prompt.
 * Escape sequences are left out. Prefixes have a colour where colours are wanted, and never only a colour.
 */
import chalk from 'chalk';
import type { Session } from '../session/session.ts';

/** Simulated. */
const SILENCE_NS = 50_000_000;
const COLOURS = [chalk.cyan, chalk.yellow, chalk.green, chalk.magenta, chalk.blue, chalk.red];

export interface ConsoleLine {
  readonly node: number;
  readonly text: string;
  readonly at: number;
}

export class ConsoleLines {
  private readonly session: Session;
  private readonly told: number[];
  private readonly generations: number[];

  constructor(session: Session) {
    this.session = session;
    this.told = session.cluster.topology.nodes.map(() => 0);
    this.generations = session.cluster.topology.nodes.map(() => 0);
  }

  /** Lines that were not told yet. `mode` is 'rest' at the end: all that is left. */
  take(mode: 'whole' | 'rest' = 'whole'): ConsoleLine[] {
    return this.session.boards.flatMap(node => this.takeOf(node, mode));
  }

  private takeOf(node: number, mode: 'whole' | 'rest'): ConsoleLine[] {
    const transcript = this.session.transcript(node);
    if (transcript.generation !== this.generations[node]) {
      this.generations[node] = transcript.generation;
      this.told[node] = Math.min(this.told[node]!, transcript.text.length);
    }
    if (transcript.length === 0) return [];
    const { text } = transcript;
    const at = transcript.timeOf(transcript.length - 1);
    const isSilent = mode === 'rest' || this.session.now - at > SILENCE_NS;
    const end = isSilent ? text.length : text.lastIndexOf('\n') + 1;
    const fresh = text.slice(this.told[node], end);
    if (fresh === '') return [];
    this.told[node] = end;
    return fresh
      .replace(/\n$/, '')
      .split('\n')
      .map(line => ({ node, text: line, at }));
  }
}

/** A line with its prefix, all prefixes of one width. */
export function prefixed(session: Session, { node, text }: ConsoleLine): string {
  const width = Math.max(...session.boards.map(each => session.nameOf(each).length));
  const colour = COLOURS[node % COLOURS.length]!;
  return `${colour(session.nameOf(node).padEnd(width))} │ ${text}`;
}
