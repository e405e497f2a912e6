/**
 * Address decode: who answers where, and that nobody answers elsewhere.
 */
import { describe, expect, it } from 'vitest';
import { Bus } from '../../hw/bus/bus.ts';
import type { AccessSize, Device } from '../../hw/bus/device.ts';

/** Remembers what reached it; refuses single bytes. */
class Recorder implements Device {
  readonly name: string;
  readonly deadline = Infinity;
  readonly seen: unknown[] = [];

  constructor(name: string) {
    this.name = name;
  }

  read(offset: number, size: AccessSize): number | undefined {
    this.seen.push(['read', offset, size]);
    return size === 1 ? undefined : offset;
  }

  write(offset: number, size: AccessSize, value: number): boolean {
    this.seen.push(['write', offset, size, value]);
    return size !== 1;
  }

  advance(): void {}
  reset(): void {}
  state(): void {}
}

describe('bus', () => {
  const low = new Recorder('low');
  const high = new Recorder('high');
  const bus = new Bus([
    { base: 0x2000, size: 0x100, device: high },
    { base: 0x1000, size: 0x1000, device: low },
  ]);

  it('reaches the device whose range holds the address, at its offset', () => {
    expect(bus.read(0x1ffc, 4)).toBe(0xffc);
    expect(bus.read(0x2000, 2)).toBe(0);
    expect(bus.write(0x20fc, 4, -1)).toBe(true);
    expect(high.seen.at(-1)).toEqual(['write', 0xfc, 4, 0xffff_ffff]);
  });

  it('refuses what lies outside every range', () => {
    for (const pa of [0, 0xffc, 0x2100, 0x8000_0000, 0xffff_fffc]) {
      expect(bus.read(pa, 4)).toBeUndefined();
      expect(bus.write(pa, 4, 1)).toBe(false);
    }
  });

  it('refuses what is not naturally aligned', () => {
    expect(bus.read(0x1001, 2)).toBeUndefined();
    expect(bus.read(0x1ffe, 4)).toBeUndefined();
    expect(bus.write(0x1002, 4, 0)).toBe(false);
  });

  it('hands on the refusal of a device, and only the bits that were stored', () => {
    expect(bus.read(0x1001, 1)).toBeUndefined();
    expect(bus.write(0x1002, 2, 0x1_2345)).toBe(true);
    expect(low.seen.at(-1)).toEqual(['write', 2, 2, 0x2345]);
  });

  it('will not be built with ranges that overlap, and says which', () => {
    const overlapping = [
      { base: 0x1000, size: 0x100, device: low },
      { base: 0x10fc, size: 4, device: high },
    ];
    expect(() => new Bus(overlapping)).toThrow('low at 0x00001000 overlaps high at 0x000010fc');
  });
});
