/**
 * What a test does to a file tree: the same to a volume (over images/disk) and to the model in memory, with
 * the same answers. Each is one operation of the guest, so that what survives a power loss is a prefix of them.
 */

import type { Volume } from '../../../images/disk/volume.ts';
import {
  KIND_DIRECTORY,
  LISTED_KIND,
  LISTED_NAME,
  LISTED_NAME_SIZE,
  OPEN_CREATE,
  OPEN_DIRECTORY,
  OPEN_EXCLUSIVE,
  OPEN_READ,
  OPEN_WRITE,
  STAT_FILE_SIZE,
  STAT_KIND,
  STAT_LINKS,
  STAT_MODE,
  STAT_MODIFIED,
} from '../../../os/abi/file.ts';

/** Contents up to this size are looked at. */
const SHOWN_MAX = 1 << 20;

/** Every answer is 0, or an error of os/abi/errors.ts. */
export interface Tree {
  /** When the next change is. */
  time: bigint;
  create(path: string): number;
  write(path: string, offset: number, bytes: Uint8Array): number;
  truncate(path: string, size: number): number;
  makeDirectory(path: string): number;
  makeSymbolicLink(text: string, path: string): number;
  link(from: string, to: string): number;
  rename(from: string, to: string): number;
  remove(path: string): number;
  removeDirectory(path: string): number;
  setMode(path: string, mode: number): number;
  /** Everything that can be seen, a line each. */
  dump(): string;
}

export class VolumeTree implements Tree {
  readonly volume: Volume;

  constructor(volume: Volume) {
    this.volume = volume;
  }

  get time(): bigint {
    return this.volume.time;
  }

  set time(time: bigint) {
    this.volume.time = time;
  }

  create(path: string): number {
    return this.opened(path, OPEN_WRITE | OPEN_CREATE | OPEN_EXCLUSIVE, () => 0);
  }

  write(path: string, offset: number, bytes: Uint8Array): number {
    return this.opened(path, OPEN_WRITE, object => this.volume.write(object, offset, bytes));
  }

  truncate(path: string, size: number): number {
    return this.opened(path, OPEN_WRITE, object => this.volume.truncate(object, size));
  }

  makeDirectory(path: string): number {
    return this.volume.makeDirectory(path);
  }

  makeSymbolicLink(text: string, path: string): number {
    return this.volume.makeSymbolicLink(text, path);
  }

  link(from: string, to: string): number {
    return this.volume.link(from, to);
  }

  rename(from: string, to: string): number {
    return this.volume.rename(from, to);
  }

  remove(path: string): number {
    return this.volume.remove(path);
  }

  removeDirectory(path: string): number {
    return this.volume.remove(path, KIND_DIRECTORY);
  }

  setMode(path: string, mode: number): number {
    return this.volume.setMode(path, mode);
  }

  dump(): string {
    return this.lines('').join('\n');
  }

  private lines(folder: string): string[] {
    return [
      this.line(folder === '' ? '/' : folder),
      ...this.names(folder === '' ? '/' : folder)
        .sort()
        .flatMap(({ name, kind }) =>
          kind === KIND_DIRECTORY ? this.lines(`${folder}/${name}`) : [this.line(`${folder}/${name}`)],
        ),
    ];
  }

  private line(path: string): string {
    const stat = this.volume.stat(path);
    if (typeof stat === 'number') return `${path} ${stat}`;
    const kind = stat.getUint32(STAT_KIND, true);
    const size = Number(stat.getBigUint64(STAT_FILE_SIZE, true));
    const contents = kind === KIND_DIRECTORY ? '' : kind === 1 ? this.contents(path, size) : this.text(path);
    const mode = stat.getUint32(STAT_MODE, true).toString(8);
    const links = stat.getUint32(STAT_LINKS, true);
    return `${path} ${kind} ${mode} ${links} ${stat.getBigUint64(STAT_MODIFIED, true)} ${contents}`;
  }

  private text(path: string): string {
    return `→${this.volume.readLink(path)}`;
  }

  private contents(path: string, size: number): string {
    let sum = `${size}`;
    if (size > SHOWN_MAX) return `${size}`;
    const bytes = new Uint8Array(size);
    const object = this.volume.open(path, OPEN_READ);
    for (let at = 0; at < size; ) {
      const part = this.volume.read(object, at);
      if (typeof part === 'number') {
        sum += ` error ${part} at ${at}`;
        break;
      }
      bytes.set(part, at);
      at += part.length;
    }
    this.volume.close(object);
    return `${sum} ${digest(bytes)}`;
  }

  private names(path: string): { name: string; kind: number; toString(): string }[] {
    const object = this.volume.open(path, OPEN_READ | OPEN_DIRECTORY);
    if (object < 0) return [];
    const names = [];
    let bytes = this.volume.list(object);
    while (typeof bytes !== 'number' && bytes.length > 0) {
      for (let at = 0; at < bytes.length; ) {
        const size = bytes[at + LISTED_NAME_SIZE]!;
        const name = new TextDecoder().decode(bytes.subarray(at + LISTED_NAME, at + LISTED_NAME + size));
        names.push({ name, kind: bytes[at + LISTED_KIND]!, toString: () => name });
        at += (LISTED_NAME + size + 3) & ~3;
      }
      bytes = this.volume.list(object);
    }
    this.volume.close(object);
    if (typeof bytes === 'number') names.push({ name: ` ${bytes}`, kind: 0, toString: () => ` ${bytes}` });
    return names;
  }

  private opened(path: string, flags: number, action: (object: number) => number): number {
    const object = this.volume.open(path, flags);
    if (object < 0) return object;
    const result = action(object);
    this.volume.close(object);
    return result;
  }
}

/** FNV-1a of the bytes, zeros at the end left out; a model and a volume agree on it without keeping contents. */
export function digest(bytes: Uint8Array): string {
  let hash = 0x811c_9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x0100_0193);
  return (hash >>> 0).toString(16);
}
