/**
 * The processes that there are, services among them, in the order of their numbers, and the memory they share.
 *
 *     const all = processList();     cycles are those of the processor, since each began
 *     clusterList()                  those of all nodes, or of some
 *     new MemoryUse(all)             in pages: all of it, what is used, what nobody has been promised
 */
import * as processes from '../../os/proto/process.client.ts';
import {
  RECORD_CYCLES,
  RECORD_GROUP,
  RECORD_NAME,
  RECORD_NAME_SIZE,
  RECORD_PAGES,
  RECORD_PAGES_MAX,
  RECORD_PARENT,
  RECORD_PID,
  RECORD_PRIORITY,
  RECORD_SESSION,
  RECORD_SIZE,
  RECORD_STATE,
  RECORD_UID,
  STATE_ENDED,
  STATE_STOPPED,
  STATE_WAITING,
} from '../../os/proto/process.ts';
import { handleNamed } from '../../os/runtime/start.ts';
import { nodeList } from './cluster.ts';
import { type Load, loadList } from './members.ts';
import { ownNode } from './process.ts';
import { decodeText } from './utf8.ts';

const BUFFER_SIZE: i32 = 4096;
export const BYTES_PER_PAGE: u64 = 4096;

export class ListedProcess {
  pid: i32;
  parent: i32;
  group: i32;
  /** 0 for a service. */
  session: i32;
  /** STATE_… of os/proto/process.ts. */
  state: u32;
  priority: u32;
  /** Whose it is. */
  uid: u32;
  cycles: u64;
  pages: u32;
  pagesMax: u32;
  name: string;

  constructor(
    /** Where it runs. */
    readonly node: i32,
    record: usize,
  ) {
    this.pid = load<i32>(record, RECORD_PID);
    this.parent = load<i32>(record, RECORD_PARENT);
    this.group = load<i32>(record, RECORD_GROUP);
    this.session = load<i32>(record, RECORD_SESSION);
    this.state = load<u8>(record, RECORD_STATE);
    this.priority = load<u8>(record, RECORD_PRIORITY);
    this.uid = load<u16>(record, RECORD_UID);
    this.cycles = load<u64>(record, RECORD_CYCLES);
    this.pages = load<u32>(record, RECORD_PAGES);
    this.pagesMax = load<u32>(record, RECORD_PAGES_MAX);
    let size: u32 = 0;
    while (size < RECORD_NAME_SIZE && load<u8>(record + RECORD_NAME + size) !== 0) size++;
    this.name = decodeText(record + RECORD_NAME, size);
  }
}

/** All nodes that can be reached; this one where it is alone. */
export function reachedNodes(): i32[] {
  const nodes = nodeList();
  if (nodes.length === 0) return [ownNode()];
  const numbers: i32[] = [];
  for (let index = 0; index < nodes.length; index++) numbers.push(nodes[index].number);
  return numbers;
}

export function clusterList(nodes: i32[] = reachedNodes()): ListedProcess[] {
  let all: ListedProcess[] = [];
  for (let index = 0; index < nodes.length; index++) all = all.concat(processList(nodes[index]));
  return all;
}

/** Of a node: nothing where it cannot be reached. */
export function processList(node: i32 = ownNode()): ListedProcess[] {
  const all: ListedProcess[] = [];
  const buffer = heap.alloc(BUFFER_SIZE);
  let first = 0;
  while (true) {
    const size = processes.list(handleNamed('process'), node, first, buffer, BUFFER_SIZE);
    if (size <= 0) break;
    for (let at = 0; at < size; at += RECORD_SIZE) all.push(new ListedProcess(node, buffer + at));
    first = all[all.length - 1].pid + 1;
  }
  heap.free(buffer);
  takePromised(all);
  return all;
}

/** The service that makes programs counts as used what they are allowed; what it uses itself is the rest. */
const MAKER = 'process';

function takePromised(all: ListedProcess[]): void {
  for (let index = 0; index < all.length; index++) {
    const process = all[index];
    if (process.session === 0 && process.name === MAKER) process.pages -= min(process.pages, promised(all));
  }
}

function promised(all: ListedProcess[]): u32 {
  let pages: u32 = 0;
  for (let index = 0; index < all.length; index++) if (all[index].session !== 0) pages += all[index].pagesMax;
  return pages;
}

/** In pages, without what the kernel and init keep. */
export class MemoryUse {
  total: u32 = 0;
  used: u32 = 0;
  /** What new programs can have: it is promised to nobody. */
  available: u32 = 0;

  constructor(all: ListedProcess[]) {
    for (let index = 0; index < all.length; index++) {
      const process = all[index];
      this.used += process.pages;
      if (process.session !== 0) continue;
      this.total += process.pagesMax;
      if (process.name === MAKER) this.available += process.pagesMax - process.pages;
    }
    this.available -= min(this.available, promised(all));
  }
}

const CYCLES_PER_MEGAHERTZ: u64 = 1_000_000;
/** Of a board as it is by default. */
const USUAL_MEGAHERTZ: u64 = 100;

/** Cycles of the node's processor in a second, as it tells with its load. */
export function cyclesPerSecond(node: i32): u64 {
  if (loads.length === 0) loads = loadList();
  for (let index = 0; index < loads.length; index++) {
    if (loads[index].number === node && loads[index].clock > 0)
      return <u64>loads[index].clock * CYCLES_PER_MEGAHERTZ;
  }
  return USUAL_MEGAHERTZ * CYCLES_PER_MEGAHERTZ;
}

/** As it was when it was asked for first: clocks stay. */
let loads: Load[] = [];

/** `0:00.00`: minutes, seconds and hundredths of a processor's time. */
export function processorTime(cycles: u64, cyclesPerSecond: u64): string {
  const hundredths = cycles / (cyclesPerSecond / 100);
  const seconds = (hundredths / 100) % 60;
  const minutes = hundredths / 6000;
  return `${minutes}:${seconds.toString().padStart(2, '0')}.${(hundredths % 100).toString().padStart(2, '0')}`;
}

export function stateLetter(state: u32): string {
  if (state === STATE_ENDED) return 'Z';
  if (state === STATE_STOPPED) return 'T';
  return state === STATE_WAITING ? 'S' : 'R';
}
