/**
 * What is known about a file without reading it.
 *
 *     const status = statusOf(path);      its error is 0, or why nothing is known
 *     linkStatusOf(path)                  of the symbolic link itself
 *     openStatusOf(handle)                of an open object
 */

import {
  KIND_DIRECTORY,
  KIND_FILE,
  KIND_SYMBOLIC_LINK,
  OPEN_NO_FOLLOW,
  STAT_BLOCK_SIZE,
  STAT_BLOCKS,
  STAT_FILE_SIZE,
  STAT_GID,
  STAT_INODE,
  STAT_KIND,
  STAT_LINKS,
  STAT_MODE,
  STAT_MODIFIED,
  STAT_RECORD_SIZE,
  STAT_UID,
} from '../../os/abi/file.ts';
import * as file from '../../os/proto/file.client.ts';
import * as tree from '../../os/proto/tree.client.ts';
import { leadsOn, placeOf } from './mount.ts';

export class Status {
  error: i32 = 0;
  /** KIND_… of os/abi/file.ts. */
  kind: u32 = 0;
  mode: u32 = 0;
  links: u32 = 0;
  size: u64 = 0;
  /** Nanoseconds since 1970. */
  modified: u64 = 0;
  inode: u64 = 0;
  /** What it takes of its tree, in bytes. */
  space: u64 = 0;
  uid: u32 = 0;
  gid: u32 = 0;
  /** Whose tree it is in, as far as it is known. */
  server: u32 = 0;

  isThere(): bool {
    return this.error === 0;
  }

  isDirectory(): bool {
    return this.error === 0 && this.kind === KIND_DIRECTORY;
  }

  isFile(): bool {
    return this.error === 0 && this.kind === KIND_FILE;
  }

  isLink(): bool {
    return this.error === 0 && this.kind === KIND_SYMBOLIC_LINK;
  }

  isSame(other: Status): bool {
    if (!this.isThere() || !other.isThere() || this.inode !== other.inode) return false;
    if (this.server !== 0 && other.server !== 0) return this.server === other.server;
    return this.size === other.size && this.modified === other.modified;
  }
}

export function statusOf(path: string): Status {
  return statusAt(path, 0);
}

export function linkStatusOf(path: string): Status {
  return statusAt(path, OPEN_NO_FOLLOW);
}

function statusAt(path: string, flags: u32): Status {
  const place = placeOf(path);
  const record = heap.alloc(STAT_RECORD_SIZE);
  let result: i32;
  do {
    result =
      place.error !== 0
        ? place.error
        : tree.stat(place.server, place.address, place.size, flags, record, STAT_RECORD_SIZE);
  } while (leadsOn(place, result, flags));
  return statusFrom(record, result, place.server);
}

export function openStatusOf(handle: u32): Status {
  const record = heap.alloc(STAT_RECORD_SIZE);
  return statusFrom(record, file.stat(handle, record, STAT_RECORD_SIZE), 0);
}

function statusFrom(record: usize, result: i32, server: u32): Status {
  const status = new Status();
  if (result < 0) status.error = result;
  else {
    status.kind = load<u32>(record, STAT_KIND);
    status.mode = load<u32>(record, STAT_MODE);
    status.links = load<u32>(record, STAT_LINKS);
    status.size = load<u64>(record, STAT_FILE_SIZE);
    status.modified = load<u64>(record, STAT_MODIFIED);
    status.inode = load<u64>(record, STAT_INODE);
    status.space = <u64>load<u32>(record, STAT_BLOCKS) * <u64>load<u32>(record, STAT_BLOCK_SIZE);
    status.uid = load<u32>(record, STAT_UID);
    status.gid = load<u32>(record, STAT_GID);
    status.server = server;
  }
  heap.free(record);
  return status;
}
