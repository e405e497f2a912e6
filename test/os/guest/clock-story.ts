/**
 * A first process that starts the clock's driver, waits for moments, sets the clock, and asks what time it is
 * after the driver has been killed and replaced. Prints intervals in milliseconds, and the year.
 */
import { RTC_BASE, RTC_IRQ } from '../../../hw/manual/memory-map.ts';
import { INIT_CONTROL, PAGE_SHIFT } from '../../../os/abi/layout.ts';
import * as clock from '../../../os/proto/clock.client.ts';
import type { Instant } from '../../../os/proto/clock.ts';
import { now } from '../../../os/runtime/clock.ts';
import { reset } from '../../../os/runtime/system.ts';
import { type Device, deviceAt, endDriver, startDriver } from './driving.ts';
import { say, sayNumber } from './say.ts';

const MILLISECOND: u64 = 1_000_000;
const TICKS_PER_MILLISECOND: u64 = 10_000;
/** 2030-01-01. */
const LATER: u64 = 1_893_456_000_000_000_000;

const deviceBytes = memory.data(64, 4);
const instantBytes = memory.data(8, 8);
let port: u32 = 0;

export function main(_argument: u32): i32 {
  const device = changetype<Device>(deviceBytes);
  deviceAt(device, RTC_BASE >> PAGE_SHIFT, RTC_IRQ);
  startDriver(device, 'clock');
  port = device.port;
  say('waited ');
  sayNumber(waited(3 * MILLISECOND));
  sayNumber(waited(0));
  sayNumber(waited(7 * MILLISECOND));
  say('\nset ');
  sayNumber(clock.set(port, LATER));
  endDriver(device);
  startDriver(device, 'clock');
  sayNumber(((dateNow() - LATER) / (100 * MILLISECOND)) as i32);
  sayNumber(waited(2 * MILLISECOND));
  say('\n');
  return reset(INIT_CONTROL, 0, 0);
}

/** Waits for a time of day so far ahead. → how long that was, in whole milliseconds. */
function waited(nanoseconds: u64): i32 {
  const before = now();
  assert(clock.waitUntil(port, dateNow() + nanoseconds) === 0);
  return ((now() - before) / TICKS_PER_MILLISECOND) as i32;
}

function dateNow(): u64 {
  const instant = changetype<Instant>(instantBytes);
  assert(clock.now(port, instant) >= 0);
  return instant.nanoseconds;
}
