/**
 * Files by path and open objects by handle. Everything gives an error below 0, or what is told here.
 *
 *     openFile(path, OPEN_READ, 0)     a handle (os/proto/file.client.ts reads and writes it)
 *     standardInput()                  and standardError(): handles
 *     readWhole(handle, buffer, size)  bytes, fewer only at the end
 */

import * as file from '../../os/proto/file.client.ts';
import type { Position } from '../../os/proto/file.ts';
import * as tree from '../../os/proto/tree.client.ts';
import { handleNamed } from '../../os/runtime/start.ts';
import { close } from '../../os/runtime/system.ts';
import { placeOf } from './mount.ts';
import { readObject } from './object.ts';

/** What a new file allows, before the mask that takes writing from others. */
const MODE_MASK: u32 = 0o022;

export function standardInput(): u32 {
  return handleNamed('fd0');
}

/** Flags: OPEN_… of os/abi/file.ts. The mode is for a file that it makes. */
export function openFile(path: string, flags: u32, mode: u32): i32 {
  const place = placeOf(path);
  if (place.error !== 0) return place.error;
  return tree.open(place.server, place.address, place.size, flags, mode & ~MODE_MASK);
}

export function closeFile(handle: u32): void {
  close(handle);
}

export function makeDirectory(path: string, mode: u32): i32 {
  const place = placeOf(path);
  if (place.error !== 0) return place.error;
  return tree.makeDirectory(place.server, place.address, place.size, mode & ~MODE_MASK);
}

export function removeFile(path: string): i32 {
  const place = placeOf(path);
  return place.error !== 0 ? place.error : tree.remove(place.server, place.address, place.size, false);
}

export function removeDirectory(path: string): i32 {
  const place = placeOf(path);
  return place.error !== 0 ? place.error : tree.remove(place.server, place.address, place.size, true);
}

export function setMode(path: string, mode: u32): i32 {
  const place = placeOf(path);
  return place.error !== 0 ? place.error : tree.setMode(place.server, place.address, place.size, mode);
}

/** Nanoseconds since 1970. */
export function setModified(path: string, time: u64): i32 {
  const place = placeOf(path);
  return place.error !== 0 ? place.error : tree.setTime(place.server, place.address, place.size, time);
}

export function readWhole(handle: u32, buffer: usize, size: i32): i32 {
  let done = 0;
  while (done < size) {
    const count = readObject(handle, buffer + done, size - done);
    if (count < 0) return count;
    if (count === 0) break;
    done += count;
  }
  return done;
}

/** 0, or why not all of it could be written. */
export function writeWhole(handle: u32, buffer: usize, size: i32): i32 {
  let done = 0;
  while (done < size) {
    const count = file.write(handle, buffer + done, size - done);
    if (count < 0) return count;
    done += count;
  }
  return 0;
}

/** The new position, or an error. */
export function seekFile(handle: u32, offset: i64, whence: u32): i64 {
  const position = changetype<Position>(heap.alloc(offsetof<Position>()));
  const status = file.seek(handle, offset, whence, position);
  const at = position.offset as i64;
  heap.free(changetype<usize>(position));
  return status < 0 ? status : at;
}
