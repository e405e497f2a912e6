/**
 * CRC-32C (Castagnoli): every change of up to three bits in a block of 4 KiB is found, and every burst of up to
 * 32; of all others one in 2^32 is missed. Four bytes a step, by four tables; `prepareCrc32c` fills them.
 *
 *     crc32c(0, "123456789") = 0xe306_9283;     crc32c(crc32c(0, a), b) is that of a and b in one
 */

/** Reversed, as bytes are taken lowest bit first. */
const POLYNOMIAL: u32 = 0x82f6_3b78;
const TABLE_SIZE: u32 = 1024;

const tables = memory.data(4096, 64);

export function prepareCrc32c(): void {
  for (let byte: u32 = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit: u32 = 0; bit < 8; bit += 1) crc = (crc >> 1) ^ ((crc & 1) !== 0 ? POLYNOMIAL : 0);
    store<u32>(tables + (byte << 2), crc);
  }
  for (let at: u32 = TABLE_SIZE; at < 4 * TABLE_SIZE; at += 4) {
    const crc = load<u32>(tables + at - TABLE_SIZE);
    store<u32>(tables + at, (crc >> 8) ^ load<u32>(tables + ((crc & 0xff) << 2)));
  }
}

/** Goes on from `crc`, which is 0 at the beginning. */
export function crc32c(crc: u32, address: u32, size: u32): u32 {
  crc = ~crc;
  const end = address + size;
  while ((address & 3) !== 0 && address < end) {
    crc = step(crc, address);
    address += 1;
  }
  for (const last = end & ~3; address < last; address += 4) {
    const word = load<u32>(address) ^ crc;
    crc =
      load<u32>(tables + ((word & 0xff) << 2), 3 * TABLE_SIZE) ^
      load<u32>(tables + (((word >> 8) & 0xff) << 2), 2 * TABLE_SIZE) ^
      load<u32>(tables + (((word >> 16) & 0xff) << 2), TABLE_SIZE) ^
      load<u32>(tables + ((word >> 24) << 2));
  }
  for (; address < end; address += 1) crc = step(crc, address);
  return ~crc;
}

//@inline
function step(crc: u32, address: u32): u32 {
  return (crc >> 8) ^ load<u32>(tables + (((crc ^ load<u8>(address)) & 0xff) << 2));
}
