/**
 * Our firmware and kernel with a first process of the tests, on our board or under QEMU. A test names the
 * guest sources: `{ init: 'hello', uart: 'os/driver/uart.ts' }` are the archive's files and their
 * sources, by name in guest/ or by path.
 */
import { Board, type BoardDescription } from '../../hw/board.ts';
import { loadCore } from '../../hw/cpu/load-core.ts';
import { buildArchive } from '../../images/boot/archive.ts';
import { buildFirmware } from '../../images/boot/firmware.ts';
import { buildKernel } from '../../images/boot/kernel.ts';
import { buildService } from '../../images/boot/program.ts';
import { placeFile } from '../../images/boot/symbols.ts';
import type { SystemImages } from '../../images/boot/system.ts';
import { type QemuCircumstances, runImagesOnQemu } from './qemu.ts';

const SECOND = 1_000_000_000;
const RAM_SIZE = 0x200_0000;

export interface KernelRun {
  readonly board: Board;
  readonly output: string;
  /** The exit status of the power device; undefined where it did not end in time. */
  readonly status: number | undefined;
}

export type Sources = Readonly<Record<string, string>>;

export interface Circumstances {
  /** How long at most, in seconds of the board's time. */
  readonly seconds?: number;
  /** What is on the serial line from the start. */
  readonly typed?: string;
  /** What the board has beside the usual. */
  readonly parts?: Partial<BoardDescription>;
  /** More files of the archive. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  /** What is done to the board after power on. */
  readonly prepare?: (board: Board) => void;
}

export async function boot(sources: Sources, circumstances: Circumstances = {}): Promise<KernelRun> {
  return bootImages(await archiveOf(sources, circumstances.files), circumstances);
}

export async function bootImages(
  archive: Uint8Array | undefined,
  circumstances: Circumstances = {},
): Promise<KernelRun> {
  const firmware = (await buildFirmware()).elf;
  const kernel = (await buildKernel()).elf;
  return runImages({ firmware, kernel, archive }, circumstances);
}

type Images = Omit<SystemImages, 'archive'> & { readonly archive: Uint8Array | undefined };

export async function runImages(
  { firmware, kernel, archive: initrd }: Images,
  { seconds = 1, typed = '', parts = {}, prepare = () => {} }: Circumstances = {},
): Promise<KernelRun> {
  const board = new Board(
    {
      name: 'test',
      seed: 1,
      ramSize: RAM_SIZE,
      serialLine: 'fast',
      ...parts,
      images: { firmware, kernel, initrd },
    },
    await loadCore(),
  );
  let output = '';
  board.onSerial(byte => {
    output += String.fromCharCode(byte);
  });
  board.powerOn();
  prepare(board);
  board.uart.receive(new TextEncoder().encode(typed));
  while (board.runUntil(seconds * SECOND) === 'frame');
  const off = board.poweredOff;
  return { board, output, status: off?.by === 'guest' ? off.status : undefined };
}

export async function bootOnQemu(sources: Sources, circumstances: QemuCircumstances = {}): Promise<string> {
  return runImagesOnQemu(await imagesOf(sources), circumstances);
}

export async function imagesOf(sources: Sources): Promise<SystemImages> {
  const firmware = (await buildFirmware()).elf;
  const kernel = (await buildKernel()).elf;
  return { firmware, kernel, archive: await archiveOf(sources) };
}

/** Lines of a name and numbers, by name. */
export function answersOf(output: string): ReadonlyMap<string, readonly number[]> {
  const words = output
    .trimEnd()
    .split('\n')
    .map(line => line.trim().split(' '));
  return new Map(words.map(([name, ...numbers]) => [name!, numbers.map(Number)]));
}

async function archiveOf(sources: Sources, more: Circumstances['files'] = {}): Promise<Uint8Array> {
  const symbols = placeFile((await buildKernel()).elf);
  const files = new Map([['kernel.symbols', symbols], ...Object.entries(more)]);
  for (const [name, source] of Object.entries(sources)) {
    const entry = source.includes('/') ? source : `test/os/guest/${source}.ts`;
    files.set(name, (await buildService(entry)).elf);
  }
  return buildArchive(files);
}
