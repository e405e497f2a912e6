/**
 * Images: what processes are made from. An executable is read once and its segments become memories, which all
 * its processes map: text and constants the same pages, data copied when it is written to. They are kept while
 * the file is the same, by path, inode, time and size; the one used least lately makes room.
 *
 * The loader makes and drops images; a pin keeps one until a process has been made from it.
 */

import { amoadd, load32 } from 'rv';
import { ERROR_NOT_EXECUTABLE } from '../../abi/errors.ts';
import { STAT_FILE_SIZE, STAT_INODE, STAT_MODIFIED } from '../../abi/file.ts';
import { PAGE_SHIFT, PAGE_SIZE } from '../../abi/layout.ts';
import { RIGHT_EXECUTE, RIGHT_READ, RIGHT_WRITE } from '../../abi/rights.ts';
import { START_ADDRESS } from '../../abi/start.ts';
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
} from '../../lib/elf.ts';
import { close, createMemory, map, unmap } from '../../runtime/system.ts';

//@unmanaged
export class Image {
  /** 0 where the entry is free. */
  entry: u32 = 0;
  segmentCount: u32 = 0;
  /** Of writable segments together. */
  dataPages: u32 = 0;
  pins: u32 = 0;
  lastUse: u32 = 0;
  inode: u64 = 0;
  modified: u64 = 0;
  size: u64 = 0;
  pathSize: u32 = 0;
}

//@unmanaged
export class Segment {
  start: u32 = 0;
  pages: u32 = 0;
  rights: u32 = 0;
  memory: u32 = 0;
}

export const IMAGES_MAX: u32 = 24;
const SEGMENTS_MAX: u32 = 6;
const ENTRY_SIZE: u32 = 512;
const SEGMENTS_OFFSET: u32 = 80;
const PATH_OFFSET: u32 = 256;
/** Where a segment is mapped while it is filled. */
const SCRATCH: u32 = 0x6200_0000;
/** What the stack may not meet. */
const ADDRESS_MAX: u32 = START_ADDRESS;

const images = memory.data(24 * 512, 8);

let uses: u32 = 0;
/** This service's own space. */
let space: u32 = 0;

export function startImages(ownSpace: u32): void {
  space = ownSpace;
  assert(offsetof<Image>() <= SEGMENTS_OFFSET && SEGMENTS_OFFSET + SEGMENTS_MAX * 16 <= PATH_OFFSET);
}

export function imageAt(index: u32): Image {
  return changetype<Image>(images + index * ENTRY_SIZE);
}

export function segmentAt(image: Image, index: u32): Segment {
  return changetype<Segment>(changetype<usize>(image) + SEGMENTS_OFFSET + index * offsetof<Segment>());
}

/** The image of the file with this path and stat record, or IMAGES_MAX. */
export function findImage(path: u32, pathSize: u32, record: u32): u32 {
  for (let index: u32 = 0; index < IMAGES_MAX; index += 1) {
    const image = imageAt(index);
    if (image.entry === 0 || image.pathSize !== pathSize) continue;
    if (image.inode !== load<u64>(record, STAT_INODE)) continue;
    if (image.modified !== load<u64>(record, STAT_MODIFIED)) continue;
    if (image.size !== load<u64>(record, STAT_FILE_SIZE)) continue;
    if (memory.compare(pathOfImage(image), path, pathSize) !== 0) continue;
    pin(image);
    return index;
  }
  return IMAGES_MAX;
}

/** A new, pinned one from the file's `size` bytes at `elf`: its place, or an error. */
export function makeImage(path: u32, pathSize: u32, record: u32, elf: u32, size: u32): i32 {
  if (!isExecutable(elf, size) || entryPoint(elf) === 0) return ERROR_NOT_EXECUTABLE;
  const index = freeImage();
  const image = imageAt(index);
  for (let at: u32 = 0; at < segmentCount(elf); at += 1) {
    if (!isLoaded(elf, at) || segmentSize(elf, at) === 0) continue;
    const result = image.segmentCount < SEGMENTS_MAX ? addSegment(image, elf, at) : ERROR_NOT_EXECUTABLE;
    if (result === 0) continue;
    dropImage(image);
    return result;
  }
  image.entry = entryPoint(elf);
  image.inode = load<u64>(record, STAT_INODE);
  image.modified = load<u64>(record, STAT_MODIFIED);
  image.size = load<u64>(record, STAT_FILE_SIZE);
  image.pathSize = pathSize;
  memory.copy(pathOfImage(image), path, pathSize);
  pin(image);
  return index;
}

function pin(image: Image): void {
  uses += 1;
  image.lastUse = uses;
  amoadd(pinsOf(image), 1);
}

/** By the main thread, once a process has been made from it. */
export function unpin(image: Image): void {
  amoadd(pinsOf(image), 0xffff_ffff);
}

/** Both threads count here. */
function pinsOf(image: Image): u32 {
  return changetype<usize>(image) + offsetof<Image>('pins');
}

/** An entry for a new one: a free one, or that of the image used least lately. */
function freeImage(): u32 {
  let oldest = IMAGES_MAX;
  for (let index: u32 = 0; index < IMAGES_MAX; index += 1) {
    const image = imageAt(index);
    if (image.entry === 0) return index;
    if (load32(pinsOf(image)) > 0) continue;
    if (oldest === IMAGES_MAX || image.lastUse < imageAt(oldest).lastUse) oldest = index;
  }
  assert(oldest < IMAGES_MAX); // the loader makes one at a time, and a pin lasts until the main thread's next turn
  dropImage(imageAt(oldest));
  return oldest;
}

/** Processes made from it keep their pages. */
function dropImage(image: Image): void {
  for (let index: u32 = 0; index < image.segmentCount; index += 1) close(segmentAt(image, index).memory);
  memory.fill(changetype<usize>(image), 0, ENTRY_SIZE);
}

function addSegment(image: Image, elf: u32, index: u32): i32 {
  const address = segmentAddress(elf, index);
  const start = address & ~(PAGE_SIZE - 1);
  const lead = address - start;
  if (start === 0 || address >= ADDRESS_MAX || segmentSize(elf, index) > ADDRESS_MAX - address)
    return ERROR_NOT_EXECUTABLE;
  const pages = (lead + segmentSize(elf, index) + PAGE_SIZE - 1) >> PAGE_SHIFT;
  const made = createMemory(pages);
  if (made < 0) return made;
  const segment = segmentAt(image, image.segmentCount);
  segment.start = start;
  segment.pages = pages;
  segment.memory = made;
  segment.rights = rightsOf(segmentFlags(elf, index));
  image.segmentCount += 1;
  if ((segment.rights & RIGHT_WRITE) !== 0) image.dataPages += pages;
  const contents = segmentContents(elf, index);
  if (contents === 0) return 0;
  const result = map(space, SCRATCH, made, 0, pages, RIGHT_READ | RIGHT_WRITE);
  if (result < 0) return result;
  memory.copy(SCRATCH + lead, elf + segmentOffset(elf, index), contents);
  unmap(space, SCRATCH);
  return 0;
}

function rightsOf(flags: u32): u32 {
  let rights = RIGHT_READ;
  if ((flags & SEGMENT_WRITE) !== 0) rights |= RIGHT_WRITE;
  if ((flags & SEGMENT_EXECUTE) !== 0) rights |= RIGHT_EXECUTE;
  return rights;
}

function pathOfImage(image: Image): u32 {
  return changetype<usize>(image) + PATH_OFFSET;
}
