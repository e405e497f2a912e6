/**
 * The end: power off, reset, and the firmware's own failure. None of these return; a machine whose power
 * device does not answer stays asleep.
 */

import { store32, wfi } from 'rv';
import { POWER_BASE } from '../../hw/manual/memory-map.ts';
import { POWER_FAIL, POWER_OFF, POWER_RESET } from '../../hw/manual/power.ts';
import { writeText } from './console.ts';

export function powerOff(): void {
  end(POWER_OFF);
}

export function powerOffFailed(status: u32): void {
  end((status << 16) | POWER_FAIL);
}

export function resetBoard(): void {
  end(POWER_RESET);
}

/** For what the firmware cannot go on from: says it and powers off with status 1. */
export function stop(reason: string): void {
  writeText('\r\nfirmware: ');
  writeText(reason);
  writeText('\r\n');
  powerOffFailed(1);
}

function end(command: u32): void {
  store32(POWER_BASE, command);
  while (true) wfi();
}
