/**
 * The module `bench` for measured programs: what has been counted so far, and a character to the UART.
 */
import { csr_read, load8, store8 } from 'rv';

const UART: u32 = 0xf000_0000;
const CYCLE: u32 = 0xc00;
const INSTRET: u32 = 0xc02;

export function cycles(): u32 {
  return csr_read(CYCLE);
}

export function instructions(): u32 {
  return csr_read(INSTRET);
}

export function put(character: u32): void {
  while ((load8(UART + 5) & 0x20) === 0) {}
  store8(UART, character);
}
