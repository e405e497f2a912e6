/**
 * Reading an open object by lines and bytes, through a buffer.
 *
 *     const input = new Input(handle);
 *     for (let line = input.readLine(); line !== null; line = input.readLine()) …
 *
 * A line is without its newline; whether the last one had one says `endedLine`. After the end, `error` is 0, or
 * what was wrong.
 */
import { readObject } from './object.ts';

import { decodeText } from './utf8.ts';

const CAPACITY: i32 = 4096;
const NEWLINE: u8 = 10;

export class Input {
  error: i32 = 0;
  /** Whether the line read last had a newline, or what else ends lines. */
  endedLine: bool = false;
  private buffer: usize = heap.alloc(CAPACITY);
  private at: i32 = 0;
  private end: i32 = 0;
  /** A line that is longer than the buffer, as far as it is known. */
  private long: usize = 0;
  private longSize: i32 = 0;

  constructor(readonly handle: u32) {}

  readLine(): string | null {
    return this.readUntil(NEWLINE);
  }

  /** Up to the byte, which is taken but not given. */
  readUntil(last: u8): string | null {
    this.endedLine = false;
    while (this.at < this.end || this.fill()) {
      const start = this.at;
      while (this.at < this.end && load<u8>(this.buffer + this.at) !== last) this.at++;
      this.endedLine = this.at < this.end;
      if (this.endedLine && this.longSize === 0) return decodeText(this.buffer + start, this.at++ - start);
      this.lengthen(start);
      if (!this.endedLine) continue;
      this.at++;
      return this.takeLong();
    }
    return this.longSize > 0 ? this.takeLong() : null;
  }

  /** −1 at the end. */
  readByte(): i32 {
    if (this.at === this.end && !this.fill()) return -1;
    return load<u8>(this.buffer + this.at++);
  }

  /** Everything up to the end. */
  readAll(): string {
    while (this.at < this.end || this.fill()) {
      const start = this.at;
      this.at = this.end;
      this.lengthen(start);
    }
    return this.takeLong();
  }

  private fill(): bool {
    if (this.error !== 0) return false;
    const count = readObject(this.handle, this.buffer, CAPACITY);
    this.at = 0;
    this.end = max(0, count);
    if (count < 0) this.error = count;
    return count > 0;
  }

  private lengthen(start: i32): void {
    const more = this.at - start;
    const size = this.longSize + more;
    if (this.longSize === 0 || size > <i32>roomFor(this.longSize)) {
      const room = heap.alloc(roomFor(size));
      memory.copy(room, this.long, this.longSize);
      if (this.long !== 0) heap.free(this.long);
      this.long = room;
    }
    memory.copy(this.long + this.longSize, this.buffer + start, more);
    this.longSize = size;
  }

  private takeLong(): string {
    const text = decodeText(this.long, this.longSize);
    if (this.long !== 0) heap.free(this.long);
    this.long = 0;
    this.longSize = 0;
    return text;
  }
}

/** The power of two that is at least so large: lines grow by doubling. */
function roomFor(size: i32): usize {
  return (<usize>1) << (32 - clz<u32>(max(CAPACITY, size) - 1));
}
