/**
 * What a part of the machine remembers, told once for all who ask.
 *
 * Every part with state has one method, `state(port)`, that passes each field through the port and
 * stores what comes back:
 *
 *     state(port: StatePort): void {
 *       this.divisor = port.u32(this.divisor);
 *       this.pending = port.flag(this.pending);
 *       port.bytes(this.fifo);
 *     }
 *
 * A saving port returns what it was given, a restoring port returns what was saved, a hashing port
 * mixes what it was given: one method can therefore not disagree with itself. The order of the calls
 * is the format. Caches that exist for the host's speed alone are not state and do not pass.
 */

export interface StatePort {
  /** An integer of 0 … 2^32 - 1. */
  u32(value: number): number;
  /** An integer of -2^53 … 2^53, or Infinity: nanoseconds, cycles, counts. */
  integer(value: number): number;
  flag(value: boolean): boolean;
  text(value: string): string;
  /** Bytes of a fixed length, restored in place; true where they have become others. */
  bytes(value: Uint8Array): boolean;
  /** Bytes of any length. */
  blob(value: Uint8Array): Uint8Array;
  /** A list of any length; `each` passes one item and returns what it has become. */
  list<T>(items: readonly T[], each: (item: T | undefined) => T): T[];
}

export interface Stateful {
  state(port: StatePort): void;
}

/** Everything a part remembers, as bytes. */
export function saveState(part: Stateful): Uint8Array {
  const port = new SavePort();
  part.state(port);
  return port.taken();
}

/** Puts back what `saveState` took. Throws where the bytes are not of this part's format. */
export function restoreState(part: Stateful, saved: Uint8Array): void {
  const port = new RestorePort(saved);
  part.state(port);
  port.finish();
}

/** Sixteen hexadecimal digits that differ, for practical purposes, wherever the state differs. */
export function hashState(part: Stateful): string {
  return hashBytes(saveState(part));
}

/** The hash of the bytes, taken as little-endian words padded with zeros, and of their count. */
export function hashBytes(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wordsEnd = bytes.length & ~3;
  let a = bytes.length;
  let b = 0x85ebca6b;
  for (let at = 0; at < wordsEnd; at += 4) {
    const word = view.getInt32(at, true);
    a = mix(a ^ word);
    b = mix((b + word + (a >>> 7)) | 0);
  }
  for (let at = wordsEnd; at < bytes.length; at += 1) {
    a = mix(a ^ view.getUint8(at));
    b = mix((b + a) | 0);
  }
  return hex32(a) + hex32(b);
}

/** Room for most parts at once; more is made where it does not suffice. */
const SAVED_SIZE = 16_384;

class SavePort implements StatePort {
  private bytesTaken = new Uint8Array(SAVED_SIZE);
  private view = new DataView(this.bytesTaken.buffer);
  private size = 0;

  u32(value: number): number {
    const at = this.grow(4);
    this.view.setUint32(at, value, true);
    return value;
  }

  integer(value: number): number {
    const at = this.grow(8);
    this.view.setFloat64(at, value, true);
    return value;
  }

  flag(value: boolean): boolean {
    const at = this.grow(1);
    this.bytesTaken[at] = value ? 1 : 0;
    return value;
  }

  text(value: string): string {
    this.blob(new TextEncoder().encode(value));
    return value;
  }

  bytes(value: Uint8Array): boolean {
    const at = this.grow(value.length);
    this.bytesTaken.set(value, at);
    return false;
  }

  blob(value: Uint8Array): Uint8Array {
    this.u32(value.length);
    this.bytes(value);
    return value;
  }

  list<T>(items: readonly T[], each: (item: T | undefined) => T): T[] {
    this.u32(items.length);
    return items.map(each);
  }

  taken(): Uint8Array {
    return this.bytesTaken.slice(0, this.size);
  }

  /** Makes room and answers where; `bytesTaken` may be another array afterwards. */
  private grow(by: number): number {
    const at = this.size;
    this.size += by;
    if (this.size > this.bytesTaken.length) {
      const larger = new Uint8Array(Math.max(this.size, this.bytesTaken.length * 2));
      larger.set(this.bytesTaken);
      this.bytesTaken = larger;
      this.view = new DataView(larger.buffer);
    }
    return at;
  }
}

class RestorePort implements StatePort {
  private readonly saved: Uint8Array;
  private readonly view: DataView;
  private at = 0;

  constructor(saved: Uint8Array) {
    this.saved = saved;
    this.view = new DataView(saved.buffer, saved.byteOffset, saved.byteLength);
  }

  u32(_value: number): number {
    return this.view.getUint32(this.take(4), true);
  }

  integer(_value: number): number {
    return this.view.getFloat64(this.take(8), true);
  }

  flag(_value: boolean): boolean {
    return this.saved[this.take(1)] === 1;
  }

  text(_value: string): string {
    return new TextDecoder().decode(this.blob(this.saved));
  }

  bytes(value: Uint8Array): boolean {
    const at = this.take(value.length);
    const saved = this.saved.subarray(at, at + value.length);
    const changes = value.some((byte, index) => byte !== saved[index]);
    value.set(saved);
    return changes;
  }

  blob(_value: Uint8Array): Uint8Array {
    const size = this.u32(0);
    const at = this.take(size);
    return this.saved.slice(at, at + size);
  }

  list<T>(_items: readonly T[], each: (item: T | undefined) => T): T[] {
    return Array.from({ length: this.u32(0) }, () => each(undefined));
  }

  finish(): void {
    if (this.at !== this.saved.length) throw this.foreign();
  }

  private take(size: number): number {
    const at = this.at;
    this.at += size;
    if (this.at > this.saved.length) throw this.foreign();
    return at;
  }

  private foreign(): Error {
    return new Error('saved state is of another machine or version: save it again with this one');
  }
}

/** Murmur3's finalizer (Appleby, MurmurHash3, public domain description). */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function hex32(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
