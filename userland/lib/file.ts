/**
 * Files by path and open objects by handle. Everything gives an error below 0, or what is told here.
 *
 *     openFile(path, OPEN_READ, 0)     a handle (os/proto/file.client.ts reads and writes it)
 *     standardInput()                  and standardError(): handles
 *     readWhole(handle, buffer, size)  bytes, fewer only at the end
 */

import { OPEN_CREATE, OPEN_EXCLUSIVE, OPEN_NO_FOLLOW } from '../../os/abi/file.ts';
import * as file from '../../os/proto/file.client.ts';
import type { Position } from '../../os/proto/file.ts';
import * as tree from '../../os/proto/tree.client.ts';
import { handleNamed } from '../../os/runtime/start.ts';
import { close } from '../../os/runtime/system.ts';
import { modeMask } from './mode-mask.ts';
import { leadsOn, type Place, placeAt, placeOf } from './mount.ts';
import { readObject } from './object.ts';

export function standardInput(): u32 {
  return handleNamed('fd0');
}

/** Flags: OPEN_… of os/abi/file.ts. The mode is for a file that it makes. */
export function openFile(path: string, flags: u32, mode: u32): i32 {
  return openPlace(placeOf(path), flags, mode);
}

/** The same of a canonical path (mount.ts). */
export function openCanonical(path: string, flags: u32): i32 {
  return openPlace(placeAt(path), flags, 0);
}

function openPlace(place: Place, flags: u32, mode: u32): i32 {
  let status: i32;
  do
    status =
      place.error !== 0
        ? place.error
        : tree.open(place.server, place.address, place.size, flags, mode & ~modeMask());
  while (leadsOn(place, status, isNew(flags) ? OPEN_NO_FOLLOW : flags));
  return status;
}

/** A link in the place of a new file is not followed. */
function isNew(flags: u32): bool {
  return (flags & OPEN_CREATE) !== 0 && (flags & OPEN_EXCLUSIVE) !== 0;
}

export function closeFile(handle: u32): void {
  close(handle);
}

export function makeDirectory(path: string, mode: u32): i32 {
  const place = placeOf(path);
  let status: i32;
  do
    status =
      place.error !== 0
        ? place.error
        : tree.makeDirectory(place.server, place.address, place.size, mode & ~modeMask());
  while (leadsOn(place, status, OPEN_NO_FOLLOW));
  return status;
}

export function removeFile(path: string): i32 {
  return removeName(path, false);
}

export function removeDirectory(path: string): i32 {
  return removeName(path, true);
}

function removeName(path: string, isDirectory: bool): i32 {
  const place = placeOf(path);
  let status: i32;
  do
    status =
      place.error !== 0 ? place.error : tree.remove(place.server, place.address, place.size, isDirectory);
  while (leadsOn(place, status, OPEN_NO_FOLLOW));
  return status;
}

export function setMode(path: string, mode: u32): i32 {
  const place = placeOf(path);
  let status: i32;
  do status = place.error !== 0 ? place.error : tree.setMode(place.server, place.address, place.size, mode);
  while (leadsOn(place, status, 0));
  return status;
}

/** SAME_OWNER of os/abi/file.ts: as it is. */
export function setOwner(path: string, uid: u32, gid: u32): i32 {
  const place = placeOf(path);
  let status: i32;
  do
    status =
      place.error !== 0 ? place.error : tree.setOwner(place.server, place.address, place.size, uid, gid);
  while (leadsOn(place, status, 0));
  return status;
}

/** Nanoseconds since 1970. */
export function setModified(path: string, time: u64): i32 {
  const place = placeOf(path);
  let status: i32;
  do status = place.error !== 0 ? place.error : tree.setTime(place.server, place.address, place.size, time);
  while (leadsOn(place, status, 0));
  return status;
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
