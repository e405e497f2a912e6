/**
 * A snapshot of a whole cluster, and its form as bytes.
 *
 * In memory a snapshot shares every page of RAM and disk with the others and is never changed. As bytes
 * it stands alone, each distinct page once:
 *
 *     "GOSSNAP\n" │ version, 4 bytes │ hash of the body, 16 characters │ size of the body, 8 bytes │ body
 *
 *     body: fingerprint of the cluster, time, what is still planned, pages, parts, memories, media
 *
 * Numbers are little-endian; the body is written and read by one method, as every state is. A file that
 * is foreign, damaged, cut short, of another version or of another cluster is refused in one line.
 */
import { hashBytes, restoreState, type StatePort, saveState } from '../state.ts';
import { type Entry, formatJournal, parseJournal } from './journal.ts';
import { Medium } from './medium.ts';
import { PAGE_SIZE, PageTable } from './page-table.ts';
import { Random } from './random.ts';
import type { Saved, SavedMedium } from './share.ts';
import type { Topology } from './topology.ts';

/** The whole cluster at one time. Holds what it shares with others and never changes. */
export interface Snapshot extends Saved {
  readonly time: number;
}

/** What a file holds: a snapshot, and what was still to be done to the cluster. */
export interface Filed {
  readonly snapshot: Snapshot;
  readonly planned: readonly Entry[];
}

const MAGIC = new TextEncoder().encode('GOSSNAP\n');
const VERSION = 1;
const HASH_SIZE = 16;
const HEADER_SIZE = MAGIC.length + 4 + HASH_SIZE + 8;

export function encodeSnapshot({ snapshot, planned }: Filed, topology: Topology): Uint8Array {
  const body = new Body(snapshot, formatJournal(planned), fingerprint(topology));
  const bytes = saveState(body);
  const file = new Uint8Array(HEADER_SIZE + bytes.length);
  const view = new DataView(file.buffer);
  file.set(MAGIC);
  view.setUint32(MAGIC.length, VERSION, true);
  file.set(new TextEncoder().encode(hashBytes(bytes)), MAGIC.length + 4);
  view.setFloat64(HEADER_SIZE - 8, bytes.length, true);
  file.set(bytes, HEADER_SIZE);
  return file;
}

/** Throws an error of one line where the file is not a snapshot of this cluster. */
export function decodeSnapshot(file: Uint8Array, topology: Topology): Filed {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < HEADER_SIZE || MAGIC.some((byte, at) => file[at] !== byte)) {
    throw new Error('this is not a snapshot of a cluster: give a file that the save command wrote');
  }
  const version = view.getUint32(MAGIC.length, true);
  if (version !== VERSION) {
    throw new Error(`this snapshot has version ${version} and ${VERSION} is understood: save it anew`);
  }
  const body = file.subarray(HEADER_SIZE);
  if (body.length !== view.getFloat64(HEADER_SIZE - 8, true)) {
    throw new Error('this snapshot is cut short or has something after its end: copy it again');
  }
  const hash = new TextDecoder().decode(file.subarray(MAGIC.length + 4, MAGIC.length + 4 + HASH_SIZE));
  if (hash !== hashBytes(body))
    throw new Error('this snapshot is damaged, its checksum is wrong: copy it again');
  const read = new Body({ time: 0, parts: new Map(), memories: new Map(), media: new Map() }, '', '');
  restoreState(read, body);
  if (read.fingerprint !== fingerprint(topology)) {
    throw new Error(`this snapshot is of another cluster than ${topology.name}: start the one that it is of`);
  }
  return { snapshot: read.snapshot, planned: parseJournal(read.planned, topology) };
}

/** Differs wherever clusters differ in nodes, hardware or wiring. The wires' settings are state. */
function fingerprint({ nodes, links }: Topology): string {
  const wiring = links.map(({ a, b }) => [a, b]);
  return hashBytes(new TextEncoder().encode(JSON.stringify([nodes, wiring])));
}

type Named<T> = readonly [name: string, value: T];

/** Writes what it was given, or becomes what it reads. */
class Body {
  snapshot: Snapshot;
  planned: string;
  fingerprint: string;

  constructor(snapshot: Snapshot, planned: string, fingerprint: string) {
    this.snapshot = snapshot;
    this.planned = planned;
    this.fingerprint = fingerprint;
  }

  state(port: StatePort): void {
    this.fingerprint = port.text(this.fingerprint);
    const time = port.integer(this.snapshot.time);
    this.planned = port.text(this.planned);
    const pages = this.pagesState(port);
    const parts = mapState(port, this.snapshot.parts, part => port.blob(part ?? new Uint8Array(0)));
    const memories = mapState(port, this.snapshot.memories, table => tableState(port, table, pages));
    const media = mapState(port, this.snapshot.media, medium => mediumState(port, medium));
    this.snapshot = { time, parts, memories, media };
  }

  /** Every distinct page of RAM, by number. */
  private pagesState(port: StatePort): Uint8Array[] {
    const tables = [...this.snapshot.memories].sort(([one], [other]) => (one < other ? -1 : 1));
    const pages = new Set(tables.flatMap(([, table]) => [...table.pages()]));
    return port.list([...pages], page => {
      const bytes = page ?? new Uint8Array(PAGE_SIZE);
      port.bytes(bytes);
      return bytes;
    });
  }
}

function mapState<T>(
  port: StatePort,
  map: ReadonlyMap<string, T>,
  each: (value: T | undefined) => T,
): Map<string, T> {
  const named = [...map].sort(([one], [other]) => (one < other ? -1 : 1));
  const items = port.list<Named<T>>(named, item => [port.text(item?.[0] ?? ''), each(item?.[1])]);
  return new Map(items);
}

/** A table as runs: which pages it has that are not zeros, by their numbers among `pages`. */
function tableState(port: StatePort, table: PageTable | undefined, pages: readonly Uint8Array[]): PageTable {
  const numbers = new Map(pages.map((page, number) => [page, number]));
  const pageCount = port.u32(table?.pageCount ?? 0);
  const used: (readonly [number, Uint8Array])[] = [];
  for (let index = 0; table !== undefined && index < table.pageCount; index += 1) {
    if (!table.isZero(index)) used.push([index, table.page(index)]);
  }
  const read = port.list(used, entry => {
    const index = port.u32(entry?.[0] ?? 0);
    const number = port.u32(entry === undefined ? 0 : numbers.get(entry[1])!);
    return [index, pages[number]!] as const;
  });
  return table ?? PageTable.zeros(pageCount * PAGE_SIZE).with(read);
}

/** A medium's snapshot is opaque; a medium of the same size turns it into bytes and back. */
function mediumState(port: StatePort, saved: SavedMedium | undefined): SavedMedium {
  const sectors = port.integer(saved?.sectors ?? 0);
  const medium = new Medium({ random: new Random(0), size: sectors * SECTOR_SIZE });
  if (saved !== undefined) medium.restore(saved.snapshot);
  const bytes = port.blob(saved === undefined ? new Uint8Array(0) : saveState(medium));
  if (saved !== undefined) return saved;
  restoreState(medium, bytes);
  return { sectors, snapshot: medium.snapshot() };
}

const SECTOR_SIZE = 512;
