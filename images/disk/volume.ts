/**
 * The guest's file tree on a host: the service's own code (os/service/file/library.ts) as WebAssembly, over
 * any block device. What it writes is bit for bit what a board would have written.
 *
 *     const volume = await Volume.load();
 *     volume.attach(device); volume.format(identity, time); volume.makeDirectory('/bin'); volume.sync();
 *
 * Answers are the guest's: not negative, or an error of os/abi/errors.ts. One volume is attached at a time;
 * attaching another is cheap.
 */
import { compileGuest } from '../guest/compile.ts';

/** Sectors of 512 bytes. Each answers 0, or an error below 0. */
export interface BlockDevice {
  readonly sectors: number;
  read(sector: number, into: Uint8Array): number;
  write(sector: number, bytes: Uint8Array): number;
  flush(): number;
}

export interface VolumeOptions {
  /** Memory for maps, cache and log. */
  readonly memorySize?: number;
}

interface Library {
  readonly memory: WebAssembly.Memory;
  buffer(): number;
  useVolumeMemory(start: number, size: number): void;
  mountVolume(blocks: number, isReadOnly: number): number;
  recoverVolume(blocks: number): number;
  repair(): number;
  formatVolume(blocks: number, identity: bigint, time: bigint): number;
  sync(): number;
  checkpoint(): number;
  freeBlocks(): number;
  open(size: number, flags: number, mode: number, time: bigint): number;
  close(object: number): number;
  makeDirectory(size: number, mode: number, time: bigint): number;
  makeSymbolicLink(textSize: number, size: number, time: bigint): number;
  readLink(size: number): number;
  remove(size: number, kind: number, time: bigint): number;
  rename(fromSize: number, toSize: number, time: bigint): number;
  link(fromSize: number, toSize: number, time: bigint): number;
  stat(size: number): number;
  statObject(object: number): number;
  setMode(size: number, mode: number, uid: number, gid: number, time: bigint): number;
  setTime(size: number, modified: bigint, time: bigint): number;
  truncate(object: number, size: bigint, time: bigint): number;
  write(object: number, offset: bigint, size: number, time: bigint): number;
  read(object: number, offset: bigint): number;
  listDirectory(object: number): number;
  check(): number;
}

/** The order of os/service/file/check.ts. */
const FINDINGS = [
  'files',
  'directories',
  'blocks',
  'damaged',
  'pointers',
  'inodes',
  'names',
  'links',
  'lists',
  'lost',
  'unmarked',
] as const;

const SECTOR_SIZE = 512;
const SECTORS_PER_BLOCK = 8;
const PAGE_SIZE = 65_536;
const MEMORY_SIZE = 1 << 20;

export class Volume {
  private device: BlockDevice | undefined;
  private readonly library: Library;
  private readonly buffer: number;
  /** Nanoseconds since 1970 that changes are dated with. */
  time = 0n;

  static async load({ memorySize = MEMORY_SIZE }: VolumeOptions = {}): Promise<Volume> {
    const { wasm, memoryEnd } = await compileGuest({
      entry: 'os/service/file/library.ts',
      profile: 'service',
    });
    return new Volume(new WebAssembly.Module(new Uint8Array(wasm)), memoryEnd, memorySize);
  }

  private constructor(module: WebAssembly.Module, memoryEnd: number, memorySize: number) {
    const { exports } = new WebAssembly.Instance(module, {
      program: {
        readSectors: (sector: number, count: number, into: number) =>
          this.device!.read(sector >>> 0, this.bytes(into, count * SECTOR_SIZE)),
        writeSectors: (sector: number, count: number, from: number) =>
          this.device!.write(sector >>> 0, this.bytes(from, count * SECTOR_SIZE)),
        flushSectors: () => this.device!.flush(),
      },
    });
    this.library = exports as unknown as Library;
    this.buffer = this.library.buffer() >>> 0;
    const start = Math.ceil(memoryEnd / PAGE_SIZE) * PAGE_SIZE;
    const missing = start + memorySize - this.library.memory.buffer.byteLength;
    if (missing > 0) this.library.memory.grow(Math.ceil(missing / PAGE_SIZE));
    this.library.useVolumeMemory(start, memorySize);
  }

  attach(device: BlockDevice): this {
    this.device = device;
    return this;
  }

