/**
 * A line on standard error that tells how far a build is. It appears when there is something to wait for and is
 * gone when that is over; where no terminal is there to draw it anew, it is written once. The cursor waits
 * below it, so that whoever interrupts the build finds a clean line.
 *
 *     building one  ███████████·········  31 of 56  bin/sort
 */
import { existsSync } from 'node:fs';
import { BUILD_CACHE } from './guest/build.ts';

const WIDTH = 24;
const UP = '\x1b[A\r';
const CLEAR = '\x1b[K';
/** Builds that find everything made before are over sooner, in milliseconds; where nothing was, there is no doubt. */
const PATIENCE_MS = existsSync(BUILD_CACHE) ? 2000 : 0;

export class ProgressBar {
  private readonly title: string;
  private readonly startMs = performance.now();
  private readonly isTerminal = process.stderr.isTTY === true;
  private isShown = false;

  constructor(title: string) {
    this.title = title;
  }

  /** `done` of `total` parts are there, and `what` is being made. */
  readonly step = (done: number, total: number, what: string): void => {
    if (performance.now() - this.startMs < PATIENCE_MS) return;
    if (!this.isTerminal) {
      if (!this.isShown)
        process.stderr.write(`${this.title}, ${total} parts; the first time takes minutes …\n`);
      this.isShown = true;
      return;
    }
    const back = this.isShown ? UP : '';
    this.isShown = true;
    const full = Math.round((WIDTH * done) / total);
    const bar = '█'.repeat(full) + '·'.repeat(WIDTH - full);
    const room = (process.stderr.columns ?? 80) - 1;
    const line = `${this.title}  ${bar}  ${done} of ${total}  ${what}`;
    process.stderr.write(`${back}${line.slice(0, room)}${CLEAR}\n`);
  };

  close(): void {
    if (this.isShown && this.isTerminal) process.stderr.write(`${UP}${CLEAR}`);
    this.isShown = false;
  }
}
