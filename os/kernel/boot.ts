/**
 * From the firmware's hand-over to the first process.
 *
 *     devicetree → RAM, initial RAM disk → pools → translation → first space from the archive's `init`
 *
 * The first process owns everything: its limits are the pools, and its handles are those of os/abi/layout.ts.
 * What is missing for a start is said on the firmware's console, and the machine goes off.
 */

import { csr_clear, csr_set, csr_write, store32 } from 'rv';
import { RAM_BASE } from '../../hw/manual/memory-map.ts';
import { PLIC_CONTEXT, PLIC_CONTEXT_STRIDE, PLIC_CONTEXT_SUPERVISOR } from '../../hw/manual/plic.ts';
import {
  RESOURCE_HANDLES,
  RESOURCE_MEMORIES,
  RESOURCE_PAGES,
  RESOURCE_PORTS,
  RESOURCE_SPACES,
  RESOURCE_THREADS,
  RESOURCE_TIMERS,
} from '../abi/account.ts';
import { ARCHIVE_ENTRY_LENGTH, ARCHIVE_ENTRY_OFFSET } from '../abi/archive.ts';
import {
  INIT_ARCHIVE,
  INIT_ARCHIVE_ADDRESS,
  INIT_COMMAND_LINE,
  INIT_CONTROL,
  INIT_DEVICES,
  INIT_SPACE,
  INIT_STACK_SIZE,
  PAGE_SHIFT,
  PAGE_SIZE,
  USER_END,
} from '../abi/layout.ts';
import {
  HANDLES_MAX,
  MEMORIES_MAX,
  PORTS_MAX,
  PRIORITY_MAX,
  SPACES_MAX,
  THREADS_MAX,
  TIMERS_MAX,
} from '../abi/limits.ts';
import {
  KIND_CONTROL,
  KIND_MEMORY,
  KIND_SPACE,
  RIGHT_COPY,
  RIGHT_EXECUTE,
  RIGHT_MANAGE,
  RIGHT_READ,
  RIGHT_WRITE,
  RIGHTS_ALL,
} from '../abi/rights.ts';
import { THREAD_READY } from '../abi/thread.ts';
import { findInArchive, isArchive } from '../lib/archive.ts';
import { SCOUNTEREN, SSTATUS, STATUS_SPIE, STATUS_SPP } from '../lib/csr.ts';
import {
  big32,
  isTree,
  readTree,
  TREE_SIZE,
  treeArguments,
  treeArgumentsSize,
  treeInitrdEnd,
  treeInitrdStart,
  treeRamEnd,
} from '../lib/devicetree.ts';
import {
  entryPoint,
  isExecutable,
  isLoaded,
  SEGMENT_EXECUTE,
  SEGMENT_READ,
  SEGMENT_WRITE,
  segmentAddress,
  segmentContents,
  segmentCount,
  segmentFlags,
  segmentOffset,
  segmentSize,
} from '../lib/elf.ts';
import { none } from '../lib/pointer.ts';
import { charge, setLimit } from './account.ts';
import { startClock } from './clock.ts';
import { ensurePage } from './contents.ts';
import { startDeadlines } from './deadline.ts';
import { install } from './handle-table.ts';
import { startInterrupts } from './interrupts.ts';
import { startInterruptObjects } from './object/interrupt.ts';
import { makeDeviceMemory, makeMemory, startMemories } from './object/memory.ts';
import { startPorts } from './object/port.ts';
import { accessOf, makeSpace, startSpaces } from './object/space.ts';
import { makeThread, startThreads } from './object/thread.ts';
import { startTimers } from './object/timer.ts';
import { openPages, reserve, setRam, startSharers } from './page.ts';
import { makeRoot, PLIC_WINDOW, startTranslation } from './page-table.ts';
import { panic, setSymbols } from './panic.ts';
import { map, startRegions } from './region.ts';
import { beginWith, startSchedule } from './schedule.ts';
import type { Handle, Memory, Space, Thread } from './structures.ts';
import { startWatches } from './watch.ts';

const DEVICES_SIZE: u32 = 0x8000_0000;
/** What processes may read of the counters. */
const COUNTERS_CYCLE_TIME_INSTRET: u32 = 7;

//@external("entry", "image_end")
declare function image_end(): u32;

/** Everything up to the first thread, which is to run next. */
export function boot(tree: u32): Thread {
  if (!isTree(tree, <u32>RAM_BASE)) panic('register a1 does not point to a devicetree');
  readTree(tree);
  const archive = treeInitrdStart();
  const archiveSize = treeInitrdEnd() - archive;
  if (archive === 0) panic('no boot archive: give it as the initial RAM disk');
  if (!isArchive(archive, archiveSize)) panic('the initial RAM disk is not a boot archive');
  setSymbols(archive);
  setRam(image_end(), treeRamEnd());
  reserve(archive, treeInitrdEnd());
  reserve(tree, tree + big32(tree + TREE_SIZE));
  startPools();
  startTranslation(treeRamEnd());
  startInterruptObjects();
  store32(PLIC_WINDOW + PLIC_CONTEXT + PLIC_CONTEXT_SUPERVISOR * PLIC_CONTEXT_STRIDE, 0);
  startClock();
  startInterrupts();
  csr_write(SCOUNTEREN, COUNTERS_CYCLE_TIME_INSTRET);
  csr_clear(SSTATUS, STATUS_SPP);
  csr_set(SSTATUS, STATUS_SPIE);
  return beginWith(makeFirst(archive, archiveSize));
}

