/**
 * What a session without a screen tells on standard output: what its consoles say, what is done to it, and how it
 * ended. As lines for people, or with --json as one event a line for programs:
 *
 *     {"event":"console","node":"node0","at":31415926,"text":"$ "}       at: nanoseconds
 *     {"event":"done","at":40000000,"do":"type","node":0,"text":"ls\n"}   as in a journal (hw/lab/journal.ts)
 *     {"event":"note","text":"…"}                                         an answer to a command
 *     {"event":"failure","message":"…"}                                   the report of hw/session/failure.ts
 *     {"event":"result","exitCode":0,"seed":1,"nanoseconds":…,"hash":"…"}  the last line, always
 *
 * Everything is written at once, also where the process is about to end.
 */
import { writeSync } from 'node:fs';
import { isDeed } from '../lab/fault.ts';
import { timeText } from '../session/duration.ts';
import { EXIT_CODES } from '../session/failure.ts';
import type { Session } from '../session/session.ts';
import { aboutHost } from './bad-input.ts';
import { ConsoleLines, prefixed } from './console-lines.ts';

const STANDARD_OUTPUT = 1;
const EXIT_BROKEN_PIPE = 141;
/** How long a reader is waited for that is slower than we are, before the next try. */
const PIPE_FULL_MS = 5;
const NEVER = new Int32Array(new SharedArrayBuffer(4));

export class Narrator {
  private readonly session: Session;
  private readonly isJson: boolean;
  private readonly lines: ConsoleLines;
  /** How many entries of the journal were told. */
  private told = 0;

  constructor(session: Session, isJson: boolean) {
    this.session = session;
    this.isJson = isJson;
    this.lines = new ConsoleLines(session);
  }

  /** What happened since. `mode` is 'rest' at the end: also lines that are not whole. */
  tell(mode: 'whole' | 'rest' = 'whole'): void {
    const { session } = this;
    const lines = this.lines.take(mode);
    if (!this.isJson) {
      for (const line of lines) print(prefixed(session, line));
      return;
    }
    const said = lines.map(({ node, at, text }) => ({
      event: 'console',
      node: session.nameOf(node),
      at,
      text,
    }));
    const events = [...this.done(), ...said].sort((one, other) => one.at - other.at);
    for (const event of events) print(JSON.stringify(event));
  }

  /** An answer to whoever gives commands. */
  note(text: string): void {
    print(this.isJson ? JSON.stringify({ event: 'note', text }) : `· ${text}`);
  }

  failure(message: string): void {
    this.tell('rest');
    if (this.isJson) print(JSON.stringify({ event: 'failure', message }));
    else process.stderr.write(`${message}\n`);
  }

  result(exitCode: number): void {
    const { seed, now } = this.session;
    const hash = this.session.hash();
    const verdict = exitCode === EXIT_CODES.passed ? 'passed' : 'failed';
    if (this.isJson) print(JSON.stringify({ event: 'result', exitCode, seed, nanoseconds: now, hash }));
    else print(`${verdict}: ${timeText(now)} simulated, seed ${seed}, hash ${hash}`);
  }

  private done() {
    const { journal, mark } = this.session.cluster.agenda;
    const fresh = journal.slice(this.told, mark.count);
    this.told = mark.count;
    const deeds = fresh.filter(({ intervention }) => isDeed(intervention));
    return deeds.map(({ when, intervention }) => ({
      event: 'done',
      at: this.session.now,
      ...when,
      ...intervention,
    }));
  }
}

function print(line: string): void {
  const bytes = new TextEncoder().encode(`${line}\n`);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(STANDARD_OUTPUT, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') Atomics.wait(NEVER, 0, 0, PIPE_FULL_MS);
      else onLostStream(error as NodeJS.ErrnoException);
    }
  }
}

/** Nobody reads any more what is written, which is no mistake of ours; or the terminal is gone. */
export function onLostStream(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(EXIT_BROKEN_PIPE);
  if (error.code === 'EIO') process.emit('SIGHUP', 'SIGHUP');
  else
    aboutHost('standard output', () => {
      throw error;
    });
}
