/**
 * Names that lead to the same file, or to another name; and giving a file another name, which is one step and
 * takes the place of what has the name. Each gives 0 or an error.
 */

import { ERROR_CROSS_DEVICE } from '../../os/abi/errors.ts';
import { OPEN_NO_FOLLOW, PATH_SIZE_MAX } from '../../os/abi/file.ts';
import * as tree from '../../os/proto/tree.client.ts';
import { leadsOn, type Place, placeOf } from './mount.ts';
import { decodeText, encodeText } from './utf8.ts';

export function renameFile(from: string, to: string): i32 {
  const old = placeOf(from);
  const target = placeOf(to);
  let status: i32;
  do {
    status = together(old, target);
    if (status === 0) status = tree.rename(old.server, old.address, old.size, target.address, target.size);
  } while (leadsOn(old, status, OPEN_NO_FOLLOW) || leadsOn(target, status, OPEN_NO_FOLLOW));
  return status;
}

export function linkFile(from: string, to: string): i32 {
  const old = placeOf(from);
  const target = placeOf(to);
  let status: i32;
  do {
    status = together(old, target);
    if (status === 0) status = tree.link(old.server, old.address, old.size, target.address, target.size);
  } while (leadsOn(old, status, OPEN_NO_FOLLOW) || leadsOn(target, status, OPEN_NO_FOLLOW));
  return status;
}

/** Whether both are in one tree: 0, or an error. */
function together(one: Place, other: Place): i32 {
  if (one.error !== 0) return one.error;
  if (other.error !== 0) return other.error;
  return one.server === other.server ? 0 : ERROR_CROSS_DEVICE;
}

/** `target` is kept as it is written. */
export function linkSymbolically(target: string, path: string): i32 {
  const place = placeOf(path);
  const bytes = heap.alloc(target.length * 3);
  const size = encodeText(target, bytes);
  let status: i32;
  do {
    status =
      place.error !== 0
        ? place.error
        : tree.symbolicLink(place.server, bytes, size, place.address, place.size);
  } while (leadsOn(place, status, OPEN_NO_FOLLOW));
  heap.free(bytes);
  return status;
}

/** What the symbolic link says; '' where it is none. */
export function readLink(path: string): string {
  const place = placeOf(path);
  const bytes = heap.alloc(PATH_SIZE_MAX);
  let size: i32;
  do {
    size =
      place.error !== 0
        ? place.error
        : tree.readLink(place.server, place.address, place.size, bytes, PATH_SIZE_MAX);
  } while (leadsOn(place, size, OPEN_NO_FOLLOW));
  const target = size < 0 ? '' : decodeText(bytes, min(size, <i32>PATH_SIZE_MAX));
  heap.free(bytes);
  return target;
}
