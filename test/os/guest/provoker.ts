/**
 * Makes the UART ask for an interrupt again and again, by letting it tell that it has nothing to send.
 */

import { csr_read, store8, store32 } from 'rv';
import { UART_IER, UART_IER_EMPTY } from '../../../hw/manual/uart.ts';
import { REGISTERS, SHARED } from './interrupts.ts';

const CYCLE: u32 = 0xc00;
const REST_CYCLES: u32 = 5000;

export function main(_argument: u32): i32 {
  while (true) {
    const now = csr_read(CYCLE);
    store32(SHARED, now);
    store8(REGISTERS + UART_IER, UART_IER_EMPTY);
    while (csr_read(CYCLE) - now < REST_CYCLES) {}
  }
}
