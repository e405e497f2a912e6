/**
 * Where everything goes in RAM before the first instruction, as QEMU's `virt` for rv32 places it.
 *
 *     firmware     an ELF at its own physical addresses, entered at its entry point; raw at 0x8000_0000
 *     kernel       an ELF at its own physical addresses; raw at 0x8040_0000 (rv32's first superpage after
 *                  the firmware). A Linux Image says in its header how much memory it takes.
 *     initial RAM disk   as high as it fits, page-aligned, below the devicetree
 *     devicetree   2 MiB-aligned near the end of RAM, with room after it for the firmware to edit it
 *
 * Linux for rv32 maps the lowest part of RAM first; the last two therefore stay in the first 512 MiB.
 * Nothing overlaps and everything is wholly in RAM, or `planBoot` throws one line that says the mend.
 */
import type { BootVector } from './boot-rom.ts';
import { type ElfSymbol, isElf, readElf } from './elf.ts';
import { RAM_BASE } from './manual/memory-map.ts';

export interface BootImages {
  readonly firmware?: Uint8Array | undefined;
  readonly kernel?: Uint8Array | undefined;
  readonly initrd?: Uint8Array | undefined;
}

/** Bytes to be copied to RAM; `size` counts zero-filled memory after them too. */
export interface Placement {
  readonly what: string;
  readonly address: number;
  readonly bytes: Uint8Array;
  readonly size: number;
}

export interface BootPlan {
  readonly placements: readonly Placement[];
  readonly vector: BootVector;
  /** Of the firmware's and the kernel's ELF files. */
  readonly symbols: readonly ElfSymbol[];
}

export interface InitrdRange {
  readonly start: number;
  readonly end: number;
}

export const KERNEL_BASE = RAM_BASE + 0x40_0000;

const PAGE = 4096;
const MIB = 0x10_0000;
const TREE_ALIGNMENT = 2 * MIB;
/** The devicetree and what the firmware adds to it. */
const TREE_ROOM = 0x1_0000;
const LOW_RAM_SIZE_MAX = 512 * MIB;

/** Header of a Linux Image for RISC-V (Documentation/arch/riscv/boot-image-header.rst). */
const IMAGE_SIZE_AT = 16;
const IMAGE_MAGIC_AT = 56;
const IMAGE_MAGIC = 0x0543_5352;
const IMAGE_HEADER_SIZE = 64;

export function planBoot(
  images: BootImages,
  ramSize: number,
  makeTree: (initrd: InitrdRange | undefined) => Uint8Array,
): BootPlan {
  const firmware = placeImage('firmware', images.firmware, RAM_BASE);
  const kernel = placeImage('kernel', images.kernel, KERNEL_BASE);
  if (images.kernel !== undefined && images.firmware === undefined)
    throw new Error('a kernel needs firmware that enters it in S mode: give OpenSBI fw_dynamic too');

  const lowEnd = RAM_BASE + Math.min(ramSize, LOW_RAM_SIZE_MAX);
  const tree = alignDown(lowEnd - TREE_ROOM, TREE_ALIGNMENT);
  const initrd = placeInitrd(images.initrd, tree);
  const treeBytes = makeTree(initrd.range);
  const placements = [
    ...firmware.placements,
    ...kernel.placements,
    ...initrd.placements,
    { what: 'devicetree', address: tree, bytes: treeBytes, size: TREE_ROOM },
  ];
  checkPlacements(placements, ramSize);
  return {
    placements,
    vector: { entry: firmware.entry, tree, kernel: images.kernel === undefined ? 0 : kernel.entry },
    symbols: [...firmware.symbols, ...kernel.symbols],
  };
}

interface PlacedImage {
  readonly placements: readonly Placement[];
  readonly entry: number;
  readonly symbols: readonly ElfSymbol[];
}

function placeImage(what: string, bytes: Uint8Array | undefined, rawBase: number): PlacedImage {
  if (bytes === undefined) return { placements: [], entry: rawBase, symbols: [] };
  if (!isElf(bytes)) {
    const size = Math.max(bytes.length, linuxImageSize(bytes));
    return { placements: [{ what, address: rawBase, bytes, size }], entry: rawBase, symbols: [] };
  }
  const elf = readElf(bytes);
  return {
    placements: elf.segments.map(segment => ({
      what,
      address: segment.address,
      bytes: segment.bytes,
      size: segment.size,
    })),
    entry: elf.entry,
    symbols: elf.symbols,
  };
}

/** How much memory the image takes when it runs; 0 where its header does not say. */
function linuxImageSize(bytes: Uint8Array): number {
  if (bytes.length < IMAGE_HEADER_SIZE) return 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getUint32(IMAGE_MAGIC_AT, true) === IMAGE_MAGIC ? view.getUint32(IMAGE_SIZE_AT, true) : 0;
}

function placeInitrd(
  bytes: Uint8Array | undefined,
  below: number,
): { placements: readonly Placement[]; range: InitrdRange | undefined } {
  if (bytes === undefined) return { placements: [], range: undefined };
  const address = alignDown(below - bytes.length, PAGE);
  return {
    placements: [{ what: 'initial RAM disk', address, bytes, size: bytes.length }],
    range: { start: address, end: address + bytes.length },
  };
}

function checkPlacements(placements: readonly Placement[], ramSize: number): void {
  for (const { what, address, size } of placements) {
    if (address < RAM_BASE && what !== 'initial RAM disk' && what !== 'devicetree')
      throw new Error(
        `the ${what} wants to be at ${hex(address)}, but RAM begins at ${hex(RAM_BASE)}: link it there, or give it as a raw binary`,
      );
    if (address < RAM_BASE || address + size > RAM_BASE + ramSize)
      throw new Error(
        `the ${what} (${mebibytes(size)}) does not fit in ${mebibytes(ramSize)} of RAM: give the board more (--ram)`,
      );
  }
  const sorted = [...placements].sort((a, b) => a.address - b.address);
  sorted.forEach((placement, index) => {
    const next = sorted[index + 1];
    if (next !== undefined && placement.address + placement.size > next.address)
      throw new Error(
        `the ${placement.what} (${hex(placement.address)}, ${mebibytes(placement.size)}) overlaps the ${next.what} (${hex(next.address)}): give the board more RAM (--ram), or link one elsewhere`,
      );
  });
}

function alignDown(address: number, alignment: number): number {
  return Math.floor(address / alignment) * alignment;
}

function hex(address: number): string {
  return '0x' + Math.max(0, address).toString(16).padStart(8, '0');
}

function mebibytes(size: number): string {
  return `${(size / MIB).toFixed(size % MIB === 0 ? 0 : 1)} MiB`;
}
