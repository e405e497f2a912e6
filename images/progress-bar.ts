/**
 * A line on standard error that tells how far a build is, where a person is there to read it. It appears when
 * there is something to wait for and is gone when that is over.
 *
 *     building one  ███████████·········  31 of 56  bin/sort
 */
const WIDTH = 24;
/** Builds that find everything made before are over sooner, in milliseconds. */
const PATIENCE_MS = 400;

export class ProgressBar {
  private readonly title: string;
  private readonly startMs = performance.now();
  private readonly isWanted = process.stderr.isTTY === true;
  private isShown = false;

  constructor(title: string) {
    this.title = title;
  }

  /** `done` of `total` parts are there, and `what` is being made. */
  readonly step = (done: number, total: number, what: string): void => {
    if (!this.isWanted || performance.now() - this.startMs < PATIENCE_MS) return;
    this.isShown = true;
    const full = Math.round((WIDTH * done) / total);
    const bar = '█'.repeat(full) + '·'.repeat(WIDTH - full);
    const room = (process.stderr.columns ?? 80) - 1;
    const line = `${this.title}  ${bar}  ${done} of ${total}  ${what}`;
    process.stderr.write(`\r${line.slice(0, room)}\x1b[K`);
  };

  close(): void {
    if (this.isShown) process.stderr.write('\r\x1b[K');
    this.isShown = false;
  }
}
