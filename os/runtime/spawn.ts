/**
 * A new process from an executable in this process's memory: a space with its limits, the segments copied to
 * memories of its own creator's account, a stack, and a first thread that is not started yet.
 *
 * SCRATCH is where segments are mapped while they are filled; nothing else may be there.
 */
import { ERROR_BAD_ARGUMENT } from '../abi/errors.ts';
import { INIT_SPACE, PAGE_SHIFT, PAGE_SIZE, USER_END } from '../abi/layout.ts';
import { RIGHT_EXECUTE, RIGHT_READ, RIGHT_WRITE } from '../abi/rights.ts';
import {
  entryPoint,
  isExecutable,
  isLoaded,
  SEGMENT_EXECUTE,
  SEGMENT_WRITE,
  segmentAddress,
  segmentContents,
  segmentCount,
  segmentFlags,
  segmentOffset,
  segmentSize,
} from '../lib/elf.ts';
import { close, createMemory, createThread, map, unmap } from './system.ts';

const SCRATCH: u32 = 0x6000_0000;
const STACK_PAGES: u32 = 4;

/** Loads the executable of `size` bytes at `elf` into `space`. Its first thread's handle, or an error. */
export function loadProgram(space: u32, elf: u32, size: u32, argument: u32, priority: u32): i32 {
  if (!isExecutable(elf, size)) return ERROR_BAD_ARGUMENT;
  for (let index: u32 = 0; index < segmentCount(elf); index += 1) {
    if (!isLoaded(elf, index) || segmentSize(elf, index) === 0) continue;
    const result = loadSegment(space, elf, index);
    if (result < 0) return result;
  }
  const bottom = USER_END - (STACK_PAGES << PAGE_SHIFT);
  const result = mapNew(space, bottom, STACK_PAGES, RIGHT_READ | RIGHT_WRITE);
  if (result < 0) return result;
  return createThread(space, entryPoint(elf), USER_END, argument, priority);
}

function loadSegment(space: u32, elf: u32, index: u32): i32 {
  const start = segmentAddress(elf, index) & ~(PAGE_SIZE - 1);
  const lead = segmentAddress(elf, index) - start;
  const pages = (lead + segmentSize(elf, index) + PAGE_SIZE - 1) >> PAGE_SHIFT;
  const made = createMemory(pages);
  if (made < 0) return made;
  let result = map(INIT_SPACE, SCRATCH, made, 0, pages, RIGHT_READ | RIGHT_WRITE);
  if (result === 0) {
    memory.copy(SCRATCH + lead, elf + segmentOffset(elf, index), segmentContents(elf, index));
    unmap(INIT_SPACE, SCRATCH);
    const flags = segmentFlags(elf, index);
    let rights = RIGHT_READ;
    if ((flags & SEGMENT_WRITE) !== 0) rights |= RIGHT_WRITE;
    if ((flags & SEGMENT_EXECUTE) !== 0) rights |= RIGHT_EXECUTE;
    result = map(space, start, made, 0, pages, rights);
  }
  close(made);
  return result;
}

function mapNew(space: u32, va: u32, pages: u32, rights: u32): i32 {
  const made = createMemory(pages);
  if (made < 0) return made;
  const result = map(space, va, made, 0, pages, rights);
  close(made);
  return result;
}
