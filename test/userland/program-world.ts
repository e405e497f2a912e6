/**
 * A small world for programs without their system: a tree of files, pipes, and what calls to its servers give,
 * by the methods of the contracts in os/proto. Handles are one table for all of it; 0 is none.
 *
 *     world.put('/work/a', 'text');   world.text('/work/a')
 */
import * as errors from '../../os/abi/errors.ts';
import * as abi from '../../os/abi/file.ts';

export interface Node {
  readonly inode: number;
  kind: number;
  mode: number;
  links: number;
  modified: bigint;
  content: Uint8Array;
  readonly entries: Map<string, Node>;
  target: string;
}

export interface OpenObject {
  readonly node: Node;
  position: number;
  readonly flags: number;
  listed: boolean;
}

/** A line of the process list; what is left out is 0. */
export interface Listed {
  readonly pid: number;
  readonly name: string;
  readonly session?: number;
  readonly priority?: number;
  readonly pages?: number;
  readonly pagesMax?: number;
  cycles: bigint;
}

const BLOCK_SIZE = 4096;
const LINK_DEPTH_MAX = 40;

export class World {
  now = 1_000_000_000_000_000_000n;
  readonly processes: Listed[] = [];
  /** How the machine has been ended: HALT_… of os/proto/init.ts. */
  halted: number | undefined;
  private inodes = 1;
  readonly root: Node = this.node(abi.KIND_DIRECTORY, 0o755);
  readonly handles: (OpenObject | undefined)[] = [undefined];

  node(kind: number, mode: number): Node {
    const content = new Uint8Array(0);
    return {
      inode: this.inodes++,
      kind,
      mode,
      links: 1,
      modified: this.now,
      content,
      entries: new Map(),
      target: '',
    };
  }

  /** A file with its directories. */
  put(path: string, content: string | Uint8Array): void {
    const names = path.split('/').filter(name => name !== '');
    let at = this.root;
    for (const name of names.slice(0, -1)) {
      const next = at.entries.get(name) ?? this.node(abi.KIND_DIRECTORY, 0o755);
      at.entries.set(name, next);
      at = next;
    }
    const file = this.node(abi.KIND_FILE, 0o644);
    file.content = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    at.entries.set(names.at(-1)!, file);
  }

  text(path: string): string | undefined {
    const node = this.find(path);
    return typeof node === 'number' ? undefined : new TextDecoder().decode(node.content);
  }

  hold(node: Node, flags: number): number {
    this.handles.push({ node, position: 0, flags, listed: false });
    return this.handles.length - 1;
  }

  /** The node, or an error. Symbolic links are followed, the last one if wanted. */
  find(path: string, followsLast = true, depth = 0): Node | number {
    const names = path.split('/').filter(name => name !== '');
    let at = this.root;
    for (const [index, name] of names.entries()) {
      if (at.kind !== abi.KIND_DIRECTORY) return errors.ERROR_NOT_DIRECTORY;
      const next = at.entries.get(name);
      if (next === undefined) return errors.ERROR_NOT_FOUND;
      const isLast = index === names.length - 1;
      if (next.kind === abi.KIND_SYMBOLIC_LINK && (!isLast || followsLast)) {
        if (depth > LINK_DEPTH_MAX) return errors.ERROR_LOOP;
        const folder = `/${names.slice(0, index).join('/')}`;
        const target = next.target.startsWith('/') ? next.target : `${folder}/${next.target}`;
        return this.find([target, ...names.slice(index + 1)].join('/'), followsLast, depth + 1);
      }
      at = next;
    }
    return at;
  }

  /** The directory that `path` is or shall be in, and its name there; an error. */
  private parent(path: string): { folder: Node; name: string } | number {
    const slash = path.lastIndexOf('/');
    const folder = this.find(path.slice(0, slash));
    if (typeof folder === 'number') return folder;
    if (folder.kind !== abi.KIND_DIRECTORY) return errors.ERROR_NOT_DIRECTORY;
    return { folder, name: path.slice(slash + 1) };
  }

  open(path: string, flags: number, mode: number): number {
    const found = this.find(path, (flags & abi.OPEN_NO_FOLLOW) === 0);
    if (typeof found === 'number') {
      if (found !== errors.ERROR_NOT_FOUND || (flags & abi.OPEN_CREATE) === 0) return found;
      const place = this.parent(path);
      if (typeof place === 'number') return place;
      const made = this.node(abi.KIND_FILE, mode);
      place.folder.entries.set(place.name, made);
      return this.hold(made, flags);
    }
    if ((flags & abi.OPEN_EXCLUSIVE) !== 0) return errors.ERROR_EXISTS;
    const isDirectory = found.kind === abi.KIND_DIRECTORY;
    if (isDirectory && (flags & abi.OPEN_WRITE) !== 0) return errors.ERROR_IS_DIRECTORY;
    if (!isDirectory && (flags & abi.OPEN_DIRECTORY) !== 0) return errors.ERROR_NOT_DIRECTORY;
    if ((found.mode & 0o400) === 0 && (flags & abi.OPEN_READ) !== 0) return errors.ERROR_ACCESS;
    if ((found.mode & 0o200) === 0 && (flags & abi.OPEN_WRITE) !== 0) return errors.ERROR_ACCESS;
    if ((flags & abi.OPEN_TRUNCATE) !== 0) found.content = new Uint8Array(0);
    return this.hold(found, flags);
  }

  read(handle: number, size: number): Uint8Array | number {
    const object = this.handles[handle];
    if (object === undefined) return errors.ERROR_BAD_HANDLE;
    if (object.node.kind === abi.KIND_DIRECTORY) return errors.ERROR_IS_DIRECTORY;
    const bytes = object.node.content.slice(object.position, object.position + size);
    object.position += bytes.length;
    return bytes;
  }

