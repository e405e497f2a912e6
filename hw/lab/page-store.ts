/**
 * Bytes in pages of 4 KiB, of which only the written ones are held, shared between snapshots until one
 * side writes them.
 *
 *     directory ─→ leaf of 512 pages ─→ page        a snapshot copies the directory and nothing else
 *
 * A leaf or page whose owner is not the store's present token is shared with a snapshot: it is copied
 * before it is written. Pages never written come from the base, or are zeros.
 */
import type { Stateful, StatePort } from '../state.ts';

/** The bytes that a medium begins with. */
export interface MediumBase {
  /** Bytes; a last part of a sector is filled up with zeros. */
  readonly size: number;
  read(offset: number, size: number): Uint8Array;
  /** Absent for a base that must stay as it is. */
  write?(offset: number, bytes: Uint8Array): void;
}

interface Page {
  readonly owner: object;
  readonly bytes: Uint8Array;
}

interface Leaf {
  readonly owner: object;
  readonly pages: (Page | undefined)[];
}

/** What the pages were; opaque. */
export type PageSnapshot = readonly (Leaf | undefined)[];

const PAGE_SIZE = 4096;
const LEAF_PAGES = 512;

export class PageStore implements Stateful {
  private readonly size: number;
  private readonly base: MediumBase | undefined;
  private directory: (Leaf | undefined)[] = [];
  private owner: object = {};
  /** What a writable base held before it was first written, page by page: it has forgotten. */
  private readonly originals = new Map<number, Uint8Array>();

  constructor(size: number, base: MediumBase | undefined) {
    this.size = size;
    this.base = base;
  }

  /** A copy. */
  read(offset: number, size: number): Uint8Array {
    const bytes = new Uint8Array(size);
    for (let done = 0; done < size; ) {
      const at = (offset + done) % PAGE_SIZE;
      const count = Math.min(PAGE_SIZE - at, size - done);
      const index = (offset + done - at) / PAGE_SIZE;
      const page = this.page(index)?.bytes ?? this.original(index);
      bytes.set(page.subarray(at, at + count), done);
      done += count;
    }
    return bytes;
  }

  /** Bytes within one page. */
  write(offset: number, bytes: Uint8Array): void {
    const at = offset % PAGE_SIZE;
    this.ownPage((offset - at) / PAGE_SIZE).set(bytes, at);
    this.base?.write?.(offset, bytes);
  }

  snapshot(): PageSnapshot {
    this.owner = {};
    return [...this.directory];
  }

  restore(snapshot: PageSnapshot): void {
    const before = this.directory;
    this.directory = [...snapshot];
    this.owner = {};
    this.bringBaseBack(before);
  }

  state(port: StatePort): void {
    const written: number[] = [];
    this.directory.forEach((leaf, high) => {
      leaf?.pages.forEach((page, low) => {
        if (page !== undefined) written.push(high * LEAF_PAGES + low);
      });
    });
    const before = this.directory;
    const pages = new Map<number, Uint8Array>();
    port.list(written, index => {
      const at = port.u32(index ?? 0);
      const bytes = index === undefined ? new Uint8Array(PAGE_SIZE) : this.page(index)!.bytes;
      port.bytes(bytes);
      pages.set(at, bytes);
      return at;
    });
    if (
      written.length === pages.size &&
      written.every(index => this.page(index)!.bytes === pages.get(index))
    ) {
      return;
    }
    this.directory = [];
    this.owner = {};
    for (const [index, bytes] of pages) this.ownPage(index).set(bytes);
    this.bringBaseBack(before);
  }

  private page(index: number): Page | undefined {
    return this.directory[Math.floor(index / LEAF_PAGES)]?.pages[index % LEAF_PAGES];
  }

  /** The page for writing: this store's alone. */
  private ownPage(index: number): Uint8Array {
    const high = Math.floor(index / LEAF_PAGES);
    let leaf = this.directory[high];
    if (leaf === undefined || leaf.owner !== this.owner) {
      leaf = { owner: this.owner, pages: leaf === undefined ? [] : [...leaf.pages] };
      this.directory[high] = leaf;
    }
    const page = leaf.pages[index % LEAF_PAGES];
    if (page !== undefined && page.owner === this.owner) return page.bytes;
    const bytes = page === undefined ? this.original(index).slice() : page.bytes.slice();
    if (page === undefined && this.base?.write !== undefined) this.originals.set(index, bytes.slice());
    leaf.pages[index % LEAF_PAGES] = { owner: this.owner, bytes };
    return bytes;
  }

  /** What the page was before anybody wrote it. */
  private original(index: number): Uint8Array {
    const known = this.originals.get(index);
    if (known !== undefined) return known;
    const bytes = new Uint8Array(PAGE_SIZE);
    const offset = index * PAGE_SIZE;
    const left = this.base === undefined ? 0 : this.base.size - offset;
    if (left > 0) bytes.set(this.base!.read(offset, Math.min(PAGE_SIZE, left)));
    return bytes;
  }

  /** Makes a writable base equal to the store again after the pages were exchanged. */
  private bringBaseBack(before: PageSnapshot): void {
    const base = this.base;
    if (base?.write === undefined) return;
    const leaves = Math.max(before.length, this.directory.length);
    for (let high = 0; high < leaves; high += 1) {
      if (before[high] === this.directory[high]) continue;
      for (let low = 0; low < LEAF_PAGES; low += 1) {
        const index = high * LEAF_PAGES + low;
        if (before[high]?.pages[low] === this.page(index)) continue;
        const bytes = this.page(index)?.bytes ?? this.original(index);
        base.write(index * PAGE_SIZE, bytes.subarray(0, Math.min(PAGE_SIZE, this.size - index * PAGE_SIZE)));
      }
    }
  }
}
