/**
 * The date, for what is changed: the calendar clock's when it was asked last, and the ticks since then. Without a
 * calendar it counts from 1970.
 */
import * as clock from '../../proto/clock.client.ts';
import type { Instant } from '../../proto/clock.ts';
import { now } from '../../runtime/clock.ts';

const NANOSECONDS_PER_TICK: u64 = 100;

const instant = memory.data(8, 8);

let calendar: u32 = 0;
/** What the date was when the machine's ticks began. */
let origin: u64 = 0;

export function useCalendar(port: u32): void {
  calendar = port;
  askCalendar();
}

/** People set clocks: it is asked from time to time. */
export function askCalendar(): void {
  if (calendar === 0 || clock.now(calendar, changetype<Instant>(instant)) < 0) return;
  origin = changetype<Instant>(instant).nanoseconds - now() * NANOSECONDS_PER_TICK;
}

/** Nanoseconds since 1970. */
export function date(): u64 {
  return origin + now() * NANOSECONDS_PER_TICK;
}
