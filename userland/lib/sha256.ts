/**
 * SHA-256 (FIPS 180-4), and what is made of it: HMAC (RFC 2104) and PBKDF2 with one block (RFC 8018, 5.2).
 *
 *     const hash = new Sha256();  hash.add(bytes, size);  hash.finish(into)      32 bytes
 *     stretched(password, size, salt, saltSize, rounds, into)                    32 bytes
 */

export const HASH_SIZE: i32 = 32;
const BLOCK_SIZE: i32 = 64;
const LENGTH_AT: i32 = 56;
const WORDS: i32 = 64;

/** The fractional parts of the cube roots of the first 64 primes. */
// biome-ignore format: a table
const K = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);
/** Those of the square roots of the first eight. */
// biome-ignore format: a table
const START = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

const schedule = memory.data(256, 4);

export class Sha256 {
  /** Eight words, then the block that is not full yet. */
  private state: usize = heap.alloc(HASH_SIZE + BLOCK_SIZE);
  private filled: i32 = 0;
  private total: u32 = 0;

  constructor() {
    this.begin();
  }

  begin(): void {
    memory.copy(this.state, START, HASH_SIZE);
    this.filled = 0;
    this.total = 0;
  }

  /** As far as the other has come. */
  beginAs(other: Sha256): void {
    memory.copy(this.state, other.state, HASH_SIZE + BLOCK_SIZE);
    this.filled = other.filled;
    this.total = other.total;
  }

  add(bytes: usize, size: i32): void {
    const block = this.state + HASH_SIZE;
    this.total += size;
    for (let done = 0; done < size; ) {
      const count = min(size - done, BLOCK_SIZE - this.filled);
      memory.copy(block + this.filled, bytes + done, count);
      this.filled += count;
      done += count;
      if (this.filled === BLOCK_SIZE) this.compress();
    }
  }

  finish(into: usize): void {
    const block = this.state + HASH_SIZE;
    store<u8>(block + this.filled, 0x80);
    memory.fill(block + this.filled + 1, 0, BLOCK_SIZE - this.filled - 1);
    if (this.filled >= LENGTH_AT) {
      this.compress();
      memory.fill(block, 0, BLOCK_SIZE);
    }
    store<u32>(block + LENGTH_AT, bswap<u32>(this.total >> 29));
    store<u32>(block + LENGTH_AT + 4, bswap<u32>(this.total << 3));
    this.compress();
    for (let at = 0; at < HASH_SIZE; at += 4) store<u32>(into + at, bswap<u32>(load<u32>(this.state + at)));
  }

  free(): void {
    heap.free(this.state);
  }

  private compress(): void {
    const block = this.state + HASH_SIZE;
    for (let at = 0; at < BLOCK_SIZE; at += 4) store<u32>(schedule + at, bswap<u32>(load<u32>(block + at)));
    for (let at = schedule + BLOCK_SIZE; at < schedule + 4 * WORDS; at += 4) {
      const early = load<u32>(at - 60);
      const late = load<u32>(at - 8);
      const first = rotr<u32>(early, 7) ^ rotr<u32>(early, 18) ^ (early >> 3);
      const second = rotr<u32>(late, 17) ^ rotr<u32>(late, 19) ^ (late >> 10);
      store<u32>(at, load<u32>(at - 64) + first + load<u32>(at - 28) + second);
    }
    this.mix();
    this.filled = 0;
  }

  private mix(): void {
    const state = this.state;
    let a = load<u32>(state);
    let b = load<u32>(state, 4);
    let c = load<u32>(state, 8);
    let d = load<u32>(state, 12);
    let e = load<u32>(state, 16);
    let f = load<u32>(state, 20);
    let g = load<u32>(state, 24);
    let h = load<u32>(state, 28);
    for (let at = 0; at < 4 * WORDS; at += 4) {
      const sum1 = rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25);
      const choice = g ^ (e & (f ^ g));
      const first = h + sum1 + choice + load<u32>(K + at) + load<u32>(schedule + at);
      const sum0 = rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22);
      const second = sum0 + ((a & b) | (c & (a | b)));
      h = g;
      g = f;
      f = e;
      e = d + first;
      d = c;
      c = b;
      b = a;
      a = first + second;
    }
    this.addTo(0, a, b, c, d);
    this.addTo(16, e, f, g, h);
  }

  private addTo(at: i32, a: u32, b: u32, c: u32, d: u32): void {
    const state = this.state + at;
    store<u32>(state, load<u32>(state) + a);
    store<u32>(state, load<u32>(state, 4) + b, 4);
    store<u32>(state, load<u32>(state, 8) + c, 8);
    store<u32>(state, load<u32>(state, 12) + d, 12);
  }
}

/** HMAC with one key: its two pads are hashed once. */
class Keyed {
  private inner: Sha256 = new Sha256();
  private outer: Sha256 = new Sha256();
  private hash: Sha256 = new Sha256();
  private between: usize = heap.alloc(HASH_SIZE);

  constructor(key: usize, size: i32) {
    const pad = heap.alloc(BLOCK_SIZE);
    memory.fill(pad, 0, BLOCK_SIZE);
    if (size <= BLOCK_SIZE) memory.copy(pad, key, size);
    else {
      this.hash.add(key, size);
      this.hash.finish(pad);
    }
    for (let at = 0; at < BLOCK_SIZE; at++) store<u8>(pad + at, load<u8>(pad + at) ^ 0x36);
    this.inner.add(pad, BLOCK_SIZE);
    for (let at = 0; at < BLOCK_SIZE; at++) store<u8>(pad + at, load<u8>(pad + at) ^ 0x36 ^ 0x5c);
    this.outer.add(pad, BLOCK_SIZE);
    heap.free(pad);
  }

  /** Of two pieces, one behind the other. */
  make(first: usize, firstSize: i32, second: usize, secondSize: i32, into: usize): void {
    this.hash.beginAs(this.inner);
    this.hash.add(first, firstSize);
    this.hash.add(second, secondSize);
    this.hash.finish(this.between);
    this.hash.beginAs(this.outer);
    this.hash.add(this.between, HASH_SIZE);
    this.hash.finish(into);
  }

  free(): void {
    this.inner.free();
    this.outer.free();
    this.hash.free();
    heap.free(this.between);
  }
}

/** PBKDF2-HMAC-SHA-256, as many bytes as one hash. */
export function stretched(
  password: usize,
  size: i32,
  salt: usize,
  saltSize: i32,
  rounds: i32,
  into: usize,
): void {
  const keyed = new Keyed(password, size);
  const round = heap.alloc(HASH_SIZE);
  const number = heap.alloc(4);
  store<u32>(number, bswap<u32>(1));
  keyed.make(salt, saltSize, number, 4, round);
  memory.copy(into, round, HASH_SIZE);
  for (let count = 1; count < rounds; count++) {
    keyed.make(round, HASH_SIZE, number, 0, round);
    for (let at = 0; at < HASH_SIZE; at += 4) {
      store<u32>(into + at, load<u32>(into + at) ^ load<u32>(round + at));
    }
  }
  heap.free(number);
  heap.free(round);
  keyed.free();
}
