/**
 * Which server a path belongs to: the name service's bindings, fetched once. Paths are given as a person
 * writes them, relative to the working directory.
 *
 *     const place = placeOf('../notes');
 *     tree.open(place.server, place.address, place.size, …)
 *
 * A place is good until the one after the next is asked for: two at a time are enough for `rename`. Where the
 * server answers ERROR_CROSS_DEVICE, a symbolic link may lead to another tree, and the request is made again there:
 *
 *     do status = tree.open(place.server, …); while (leadsOn(place, status, flags));
 */
import { ERROR_CROSS_DEVICE, ERROR_LOOP, ERROR_NAME_TOO_LONG, ERROR_NOT_FOUND } from '../../os/abi/errors.ts';
import { LINKS_FOLLOWED_MAX, PATH_SIZE_MAX } from '../../os/abi/file.ts';
import * as name from '../../os/proto/name.client.ts';
import type { Resolution } from '../../os/proto/name.ts';
import * as tree from '../../os/proto/tree.client.ts';
import { handleNamed } from '../../os/runtime/start.ts';
import { firstDirectory } from './arguments.ts';
import { normalPath } from './path.ts';
import { decodeText, encodeText } from './utf8.ts';

const TABLE_SIZE: i32 = 4096;
const UNIT_BYTES_MAX: i32 = 3;

/** Where a path leads: a server, and the path in its tree. */
export class Place {
  server: u32 = 0;
  address: usize = heap.alloc((PATH_SIZE_MAX + 1) * UNIT_BYTES_MAX);
  size: i32 = 0;
  /** Not 0 where there is no such place. */
  error: i32 = 0;
  /** Absolute. */
  path: string = '';
  /** Links that have led from one tree to another. */
  links: u32 = 0;
}

export class Mount {
  server: u32 = 0;

  /** `path` without a slash at the end: '' is the root. */
  constructor(
    readonly path: string,
    readonly bound: string,
  ) {}
}

let places: Place[] = [];
let next: i32 = 0;
let mounts: Mount[] = [];
let directory: string = '';

export function workingDirectory(): string {
  if (directory === '') directory = firstDirectory();
  return directory;
}

/** `path` is absolute and there. */
export function setWorkingDirectory(path: string): void {
  directory = path;
}

/** The absolute path that is meant. */
export function absolutePath(path: string): string {
  return normalPath(workingDirectory(), path);
}

export function placeOf(path: string): Place {
  if (places.length === 0) places = [new Place(), new Place()];
  const place = places[next];
  next ^= 1;
  place.links = 0;
  if (path === '') place.error = ERROR_NOT_FOUND;
  else aim(place, absolutePath(path));
  return place;
}

function aim(place: Place, path: string): void {
  place.path = path;
  const mount = mountOf(path);
  if (mount === null || path.length > <i32>PATH_SIZE_MAX) {
    place.error = mount === null ? ERROR_NOT_FOUND : ERROR_NAME_TOO_LONG;
    return;
  }
  place.error = 0;
  place.server = mount.server;
  place.size = path === '/' ? 0 : encodeText(path.substring(mount.path.length), place.address);
}

/**
 * Whether the answer was that the path leaves its tree: the place is then where it leads, to be asked about
 * again. Flags: OPEN_NO_FOLLOW where the last name is meant itself.
 */
export function leadsOn(place: Place, status: i32, flags: u32): bool {
  if (status !== ERROR_CROSS_DEVICE || place.error !== 0) return false;
  const bytes = heap.alloc(PATH_SIZE_MAX);
  const size = tree.beyond(place.server, place.address, place.size, flags, bytes, PATH_SIZE_MAX);
  const beyond = size < 0 ? '' : decodeText(bytes, size);
  heap.free(bytes);
  if (size < 0) return false;
  place.links++;
  if (place.links > LINKS_FOLLOWED_MAX) place.error = ERROR_LOOP;
  else aim(place, normalPath(mountOf(place.path)!.bound, beyond));
  return true;
}

/** The longest that `path`, an absolute one, lies in. */
export function mountOf(path: string): Mount | null {
  if (mounts.length === 0) mounts = fetchMounts();
  let best: Mount | null = null;
  let length = -1;
  for (let index = 0; index < mounts.length; index++) {
    const mount = mounts[index];
    const at = mount.path.length;
    if (at <= length || !path.startsWith(mount.path)) continue;
    if (at < path.length && path.charCodeAt(at) !== 0x2f) continue;
    best = mount;
    length = at;
  }
  return best !== null && reach(best) ? best : null;
}

/** All that are bound, in the name service's order. */
export function fetchMounts(): Mount[] {
  const found: Mount[] = [];
  const table = heap.alloc(TABLE_SIZE);
  const size = name.list(handleNamed('name'), table, TABLE_SIZE);
  for (let start = 0; start < size; ) {
    let end = start;
    while (load<u8>(table + end) !== 0) end++;
    const bound = decodeText(table + start, end - start);
    found.push(new Mount(bound === '/' ? '' : bound, bound));
    start = end + 1;
  }
  heap.free(table);
  return found;
}

function reach(mount: Mount): bool {
  if (mount.server !== 0) return true;
  const bytes = heap.alloc(mount.bound.length * UNIT_BYTES_MAX);
  const found = changetype<Resolution>(heap.alloc(offsetof<Resolution>()));
  if (name.resolve(handleNamed('name'), bytes, encodeText(mount.bound, bytes), found) >= 0)
    mount.server = found.server;
  heap.free(bytes);
  heap.free(changetype<usize>(found));
  return mount.server !== 0;
}
