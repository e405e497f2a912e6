/**
 * Waiting for a while: deadlines from now on, and pauses in which others run and what ends in the background
 * ends.
 */

import { csr_read } from 'rv';
import { type Message, receive } from '../../../os/runtime/message.ts';
import { close, createPort } from '../../../os/runtime/system.ts';

const TIME: u32 = 0xc01;
const TIMEH: u32 = 0xc81;

const buffer = memory.data(64);

/** The message waits for so many ticks of 0.1 µs. */
export function soon(message: Message, ticks: u32): void {
  const low = csr_read(TIME);
  message.deadlineLow = low + ticks;
  message.deadlineHigh = csr_read(TIMEH) + (low + ticks < low ? 1 : 0);
}

export function pause(ticks: u32): void {
  const message = changetype<Message>(buffer);
  message.port = createPort();
  soon(message, ticks);
  receive(message);
  close(message.port);
}
