/**
 * Binary records for the guest: words at known offsets, and behind them what has no known size, referred to by
 * offset. All numbers are 32 bits, little-endian; every part begins at a multiple of 4.
 */
import { ByteWriter } from '../link/bytes.ts';

export class RecordWriter {
  private readonly writer: ByteWriter;

  /** Begins with `headerSize` bytes of zeros. */
  constructor(headerSize: number) {
    this.writer = new ByteWriter().bytes(new Uint8Array(headerSize));
  }

  word(at: number, value: number): void {
    this.writer.setU32(at, value);
  }

  /** At `at` the count and the offset of so many records of zeros, behind everything; the offset. */
  list(at: number, count: number, size: number): number {
    this.word(at, count);
    return this.place(at + 4, new Uint8Array(count * size));
  }

  words(at: number, values: readonly number[]): void {
    const start = this.list(at, values.length, 4);
    for (const [index, value] of values.entries()) this.word(start + index * 4, value);
  }

  /** At `at` the offset of the text, which ends by a zero. */
  text(at: number, value: string): void {
    this.place(at, new TextEncoder().encode(`${value}\0`));
  }

  /** At `at` the count and the offset of texts that lie one after another. */
  texts(at: number, values: readonly string[]): void {
    this.word(at, values.length);
    this.place(at + 4, new TextEncoder().encode(values.map(value => `${value}\0`).join('')));
  }

  /** All of it, its size written at `sizeAt`. */
  taken(sizeAt: number): Uint8Array {
    this.word(sizeAt, this.writer.size);
    return this.writer.taken();
  }

  private place(offsetAt: number, bytes: Uint8Array): number {
    const start = this.writer.size;
    this.writer.bytes(bytes).alignTo(4);
    this.word(offsetAt, start);
    return start;
  }
}