  write(handle: number, bytes: Uint8Array): number {
    const object = this.handles[handle];
    if (object === undefined) return errors.ERROR_BAD_HANDLE;
    const { node, flags } = object;
    if ((flags & abi.OPEN_APPEND) !== 0) object.position = node.content.length;
    const end = object.position + bytes.length;
    const content = new Uint8Array(Math.max(node.content.length, end));
    content.set(node.content);
    content.set(bytes, object.position);
    node.content = content;
    node.modified = this.now;
    object.position = end;
    return bytes.length;
  }

  makeDirectory(path: string, mode: number): number {
    const place = this.parent(path);
    if (typeof place === 'number') return place;
    if (place.name === '' || place.folder.entries.has(place.name)) return errors.ERROR_EXISTS;
    place.folder.entries.set(place.name, this.node(abi.KIND_DIRECTORY, mode));
    return 0;
  }

  remove(path: string, isDirectory: boolean): number {
    const place = this.parent(path);
    const node = this.find(path, false);
    if (typeof node === 'number') return node;
    if (typeof place === 'number') return place;
    if (isDirectory !== (node.kind === abi.KIND_DIRECTORY))
      return isDirectory ? errors.ERROR_NOT_DIRECTORY : errors.ERROR_IS_DIRECTORY;
    if (node.entries.size > 0) return errors.ERROR_NOT_EMPTY;
    place.folder.entries.delete(place.name);
    node.links--;
    return 0;
  }

  rename(from: string, to: string): number {
    const old = this.parent(from);
    const place = this.parent(to);
    const node = this.find(from, false);
    if (typeof node === 'number') return node;
    if (typeof old === 'number') return old;
    if (typeof place === 'number') return place;
    if (to.startsWith(`${from}/`)) return errors.ERROR_BAD_ARGUMENT;
    const replaced = place.folder.entries.get(place.name);
    if (replaced?.kind === abi.KIND_DIRECTORY && node.kind !== abi.KIND_DIRECTORY)
      return errors.ERROR_IS_DIRECTORY;
    if ((replaced?.entries.size ?? 0) > 0) return errors.ERROR_NOT_EMPTY;
    old.folder.entries.delete(old.name);
    place.folder.entries.set(place.name, node);
    return 0;
  }

  link(from: string, to: string): number {
    const node = this.find(from, false);
    return typeof node === 'number' ? node : this.enter(to, node);
  }

  symbolicLink(target: string, path: string): number {
    const node = this.node(abi.KIND_SYMBOLIC_LINK, 0o777);
    node.target = target;
    node.links = 0;
    return this.enter(path, node);
  }

  private enter(path: string, node: Node): number {
    const place = this.parent(path);
    if (typeof place === 'number') return place;
    if (place.folder.entries.has(place.name)) return errors.ERROR_EXISTS;
    place.folder.entries.set(place.name, node);
    node.links++;
    return 0;
  }

  /** os/abi/file.ts has its layout. */
  statRecord(node: Node): Uint8Array {
    const record = new Uint8Array(abi.STAT_RECORD_SIZE);
    const view = new DataView(record.buffer);
    const size = node.kind === abi.KIND_SYMBOLIC_LINK ? node.target.length : node.content.length;
    view.setUint32(abi.STAT_KIND, node.kind, true);
    view.setUint32(abi.STAT_MODE, node.mode, true);
    view.setUint32(abi.STAT_LINKS, node.kind === abi.KIND_DIRECTORY ? 2 : node.links, true);
    view.setBigUint64(abi.STAT_FILE_SIZE, BigInt(size), true);
    view.setBigUint64(abi.STAT_MODIFIED, node.modified, true);
    view.setBigUint64(abi.STAT_INODE, BigInt(node.inode), true);
    view.setUint32(abi.STAT_BLOCKS, Math.ceil(size / BLOCK_SIZE), true);
    view.setUint32(abi.STAT_BLOCK_SIZE, BLOCK_SIZE, true);
    return record;
  }

  /** All entries at once, however many. */
  list(handle: number): Uint8Array | number {
    const object = this.handles[handle]!;
    if (object.node.kind !== abi.KIND_DIRECTORY) return errors.ERROR_NOT_DIRECTORY;
    if (object.listed) return new Uint8Array(0);
    object.listed = true;
    const records = [...object.node.entries].map(([name, node]) => {
      const bytes = new TextEncoder().encode(name);
      const record = new Uint8Array((abi.LISTED_NAME + bytes.length + 3) & ~3);
      new DataView(record.buffer).setUint32(0, node.inode, true);
      record[abi.LISTED_KIND] = node.kind;
      record[abi.LISTED_NAME_SIZE] = bytes.length;
      record.set(bytes, abi.LISTED_NAME);
      return [...record];
    });
    return Uint8Array.from(records.flat());
  }

  /** os/proto/process.ts has their layout; all of them run. */
  processRecords(first: number): Uint8Array {
    const records = this.processes.filter(({ pid }) => pid >= first).map(processRecord);
    return Uint8Array.from(records.flatMap(record => [...record]));
  }
}

function processRecord({ pid, name, session = 0, priority = 0, pages = 0, pagesMax = 0, cycles }: Listed) {
  const record = new Uint8Array(64);
  const view = new DataView(record.buffer);
  view.setUint32(0, pid, true);
  view.setUint32(56, session, true);
  record[12] = 1;
  record[13] = priority;
  view.setBigUint64(16, cycles, true);
  view.setUint32(24, pages, true);
  view.setUint32(60, pagesMax, true);
  record.set(new TextEncoder().encode(name), 28);
  return record;
}