function startPools(): void {
  startSchedule();
  startDeadlines();
  startSpaces();
  startThreads();
  startSharers();
  startPorts();
  startMemories();
  startRegions();
  startTimers();
  startWatches();
}

function makeFirst(archive: u32, archiveSize: u32): Thread {
  const space = makeSpace();
  setLimit(space, RESOURCE_HANDLES, HANDLES_MAX);
  setLimit(space, RESOURCE_THREADS, THREADS_MAX);
  setLimit(space, RESOURCE_PORTS, PORTS_MAX);
  setLimit(space, RESOURCE_MEMORIES, MEMORIES_MAX);
  setLimit(space, RESOURCE_TIMERS, TIMERS_MAX);
  setLimit(space, RESOURCE_SPACES, SPACES_MAX);
  charge(space, RESOURCE_SPACES, 1);
  setLimit(space, RESOURCE_PAGES, openPages());
  assert(makeRoot(space));
  give(space, INIT_SPACE, changetype<usize>(space), KIND_SPACE, RIGHTS_ALL);
  give(space, INIT_CONTROL, 0x1, KIND_CONTROL, RIGHT_COPY | RIGHT_READ | RIGHT_MANAGE);
  const devices = makeDeviceMemory(space, 0, DEVICES_SIZE >> PAGE_SHIFT);
  const devicesRights = RIGHT_READ | RIGHT_WRITE | RIGHT_COPY;
  give(space, INIT_DEVICES, changetype<usize>(devices), KIND_MEMORY, devicesRights);
  const pages = (archiveSize + PAGE_SIZE - 1) >> PAGE_SHIFT;
  const files = makeDeviceMemory(space, archive, pages);
  give(space, INIT_ARCHIVE, changetype<usize>(files), KIND_MEMORY, RIGHT_READ | RIGHT_EXECUTE | RIGHT_COPY);
  const readable = accessOf(RIGHT_READ);
  assert(map(space, INIT_ARCHIVE_ADDRESS, files, 0, pages, readable, none<Handle>()) === 0);
  giveCommandLine(space);
  const entry = loadFirst(space, archive);
  const stack = makeMemory(space, INIT_STACK_SIZE >> PAGE_SHIFT);
  const stackAccess = accessOf(RIGHT_READ | RIGHT_WRITE);
  const bottom = USER_END - INIT_STACK_SIZE;
  assert(map(space, bottom, stack, 0, stack.pages, stackAccess, none<Handle>()) === 0);
  const thread = makeThread(space, entry, USER_END, archiveSize, PRIORITY_MAX);
  thread.holds = 0;
  thread.state = THREAD_READY;
  return thread;
}

function giveCommandLine(space: Space): void {
  const size = treeArgumentsSize();
  if (size >= PAGE_SIZE) panic('the command line is too long: 4095 characters at most');
  const page = makeMemory(space, 1);
  copyIn(page, 0, treeArguments(), size);
  const readable = accessOf(RIGHT_READ);
  assert(map(space, INIT_COMMAND_LINE, page, 0, 1, readable, none<Handle>()) === 0);
}

/** Loads the archive's `init`; its entry point. */
function loadFirst(space: Space, archive: u32): u32 {
  const file = findInArchive(archive, 'init');
  if (file === 0) panic('the boot archive has no file init');
  const elf = archive + load<u32>(file, ARCHIVE_ENTRY_OFFSET);
  if (!isExecutable(elf, load<u32>(file, ARCHIVE_ENTRY_LENGTH)))
    panic('init is not an ELF32 executable for RISC-V');
  for (let index: u32 = 0; index < segmentCount(elf); index += 1) {
    if (isLoaded(elf, index) && segmentSize(elf, index) > 0) loadSegment(space, elf, index);
  }
  return entryPoint(elf);
}

function loadSegment(space: Space, elf: u32, index: u32): void {
  const start = segmentAddress(elf, index) & ~(PAGE_SIZE - 1);
  const lead = segmentAddress(elf, index) - start;
  const pages = (lead + segmentSize(elf, index) + PAGE_SIZE - 1) >> PAGE_SHIFT;
  const contents = makeMemory(space, pages);
  copyIn(contents, lead, elf + segmentOffset(elf, index), segmentContents(elf, index));
  const flags = segmentFlags(elf, index);
  let rights: u32 = 0;
  if ((flags & SEGMENT_READ) !== 0) rights |= RIGHT_READ;
  if ((flags & SEGMENT_WRITE) !== 0) rights |= RIGHT_WRITE;
  if ((flags & SEGMENT_EXECUTE) !== 0) rights |= RIGHT_EXECUTE;
  const result = map(space, start, contents, 0, pages, accessOf(rights), none<Handle>());
  if (result !== 0) panic('a segment of init lies where no process can have it');
}

function copyIn(target: Memory, offset: u32, from: u32, size: u32): void {
  let done: u32 = 0;
  while (done < size) {
    const at = offset + done;
    const page = ensurePage(target, at >> PAGE_SHIFT);
    const count = min<u32>(size - done, PAGE_SIZE - (at & (PAGE_SIZE - 1)));
    memory.copy(page + (at & (PAGE_SIZE - 1)), from + done, count);
    done += count;
  }
}

function give(space: Space, value: u32, object: u32, kind: u32, rights: u32): void {
  assert(install(space, object, kind, rights, 0, none<Handle>()) === value);
}
