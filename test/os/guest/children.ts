/**
 * What a first process of the tests does to have others: a space with limits, the archive's executable in it,
 * and handles.
 */
import { ARCHIVE_ENTRY_LENGTH, ARCHIVE_ENTRY_OFFSET } from '../../../os/abi/archive.ts';
import { INIT_ARCHIVE_ADDRESS } from '../../../os/abi/layout.ts';
import { findInArchive } from '../../../os/lib/archive.ts';
import { loadProgram } from '../../../os/runtime/spawn.ts';
import { createSpace } from '../../../os/runtime/system.ts';

/** A space with a little of everything. */
export function smallSpace(): i32 {
  return createSpace(64, 64, 4, 8, 8, 8, 0);
}

/** The archive's `name`, loaded: its first thread's handle. */
export function childThread(space: u32, name: string, argument: u32, priority: u32): i32 {
  const entry = findInArchive(INIT_ARCHIVE_ADDRESS, name);
  const elf = INIT_ARCHIVE_ADDRESS + load<u32>(entry, ARCHIVE_ENTRY_OFFSET);
  return loadProgram(space, elf, load<u32>(entry, ARCHIVE_ENTRY_LENGTH), argument, priority);
}
