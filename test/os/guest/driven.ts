/**
 * A driver of nothing but the UART's interrupt: notes how late it came, silences the device, acknowledges, by turns
 * at once and with the next receive; and sends the last figure to the first process.
 */

import { csr_read, load32, store8 } from 'rv';
import { UART_IER } from '../../../hw/manual/uart.ts';
import { CALL_RECEIVE } from '../../../os/abi/calls.ts';
import { ERROR_WRONG_KIND } from '../../../os/abi/errors.ts';
import { FIRST_HANDLE } from '../../../os/abi/layout.ts';
import { NO_INTERRUPT } from '../../../os/abi/message.ts';
import { type Message, operate, send, waitForEver } from '../../../os/runtime/message.ts';
import { acknowledge } from '../../../os/runtime/system.ts';
import { REGISTERS, SHARED } from './interrupts.ts';

const PORT: u32 = FIRST_HANDLE;
const RESULTS: u32 = FIRST_HANDLE + 1;
const INTERRUPT: u32 = FIRST_HANDLE + 2;
const CYCLE: u32 = 0xc00;
const ROUNDS: u32 = 20;

const buffer = memory.data(64);

export function main(_argument: u32): i32 {
  const message = changetype<Message>(buffer);
  message.port = PORT;
  waitForEver(message);
  assert(operate(message, CALL_RECEIVE, RESULTS) === ERROR_WRONG_KIND);
  let latency: u32 = 0;
  let owed = NO_INTERRUPT;
  for (let round: u32 = 0; round < ROUNDS; round += 1) {
    assert(operate(message, CALL_RECEIVE, owed) === 1);
    latency = csr_read(CYCLE) - load32(SHARED);
    store8(REGISTERS + UART_IER, 0);
    owed = (round & 1) === 0 ? INTERRUPT : NO_INTERRUPT;
    if (owed === NO_INTERRUPT) assert(acknowledge(INTERRUPT) === 0);
  }
  message.port = RESULTS;
  message.word0 = latency;
  return send(message);
}
