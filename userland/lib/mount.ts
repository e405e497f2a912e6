/**
 * Which server a path belongs to. Paths are given as a person writes them, relative to the working directory; the
 * process's view (view.ts) says what they stand for, and the bindings of this node's name service, or of another's
 * for /node/N/…, which server that is. All of it is fetched once.
 *
 *     const place = placeOf('../notes');
 *     tree.open(place.server, place.address, place.size, …)
 *
 * A place is good until the one after the next is asked for: two at a time are enough for `rename`. Where the
 * server answers ERROR_CROSS_DEVICE, a symbolic link may lead to another tree, and the request is made again there:
 *
 *     do status = tree.open(place.server, …); while (leadsOn(place, status, flags));
 *
 * A link with an absolute path means what the view makes of that, or, in what was asked for by /node/N, node N.
 */
import {
  ERROR_CROSS_DEVICE,
  ERROR_LOOP,
  ERROR_NAME_TOO_LONG,
  ERROR_NODE_LOST,
  ERROR_NOT_FOUND,
} from '../../os/abi/errors.ts';
import { LINKS_FOLLOWED_MAX, OPEN_NO_FOLLOW, PATH_SIZE_MAX, STAT_RECORD_SIZE } from '../../os/abi/file.ts';
import * as name from '../../os/proto/name.client.ts';
import type { Resolution } from '../../os/proto/name.ts';
import * as nodes from '../../os/proto/nodes.client.ts';
import * as tree from '../../os/proto/tree.client.ts';
import { handleNamed } from '../../os/runtime/start.ts';
import { close, hasDied } from '../../os/runtime/system.ts';
import { firstDirectory, firstView } from './arguments.ts';
import { folderOf, normalPath } from './path.ts';
import { decodeText, encodeText } from './utf8.ts';
import { isWithin, View } from './view.ts';

const TABLE_SIZE: i32 = 4096;
const UNIT_BYTES_MAX: i32 = 3;
/** Where a node has the others. */
const NODES: string = '/node';

/** Where a path leads: a server, and the path in its tree. */
export class Place {
  server: u32 = 0;
  address: usize = heap.alloc((PATH_SIZE_MAX + 1) * UNIT_BYTES_MAX);
  size: i32 = 0;
  /** Not 0 where there is no such place. */
  error: i32 = 0;
  /** Canonical. */
  path: string = '';
  /** The node whose names absolute links have, or HERE: the view's. */
  node: i32 = 0;
  /** Links that have led from one tree to another. */
  links: u32 = 0;
}

export class Mount {
  server: u32 = 0;

  constructor(
    /** Canonical, without a slash at the end: '' is the root. */
    readonly path: string,
  ) {}

  /** As a person writes it. */
  get bound(): string {
    return this.path === '' ? '/' : this.path;
  }
}

const HERE: i32 = -1;

let places: Place[] = [];
let next: i32 = 0;
/** By the number of their node; this one's are under HERE. */
const tables: Map<i32, Mount[]> = new Map<i32, Mount[]>();
/** This node's number, once a path has asked for it. */
let ownNode: i32 = HERE;
let directory: string = '';
let view: View | null = null;

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

/** Of this process: what is bound in it is so for those that it starts from then on. */
export function ownView(): View {
  if (view === null) view = new View(firstView());
  return view!;
}

export function placeOf(path: string): Place {
  const place = nextPlace();
  if (path === '') place.error = ERROR_NOT_FOUND;
  else aim(place, absolutePath(path));
  return place;
}

/** The canonical path that a path stands for; of several, the first that is there, or where it would be made. */
export function canonicalPath(path: string): string {
  const absolute = absolutePath(path);
  const meanings = ownView().meanings(absolute);
  if (meanings.length === 1) return meanings[0];
  for (let index = 0; index < meanings.length; index++) if (isThere(meanings[index])) return meanings[index];
  for (let index = 0; index < meanings.length; index++) {
    if (isThere(folderOf(meanings[index]))) return meanings[index];
  }
  return meanings[0];
}

/** Where a canonical path leads. */
export function placeAt(canonical: string): Place {
  const place = nextPlace();
  place.node = nodeIn(canonical);
  aimAt(place, canonical);
  return place;
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
  else if (!beyond.startsWith('/')) aimAt(place, normalPath(mountAt(place.path)!.bound, beyond));
  else if (place.node === HERE) aim(place, normalPath('/', beyond));
  else aimAt(place, normalPath('/', nodePath(place.node) + beyond));
  return true;
}

/** The server whose tree a path is in. */
export function mountOf(path: string): Mount | null {
  return mountAt(canonicalPath(path));
}

/** All paths that lead to a server by themselves: what this node has bound, and what the view binds. */
export function boundPaths(): string[] {
  const paths: string[] = [];
  const mounts = mountsOf(HERE);
  for (let index = 0; index < mounts.length; index++) paths.push(mounts[index].bound);
  const bindings = ownView().bindings;
  for (let index = 0; index < bindings.length; index++) {
    const path = bindings[index].path === '' ? '/' : bindings[index].path;
    if (!paths.includes(path)) paths.push(path);
  }
  return paths;
}

function nextPlace(): Place {
  if (places.length === 0) places = [new Place(), new Place()];
  const place = places[next];
  next ^= 1;
  place.links = 0;
  return place;
}

