/**
 * A thread that waits for notifications whose bits are the cycle at which they were sent, and then for a
 * timer; it sends the latency of the last of each to the first process.
 */

import { csr_read } from 'rv';
import { FIRST_HANDLE } from '../../../os/abi/layout.ts';
import { type Message, receive, send, waitForEver } from '../../../os/runtime/message.ts';
import { setTimer } from '../../../os/runtime/system.ts';

const PORT: u32 = FIRST_HANDLE;
const RESULTS: u32 = FIRST_HANDLE + 1;
const TIMER: u32 = FIRST_HANDLE + 2;
const CYCLE: u32 = 0xc00;
const TIME: u32 = 0xc01;
const ROUNDS: u32 = 20;
const WAIT_TICKS: u32 = 300;
/** Of a board at 100 MHz. */
const CYCLES_PER_TICK: u32 = 10;

const buffer = memory.data(64);

export function main(_argument: u32): i32 {
  const message = changetype<Message>(buffer);
  message.port = PORT;
  waitForEver(message);
  let notification: u32 = 0;
  for (let round: u32 = 0; round < ROUNDS; round += 1) {
    assert(receive(message) === 1);
    notification = csr_read(CYCLE) - message.label;
  }
  let interrupt: u32 = 0;
  for (let round: u32 = 0; round < ROUNDS; round += 1) {
    const deadline = csr_read(TIME) + WAIT_TICKS;
    setTimer(TIMER, PORT, 1, deadline, 0);
    do {
      assert(receive(message) === 1);
    } while (message.label !== 1);
    interrupt = csr_read(CYCLE) - deadline * CYCLES_PER_TICK;
  }
  message.port = RESULTS;
  message.word0 = notification;
  message.word1 = interrupt;
  return send(message);
}
