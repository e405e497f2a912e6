/**
 * Names spelled in numbers: up to eleven of the characters a to z, 0 to 9 and '-', one of 38 each, in 58 bits. So the
 * id of a service says what it is called.
 */

export const SPELLED_MAX: u32 = 11;
const BASE: u64 = 38;
const LETTERS: u32 = 26;
const DIGITS: u32 = 10;
const DASH: u32 = 0x2d;

/** 0 for what is empty, too long, or has other characters. */
export function spelled(address: u32, size: u32): u64 {
  if (size > SPELLED_MAX) return 0;
  let number: u64 = 0;
  for (let at: u32 = size; at > 0; at -= 1) {
    const code = codeOf(load<u8>(address + at - 1));
    if (code === 0) return 0;
    number = number * BASE + (code as u64);
  }
  return number;
}

/** Writes the name that the number spells; its size. */
export function spellOut(number: u64, to: u32): u32 {
  let size: u32 = 0;
  for (let rest = number; rest !== 0 && size < SPELLED_MAX; rest /= BASE) {
    store<u8>(to + size, characterOf((rest % BASE) as u32));
    size += 1;
  }
  return size;
}

/** 1 and above; 0 for what cannot be spelled. */
function codeOf(character: u32): u32 {
  if (character >= 0x61 && character < 0x61 + LETTERS) return 1 + character - 0x61;
  if (character >= 0x30 && character < 0x30 + DIGITS) return 1 + LETTERS + character - 0x30;
  return character === DASH ? 1 + LETTERS + DIGITS : 0;
}

function characterOf(code: u32): u32 {
  if (code <= LETTERS) return 0x61 + code - 1;
  return code <= LETTERS + DIGITS ? 0x30 + code - 1 - LETTERS : DASH;
}
