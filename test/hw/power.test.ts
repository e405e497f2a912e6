/**
 * The power device, against QEMU's `sifive_test`.
 */
import { describe, expect, it } from 'vitest';
import { Power, type PowerRequest } from '../../hw/device/power.ts';
import { POWER_FAIL, POWER_OFF, POWER_RESET } from '../../hw/manual/power.ts';

describe('power', () => {
  const asked: PowerRequest[] = [];
  const power = new Power(request => asked.push(request));

  it('hands on what the guest asks for, with its exit status', () => {
    power.write(0, 4, POWER_OFF);
    power.write(0, 4, (37 << 16) | POWER_FAIL);
    power.write(0, 2, POWER_RESET);
    expect(asked.splice(0)).toEqual([
      { kind: 'off', status: 0 },
      { kind: 'off', status: 37 },
      { kind: 'reset' },
    ]);
  });

  it('ignores other values and other places, reads zero and refuses single bytes', () => {
    expect([power.write(0, 4, 0x1234), power.write(4, 4, POWER_OFF)]).toEqual([true, true]);
    expect([power.read(0, 4), power.read(8, 2), power.read(0, 1)]).toEqual([0, 0, undefined]);
    expect(power.write(0, 1, POWER_OFF & 0xff)).toBe(false);
    expect(asked).toEqual([]);
  });
});
