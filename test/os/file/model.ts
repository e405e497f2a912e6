/**
 * The file tree as it should be, in memory: names, contents, modes, link counts and times, with the answers
 * that POSIX would have. A snapshot is its dump.
 */
import {
  ERROR_BAD_ARGUMENT,
  ERROR_BUSY,
  ERROR_EXISTS,
  ERROR_IS_DIRECTORY,
  ERROR_NAME_TOO_LONG,
  ERROR_NOT_DIRECTORY,
  ERROR_NOT_EMPTY,
  ERROR_NOT_FOUND,
} from '../../../os/abi/errors.ts';
import { KIND_DIRECTORY, KIND_FILE, KIND_SYMBOLIC_LINK, NAME_SIZE_MAX } from '../../../os/abi/file.ts';
import { digest, type Tree } from './tree.ts';

interface Node {
  readonly kind: number;
  mode: number;
  links: number;
  modified: bigint;
  bytes: Uint8Array;
  readonly text: string;
  readonly names: Map<string, Node>;
}

/** Where a path leads: its directory, the last name, what that means. */
interface Place {
  readonly directory: Node;
  readonly name: string;
  readonly node: Node | undefined;
}

export class Model implements Tree {
  time = 0n;
  private readonly root: Node = this.made(KIND_DIRECTORY, 0o755);

  create(path: string): number {
    return this.named(path, place => this.add(place, this.made(KIND_FILE, 0o644)));
  }

  write(path: string, offset: number, bytes: Uint8Array): number {
    return this.file(path, node => {
      if (bytes.length === 0) return;
      const grown = new Uint8Array(Math.max(node.bytes.length, offset + bytes.length));
      grown.set(node.bytes);
      grown.set(bytes, offset);
      node.bytes = grown;
      node.modified = this.time;
    });
  }

  truncate(path: string, size: number): number {
    return this.file(path, node => {
      const cut = new Uint8Array(size);
      cut.set(node.bytes.subarray(0, size));
      node.bytes = cut;
      node.modified = this.time;
    });
  }

  makeDirectory(path: string): number {
    return this.named(path, place => this.add(place, this.made(KIND_DIRECTORY, 0o755)));
  }

  makeSymbolicLink(text: string, path: string): number {
    return this.named(path, place => this.add(place, this.made(KIND_SYMBOLIC_LINK, 0o777, text)));
  }

  link(from: string, to: string): number {
    return this.named(from, ({ node }) => {
      if (node === undefined) return ERROR_NOT_FOUND;
      return this.named(to, place => {
        if (node.kind === KIND_DIRECTORY) return ERROR_IS_DIRECTORY;
        const status = this.add(place, node);
        if (status === 0) node.links += 1;
        return status;
      });
    });
  }

  rename(from: string, to: string): number {
    return this.named(from, source => {
      if (source.node === undefined) return ERROR_NOT_FOUND;
      return this.named(to, target => this.move(source, source.node!, target));
    });
  }

  remove(path: string): number {
    return this.named(path, place => {
      if (place.node === undefined) return ERROR_NOT_FOUND;
      if (place.node.kind === KIND_DIRECTORY) return ERROR_IS_DIRECTORY;
      return this.drop(place, place.node);
    });
  }

  removeDirectory(path: string): number {
    return this.named(path, place => {
      if (place.node === undefined) return ERROR_NOT_FOUND;
      if (place.node.kind !== KIND_DIRECTORY) return ERROR_NOT_DIRECTORY;
      return place.node.names.size > 0 ? ERROR_NOT_EMPTY : this.drop(place, place.node);
    });
  }

  setMode(path: string, mode: number): number {
    return this.named(path, ({ node }) => {
      if (node === undefined) return ERROR_NOT_FOUND;
      node.mode = mode;
      return 0;
    });
  }

  dump(): string {
    return this.lines('', this.root).join('\n');
  }

  private lines(path: string, node: Node): string[] {
    const { kind, mode, links, modified, bytes, text, names } = node;
    const contents = kind === KIND_FILE ? `${bytes.length} ${digest(bytes)}` : text;
    const line = `${path === '' ? '/' : path} ${kind} ${mode.toString(8)} ${links} ${modified} ${contents}`;
    const below = [...names].sort(([a], [b]) => (a < b ? -1 : 1));
    return [line, ...below.flatMap(([name, child]) => this.lines(`${path}/${name}`, child))];
  }

  private made(kind: number, mode: number, text = ''): Node {
    const links = kind === KIND_DIRECTORY ? 2 : 1;
    const shown = kind === KIND_SYMBOLIC_LINK ? `→${text}` : text;
    return {
      kind,
      mode,
      links,
      modified: this.time,
      bytes: new Uint8Array(0),
      text: shown,
      names: new Map(),
    };
  }

  private add({ directory, name, node }: Place, added: Node): number {
    if (node !== undefined) return ERROR_EXISTS;
    directory.names.set(name, added);
    directory.modified = this.time;
    if (added.kind === KIND_DIRECTORY) directory.links += 1;
    return 0;
  }

  private drop({ directory, name }: Place, node: Node): number {
    directory.names.delete(name);
    directory.modified = this.time;
    if (node.kind === KIND_DIRECTORY) directory.links -= 1;
    else node.links -= 1;
    return 0;
  }

  private move(source: Place, node: Node, target: Place): number {
    if (node.kind === KIND_DIRECTORY && this.isWithin(target.directory, node)) return ERROR_BAD_ARGUMENT;
    const there = target.node;
    if (there === node) return 0;
    if (there !== undefined) {
      if (there.kind === KIND_DIRECTORY && node.kind !== KIND_DIRECTORY) return ERROR_IS_DIRECTORY;
      if (there.kind !== KIND_DIRECTORY && node.kind === KIND_DIRECTORY) return ERROR_NOT_DIRECTORY;
      if (there.names.size > 0) return ERROR_NOT_EMPTY;
      this.drop(target, there);
    }
    target.directory.names.set(target.name, node);
    source.directory.names.delete(source.name);
    source.directory.modified = this.time;
    target.directory.modified = this.time;
    if (node.kind === KIND_DIRECTORY) {
      source.directory.links -= 1;
      target.directory.links += 1;
    }
    return 0;
  }

  private isWithin(node: Node, above: Node): boolean {
    return node === above || [...above.names.values()].some(child => this.isWithin(node, child));
  }

  private file(path: string, action: (node: Node) => void): number {
    return this.named(path, ({ node }) => {
      if (node === undefined) return ERROR_NOT_FOUND;
      if (node.kind === KIND_DIRECTORY) return ERROR_IS_DIRECTORY;
      action(node);
      return 0;
    });
  }

  /** Paths are plain: no dots, no links on the way. */
  private named(path: string, action: (place: Place) => number): number {
    const names = path.split('/').filter(name => name !== '');
    const last = names.pop();
    if (last === undefined) return ERROR_BUSY;
    let directory = this.root;
    for (const name of names) {
      if (name.length > NAME_SIZE_MAX) return ERROR_NAME_TOO_LONG;
      if (directory.kind !== KIND_DIRECTORY) return ERROR_NOT_DIRECTORY;
      const next = directory.names.get(name);
      if (next === undefined) return ERROR_NOT_FOUND;
      directory = next;
    }
    if (last.length > NAME_SIZE_MAX) return ERROR_NAME_TOO_LONG;
    if (directory.kind !== KIND_DIRECTORY) return ERROR_NOT_DIRECTORY;
    return action({ directory, name: last, node: directory.names.get(last) });
  }
}
