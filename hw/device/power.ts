/**
 * The power switch that software can reach: SiFive's test finisher (registers: hw/manual/power.ts).
 *
 * It only says what the guest wants; the board does it after the instruction that wrote here.
 */
import type { AccessSize, Device } from '../bus/device.ts';
import { POWER_FAIL, POWER_OFF, POWER_RESET } from '../manual/power.ts';

/** What the guest asked for. */
export type PowerRequest = { readonly kind: 'off'; readonly status: number } | { readonly kind: 'reset' };

export class Power implements Device {
  readonly name = 'power';
  readonly deadline = Infinity;
  private readonly request: (request: PowerRequest) => void;

  constructor(request: (request: PowerRequest) => void) {
    this.request = request;
  }

  read(_offset: number, size: AccessSize): number | undefined {
    return size === 1 ? undefined : 0;
  }

  write(offset: number, size: AccessSize, value: number): boolean {
    if (size === 1) return false;
    if (offset !== 0) return true;
    const what = value & 0xffff;
    if (what === POWER_OFF) this.request({ kind: 'off', status: 0 });
    if (what === POWER_FAIL) this.request({ kind: 'off', status: value >>> 16 });
    if (what === POWER_RESET) this.request({ kind: 'reset' });
    return true;
  }

  advance(): void {}

  reset(): void {}

  state(): void {}
}
