/**
 * A program of the host with whom a test speaks: it types, and waits for what is shown, which comes at the host's pace.
 *
 *     const dialogue = new Dialogue('sh', ['run'], { folder });
 *     await dialogue.until('$ ');             what came before it
 *     dialogue.type('poweroff\r');
 *     await dialogue.ended()                  all that was shown
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** What the host may take before a run is given up: a guard, not a measure. */
export const HANG_MILLISECONDS = 60_000;

export interface DialogueOptions {
  readonly folder?: string;
  readonly encoding?: BufferEncoding;
  readonly hangMilliseconds?: number;
}

export class Dialogue {
  private readonly process: ChildProcessByStdio<Writable, Readable, null>;
  private output = '';
  /** How much of the output has been met. */
  private met = 0;
  private hasEnded = false;
  private waiting: (() => void)[] = [];

  constructor(command: string, words: readonly string[], options: DialogueOptions = {}) {
    const { folder, encoding = 'utf8', hangMilliseconds = HANG_MILLISECONDS } = options;
    this.process = spawn(command, words, {
      stdio: ['pipe', 'pipe', 'inherit'],
      ...(folder === undefined ? {} : { cwd: folder }),
    });
    const guard = setTimeout(() => this.close(), hangMilliseconds);
    this.process.stdin.on('error', () => {});
    this.process.stdout.setEncoding(encoding).on('data', (text: string) => {
      this.output += text;
      this.wake();
    });
    this.process.on('close', () => {
      clearTimeout(guard);
      this.hasEnded = true;
      this.wake();
    });
  }

  type(keys: string): void {
    this.process.stdin.write(keys);
  }

  /** What comes before the text, or what fits the pattern. */
  async until(what: string | RegExp): Promise<string> {
    const start = this.met;
    for (;;) {
      const found = find(this.output.slice(start), what);
      if (found !== undefined) {
        this.met = start + found.end;
        return found.text;
      }
      if (this.hasEnded) throw new Error(`no ${String(what)} in ${JSON.stringify(this.output.slice(start))}`);
      await this.news();
    }
  }

  /** All that was shown, as soon as it is over. */
  async ended(): Promise<string> {
    while (!this.hasEnded) await this.news();
    return this.output;
  }

  /** Pulls the plug. */
  close(): void {
    this.process.kill('SIGKILL');
  }

  private news(): Promise<void> {
    return new Promise(resolve => this.waiting.push(resolve));
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

function find(text: string, what: string | RegExp): { text: string; end: number } | undefined {
  if (typeof what === 'string') {
    const at = text.indexOf(what);
    return at < 0 ? undefined : { text: text.slice(0, at), end: at + what.length };
  }
  const match = what.exec(text);
  return match === null ? undefined : { text: match[0], end: match.index + match[0].length };
}
