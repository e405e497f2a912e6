/**
 * A driver of the real-time clock that only waits for its alarm, again and again, and sees how many cycles have
 * gone by when its thread runs: its exit status is the last number of them, on a board at 100 MHz.
 */

import { csr_read, load32, store32 } from 'rv';
import {
  RTC_ALARM_HIGH,
  RTC_ALARM_LOW,
  RTC_CLEAR_INTERRUPT,
  RTC_IRQ_ENABLED,
  RTC_TIME_HIGH,
  RTC_TIME_LOW,
} from '../../../hw/manual/rtc.ts';
import { DEVICE_ADDRESS } from '../../../os/abi/start.ts';
import { CYCLE } from '../../../os/lib/csr.ts';
import { type Message, receive, waitForEver } from '../../../os/runtime/message.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { acknowledge } from '../../../os/runtime/system.ts';

const ROUNDS: u32 = 20;
const NANOSECONDS_PER_CYCLE: u64 = 10;
const PAUSE: u64 = 50_000;
/** The board's date when its clock was 0: 2026-01-01. */
const BEGINNING: u64 = 1_767_225_600_000_000_000;

const buffer = memory.data(64, 4);

export function main(_argument: u32): i32 {
  const message = changetype<Message>(buffer);
  message.port = handleNamed('port');
  waitForEver(message);
  const interrupt = handleNamed('interrupt');
  store32(DEVICE_ADDRESS + RTC_IRQ_ENABLED, 1);
  let cycles: u32 = 0;
  for (let round: u32 = 0; round < ROUNDS; round += 1) {
    const moment = date() + PAUSE;
    store32(DEVICE_ADDRESS + RTC_ALARM_HIGH, (moment >> 32) as u32);
    store32(DEVICE_ADDRESS + RTC_ALARM_LOW, moment as u32);
    assert(receive(message) === 1);
    cycles = csr_read(CYCLE) - (((moment - BEGINNING) / NANOSECONDS_PER_CYCLE) as u32);
    store32(DEVICE_ADDRESS + RTC_CLEAR_INTERRUPT, 1);
    acknowledge(interrupt);
  }
  return cycles;
}

function date(): u64 {
  const low = load32(DEVICE_ADDRESS + RTC_TIME_LOW);
  return ((load32(DEVICE_ADDRESS + RTC_TIME_HIGH) as u64) << 32) | (low as u64);
}
