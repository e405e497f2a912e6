/**
 * The firmware's console: the UART at its fixed address, polled. Used for SBI's console calls and for
 * the firmware's own last words; the operating system's driver takes the UART over without asking, so
 * nothing here keeps state or touches more than the two data registers and LSR.
 */

import { load8, store8 } from 'rv';
import { UART_BASE } from '../../hw/manual/memory-map.ts';
import {
  UART_LSR,
  UART_LSR_HOLDING_EMPTY,
  UART_LSR_READY,
  UART_RBR,
  UART_THR,
} from '../../hw/manual/uart.ts';

/** What `readByte` answers where nothing has arrived. */
export const NO_BYTE: u32 = 0xffff_ffff;

/** Waits for room as long as the line takes to send. */
export function writeByte(byte: u32): void {
  while ((load8(UART_BASE + UART_LSR) & UART_LSR_HOLDING_EMPTY) === 0) {}
  store8(UART_BASE + UART_THR, byte & 0xff);
}

export function readByte(): u32 {
  if ((load8(UART_BASE + UART_LSR) & UART_LSR_READY) === 0) return NO_BYTE;
  return load8(UART_BASE + UART_RBR);
}

/** A string of the program itself: UTF-16 of ASCII characters. */
export function writeText(text: string): void {
  let at = changetype<usize>(text);
  const end = at + ((<usize>text.length) << 1);
  while (at < end) {
    writeByte(load<u16>(at));
    at += 2;
  }
}

export function writeHex(value: u32): void {
  writeText('0x');
  for (let shift: i32 = 28; shift >= 0; shift -= 4) {
    const digit = (value >> shift) & 15;
    writeByte(digit < 10 ? 48 + digit : 87 + digit);
  }
}
