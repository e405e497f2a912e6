/**
 * Text in UTF-8, as files and the system have it, and as strings, without loss: a byte that belongs to no
 * character becomes the unit 0xdc80 + byte - 0x80, half of a pair, which no real text has, and comes back as
 * the same byte.
 *
 *     decodeText(address, size)    a string
 *     encodeText(text, address)    the size; there must be room for three bytes a unit
 */

const ESCAPED: u32 = 0xdc00;

export function decodeText(address: usize, size: i32): string {
  const units = heap.alloc((<usize>size) << 1);
  let count: usize = 0;
  let at: i32 = 0;
  while (at < size) {
    const byte: u32 = load<u8>(address + at);
    const length = byte < 0x80 ? 1 : sequenceLength(address + at, size - at);
    if (length <= 1) {
      store<u16>(units + (count << 1), byte < 0x80 ? byte : ESCAPED + byte);
      count += 1;
      at += 1;
      continue;
    }
    const code = codeOf(address + at, length);
    if (code >= 0x1_0000) {
      store<u16>(units + (count << 1), 0xd800 + ((code - 0x1_0000) >> 10));
      store<u16>(units + (count << 1), 0xdc00 + ((code - 0x1_0000) & 0x3ff), 2);
      count += 2;
    } else {
      store<u16>(units + (count << 1), code);
      count += 1;
    }
    at += length;
  }
  const text = String.UTF16.decodeUnsafe(units, count << 1);
  heap.free(units);
  return text;
}

/** Bytes of the well-formed sequence that begins here, or 0. */
function sequenceLength(address: usize, size: i32): i32 {
  const first: u32 = load<u8>(address);
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length > size) return 0;
  for (let index = 1; index < length; index++) {
    if ((load<u8>(address + index) & 0xc0) !== 0x80) return 0;
  }
  if (length < 3) return length;
  const code = codeOf(address, length);
  if (length === 3) return code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 0 : 3;
  return code < 0x1_0000 || code > 0x10_ffff ? 0 : length;
}

function codeOf(address: usize, length: i32): u32 {
  let code: u32 = load<u8>(address) & (0xff >> (length + 1));
  for (let index = 1; index < length; index++) code = (code << 6) | (load<u8>(address + index) & 0x3f);
  return code;
}

export function encodeText(text: string, address: usize): i32 {
  const length = text.length;
  let at = address;
  for (let index = 0; index < length; index++) {
    let code: u32 = load<u16>(changetype<usize>(text) + ((<usize>index) << 1));
    if (code < 0x80) {
      store<u8>(at++, code);
      continue;
    }
    if ((code & 0xfc00) === 0xd800 && index + 1 < length) {
      const low: u32 = text.charCodeAt(index + 1);
      if ((low & 0xfc00) === 0xdc00) {
        code = 0x1_0000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
        index++;
      }
    }
    if (code >= ESCAPED + 0x80 && code <= ESCAPED + 0xff) {
      store<u8>(at++, code - ESCAPED);
      continue;
    }
    at = encodeCode(code, at);
  }
  return <i32>(at - address);
}

function encodeCode(code: u32, address: usize): usize {
  let at = address;
  if (code < 0x800) {
    store<u8>(at++, 0xc0 | (code >> 6));
  } else if (code < 0x1_0000) {
    store<u8>(at++, 0xe0 | (code >> 12));
    store<u8>(at++, 0x80 | ((code >> 6) & 0x3f));
  } else {
    store<u8>(at++, 0xf0 | (code >> 18));
    store<u8>(at++, 0x80 | ((code >> 12) & 0x3f));
    store<u8>(at++, 0x80 | ((code >> 6) & 0x3f));
  }
  store<u8>(at++, 0x80 | (code & 0x3f));
  return at;
}
