/**
 * The module `system` of images/wasi for a bare machine: standard output and error are the UART, standard
 * input is at its end, the clocks are the `time` register, randomness is a fixed sequence, and the command
 * line is what the link description's image has at `arguments`: a count, then size and bytes of each.
 */
import { csr_read, load8, store8 } from 'rv';

const UART: u32 = 0xf000_0000;
const TIME: u32 = 0xc01;
const TIMEH: u32 = 0xc81;
/** `time` counts tenths of a microsecond. */
const TIME_STEP_NS: u32 = 100;
const DATE_OF_BEGINNING_NS: u64 = 1_700_000_000_000_000_000;
const BADF: i32 = 8;

//@external("bare", "off")
declare function off(status: u32): void;
//@external("bare", "arguments")
declare function arguments_(): u32;

let seed: u32 = 0x9e37_79b9;

export function write(descriptor: u32, address: u32, count: u32): i32 {
  if (descriptor !== 1 && descriptor !== 2) return -BADF;
  for (let at: u32 = 0; at < count; at++) {
    while ((load8(UART + 5) & 0x20) === 0) {}
    store8(UART, load<u8>(address + at));
  }
  return count;
}

export function read(descriptor: u32, _address: u32, _count: u32): i32 {
  return descriptor === 0 ? 0 : -BADF;
}

export function is_open(descriptor: u32): u32 {
  return u32(descriptor <= 2);
}

export function close(_descriptor: u32): void {}

export function date(): u64 {
  return DATE_OF_BEGINNING_NS + monotonic();
}

export function monotonic(): u64 {
  let high = csr_read(TIMEH);
  let low = csr_read(TIME);
  for (let again = csr_read(TIMEH); again !== high; again = csr_read(TIMEH)) {
    high = again;
    low = csr_read(TIME);
  }
  return ((u64(high) << 32) | u64(low)) * u64(TIME_STEP_NS);
}

export function clock_step(): u64 {
  return TIME_STEP_NS;
}

/** Marsaglia's xorshift. */
export function random(address: u32, count: u32): void {
  for (let at: u32 = 0; at < count; at++) {
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    store<u8>(address + at, seed);
  }
}

function yield_(): void {}

export { yield_ as yield };

export function exit(status: u32): void {
  off(status);
}

export function argument_count(): u32 {
  return load<u32>(arguments_());
}

export function argument_size(index: u32): u32 {
  return load<u32>(argument(index));
}

export function argument_copy(index: u32, address: u32): void {
  const from = argument(index);
  memory.copy(address, from + 4, load<u32>(from));
}

export function environment_count(): u32 {
  return 0;
}

export function environment_size(_index: u32): u32 {
  return 0;
}

export function environment_copy(_index: u32, _address: u32): void {}

/** Each begins at a multiple of four. */
function argument(index: u32): u32 {
  let at = arguments_() + 4;
  for (let each: u32 = 0; each < index; each++) at += (load<u32>(at) + 7) & ~3;
  return at;
}
