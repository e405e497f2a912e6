/**
 * The product of two matrices of 24 × 24 integers.
 *
 * run(n) does n rounds and gives a checksum; matmul.c is the same in C.
 */
const N: i32 = 24;
const a: usize = memory.data(2304, 4);
const b: usize = memory.data(2304, 4);
const c: usize = memory.data(2304, 4);
//@inline
function at(m: usize, i: i32, j: i32): usize {
  return m + (usize(i * N + j) << 2);
}
export function run(n: i32): i32 {
  let acc: u32 = 1;
  for (let i = 0; i < N; i++)
    for (let j = 0; j < N; j++) {
      store<i32>(at(a, i, j), i * 7 - j * 3 + 1);
      store<i32>(at(b, i, j), (i ^ j) - 5);
    }
  while (n-- > 0) {
    for (let i = 0; i < N; i++)
      for (let j = 0; j < N; j++) {
        let s = 0;
        for (let k = 0; k < N; k++) s += load<i32>(at(a, i, k)) * load<i32>(at(b, k, j));
        store<i32>(at(c, i, j), s);
      }
    for (let i = 0; i < N; i++) for (let j = 0; j < N; j++) acc = acc * 33 + load<u32>(at(c, i, j));
    const p = at(a, acc % N, (acc >> 8) % N);
    store<i32>(p, load<i32>(p) ^ i32(acc & 15));
  }
  return i32(acc);
}
