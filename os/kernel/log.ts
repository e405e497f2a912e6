/**
 * The kernel's own words, by the firmware's console, and the way to end: SBI calls that both our firmware and
 * OpenSBI have.
 */
import { ecall1, ecall7 } from 'rv';

const SBI_PUTCHAR: u32 = 1;
const SBI_SYSTEM_RESET: u32 = 0x5352_5354;
const RESET_SHUTDOWN: u32 = 0;
const REASON_FAILURE: u32 = 1;

export function logByte(byte: u32): void {
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
