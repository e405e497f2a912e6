/**
 * All that one console has said: bytes with the times at which each was complete, and the same as text.
 *
 *     transcript.put(index, byte, at)     the index-th byte of the console's life
 *     transcript.text                     without escape sequences and carriage returns
 *
 * A cluster can go back in time, and forth again. Then the transcript moves to what was said by then; what it
 * has of the future is kept until that is forgotten or turns out otherwise. `generation` tells followers that
 * what they have read was taken back.
 */
import { PlainText } from './plain-text.ts';

const FIRST_CAPACITY = 4096;

export class Transcript {
  private bytesKept = new Uint8Array(FIRST_CAPACITY);
  private timesKept = new Float64Array(FIRST_CAPACITY);
  /** Said by now; behind it up to `extent` is what will be said as far as that is known. */
  private count = 0;
  private extent = 0;
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
    this.moveTo(index);
    const { count } = this;
    if (count === this.bytesKept.length) this.grow();
    if (this.bytesKept[count] !== byte || this.timesKept[count] !== at) this.extent = count;
    this.bytesKept[count] = byte;
    this.timesKept[count] = at;
    this.count += 1;
    this.extent = Math.max(this.extent, this.count);
  }

  /** To when so many bytes were said, or will be. */
  moveTo(index: number): void {
    const count = Math.max(0, index - this.first);
    if (count > this.extent) throw new Error(`byte ${index} is said before byte ${this.first + this.extent}`);
    this.first = Math.min(this.first, index);
    if (count >= this.count) {
      this.count = count;
      return;
    }
    this.count = count;
    this.takenBack += 1;
    this.plain = new PlainText();
    this.plainCount = 0;
  }

  /** What was to come will not be. */
  forgetFuture(): void {
    this.extent = this.count;
  }

  /** Forgets all; the next byte will be that one. */
  beginAt(index: number): void {
    this.moveTo(0);
    this.forgetFuture();
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
    other.extent = this.count;
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
