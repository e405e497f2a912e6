/**
 * All that one console has said: bytes with the times at which each was complete, and the same as text.
 *
 *     transcript.put(index, byte, at)     the index-th byte of the console's life
 *     transcript.text                     without escape sequences and carriage returns
 *
 * A cluster can go back in time and say things again. The index settles it: a byte that was there before
 * takes everything after it with it. `generation` tells followers that what they have read was taken back.
 */
import { PlainText } from './plain-text.ts';

const FIRST_CAPACITY = 4096;

export class Transcript {
  private bytesKept = new Uint8Array(FIRST_CAPACITY);
  private timesKept = new Float64Array(FIRST_CAPACITY);
  private count = 0;
  /** Of the first byte that is kept here. */
  private first = 0;
  private takenBack = 0;
  private plain = new PlainText();
  private plainCount = 0;

  get length(): number {
    return this.count;
  }

  /** How often bytes were taken back. */
  get generation(): number {
    return this.takenBack;
  }

  get text(): string {
    this.plain.add(this.bytesKept.subarray(this.plainCount, this.count));
    this.plainCount = this.count;
    return this.plain.text;
  }

  put(index: number, byte: number, at: number): void {
    this.truncate(index);
    if (index !== this.first + this.count) throw new Error(`byte ${index} is said before byte ${index - 1}`);
    if (this.count === this.bytesKept.length) this.grow();
    this.bytesKept[this.count] = byte;
    this.timesKept[this.count] = at;
    this.count += 1;
  }

  /** Takes back everything from that byte on. */
  truncate(index: number): void {
    if (index >= this.first + this.count) return;
    this.count = Math.max(0, index - this.first);
    this.first = Math.min(this.first, index);
    this.takenBack += 1;
    this.plain = new PlainText();
    this.plainCount = 0;
  }

  /** Forgets all; the next byte will be that one. */
  beginAt(index: number): void {
    this.truncate(0);
    this.takenBack += 1;
    this.first = index;
  }

  bytes(from = 0, to = this.count): Uint8Array {
    return this.bytesKept.subarray(from, to);
  }

  /** Nanoseconds. */
  timeOf(index: number): number {
    if (index >= this.count)
      throw new Error(`the console has said ${this.count} bytes, there is no ${index}`);
    return this.timesKept[index]!;
  }

  copy(): Transcript {
    const other = new Transcript();
    other.bytesKept = this.bytesKept.slice();
    other.timesKept = this.timesKept.slice();
    other.count = this.count;
    other.first = this.first;
    return other;
  }

  private grow(): void {
    const bytes = new Uint8Array(2 * this.count);
    const times = new Float64Array(2 * this.count);
    bytes.set(this.bytesKept);
    times.set(this.timesKept);
    this.bytesKept = bytes;
    this.timesKept = times;
  }
}
