/**
 * The processes that there are, services among them, in the order of their numbers, and the memory they share.
 *
 *     const all = processList();     cycles are those of the processor, since each began
 *     clusterList()                  those of all nodes
 *     new MemoryUse(all)             in pages: all of it, what is used, what nobody has been promised
 */
import * as processes from '../../os/proto/process.client.ts';
import {
  NODE_PIDS,
  nodeOf,
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
import { handleNamed, ownPid } from '../../os/runtime/start.ts';
import { nodeList } from './cluster.ts';
import { decodeText } from './utf8.ts';

const BUFFER_SIZE: i32 = 4096;
export const BYTES_PER_PAGE: u64 = 4096;

export class ListedProcess {
  pid: i32;
  parent: i32;
  group: i32;
  /** 0 for a service. */
  session: i32;
  /** Where it runs. */
  node: i32;
  /** STATE_… of os/proto/process.ts. */
  state: u32;
  priority: u32;
  /** Whose it is. */
  uid: u32;
  cycles: u64;
  pages: u32;
  pagesMax: u32;
  name: string;

  constructor(record: usize) {
    this.pid = load<i32>(record, RECORD_PID);
    this.node = nodeOf(load<i32>(record, RECORD_PID));
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

/** Of all nodes that can be reached; of this one where it is alone. */
export function clusterList(): ListedProcess[] {
  const nodes = nodeList();
  if (nodes.length === 0) return processList();
  let all: ListedProcess[] = [];
  for (let index = 0; index < nodes.length; index++) all = all.concat(processList(nodes[index].number));
  return all;
}

/** Of a node: nothing where it cannot be reached. */
export function processList(node: i32 = nodeOf(ownPid())): ListedProcess[] {
  const all: ListedProcess[] = [];
  const buffer = heap.alloc(BUFFER_SIZE);
  let first = node * NODE_PIDS;
  while (true) {
    const size = processes.list(handleNamed('process'), first, buffer, BUFFER_SIZE);
    if (size <= 0) break;
    for (let at = 0; at < size; at += RECORD_SIZE) all.push(new ListedProcess(buffer + at));
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

/** Of a board as it is by default. */
export const CYCLES_PER_SECOND: u64 = 100_000_000;
export const CYCLES_PER_MILLISECOND: u64 = CYCLES_PER_SECOND / 1000;

/** `0:00.00`: minutes, seconds and hundredths of the processor's time. */
export function processorTime(cycles: u64): string {
  const hundredths = cycles / (CYCLES_PER_SECOND / 100);
  const seconds = (hundredths / 100) % 60;
  const minutes = hundredths / 6000;
  return `${minutes}:${seconds.toString().padStart(2, '0')}.${(hundredths % 100).toString().padStart(2, '0')}`;
}

export function stateLetter(state: u32): string {
  if (state === STATE_ENDED) return 'Z';
  if (state === STATE_STOPPED) return 'T';
  return state === STATE_WAITING ? 'S' : 'R';
}
