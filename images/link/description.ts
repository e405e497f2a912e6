/**
 * Where an executable's parts go: the link description.
 *
 *     rx      text, from its start upwards
 *     r       read-only data    ┐ from their own start, or on the page
 *     rw      data, then bss    ┘ after the part before
 *     linear  sections with an address of their own: WebAssembly memory
 *
 * No page belongs to two parts, so that each can have its own protection (W^X). A part's `sizeMax` is a
 * promise to the memory map, and `physicalOffset` (physical minus virtual address) is what a loader that
 * runs before address translation needs.
 */
import { RAM_BASE } from '../../hw/manual/memory-map.ts';

export const PAGE_SIZE = 4096;

export interface Region {
  /** Virtual address of the first byte; undefined: the page after the region before. */
  readonly start: number | undefined;
  readonly sizeMax: number;
  readonly physicalOffset: number;
}

export interface LinkDescription {
  readonly name: string;
  /** The symbol at which execution starts; its section comes first in the text. */
  readonly entry: string;
  /** Functions whose code follows the entry's, in this order: what runs together lies together. */
  readonly first?: readonly string[];
  /** Symbols that stay although nothing refers to them. */
  readonly roots: readonly string[];
  readonly rx: Region;
  readonly r: Region;
  readonly rw: Region;
  readonly linear: Region;
  /** Symbols with plain values that the objects may refer to: sizes and places of the memory map. */
  readonly values: Readonly<Record<string, number>>;
  /** The deepest stack allowed to what `from` calls, bytes; undefined: not checked. */
  readonly stack?: { readonly from: readonly string[]; readonly sizeMax: number };
}

/** Kernel image: linked at its high half, loaded where firmware hands over (OpenSBI: RAM + 2 MiB). */
export const KERNEL_BASE = 0xc000_0000;
export const KERNEL_LOAD_ADDRESS = 0x8020_0000;
/** WebAssembly memory of the kernel (static data) begins here: pass it as the compiler's memory base. */
export const KERNEL_LINEAR_BASE = KERNEL_BASE + 0x10_0000;

/** Programs: linear memory is the address space from page 1 to the break; text lies above it. */
export const PROGRAM_LINEAR_BASE = PAGE_SIZE;
export const PROGRAM_TEXT_BASE = 0x4000_0000;
/** The machine stack grows down from here; the page below it is a guard. */
export const PROGRAM_STACK_TOP = 0x8000_0000;

const KIB = 1024;
const MIB = 1024 * KIB;

export function kernelDescription(options: {
  stackSizeMax?: number;
  roots?: readonly string[];
}): LinkDescription {
  const physicalOffset = KERNEL_LOAD_ADDRESS - KERNEL_BASE;
  const following = { start: undefined, sizeMax: 256 * KIB, physicalOffset };
  return {
    name: 'kernel',
    entry: '_start',
    roots: options.roots ?? [],
    rx: { start: KERNEL_BASE, sizeMax: 512 * KIB, physicalOffset },
    r: following,
    rw: following,
    linear: { start: KERNEL_LINEAR_BASE, sizeMax: 3 * MIB, physicalOffset },
    values: { __kernel_base: KERNEL_BASE, __kernel_load_address: KERNEL_LOAD_ADDRESS },
    ...(options.stackSizeMax === undefined
      ? {}
      : { stack: { from: ['_start', ...(options.roots ?? [])], sizeMax: options.stackSizeMax } }),
  };
}

/** Machine-mode firmware: all of it in the first bytes of RAM, static data last. */
export function firmwareDescription(options: {
  sizeMax: number;
  roots?: readonly string[];
}): LinkDescription {
  const linearBase = firmwareLinearBase(options.sizeMax);
  const following = { start: undefined, sizeMax: linearBase - RAM_BASE, physicalOffset: 0 };
  return {
    name: 'firmware',
    entry: '_start',
    roots: options.roots ?? [],
    rx: { ...following, start: RAM_BASE },
    r: following,
    rw: following,
    linear: { start: linearBase, sizeMax: RAM_BASE + options.sizeMax - linearBase, physicalOffset: 0 },
    values: {},
  };
}

/** The last quarter of the firmware's memory is WebAssembly's. */
export function firmwareLinearBase(sizeMax: number): number {
  return RAM_BASE + (sizeMax / 4) * 3;
}

export function programDescription(options: { roots?: readonly string[] }): LinkDescription {
  const following = { start: undefined, sizeMax: 16 * MIB, physicalOffset: 0 };
  return {
    name: 'program',
    entry: '_start',
    roots: options.roots ?? [],
    rx: { start: PROGRAM_TEXT_BASE, sizeMax: 64 * MIB, physicalOffset: 0 },
    r: following,
    rw: following,
    linear: {
      start: PROGRAM_LINEAR_BASE,
      sizeMax: PROGRAM_TEXT_BASE - PROGRAM_LINEAR_BASE,
      physicalOffset: 0,
    },
    values: { __stack_top: PROGRAM_STACK_TOP },
  };
}

/**
 * An image that runs from RAM with nothing below it. Linear memory is virtual from 0 and loaded at
 * `linearLoadAddress`: the image's own start code maps it.
 */
export function bareDescription(options: {
  base: number;
  linearLoadAddress?: number;
  roots?: readonly string[];
  values?: Readonly<Record<string, number>>;
}): LinkDescription {
  const following = { start: undefined, sizeMax: 16 * MIB, physicalOffset: 0 };
  return {
    name: 'bare',
    entry: '_start',
    roots: options.roots ?? [],
    rx: { start: options.base, sizeMax: 16 * MIB, physicalOffset: 0 },
    r: following,
    rw: following,
    linear: { start: 0, sizeMax: 0xffff_ffff, physicalOffset: options.linearLoadAddress ?? 0 },
    values: options.values ?? {},
  };
}
