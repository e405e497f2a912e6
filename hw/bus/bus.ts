/**
 * Address decode: which device answers at a physical address.
 *
 * Each device owns one range; ranges never overlap. An access is naturally aligned and lies wholly in
 * one range, otherwise nobody answers and the guest takes an access fault. Which sizes a register
 * accepts is the device's own rule. RAM is not on this bus: the hart reaches it directly.
 *
 *     new Bus([{ base: UART_BASE, size: UART_SIZE, device: uart }, …]).read(pa, 1)
 */
import type { AccessSize, Device } from './device.ts';

export interface Mapping {
  readonly base: number;
  readonly size: number;
  readonly device: Device;
}

export class Bus {
  readonly mappings: readonly Mapping[];
  /** Where the last access went; accesses come in runs. */
  private last: Mapping | undefined;

  constructor(mappings: readonly Mapping[]) {
    this.mappings = [...mappings].sort((a, b) => a.base - b.base);
    this.check();
  }

  /** The mapping that holds all of the access, or undefined. */
  find(pa: number, size: AccessSize): Mapping | undefined {
    if (pa % size !== 0) return undefined;
    if (this.last !== undefined && holds(this.last, pa)) return this.last;
    const found = this.mappings.find(mapping => holds(mapping, pa));
    if (found !== undefined) this.last = found;
    return found;
  }

  /** The value, zero-extended; undefined for an access fault. */
  read(pa: number, size: AccessSize): number | undefined {
    const mapping = this.find(pa, size);
    if (mapping === undefined) return undefined;
    return mapping.device.read(pa - mapping.base, size);
  }

  /** False for an access fault. Bits of `value` beyond `size` are ignored. */
  write(pa: number, size: AccessSize, value: number): boolean {
    const mapping = this.find(pa, size);
    if (mapping === undefined) return false;
    return mapping.device.write(pa - mapping.base, size, truncate(value, size));
  }

  private check(): void {
    this.mappings.forEach((mapping, index) => {
      if (mapping.base % 4 !== 0 || mapping.size % 4 !== 0) {
        throw new Error(
          `${mapping.device.name} at ${hex(mapping.base)}: base and size must be multiples of 4`,
        );
      }
      const next = this.mappings[index + 1];
      if (next !== undefined && mapping.base + mapping.size > next.base) {
        throw new Error(
          `${mapping.device.name} at ${hex(mapping.base)} overlaps ${next.device.name} at ${hex(next.base)}: move one`,
        );
      }
    });
  }
}

/** A naturally aligned access that begins in a range of whole words also ends in it. */
function holds(mapping: Mapping, pa: number): boolean {
  return pa >= mapping.base && pa < mapping.base + mapping.size;
}

function truncate(value: number, size: AccessSize): number {
  if (size === 4) return value >>> 0;
  return value & (size === 1 ? 0xff : 0xffff);
}

function hex(address: number): string {
  return '0x' + address.toString(16).padStart(8, '0');
}
