/**
 * RAM as a bus master other than the hart sees it: DMA, images being loaded, debuggers, snapshots.
 *
 * A write is seen by the hart at once: decoded code of the lines it touches is dropped, a reservation on
 * them ends, and the pages are marked as written. The caches' tags do not change.
 */
import type { Ram } from '../bus/device.ts';
import { PAGE_DIRTY } from '../manual/core-layout.ts';
import { RAM_BASE } from '../manual/memory-map.ts';
import type { CoreInstance } from './core-instance.ts';

export class HartRam implements Ram {
  readonly base = RAM_BASE;
  readonly size: number;
  private readonly core: CoreInstance;
  private readonly view: DataView;

  constructor(core: CoreInstance) {
    this.core = core;
    this.view = new DataView(core.ram.buffer, core.ram.byteOffset, core.ram.length);
    this.size = core.ram.length;
  }

  read(address: number, size: number): Uint8Array | undefined {
    const offset = address - RAM_BASE;
    if (offset < 0 || size < 0 || offset + size > this.size) return undefined;
    return this.core.ram.subarray(offset, offset + size);
  }

  write(address: number, bytes: Uint8Array): boolean {
    const offset = address - RAM_BASE;
    if (offset < 0 || offset + bytes.length > this.size) return false;
    if (bytes.length === 0) return true;
    this.core.ram.set(bytes, offset);
    this.core.pageMarks.fill(PAGE_DIRTY, offset >>> 12, ((offset + bytes.length - 1) >>> 12) + 1);
    this.core.exports.ramWritten(address, bytes.length);
    return true;
  }

  half(address: number): number {
    return this.view.getUint16(address - RAM_BASE, true);
  }

  word(address: number): number {
    return this.view.getUint32(address - RAM_BASE, true);
  }
}
