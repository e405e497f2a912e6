/**
 * This node's own load: what share of the processor was used, how many threads waited, what memory is free; averaged
 * so that what was half a second ago counts for little.
 */
import { csr_read } from 'rv';
import { now, TICKS_PER_MILLISECOND } from '../../runtime/clock.ts';
import { handleNamed } from '../../runtime/start.ts';
import { machineUse } from '../../runtime/system.ts';
import { type Vector, vectorOf } from './vectors.ts';

const CYCLE: u32 = 0xc00;
const KHZ_PER_MHZ: u32 = 1000;
const ALL: u32 = 1000;
/** A new value counts for one part in so many. */
const MEMORY: u32 = 2;
const THREAD: u32 = 100;
const FREE: u32 = 8;
const PAGES: u32 = 12;

const use = memory.data(16, 4);

let cycles: u32 = 0;
let idle: u32 = 0;
let ticks: u32 = 0;

/** What is counted, is counted from here on. */
export function startMeasuring(): void {
  machineUse(handleNamed('log'), use);
  cycles = csr_read(CYCLE);
  idle = load<u32>(use);
  ticks = now() as u32;
}

/** Puts this node's vector right; some time must have passed since the last one. */
export function measure(self: u32, time: u32): void {
  const waiting = machineUse(handleNamed('log'), use);
  const cycle = csr_read(CYCLE);
  const passed = cycle - cycles;
  const slept = min<u32>(load<u32>(use) - idle, passed);
  const tick = now() as u32;
  const elapsed = (tick - ticks) / (TICKS_PER_MILLISECOND / KHZ_PER_MHZ);
  cycles = cycle;
  idle = load<u32>(use);
  ticks = tick;
  if (waiting < 0 || elapsed === 0) return;
  const vector = vectorOf(self);
  const used: u32 = ALL - slept / (passed / ALL + 1);
  vector.use = mixed(vector, vector.use, used);
  vector.waiting = mixed(vector, vector.waiting, (waiting as u32) * THREAD);
  vector.clock = max<u32>((passed + elapsed / 2) / elapsed, 1);
  vector.free = load<u32>(use, FREE);
  vector.pages = load<u32>(use, PAGES);
  vector.sent -= vector.sent / MEMORY;
  vector.measuredAt = time;
}

/** The first one counts in full. */
function mixed(vector: Vector, before: u32, value: u32): u32 {
  return vector.measuredAt === 0 ? value : (before * (MEMORY - 1) + value + MEMORY / 2) / MEMORY;
}
