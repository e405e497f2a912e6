/**
 * The kernel's own words and those of whoever has control, by the firmware's console, and the way to end: SBI
 * calls that both our firmware and OpenSBI have. The last words are kept, and can be read again.
 */
import { ecall1, ecall7 } from 'rv';
import { LOG_KEPT } from '../abi/limits.ts';

const SBI_PUTCHAR: u32 = 1;
const SBI_SYSTEM_RESET: u32 = 0x5352_5354;
const RESET_SHUTDOWN: u32 = 0;
const REASON_FAILURE: u32 = 1;

/** A ring: byte n of the log, as far as it is kept, is at n modulo LOG_KEPT. */
const kept = memory.data(16384);
let logged: u32 = 0;

/** The first position from `position` on that is kept; the end of the log where none is. */
export function keptFrom(position: u32): u32 {
  if (position > logged) return logged;
  return logged - position > LOG_KEPT ? logged - LOG_KEPT : position;
}

/** → bytes, from one that is kept on. */
export function copyLog(position: u32, to: u32, size: u32): u32 {
  const count = min<u32>(size, logged - position);
  for (let index: u32 = 0; index < count; index += 1)
    store<u8>(to + index, load<u8>(kept + ((position + index) & (LOG_KEPT - 1))));
  return count;
}

export function logByte(byte: u32): void {
  store<u8>(kept + (logged & (LOG_KEPT - 1)), byte);
  logged += 1;
  ecall1(SBI_PUTCHAR, byte);
}

/** A string of the program itself: UTF-16 of ASCII characters. */
export function logText(text: string): void {
  let at = changetype<usize>(text);
  const end = at + ((<usize>text.length) << 1);
  while (at < end) {
    logByte(load<u16>(at));
    at += 2;
  }
}

/** Bytes up to a zero. */
export function logZeroEnded(text: u32): void {
  for (let at = text; load<u8>(at) !== 0; at += 1) logByte(load<u8>(at));
}

export function logDecimal(value: u32): void {
  let unit: u32 = 1;
  while (value / unit >= 10) unit *= 10;
  for (; unit > 0; unit /= 10) logByte(48 + ((value / unit) % 10));
}

export function logHex(value: u32): void {
  logText('0x');
  for (let shift: i32 = 28; shift >= 0; shift -= 4) {
    const digit = (value >> shift) & 15;
    logByte(digit < 10 ? 48 + digit : 87 + digit);
  }
}

/** Returns where the firmware refuses. */
export function resetMachine(kind: u32, reason: u32): void {
  ecall7(SBI_SYSTEM_RESET, kind, reason, 0, 0, 0, 0, 0);
}

export function powerOffFailed(): void {
  resetMachine(RESET_SHUTDOWN, REASON_FAILURE);
}
