/**
 * The boot ROM: the first instructions after reset, as QEMU's `virt` has them, and the words they read.
 *
 *     0x00  auipc t0, 0          t0 = the ROM's base
 *     0x04  addi  a2, t0, 0x28   a2 = the structure below
 *     0x08  csrr  a0, mhartid    a0 = hart id
 *     0x0c  lw    a1, 0x20(t0)   a1 = devicetree
 *     0x10  lw    t0, 0x18(t0)
 *     0x14  jr    t0
 *     0x18  where to jump, 64 bits
 *     0x20  where the devicetree is, 64 bits
 *     0x28  struct fw_dynamic_info (OpenSBI, docs/firmware/fw_dynamic.md), six 32-bit words:
 *           magic, version, next address, next mode, options, boot hart
 *
 * The rest of the ROM is zero. Writes are bus errors.
 */
import type { AccessSize, Device } from './bus/device.ts';
import { BOOT_ROM_SIZE } from './manual/memory-map.ts';

/** Where the first instructions lead. */
export interface BootVector {
  /** The firmware's first instruction. */
  readonly entry: number;
  /** The devicetree's physical address. */
  readonly tree: number;
  /** The kernel's first instruction, which the firmware shall enter in S mode; 0 without a kernel. */
  readonly kernel: number;
}

const RESET_CODE = [0x0000_0297, 0x0282_8613, 0xf140_2573, 0x0202_a583, 0x0182_a283, 0x0002_8067];
const DYNAMIC_MAGIC = 0x4942_534f;
const DYNAMIC_VERSION = 2;
const SUPERVISOR_MODE = 1;

export class BootRom implements Device {
  readonly name = 'rom';
  readonly deadline = Number.POSITIVE_INFINITY;
  private readonly contents = new DataView(new ArrayBuffer(BOOT_ROM_SIZE));

  constructor(vector: BootVector) {
    const dynamic = [DYNAMIC_MAGIC, DYNAMIC_VERSION, vector.kernel, SUPERVISOR_MODE, 0, 0];
    [...RESET_CODE, vector.entry, 0, vector.tree, 0, ...dynamic].forEach((word, index) => {
      this.contents.setUint32(index * 4, word, true);
    });
  }

  read(offset: number, size: AccessSize): number {
    switch (size) {
      case 1:
        return this.contents.getUint8(offset);
      case 2:
        return this.contents.getUint16(offset, true);
      case 4:
        return this.contents.getUint32(offset, true);
    }
  }

  /** Undefined where the range is not wholly in the ROM. */
  bytes(offset: number, size: number): Uint8Array | undefined {
    if (offset < 0 || offset + size > BOOT_ROM_SIZE) return undefined;
    return new Uint8Array(this.contents.buffer, offset, size);
  }

  write(): boolean {
    return false;
  }

  advance(): void {}

  reset(): void {}

  /** A ROM remembers nothing that its board's description does not say. */
  state(): void {}
}
