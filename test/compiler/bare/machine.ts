/**
 * A machine with nothing on it but one program: links objects with start.s, runs them, and gives what came
 * out of the UART and the exit status.
 *
 *     const image = bareImage(objects, { pagesFirst: 1, pagesLimit: 10 });
 *     const { output, status } = await runOnBoard(image);       our machine
 *     const { output, status } = runOnQemu(image);              the same under qemu-system-riscv32
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Board } from '../../../hw/board.ts';
import { loadCore } from '../../../hw/cpu/load-core.ts';
import { assemble } from '../../../images/assembler/assemble.ts';
import type { LinkDescription } from '../../../images/link/description.ts';
import { type LinkedImage, link } from '../../../images/link/link.ts';
import type { ObjectFile } from '../../../images/object.ts';

export const RAM_SIZE = 96 * 1024 * 1024;
const VIRTUAL_BASE = 0x4000_0000;
const PHYSICAL_BASE = 0x8000_0000;
/** Behind the 16 MiB of the image. */
const LINEAR_LOAD = 0x8100_0000;
export const LINEAR_PAGES_MAX = 1024;
const MIB = 1024 * 1024;

export interface BareOutcome {
  readonly output: Uint8Array;
  /** What the program gave to bare_off; undefined if it did not come to an end. */
  readonly status: number | undefined;
}

export interface LinearMemory {
  /** Pages of 64 KiB at first and at most. */
  readonly pagesFirst: number;
  readonly pagesLimit: number;
}

export function bareDescription({ pagesFirst, pagesLimit }: LinearMemory): LinkDescription {
  const physicalOffset = PHYSICAL_BASE - VIRTUAL_BASE;
  const following = { start: undefined, sizeMax: 8 * MIB, physicalOffset };
  return {
    name: 'bare image',
    entry: '_start',
    roots: [],
    rx: { start: VIRTUAL_BASE, sizeMax: 8 * MIB, physicalOffset },
    r: following,
    rw: following,
    linear: { start: 0, sizeMax: LINEAR_PAGES_MAX * 65_536, physicalOffset: LINEAR_LOAD },
    values: {
      linear_load: LINEAR_LOAD,
      memory_pages_first: pagesFirst,
      memory_pages_limit: Math.min(pagesLimit, LINEAR_PAGES_MAX),
    },
  };
}

export function bareAssembly(file: string): ObjectFile {
  const path = fileURLToPath(new URL(file, import.meta.url));
  return assemble(readFileSync(path, 'utf8'), { name: `test/compiler/bare/${file}` });
}

/** The objects must define bare_main and bare_trap. */
export function bareImage(objects: readonly ObjectFile[], memory: LinearMemory): LinkedImage {
  return link([bareAssembly('start.s'), ...objects], bareDescription(memory));
}

/** More than any of these programs takes, in simulated time. */
const BOARD_LIMIT_NS = 600e9;

export async function runOnBoard(image: { readonly elf: Uint8Array }): Promise<BareOutcome> {
  const description = { name: 'bare', seed: 1, images: { firmware: image.elf }, ramSize: RAM_SIZE } as const;
  const board = new Board({ ...description, serialLine: 'fast' }, await loadCore());
  const output: number[] = [];
  board.onSerial(byte => output.push(byte));
  board.powerOn();
  board.runUntil(BOARD_LIMIT_NS);
  const why = board.poweredOff;
  return { output: Uint8Array.from(output), status: why?.by === 'guest' ? why.status : undefined };
}

export const qemuInstalled = spawnSync('qemu-system-riscv32', ['--version']).status === 0;

const QEMU_LIMIT_MS = 60_000;

/** Runs under QEMU; its serial line goes to a file, so that every byte comes through. */
export function runOnQemu(image: { readonly elf: Uint8Array }): BareOutcome {
  const folder = mkdtempSync(join(tmpdir(), 'bare-'));
  const [elf, serial] = [join(folder, 'image.elf'), join(folder, 'serial')];
  writeFileSync(elf, image.elf);
  const machine = ['-M', 'virt', '-cpu', 'rv32,h=false,zba=true,zbb=true', '-m', `${RAM_SIZE / MIB}`];
  const quiet = ['-display', 'none', '-monitor', 'none', '-serial', `file:${serial}`];
  const { status } = spawnSync('qemu-system-riscv32', [...machine, ...quiet, '-bios', elf], {
    timeout: QEMU_LIMIT_MS,
  });
  const output = new Uint8Array(readFileSync(serial));
  rmSync(folder, { recursive: true });
  return { output, status: status ?? undefined };
}
