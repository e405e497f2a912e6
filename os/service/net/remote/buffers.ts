/**
 * Where the data of services lies: the request's, then what is lent for writing with it, out of which the reply's is
 * gathered. Each service has a small buffer of its own; who needs more gets one of a few large ones for as long as
 * it lasts. Their pages are there when they are used first.
 */
import { SERVICES_MAX } from '../limits.ts';
import { DATA_MAX } from './wire.ts';

const SMALL: u32 = 0x1_0000;
/** So many requests at a time may be large; more have to wait. */
const LARGE_MAX: u32 = 2;

const small = memory.data(2_097_152, 4096);
/** With what is loaded behind them in vain (os/lib/universal-hash.ts). */
const large = memory.data(2_097_216, 4096);
/** Which service each large buffer is for, and in a bit each who has one. */
const owners = memory.data(8, 4);
let inLarge: u32 = 0;
const NOBODY: u32 = 0xffff_ffff;

/** The buffer of service `index`. */
export function bufferOf(index: u32): u32 {
  if (((inLarge >> index) & 1) === 0) return small + index * SMALL;
  let number: u32 = 0;
  while (ownerOf(number) !== index) number += 1;
  return large + number * DATA_MAX;
}

function ownerOf(number: u32): u32 {
  assert(number < LARGE_MAX);
  return load<u32>(owners + (number << 2)) - 1;
}

/** Sees to it that the service's buffer holds so much; what is in it stays. False where there is none for it now. */
export function takeBuffer(index: u32, size: u32, filled: u32): bool {
  assert(size <= DATA_MAX && index < SERVICES_MAX);
  if (size <= SMALL || ((inLarge >> index) & 1) !== 0) return true;
  for (let number: u32 = 0; number < LARGE_MAX; number += 1) {
    if (ownerOf(number) !== NOBODY) continue;
    memory.copy(large + number * DATA_MAX, bufferOf(index), filled);
    store<u32>(owners + (number << 2), index + 1);
    inLarge |= (<u32>1) << index;
    return true;
  }
  return false;
}

/** The service is over. */
//@inline
export function giveBuffer(index: u32): void {
  if (((inLarge >> index) & 1) !== 0) giveLarge(index);
}

function giveLarge(index: u32): void {
  for (let number: u32 = 0; number < LARGE_MAX; number += 1) {
    if (ownerOf(number) === index) store<u32>(owners + (number << 2), 0);
  }
  inLarge &= ~((<u32>1) << index);
}