  /** What the device holds, as os/service/file/root.ts numbers it: 0 is a volume, which is mounted now. */
  mount({ readOnly = false } = {}): number {
    return this.library.mountVolume(this.blocks, Number(readOnly));
  }

  /** Mounts what is damaged, repaired: 0, or how many faults are left, or what else it is. */
  recover(): number {
    return this.library.recoverVolume(this.blocks);
  }

  /** Makes consistent what is mounted: how many faults are left, or an error. */
  repair(): number {
    return this.library.repair();
  }

  format(identity: bigint): number {
    return this.library.formatVolume(this.blocks, identity, this.time);
  }

  sync(): number {
    return this.library.sync();
  }

  checkpoint(): number {
    return this.library.checkpoint();
  }

  /** How many faults there are, or an error. */
  check(): number {
    return this.library.check();
  }

  /** What the check before has found, by name. */
  get findings(): Readonly<Record<string, number>> {
    const view = new DataView(this.library.memory.buffer, this.buffer);
    return Object.fromEntries(FINDINGS.map((name, index) => [name, view.getUint32(index * 4, true)]));
  }

  get freeBlocks(): number {
    return this.library.freeBlocks() >>> 0;
  }

  open(path: string, flags: number, mode = 0o644): number {
    return this.library.open(this.put(path), flags, mode, this.time);
  }

  close(object: number): number {
    return this.library.close(object);
  }

  makeDirectory(path: string, mode = 0o755): number {
    return this.library.makeDirectory(this.put(path), mode, this.time);
  }

  makeSymbolicLink(text: string, path: string): number {
    const [textSize, size] = this.putBoth(text, path);
    return this.library.makeSymbolicLink(textSize, size, this.time);
  }

  readLink(path: string): string | number {
    const size = this.library.readLink(this.put(path));
    return size < 0 ? size : new TextDecoder().decode(this.bytes(this.buffer, size));
  }

  /** `kind`: KIND_DIRECTORY, or 0 for anything but a directory. */
  remove(path: string, kind = 0): number {
    return this.library.remove(this.put(path), kind, this.time);
  }

  rename(from: string, to: string): number {
    return this.library.rename(...this.putBoth(from, to), this.time);
  }

  link(from: string, to: string): number {
    return this.library.link(...this.putBoth(from, to), this.time);
  }

  /** The stat record (os/abi/file.ts) of a path, or of an open object. */
  stat(of: string | number): DataView | number {
    const status = typeof of === 'string' ? this.library.stat(this.put(of)) : this.library.statObject(of);
    return status < 0 ? status : new DataView(this.bytes(this.buffer, 64).slice().buffer);
  }

  setMode(path: string, mode: number, uid = 0, gid = 0): number {
    return this.library.setMode(this.put(path), mode, uid, gid, this.time);
  }

  setTime(path: string, modified: bigint): number {
    return this.library.setTime(this.put(path), modified, this.time);
  }

  truncate(object: number, size: number | bigint): number {
    return this.library.truncate(object, BigInt(size), this.time);
  }

  /** At most 32 KiB. */
  write(object: number, offset: number | bigint, bytes: Uint8Array): number {
    this.bytes(this.buffer, bytes.length).set(bytes);
    return this.library.write(object, BigInt(offset), bytes.length, this.time);
  }

  /** The bytes from the offset to the end of their block. */
  read(object: number, offset: number | bigint): Uint8Array | number {
    const count = this.library.read(object, BigInt(offset));
    return count < 0 ? count : this.bytes(this.buffer, count).slice();
  }

  /** Directory entries (os/abi/file.ts); none at the end. */
  list(object: number): Uint8Array | number {
    const count = this.library.listDirectory(object);
    return count < 0 ? count : this.bytes(this.buffer, count).slice();
  }

  private get blocks(): number {
    return Math.floor(this.device!.sectors / SECTORS_PER_BLOCK);
  }

  private bytes(address: number, size: number): Uint8Array {
    return new Uint8Array(this.library.memory.buffer, address, size);
  }

  private put(text: string): number {
    const bytes = new TextEncoder().encode(text);
    this.bytes(this.buffer, bytes.length).set(bytes);
    return bytes.length;
  }

  private putBoth(first: string, second: string): [number, number] {
    const sizes = [first, second].map(text => new TextEncoder().encode(text).length);
    this.put(first + second);
    return sizes as [number, number];
  }
}
