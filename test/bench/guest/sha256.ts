/**
 * The compression function of SHA-256 (FIPS 180-4) with round constants of our own, so no standard digest.
 *
 * run(n) does n rounds and gives a checksum; sha256.c is the same in C.
 */
const K: usize = memory.data(256, 4);
const w: usize = memory.data(256, 4);
const H: usize = memory.data(32, 4);
const B: usize = memory.data(64, 4);
//@inline
function g(p: usize, i: i32): u32 {
  return load<u32>(p + (usize(i) << 2));
}
//@inline
function s(p: usize, i: i32, x: u32): void {
  store<u32>(p + (usize(i) << 2), x);
}
function compress(h: usize, blk: usize): void {
  let a = g(h, 0),
    b = g(h, 1),
    c = g(h, 2),
    d = g(h, 3),
    e = g(h, 4),
    f = g(h, 5),
    gg = g(h, 6),
    k = g(h, 7);
  let i: i32 = 0;
  for (; i < 16; i++) s(w, i, g(blk, i));
  for (; i < 64; i++) {
    const s0 = rotr(g(w, i - 15), 7) ^ rotr(g(w, i - 15), 18) ^ (g(w, i - 15) >> 3);
    const s1 = rotr(g(w, i - 2), 17) ^ rotr(g(w, i - 2), 19) ^ (g(w, i - 2) >> 10);
    s(w, i, g(w, i - 16) + s0 + g(w, i - 7) + s1);
  }
  for (i = 0; i < 64; i++) {
    const t1 = k + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + ((e & f) ^ (~e & gg)) + g(K, i) + g(w, i);
    const t2 = (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    k = gg;
    gg = f;
    f = e;
    e = d + t1;
    d = c;
    c = b;
    b = a;
    a = t1 + t2;
  }
  s(h, 0, g(h, 0) + a);
  s(h, 1, g(h, 1) + b);
  s(h, 2, g(h, 2) + c);
  s(h, 3, g(h, 3) + d);
  s(h, 4, g(h, 4) + e);
  s(h, 5, g(h, 5) + f);
  s(h, 6, g(h, 6) + gg);
  s(h, 7, g(h, 7) + k);
}
export function run(n: i32): i32 {
  let x: u32 = 0x9e3779b9;
  s(H, 0, 0x6a09e667);
  s(H, 1, 0xbb67ae85);
  s(H, 2, 0x3c6ef372);
  s(H, 3, 0xa54ff53a);
  s(H, 4, 0x510e527f);
  s(H, 5, 0x9b05688c);
  s(H, 6, 0x1f83d9ab);
  s(H, 7, 0x5be0cd19);
  for (let i = 0; i < 64; i++) {
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    s(K, i, x);
  }
  while (n-- > 0) {
    for (let i = 0; i < 16; i++) s(B, i, g(H, i & 7) + u32(i) * 0x01000193);
    compress(H, B);
  }
  return i32(g(H, 0) ^ g(H, 1) ^ g(H, 2) ^ g(H, 3) ^ g(H, 4) ^ g(H, 5) ^ g(H, 6) ^ g(H, 7));
}
