/**
 * A cursor over the bytes of a WebAssembly module, and the one error that reading gives.
 *
 * Every read checks the end; integers are LEB128, checked as the binary format wants it (no more bytes than
 * ceil(bits / 7), unused bits in the last one a proper extension). Core specification 1.1, section 5.2.
 */

export class WasmError extends Error {
  override readonly name = 'WasmError';
  /** `offset` is where in the module's bytes. */
  constructor(problem: string, offset: number) {
    super(`${problem} (at byte 0x${offset.toString(16)} of the module)`);
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class Bytes {
  readonly data: Uint8Array;
  at: number;
  readonly end: number;

  constructor(data: Uint8Array, at: number, end: number) {
    this.data = data;
    this.at = at;
    this.end = end;
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  fail(problem: string): never {
    throw new WasmError(problem, this.at);
  }

  byte(): number {
    if (this.at >= this.end) this.fail('unexpected end');
    return this.data[this.at++]!;
  }

  /** An unsigned integer of 32 bits. */
  u32(): number {
    let result = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      if (shift === 28 && byte > 0x0f)
        this.fail(byte & 0x80 ? 'integer representation too long' : 'integer too large');
      result |= (byte & 0x7f) << shift;
      if (byte < 0x80) return result >>> 0;
    }
  }

  s32(): number {
    let result = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      if (shift === 28) {
        if (byte & 0x80) this.fail('integer representation too long');
        const extension = byte & 0x78;
        if (extension !== 0 && extension !== 0x78) this.fail('integer too large');
        return result | (byte << 28);
      }
      result |= (byte & 0x7f) << shift;
      if (byte < 0x80) return byte & 0x40 ? result | (-1 << (shift + 7)) : result;
    }
  }

  /** A signed integer of 33 bits, as block types are written. */
  s33(): number {
    let result = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      if (shift === 28) {
        if (byte & 0x80) this.fail('integer representation too long');
        const extension = byte & 0x70;
        if (extension !== 0 && extension !== 0x70) this.fail('integer too large');
        const value = result + (byte & 0x1f) * 2 ** 28;
        return byte & 0x10 ? value - 2 ** 33 : value;
      }
      result += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return byte & 0x40 ? result - 2 ** (shift + 7) : result;
    }
  }

  s64(): { low: number; high: number } {
    let result = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.byte();
      if (shift === 63n) {
        if (byte & 0x80) this.fail('integer representation too long');
        if (byte !== 0 && byte !== 0x7f) this.fail('integer too large');
      }
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (byte & 0x40) result |= -1n << (shift + 7n);
        return { low: Number(BigInt.asIntN(32, result)), high: Number(BigInt.asIntN(32, result >> 32n)) };
      }
    }
  }

  /** Four bytes, little-endian, as a signed integer. */
  word(): number {
    const start = this.skip(4);
    const { data } = this;
    return data[start]! | (data[start + 1]! << 8) | (data[start + 2]! << 16) | (data[start + 3]! << 24);
  }

  /** Passes over `count` bytes and gives where they begin. */
  skip(count: number): number {
    if (count > this.end - this.at) this.fail('unexpected end');
    const start = this.at;
    this.at += count;
    return start;
  }

  /** The number of elements of a vector; each takes at least one byte. */
  count(): number {
    const count = this.u32();
    if (count > this.end - this.at) this.fail('unexpected end: the vector is longer than its section');
    return count;
  }

  text(): string {
    const size = this.u32();
    const start = this.skip(size);
    try {
      return utf8.decode(this.data.subarray(start, start + size));
    } catch {
      throw new WasmError('malformed UTF-8 encoding', start);
    }
  }
}
