/**
 * What the test programs print, by the firmware's console.
 */
import { INIT_CONTROL } from '../../../os/abi/layout.ts';
import { log } from '../../../os/runtime/system.ts';

const buffer = memory.data(64);

/** ASCII, at most 64 characters. */
export function say(text: string): void {
  const length: u32 = text.length;
  for (let index: u32 = 0; index < length; index += 1) {
    store<u8>(buffer + index, load<u16>(changetype<usize>(text) + (index << 1)));
  }
  log(INIT_CONTROL, buffer, length);
}

/** A decimal number and a space. */
export function sayNumber(value: i32): void {
  let rest: u32 = value < 0 ? -value : value;
  let at = buffer + 63;
  store<u8>(at, 32);
  do {
    at -= 1;
    store<u8>(at, 48 + (rest % 10));
    rest /= 10;
  } while (rest > 0);
  if (value < 0) {
    at -= 1;
    store<u8>(at, 45);
  }
  log(INIT_CONTROL, at, buffer + 64 - at);
}
