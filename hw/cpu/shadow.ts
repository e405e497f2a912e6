/**
 * The shadow of RAM: what RAM held when it was last marked, so that a board that ran ahead can be put back.
 *
 * Only pages that were written in between are copied, either way. Who keeps snapshots asks for written pages too,
 * at other times: the core's marks, which are cleared when they are looked at, are kept here for both.
 *
 *     core's page marks ─ gather ─→ untold ─ takeWritten ─→ snapshots
 *                                └→ unlike ─ mark, putBack ─→ the shadow
 */
import { RAM_BASE } from '../manual/memory-map.ts';
import type { CoreInstance } from './core-instance.ts';
import type { HartRam } from './hart-ram.ts';

const PAGE = 4096;
const LINE = 64;
const LINE_WORDS = LINE / 4;

export class Shadow {
  private readonly core: CoreInstance;
  private readonly ram: HartRam;
  /** A byte a page: 1 where it was written since `takeWritten`. */
  private readonly untold: Uint8Array;
  /** A byte a page: 1 where it was written since `mark`, and where the shadow never held it. */
  private readonly unlike: Uint8Array;
  /** As large as RAM; there is none before the first mark. Pages never written are zeros in both. */
  private copy: Uint8Array | undefined;

  constructor(core: CoreInstance, ram: HartRam) {
    this.core = core;
    this.ram = ram;
    this.untold = new Uint8Array(core.pageMarks.length);
    this.unlike = new Uint8Array(core.pageMarks.length);
  }

  /** The pages (index from RAM's base) written since it was last asked. */
  takeWritten(): number[] {
    this.gather();
    return taken(this.untold);
  }

  mark(): void {
    this.gather();
    const { ram } = this.core;
    this.copy ??= new Uint8Array(ram.length);
    for (const page of taken(this.unlike)) {
      this.copy.set(ram.subarray(page * PAGE, (page + 1) * PAGE), page * PAGE);
    }
  }

  /** Makes RAM what it was when it was marked, line by line: code that was not written stays decoded. */
  putBack(): void {
    this.gather();
    const copy = this.copy!;
    const { ram } = this.core;
    const now = new Int32Array(ram.buffer, ram.byteOffset, ram.length / 4);
    const then = new Int32Array(copy.buffer);
    for (const page of taken(this.unlike)) {
      for (let at = page * PAGE; at < (page + 1) * PAGE; at += LINE) {
        if (!isSameLine(now, then, at / 4)) this.ram.write(RAM_BASE + at, copy.subarray(at, at + LINE));
      }
    }
  }

  private gather(): void {
    const { pageMarks } = this.core;
    let page = pageMarks.indexOf(1);
    if (page < 0) return;
    for (; page >= 0; page = pageMarks.indexOf(1, page + 1)) {
      pageMarks[page] = 0;
      this.untold[page] = 1;
      this.unlike[page] = 1;
    }
    this.core.exports.pageMarksTaken();
  }
}

/** Where the table is 1; it is 0 afterwards. */
function taken(table: Uint8Array): number[] {
  const pages: number[] = [];
  for (let page = table.indexOf(1); page >= 0; page = table.indexOf(1, page + 1)) {
    table[page] = 0;
    pages.push(page);
  }
  return pages;
}

function isSameLine(one: Int32Array, other: Int32Array, first: number): boolean {
  for (let at = first; at < first + LINE_WORDS; at += 1) if (one[at] !== other[at]) return false;
  return true;
}
