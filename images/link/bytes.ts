/**
 * A growing little-endian byte buffer: what the ELF and DWARF writers write to.
 */

export class ByteWriter {
  private buffer = new Uint8Array(4096);
  size = 0;

  u8(value: number): this {
    this.reserve(1);
    this.buffer[this.size++] = value;
    return this;
  }

  u16(value: number): this {
    return this.u8(value & 0xff).u8((value >> 8) & 0xff);
  }

  u32(value: number): this {
    this.reserve(4);
    new DataView(this.buffer.buffer).setUint32(this.size, value, true);
    this.size += 4;
    return this;
  }

  /** Unsigned LEB128. */
  unsigned(value: number): this {
    for (; value >= 0x80; value = Math.floor(value / 128)) this.u8((value & 0x7f) | 0x80);
    return this.u8(value);
  }

  /** Signed LEB128. */
  signed(value: number): this {
    for (; value < -64 || value > 63; value >>= 7) this.u8((value & 0x7f) | 0x80);
    return this.u8(value & 0x7f);
  }

  /** The bytes of UTF-8 and a zero. */
  text(value: string): this {
    return this.bytes(new TextEncoder().encode(value)).u8(0);
  }

  bytes(value: Uint8Array): this {
    this.reserve(value.length);
    this.buffer.set(value, this.size);
    this.size += value.length;
    return this;
  }

  alignTo(alignment: number): this {
    while (this.size % alignment !== 0) this.u8(0);
    return this;
  }

  setU32(at: number, value: number): void {
    new DataView(this.buffer.buffer).setUint32(at, value, true);
  }

  taken(): Uint8Array {
    return this.buffer.slice(0, this.size);
  }

  private reserve(count: number): void {
    if (this.size + count <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(this.size + count, this.buffer.length * 2));
    larger.set(this.buffer);
    this.buffer = larger;
  }
}

/** A table of strings, each zero-terminated and named by its offset; the empty one is at 0. */
export class StringTable {
  private readonly writer = new ByteWriter().u8(0);
  private readonly offsets = new Map([['', 0]]);

  offsetOf(text: string): number {
    const known = this.offsets.get(text);
    if (known !== undefined) return known;
    const offset = this.writer.size;
    this.writer.text(text);
    this.offsets.set(text, offset);
    return offset;
  }

  taken(): Uint8Array {
    return this.writer.taken();
  }
}
