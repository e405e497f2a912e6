/**
 * CRC-32 by table, over a buffer that each round changes a little.
 *
 * run(n) does n rounds and gives a checksum; crc32.c is the same in C.
 */
const tab: usize = memory.data(1024, 4);
const buf: usize = memory.data(4096, 4);
export function run(n: i32): i32 {
  let x: u32 = 0x12345678,
    acc: u32 = 0,
    c: u32;
  for (let i: u32 = 0; i < 256; i++) {
    c = i;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >> 1) : c >> 1;
    store<u32>(tab + (i << 2), c);
  }
  for (let i: u32 = 0; i < 4096; i++) {
    x = x * 1664525 + 1013904223;
    store<u8>(buf + i, x >> 24);
  }
  while (n-- > 0) {
    c = ~acc;
    for (let i: u32 = 0; i < 4096; i++)
      c = load<u32>(tab + (((c ^ load<u8>(buf + i)) & 255) << 2)) ^ (c >> 8);
    acc = ~c;
    const p = buf + (acc & 4095);
    store<u8>(p, load<u8>(p) ^ u8(acc >> 8));
  }
  return i32(acc);
}
