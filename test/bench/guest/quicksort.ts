/**
 * Quicksort of 1024 integers, median of three, short runs by insertion.
 *
 * run(n) does n rounds and gives a checksum; quicksort.c is the same in C.
 */
const v: usize = memory.data(4096, 4);
//@inline
function get(p: usize, i: i32): i32 {
  return load<i32>(p + (usize(i) << 2));
}
//@inline
function put(p: usize, i: i32, x: i32): void {
  store<i32>(p + (usize(i) << 2), x);
}
function qs(p: usize, lo: i32, hi: i32): void {
  while (hi - lo > 8) {
    const m = lo + (hi - lo) / 2;
    let t: i32,
      i = lo,
      j = hi;
    if (get(p, m) < get(p, lo)) {
      t = get(p, m);
      put(p, m, get(p, lo));
      put(p, lo, t);
    }
    if (get(p, hi) < get(p, lo)) {
      t = get(p, hi);
      put(p, hi, get(p, lo));
      put(p, lo, t);
    }
    if (get(p, hi) < get(p, m)) {
      t = get(p, hi);
      put(p, hi, get(p, m));
      put(p, m, t);
    }
    const x = get(p, m);
    while (i <= j) {
      while (get(p, i) < x) i++;
      while (get(p, j) > x) j--;
      if (i <= j) {
        t = get(p, i);
        put(p, i, get(p, j));
        put(p, j, t);
        i++;
        j--;
      }
    }
    if (j - lo < hi - i) {
      qs(p, lo, j);
      lo = i;
    } else {
      qs(p, i, hi);
      hi = j;
    }
  }
  for (let i = lo + 1; i <= hi; i++) {
    const x = get(p, i);
    let j = i - 1;
    while (j >= lo && get(p, j) > x) {
      put(p, j + 1, get(p, j));
      j--;
    }
    put(p, j + 1, x);
  }
}
export function run(n: i32): i32 {
  let x: u32 = 1,
    acc: u32 = 0;
  while (n-- > 0) {
    for (let i = 0; i < 1024; i++) {
      x ^= x << 13;
      x ^= x >> 17;
      x ^= x << 5;
      put(v, i, i32(x));
    }
    qs(v, 0, 1023);
    for (let i = 0; i < 1024; i++) {
      if (i && get(v, i - 1) > get(v, i)) return -1;
      acc = acc * 31 + u32(get(v, i));
    }
  }
  return i32(acc);
}