function aim(place: Place, absolute: string): void {
  const canonical = canonicalPath(absolute);
  place.node = nodeIn(absolute);
  aimAt(place, canonical);
  // the view leads to a node, so there is one; only that it cannot be reached
  if (place.error === ERROR_NOT_FOUND && canonical !== absolute) place.error = ERROR_NODE_LOST;
}

function aimAt(place: Place, canonical: string): void {
  place.path = canonical;
  const mount = mountAt(canonical);
  place.error =
    mount === null ? mountError : pathInTree.length > <i32>PATH_SIZE_MAX ? ERROR_NAME_TOO_LONG : 0;
  if (mount === null || place.error !== 0) return;
  place.server = mount.server;
  place.size = pathInTree === '' ? 0 : encodeText(pathInTree, place.address);
}

const record = memory.data(64, 8);

function isThere(canonical: string): bool {
  const place = placeAt(canonical);
  // it is used at once, and who has the one before keeps that
  next ^= 1;
  if (place.error !== 0) return false;
  return tree.stat(place.server, place.address, place.size, OPEN_NO_FOLLOW, record, STAT_RECORD_SIZE) >= 0;
}

/** Of the canonical path that `mountAt` was asked for last: what of it is the server's; or why there is none. */
let pathInTree: string = '';
let mountError: i32 = 0;

function mountAt(canonical: string): Mount | null {
  mountError = ERROR_NOT_FOUND;
  const node = nodeIn(canonical);
  const mounts = mountsOf(node);
  // what this node's own number begins is what it has itself
  const isOwn = node !== HERE && node === ownNode;
  const path = canonical === '/' ? '' : isOwn ? canonical.substring(nodePath(node).length) : canonical;
  const mount = longestIn(mounts, path);
  if (mount === null || !reach(mount, isOwn ? HERE : node)) return null;
  pathInTree = path.substring(mount.path.length);
  return mount;
}

function longestIn(mounts: Mount[], path: string): Mount | null {
  let best: Mount | null = null;
  for (let index = 0; index < mounts.length; index++) {
    const mount = mounts[index];
    if (best !== null && mount.path.length <= best.path.length) continue;
    if (isWithin(path, mount.path)) best = mount;
  }
  return best;
}

/** The node that a canonical path of another begins with; HERE for none. */
function nodeIn(path: string): i32 {
  if (!isWithin(path, NODES)) return HERE;
  const start = NODES.length + 1;
  let node = 0;
  let at = start;
  for (; at < path.length && path.charCodeAt(at) !== 0x2f; at++) {
    const digit = path.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9 || at - start > 2) return HERE;
    node = node * 10 + digit;
  }
  return at === start ? HERE : node;
}

function nodePath(node: i32): string {
  return `${NODES}/${node}`;
}

/** The bindings of that node; none, and `mountError`, where they cannot be had. */
function mountsOf(node: i32): Mount[] {
  if (node !== HERE && node === ownNode) return mountsOf(HERE);
  if (tables.has(node)) return tables.get(node);
  const list = heap.alloc(TABLE_SIZE);
  const size = node === HERE ? name.list(handleNamed('name'), list, TABLE_SIZE) : bindingsOf(node, list);
  if (size < 0) mountError = size;
  const mounts = mountsIn(list, size, node);
  heap.free(list);
  if (size === 0 && node !== HERE) ownNode = node;
  if (size > 0) tables.set(node, mounts);
  return size === 0 && node !== HERE ? mountsOf(HERE) : mounts;
}

function bindingsOf(node: i32, list: usize): i32 {
  const others = longestIn(mountsOf(HERE), NODES);
  if (others === null || others.path !== NODES || !reach(others, HERE)) return ERROR_NOT_FOUND;
  return nodes.bindings(others.server, node, list, TABLE_SIZE);
}

function mountsIn(list: usize, size: i32, node: i32): Mount[] {
  const mounts: Mount[] = [];
  const start = node === HERE ? '' : nodePath(node);
  for (let at = 0; at < size; ) {
    let end = at;
    while (load<u8>(list + end) !== 0) end++;
    const bound = decodeText(list + at, end - at);
    mounts.push(new Mount(start + (bound === '/' ? '' : bound)));
    at = end + 1;
  }
  return mounts;
}

/** Makes sure that its server is known and there; a node that was away may be back, with other servers. */
function reach(mount: Mount, node: i32): bool {
  if (mount.server !== 0 && (node === HERE || !hasDied(mount.server))) return true;
  if (mount.server !== 0) close(mount.server);
  mount.server = 0;
  const found = node === HERE ? ownServer(mount) : otherServer(mount);
  if (found < 0) mountError = found;
  else mount.server = found;
  return found >= 0;
}

function ownServer(mount: Mount): i32 {
  const bytes = heap.alloc(mount.bound.length * UNIT_BYTES_MAX);
  const found = changetype<Resolution>(heap.alloc(offsetof<Resolution>()));
  const status = name.resolve(handleNamed('name'), bytes, encodeText(mount.bound, bytes), found);
  const server: i32 = status < 0 ? status : found.server;
  heap.free(bytes);
  heap.free(changetype<usize>(found));
  return server;
}

/** Of the path without NODES. */
function otherServer(mount: Mount): i32 {
  const others = longestIn(mountsOf(HERE), NODES);
  if (others === null || !reach(others, HERE)) return ERROR_NOT_FOUND;
  const bytes = heap.alloc(mount.path.length * UNIT_BYTES_MAX);
  const size = encodeText(mount.path.substring(NODES.length), bytes);
  const server = nodes.server(others.server, bytes, size);
  heap.free(bytes);
  return server;
}
