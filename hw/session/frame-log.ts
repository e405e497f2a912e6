/**
 * The last frames that went out on the wires, each with its place in its direction.
 *
 * As with transcripts, a cluster that went back sends frames again: a sequence number that was there
 * before takes back what its direction had from there on. Frames come out of order between directions;
 * `latest` sorts by time.
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
  /** Frames ever added; those taken back are not subtracted. */
  added = 0;

  add(frame: LoggedFrame): void {
    const { direction, sequence } = frame;
    if (sequence <= (this.last.get(direction) ?? -1)) this.truncate(direction, sequence);
    this.last.set(direction, sequence);
    this.frames.push(frame);
    this.added += 1;
    if (this.frames.length > FRAMES_MAX) this.frames.splice(0, FRAMES_DROPPED);
  }

  /** Takes back everything of a direction from that sequence number on. */
  truncate(direction: number, sequence: number): void {
    if (sequence > (this.last.get(direction) ?? -1)) return;
    this.last.set(direction, sequence - 1);
    this.frames = this.frames.filter(frame => frame.direction !== direction || frame.sequence < sequence);
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
