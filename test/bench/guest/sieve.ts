/**
 * The sieve of Eratosthenes up to 8192.
 *
 * run(n) does n rounds and gives a checksum; sieve.c is the same in C.
 */
const comp: usize = memory.data(8192);
export function run(n: i32): i32 {
  let acc: u32 = 0;
  while (n-- > 0) {
    let count: i32 = 0;
    for (let i = 0; i < 8192; i++) store<u8>(comp + i, 0);
    for (let i = 2; i < 8192; i++) {
      if (load<u8>(comp + i)) continue;
      count++;
      acc = acc * 31 + u32(i);
      for (let j = i + i; j < 8192; j += i) store<u8>(comp + j, 1);
    }
    acc += u32(count);
  }
  return i32(acc);
}
