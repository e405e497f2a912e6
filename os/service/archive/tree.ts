/**
 * The boot archive as a tree: its files have names with slashes, and each beginning of a name up to a slash is
 * a directory. A node is an entry's number and how much of its name it is; all of it is the file itself, none
 * the root.
 */
import {
  ARCHIVE_COUNT,
  ARCHIVE_ENTRY_LENGTH,
  ARCHIVE_ENTRY_MODE,
  ARCHIVE_ENTRY_OFFSET,
  ARCHIVE_NAME_SIZE,
} from '../../abi/archive.ts';
import {
  KIND_DIRECTORY,
  KIND_FILE,
  STAT_BLOCK_SIZE,
  STAT_BLOCKS,
  STAT_FILE_SIZE,
  STAT_INODE,
  STAT_KIND,
  STAT_LINKS,
  STAT_MODE,
  STAT_RECORD_SIZE,
} from '../../abi/file.ts';
import { PAGE_SIZE } from '../../abi/layout.ts';
import { archiveEntry } from '../../lib/archive.ts';

//@unmanaged
export class Node {
  entry: u32 = 0;
  nameSize: u32 = 0;
  /** KIND_…; 0 where there is none. */
  kind: u32 = 0;
}

const SLASH: u32 = 0x2f;
const DIRECTORY_MODE: u32 = 0o555;

/** Where the archive is mapped. */
let archive: u32 = 0;

export function openArchive(at: u32): void {
  archive = at;
}

export function entryCount(): u32 {
  return load<u32>(archive, ARCHIVE_COUNT);
}

/** What the `size` bytes at `path`, which begin with a slash or are none, name. */
export function findNode(path: u32, size: u32, node: Node): void {
  const name = path + 1;
  const nameSize: u32 = size < 2 ? 0 : size - 1;
  node.entry = 0;
  node.nameSize = nameSize;
  node.kind = nameSize === 0 ? KIND_DIRECTORY : 0;
  for (let index: u32 = 0; index < entryCount() && node.kind === 0; index += 1) {
    const entry = archiveEntry(archive, index);
    if (nameSize >= ARCHIVE_NAME_SIZE || memory.compare(entry, name, nameSize) !== 0) continue;
    const next: u32 = load<u8>(entry + nameSize);
    node.entry = index;
    if (next === 0) node.kind = KIND_FILE;
    if (next === SLASH) node.kind = KIND_DIRECTORY;
  }
}

export function fileSize(node: Node): u32 {
  return load<u32>(archiveEntry(archive, node.entry), ARCHIVE_ENTRY_LENGTH);
}

function fileMode(node: Node): u32 {
  return load<u32>(archiveEntry(archive, node.entry), ARCHIVE_ENTRY_MODE);
}

/** From the archive's beginning. */
export function fileOffset(node: Node): u32 {
  return load<u32>(archiveEntry(archive, node.entry), ARCHIVE_ENTRY_OFFSET);
}

export function fileContents(node: Node): u32 {
  return archive + fileOffset(node);
}

export function writeStat(node: Node, record: u32): void {
  memory.fill(record, 0, STAT_RECORD_SIZE);
  const isFile = node.kind === KIND_FILE;
  const size: u32 = isFile ? fileSize(node) : 0;
  store<u32>(record, node.kind, STAT_KIND);
  store<u32>(record, isFile ? fileMode(node) : DIRECTORY_MODE, STAT_MODE);
  store<u32>(record, 1, STAT_LINKS);
  store<u32>(record, size, STAT_FILE_SIZE);
  store<u32>(record, inodeOf(node), STAT_INODE);
  store<u32>(record, (size + PAGE_SIZE - 1) / PAGE_SIZE, STAT_BLOCKS);
  store<u32>(record, PAGE_SIZE, STAT_BLOCK_SIZE);
}

export function inodeOf(node: Node): u32 {
  return 1 + node.entry * ARCHIVE_NAME_SIZE + node.nameSize;
}

/**
 * What of the directory is found in entry `index`: a file or directory directly in it, into `found`. False
 * where there is nothing, or where an entry before has shown it already.
 */
export function childAt(directory: Node, index: u32, found: Node): bool {
  const start = componentStart(directory);
  const entry = archiveEntry(archive, index);
  if (!isBelow(directory, entry)) return false;
  let end = start;
  while (load<u8>(entry + end) !== 0 && load<u8>(entry + end) !== SLASH) end += 1;
  found.entry = index;
  found.nameSize = end;
  found.kind = load<u8>(entry + end) === SLASH ? KIND_DIRECTORY : KIND_FILE;
  if (found.kind === KIND_FILE) return true;
  for (let before: u32 = 0; before < index; before += 1) {
    if (memory.compare(archiveEntry(archive, before), entry, end + 1) === 0) return false;
  }
  return true;
}

/** Where the last component of a child's name begins. */
export function componentStart(directory: Node): u32 {
  return directory.nameSize === 0 ? 0 : directory.nameSize + 1;
}

export function nameAddress(node: Node): u32 {
  return archiveEntry(archive, node.entry);
}

function isBelow(directory: Node, entry: u32): bool {
  const size = directory.nameSize;
  if (size === 0) return true;
  return memory.compare(entry, nameAddress(directory), size) === 0 && load<u8>(entry + size) === SLASH;
}
