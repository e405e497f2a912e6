/**
 * The contents of a board's RAM as a value: pages of 4 KiB, shared between all who hold them.
 *
 * A `PageTable` never changes. A newer one is made from an older one and the pages that were written in
 * between (`Hart.dirtyPages`), and shares every other page and every untouched chunk of the table; a
 * page of zeros is one page however many there are. Tables are what snapshots keep of RAM, so that a
 * snapshot costs what was written since the last, and a fork costs nothing.
 *
 *     PageTable ─ chunks of 256 ─ pages of 4,096 bytes
 */
import type { Ram } from '../bus/device.ts';
import { hashBytes } from '../state.ts';

export const PAGE_SIZE = 4096;
const CHUNK_PAGES = 256;

type Page = Uint8Array;
type Chunk = readonly Page[];

const ZERO_PAGE: Page = new Uint8Array(PAGE_SIZE);
const ZERO_CHUNK: Chunk = new Array<Page>(CHUNK_PAGES).fill(ZERO_PAGE);

/** Hashes of immutable things, found once. */
const pageHashes = new WeakMap<Page, string>();
const chunkHashes = new WeakMap<Chunk, string>();

export class PageTable {
  readonly pageCount: number;
  private readonly chunks: readonly Chunk[];

  private constructor(pageCount: number, chunks: readonly Chunk[]) {
    this.pageCount = pageCount;
    this.chunks = chunks;
  }

  /** RAM as it is at power on. */
  static zeros(size: number): PageTable {
    const pageCount = Math.ceil(size / PAGE_SIZE);
    return new PageTable(pageCount, new Array<Chunk>(Math.ceil(pageCount / CHUNK_PAGES)).fill(ZERO_CHUNK));
  }

  page(index: number): Uint8Array {
    return this.chunks[Math.floor(index / CHUNK_PAGES)]![index % CHUNK_PAGES]!;
  }

  isZero(index: number): boolean {
    return this.page(index) === ZERO_PAGE;
  }

  /** The same with these pages instead. The pages are kept, not copied. */
  with(changes: readonly (readonly [index: number, page: Uint8Array])[]): PageTable {
    if (changes.length === 0) return this;
    const chunks = [...this.chunks];
    const fresh = new Map<number, Page[]>();
    for (const [index, page] of changes) {
      const at = Math.floor(index / CHUNK_PAGES);
      let chunk = fresh.get(at);
      if (chunk === undefined) {
        chunk = [...chunks[at]!];
        fresh.set(at, chunk);
        chunks[at] = chunk;
      }
      chunk[index % CHUNK_PAGES] = isAllZero(page) ? ZERO_PAGE : page;
    }
    return new PageTable(this.pageCount, chunks);
  }

  /** The pages that are not the same object in both: all that can differ. */
  difference(other: PageTable): number[] {
    const different: number[] = [];
    this.chunks.forEach((chunk, at) => {
      const others = other.chunks[at];
      if (chunk === others) return;
      for (let page = 0; page < CHUNK_PAGES; page += 1) {
        if (chunk[page] !== others?.[page]) different.push(at * CHUNK_PAGES + page);
      }
    });
    return different.filter(index => index < this.pageCount);
  }

  /** Every distinct page but the page of zeros. */
  pages(): Set<Uint8Array> {
    const pages = new Set(this.chunks.flat());
    pages.delete(ZERO_PAGE);
    return pages;
  }

  hash(): string {
    return hashTexts(this.chunks.map(hashChunk));
  }
}

/** What a board's RAM and hart offer to those who keep its contents by page. */
export interface PagedMemory {
  readonly ram: Omit<Ram, 'half' | 'word'>;
  /** Takes and clears the list of the pages written since it was last taken. */
  dirtyPages(): number[];
}

/**
 * Follows the RAM of one board, from power on. Nobody else may take its dirty pages.
 */
export class MemoryFollower {
  private readonly memory: PagedMemory;
  private table: PageTable;

  constructor(memory: PagedMemory) {
    this.memory = memory;
    this.table = PageTable.zeros(memory.ram.size);
  }

  /** The contents of RAM now. */
  take(): PageTable {
    const { ram } = this.memory;
    const changes = this.memory.dirtyPages().map((index): [number, Uint8Array] => {
      const page = ram.read(ram.base + index * PAGE_SIZE, PAGE_SIZE);
      if (page === undefined) throw new Error(`page ${index} was written and is not in RAM`);
      return [index, page.slice()];
    });
    this.table = this.table.with(changes);
    return this.table;
  }

  /** Makes RAM what it was when `table` was taken. */
  put(table: PageTable): void {
    const { ram } = this.memory;
    if (table.pageCount !== this.table.pageCount)
      throw new Error('the snapshot is of a board with other RAM');
    const stale = new Set([...this.table.difference(table), ...this.memory.dirtyPages()]);
    for (const index of stale) ram.write(ram.base + index * PAGE_SIZE, table.page(index));
    this.memory.dirtyPages();
    this.table = table;
  }
}

export function hashTexts(texts: readonly string[]): string {
  return hashBytes(new TextEncoder().encode(texts.join(' ')));
}

function hashChunk(chunk: Chunk): string {
  const known = chunkHashes.get(chunk);
  if (known !== undefined) return known;
  const hash = hashTexts(chunk.map(hashPage));
  chunkHashes.set(chunk, hash);
  return hash;
}

function hashPage(page: Page): string {
  const known = pageHashes.get(page);
  if (known !== undefined) return known;
  const hash = hashBytes(page);
  pageHashes.set(page, hash);
  return hash;
}

function isAllZero(page: Page): boolean {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  for (let at = 0; at < PAGE_SIZE; at += 8) {
    if (view.getUint32(at) !== 0 || view.getUint32(at + 4) !== 0) return false;
  }
  return true;
}
