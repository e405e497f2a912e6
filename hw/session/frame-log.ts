/**
 * The last frames that went out on the wires, each with its place in its direction.
 *
 * A cluster that went back sends frames again: one whose sequence number was there before is the same, and
 * not added twice. Frames later than a time are of a future that is known; it is asked for up to a time,
 * and forgotten where it will be another. Frames come almost in order, each direction's in order: they are
 * kept sorted, so that what is asked of the present costs as much as there is to tell.
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
  /** Ascending by time, at the same time by direction. */
  private frames: LoggedFrame[] = [];
  private readonly last = new Map<number, number>();
  /** Frames ever added. */
  added = 0;

  /** Says whether it is new. */
  add(frame: LoggedFrame): boolean {
    const { direction, sequence } = frame;
    if (sequence <= (this.last.get(direction) ?? -1)) return false;
    this.last.set(direction, sequence);
    let at = this.frames.length;
    while (at > 0 && isBefore(frame, this.frames[at - 1]!)) at -= 1;
    this.frames.splice(at, 0, frame);
    this.added += 1;
    if (this.frames.length > FRAMES_MAX) this.frames.splice(0, FRAMES_DROPPED);
    return true;
  }

  /** What was to come will not; `sent` tells how many frames each direction has been given by now. */
  forgetFuture(sent: (direction: number) => number): void {
    this.frames = this.frames.filter(({ direction, sequence }) => sequence < sent(direction));
    for (const direction of this.last.keys()) this.last.set(direction, sent(direction) - 1);
  }

  /** The last so many that went out by `time` and suit, ascending. */
  latest(count: number, time: number, suits: (frame: LoggedFrame) => boolean = () => true): LoggedFrame[] {
    const found: LoggedFrame[] = [];
    for (let at = this.countBy(time) - 1; at >= 0 && found.length < count; at -= 1) {
      const frame = this.frames[at]!;
      if (suits(frame)) found.push(frame);
    }
    return found.reverse();
  }

  /** Those that went out after `from`, up to `to`. */
  between(from: number, to: number): LoggedFrame[] {
    return this.frames.slice(this.countBy(from), this.countBy(to));
  }

  copy(): FrameLog {
    const other = new FrameLog();
    other.frames = [...this.frames];
    for (const [direction, sequence] of this.last) other.last.set(direction, sequence);
    return other;
  }

  /** How many went out by `time`. */
  private countBy(time: number): number {
    let count = this.frames.length;
    while (count > 0 && this.frames[count - 1]!.time > time) count -= 1;
    return count;
  }
}

function isBefore(one: LoggedFrame, other: LoggedFrame): boolean {
  return one.time < other.time || (one.time === other.time && one.direction < other.direction);
}
