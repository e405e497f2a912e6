/**
 * Disk images with files on them: a volume as the guest's file service would have written it, made by its own
 * code. The same contents give the same bytes, wherever they are built.
 *
 *     const image = await buildVolume(contentsOfFolder('some/folder'), { size: 16 << 20 });
 *
 * Contents are files and symbolic links by absolute path; the directories on the way are made. An empty
 * directory is a path that ends with a slash.
 */
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { OPEN_CREATE, OPEN_EXCLUSIVE, OPEN_WRITE } from '../../os/abi/file.ts';
import { type BlockDevice, Volume } from './volume.ts';

/** A symbolic link has what it says as `link`. */
export type Content = { readonly bytes: Uint8Array; readonly mode?: number } | { readonly link: string };

export interface DiskOptions {
  /** Bytes of the disk: a multiple of 4,096, at least 512 KiB. */
  readonly size: number;
  /** Which volume it is; two of one machine must differ. */
  readonly identity?: bigint;
  /** Nanoseconds since 1970 that everything on it is dated. */
  readonly time?: bigint;
}

const BLOCK_SIZE = 4096;
const SECTOR_SIZE = 512;
const BLOCKS_MIN = 128;
const WRITE_SIZE_MAX = 32_768;
const FILE_MODE = 0o644;
const PROGRAM_MODE = 0o755;

/** Throws an error of one line where the contents do not fit, or a path is none. */
export async function buildVolume(
  contents: ReadonlyMap<string, Content>,
  { size, identity = 1n, time = 0n }: DiskOptions,
): Promise<Uint8Array> {
  if (size % BLOCK_SIZE !== 0 || size < BLOCKS_MIN * BLOCK_SIZE)
    throw new Error(`a disk of ${size} bytes: take a multiple of 4,096, at least ${BLOCKS_MIN * BLOCK_SIZE}`);
  const image = new Uint8Array(size);
  const volume = (await Volume.load({ memorySize: 4 << 20 })).attach(imageDevice(image));
  volume.time = time;
  if (volume.format(identity) !== 0) throw new Error(`a disk of ${size} bytes is too large to be made here`);
  const made = new Set<string>(['']);
  for (const path of [...contents.keys()].sort()) {
    const parts = path.split('/');
    const name = parts.pop();
    if (parts[0] !== '' || name === undefined) throw new Error(`${path}: write an absolute path: /a/b`);
    makeDirectories(volume, parts, made);
    if (name !== '') addContent(volume, path, contents.get(path)!);
  }
  must(volume.checkpoint(), 'the volume cannot be written');
  return image;
}

/** Everything in a folder of the host. Programs are those that the host may execute. */
export function contentsOfFolder(folder: string): ReadonlyMap<string, Content> {
  const contents = new Map<string, Content>();
  const add = (path: string) => {
    const entries = readdirSync(join(folder, path), { withFileTypes: true });
    if (entries.length === 0 && path !== '') contents.set(`${path}/`, { bytes: new Uint8Array(0) });
    for (const entry of entries) {
      const inside = `${path}/${entry.name}`;
      const outside = join(folder, inside);
      if (entry.isDirectory()) add(inside);
      else if (entry.isSymbolicLink()) contents.set(inside, { link: readlinkSync(outside) });
      else contents.set(inside, { bytes: new Uint8Array(readFileSync(outside)), mode: modeOf(outside) });
    }
  };
  add('');
  return contents;
}

function modeOf(file: string): number {
  return (lstatSync(file).mode & 0o100) === 0 ? FILE_MODE : PROGRAM_MODE;
}

function makeDirectories(volume: Volume, parts: readonly string[], made: Set<string>): void {
  for (let depth = 2; depth <= parts.length; depth += 1) {
    const path = parts.slice(0, depth).join('/');
    if (made.has(path)) continue;
    made.add(path);
    must(volume.makeDirectory(path), `${path} cannot be made`);
  }
}

function addContent(volume: Volume, path: string, content: Content): void {
  if ('link' in content) {
    must(volume.makeSymbolicLink(content.link, path), `${path} cannot be made`);
    return;
  }
  const object = volume.open(path, OPEN_WRITE | OPEN_CREATE | OPEN_EXCLUSIVE, content.mode ?? FILE_MODE);
  must(object, `${path} cannot be made`);
  for (let at = 0; at < content.bytes.length; at += WRITE_SIZE_MAX) {
    const part = content.bytes.subarray(at, at + WRITE_SIZE_MAX);
    must(volume.write(object, at, part), `${path} cannot be written: is the disk large enough?`);
  }
  volume.close(object);
}

function must(status: number, complaint: string): void {
  if (status < 0) throw new Error(`${complaint} (error ${status})`);
}

function imageDevice(image: Uint8Array): BlockDevice {
  return {
    sectors: image.length / SECTOR_SIZE,
    read: (sector, into) => {
      into.set(image.subarray(sector * SECTOR_SIZE, sector * SECTOR_SIZE + into.length));
      return 0;
    },
    write: (sector, bytes) => {
      image.set(bytes, sector * SECTOR_SIZE);
      return 0;
    },
    flush: () => 0,
  };
}
