/**
 * Formatting in the manner of printf: %d %u %x %c %s with width, zero fill and left justification.
 *
 * run(n) does n rounds and gives a checksum; format.c is the same in C. Arguments lie in a row of words.
 */
const out: usize = memory.data(256);
const tmp: usize = memory.data(12);
const list: usize = memory.data(32, 4);
const digits: usize = memory.data<u8>([48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 97, 98, 99, 100, 101, 102]);
// "[%d] %8d|%-8u|%08x %c%c <%10s> <%-6s> 100%%\n"
const pattern: usize = memory.data<u8>([
  91, 37, 100, 93, 32, 37, 56, 100, 124, 37, 45, 56, 117, 124, 37, 48, 56, 120, 32, 37, 99, 37, 99, 32, 60,
  37, 49, 48, 115, 62, 32, 60, 37, 45, 54, 115, 62, 32, 49, 48, 48, 37, 37, 10, 0,
]);
// "alpha", "be", "gamma-ray", "", each in a place of ten bytes
const names: usize = memory.data<u8>([
  97, 108, 112, 104, 97, 0, 0, 0, 0, 0, 98, 101, 0, 0, 0, 0, 0, 0, 0, 0, 103, 97, 109, 109, 97, 45, 114, 97,
  121, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);

//@inline
function name(index: u32): usize {
  return names + index * 10;
}

function format(to: usize, f: usize, argument: usize): i32 {
  let s = to;
  for (; load<u8>(f) !== 0; f++) {
    if (load<u8>(f) !== 37) {
      store<u8>(s++, load<u8>(f));
      continue;
    }
    let left = false,
      zero = false,
      negative = false,
      width: i32 = 0,
      size: i32 = 0,
      text = tmp;
    for (f++; ; f++) {
      if (load<u8>(f) === 45) left = true;
      else if (load<u8>(f) === 48) zero = true;
      else break;
    }
    while (load<u8>(f) >= 48 && load<u8>(f) <= 57) width = width * 10 + i32(load<u8>(f++)) - 48;
    const kind: u32 = load<u8>(f);
    switch (kind) {
      case 100:
      case 117:
      case 120: {
        const base: u32 = kind === 120 ? 16 : 10;
        let value = load<u32>(argument);
        argument += 4;
        if (kind === 100) {
          negative = i32(value) < 0;
          if (negative) value = 0 - value;
        }
        text = tmp + 12;
        do {
          store<u8>(--text, load<u8>(digits + (value % base)));
          value /= base;
        } while (value !== 0);
        size = i32(tmp + 12 - text);
        break;
      }
      case 99:
        store<u8>(tmp, load<u32>(argument));
        argument += 4;
        size = 1;
        break;
      case 115:
        text = load<usize>(argument);
        argument += 4;
        while (load<u8>(text + size) !== 0) size++;
        break;
      default:
        store<u8>(tmp, kind);
        size = 1;
    }
    let padding = width - size - i32(negative);
    if (!left && !zero) while (padding-- > 0) store<u8>(s++, 32);
    if (negative) store<u8>(s++, 45);
    if (!left && zero) while (padding-- > 0) store<u8>(s++, 48);
    while (size-- > 0) store<u8>(s++, load<u8>(text++));
    if (left) while (padding-- > 0) store<u8>(s++, 32);
  }
  store<u8>(s, 0);
  return i32(s - to);
}

export function run(n: i32): i32 {
  let acc: u32 = 5381,
    x: u32 = 7;
  while (n-- > 0) {
    x = x * 1664525 + 1013904223;
    store<i32>(list, n);
    store<u32>(list, x, 4);
    store<u32>(list, x >> 7, 8);
    store<u32>(list, x, 12);
    store<u32>(list, 65 + (x >> 30), 16);
    store<u32>(list, 122, 20);
    store<usize>(list, name((x >> 28) & 3), 24);
    store<usize>(list, name((x >> 26) & 3), 28);
    const size = format(out, pattern, list);
    for (let i = 0; i < size; i++) acc = (acc * 33) ^ load<u8>(out + i);
  }
  return i32(acc);
}
