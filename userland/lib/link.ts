/**
 * Names that lead to the same file, or to another name; and giving a file another name, which is one step and
 * takes the place of what has the name. Each gives 0 or an error.
 */

import { ERROR_CROSS_DEVICE } from '../../os/abi/errors.ts';
import { PATH_SIZE_MAX } from '../../os/abi/file.ts';
import * as tree from '../../os/proto/tree.client.ts';
import { placeOf } from './mount.ts';
import { decodeText, encodeText } from './utf8.ts';

export function renameFile(from: string, to: string): i32 {
  const old = placeOf(from);
  const target = placeOf(to);
  if (old.error !== 0) return old.error;
  if (target.error !== 0) return target.error;
  if (old.server !== target.server) return ERROR_CROSS_DEVICE;
  return tree.rename(old.server, old.address, old.size, target.address, target.size);
}

export function linkFile(from: string, to: string): i32 {
  const old = placeOf(from);
  const target = placeOf(to);
  if (old.error !== 0) return old.error;
  if (target.error !== 0) return target.error;
  if (old.server !== target.server) return ERROR_CROSS_DEVICE;
  return tree.link(old.server, old.address, old.size, target.address, target.size);
}

/** `target` is kept as it is written. */
export function linkSymbolically(target: string, path: string): i32 {
  const place = placeOf(path);
  if (place.error !== 0) return place.error;
  const bytes = heap.alloc(target.length * 3);
  const result = tree.symbolicLink(place.server, bytes, encodeText(target, bytes), place.address, place.size);
  heap.free(bytes);
  return result;
}

/** What the symbolic link says; '' where it is none. */
export function readLink(path: string): string {
  const place = placeOf(path);
  if (place.error !== 0) return '';
  const bytes = heap.alloc(PATH_SIZE_MAX);
  const size = tree.readLink(place.server, place.address, place.size, bytes, PATH_SIZE_MAX);
  const target = size < 0 ? '' : decodeText(bytes, min(size, <i32>PATH_SIZE_MAX));
  heap.free(bytes);
  return target;
}
