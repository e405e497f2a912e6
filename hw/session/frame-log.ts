/**
 * The last frames that went out on the wires, each with its place in its direction.
 *
 * A cluster that went back sends frames again: one whose sequence number was there before is the same, and
 * not added twice. Frames later than a time are of a future that is known; it is asked for up to a time,
 * and forgotten where it will be another. Frames come out of order between directions; `latest` sorts them.
 */
import type { Sighting } from '../lab/capture.ts';

export interface LoggedFrame extends Sighting {
  /** How many frames were handed to the direction before it. */
  readonly sequence: number;
}

const FRAMES_MAX = 20_000;
/** How many go at once when there are too many. */
const FRAMES_DROPPED = 5_000;

export class FrameLog {
  private frames: LoggedFrame[] = [];
  private readonly last = new Map<number, number>();
  /** Frames ever added. */
  added = 0;

  /** Says whether it is new. */
  add(frame: LoggedFrame): boolean {
    const { direction, sequence } = frame;
    if (sequence <= (this.last.get(direction) ?? -1)) return false;
    this.last.set(direction, sequence);
    this.frames.push(frame);
    this.added += 1;
    if (this.frames.length > FRAMES_MAX) this.frames.splice(0, FRAMES_DROPPED);
    return true;
  }

  /** What was to come will not; `sent` tells how many frames each direction has been given by now. */
  forgetFuture(sent: (direction: number) => number): void {
    this.frames = this.frames.filter(({ direction, sequence }) => sequence < sent(direction));
    for (const direction of this.last.keys()) this.last.set(direction, sent(direction) - 1);
  }

  /** The last so many that went out before `time` and suit, ascending by time. */
  latest(count: number, time: number, suits: (frame: LoggedFrame) => boolean = () => true): LoggedFrame[] {
    const fitting = this.frames.filter(frame => frame.time <= time && suits(frame));
    fitting.sort((one, other) => one.time - other.time || one.direction - other.direction);
    return fitting.slice(-count);
  }

  /** Those that went out after `from`, up to `to`. */
  between(from: number, to: number): LoggedFrame[] {
    return this.frames.filter(({ time }) => time > from && time <= to);
  }

  copy(): FrameLog {
    const other = new FrameLog();
    other.frames = [...this.frames];
    for (const [direction, sequence] of this.last) other.last.set(direction, sequence);
    return other;
  }
}
