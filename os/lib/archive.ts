/**
 * Reading a boot archive (os/abi/archive.ts) that lies in memory. An archive is an allegation: `isArchive`
 * checks the header and every entry, after which offsets and sizes may be used.
 */
import {
  ARCHIVE_COUNT,
  ARCHIVE_ENTRY_LENGTH,
  ARCHIVE_ENTRY_OFFSET,
  ARCHIVE_ENTRY_SIZE,
  ARCHIVE_HEADER_SIZE,
  ARCHIVE_MAGIC,
  ARCHIVE_NAME_SIZE,
  ARCHIVE_SIZE,
} from '../abi/archive.ts';

/** Whether `size` bytes at `archive` are an archive in order. */
export function isArchive(archive: u32, size: u32): bool {
  if (size < ARCHIVE_HEADER_SIZE || load<u32>(archive) !== ARCHIVE_MAGIC) return false;
  if (load<u32>(archive, ARCHIVE_SIZE) > size) return false;
  const count = load<u32>(archive, ARCHIVE_COUNT);
  if (count > (size - ARCHIVE_HEADER_SIZE) / ARCHIVE_ENTRY_SIZE) return false;
  for (let index: u32 = 0; index < count; index += 1) {
    const entry = archiveEntry(archive, index);
    const offset = load<u32>(entry, ARCHIVE_ENTRY_OFFSET);
    if (offset > size || load<u32>(entry, ARCHIVE_ENTRY_LENGTH) > size - offset) return false;
    if (load<u8>(entry, ARCHIVE_NAME_SIZE - 1) !== 0) return false;
  }
  return true;
}

/** The address of the entry with that name; 0 where there is none. */
export function findInArchive(archive: u32, name: string): u32 {
  const count = load<u32>(archive, ARCHIVE_COUNT);
  for (let index: u32 = 0; index < count; index += 1) {
    const entry = archiveEntry(archive, index);
    if (isNamed(entry, name)) return entry;
  }
  return 0;
}

/** The same for a name in memory, ended by a zero. */
export function archiveFile(archive: u32, name: u32): u32 {
  const count = load<u32>(archive, ARCHIVE_COUNT);
  for (let index: u32 = 0; index < count; index += 1) {
    const entry = archiveEntry(archive, index);
    let at: u32 = 0;
    while (load<u8>(entry + at) === load<u8>(name + at) && load<u8>(name + at) !== 0) at += 1;
    if (load<u8>(entry + at) === load<u8>(name + at)) return entry;
  }
  return 0;
}

export function archiveEntry(archive: u32, index: u32): u32 {
  return archive + ARCHIVE_HEADER_SIZE + index * ARCHIVE_ENTRY_SIZE;
}

function isNamed(entry: u32, name: string): bool {
  const length: u32 = name.length;
  if (length >= ARCHIVE_NAME_SIZE) return false;
  for (let index: u32 = 0; index < length; index += 1) {
    if (load<u8>(entry + index) !== load<u16>(changetype<usize>(name) + (index << 1))) return false;
  }
  return load<u8>(entry + length) === 0;
}
