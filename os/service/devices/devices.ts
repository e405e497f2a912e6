/**
 * The device service: the tree of the small devices, and of the terminal's names.
 *
 *     /null      takes everything, has nothing         /tty, /console   what the terminal service opens
 *     /zero      takes everything, has only zeros      /random          bytes of the entropy driver
 *     (the terminal's owner, mode and time are those of the session at it; root sets them)
 *     /log       what the kernel, init and services have said, as far as it is kept
 *
 * It serves os/proto/tree.ts, and os/proto/file.ts for what it opens. An open device is a badge that says which
 * one it is and what may be done; only an open directory, and the log, has a place of its own, for its position,
 * until nobody holds it any more.
 */
import {
  ERROR_ACCESS,
  ERROR_BAD_ARGUMENT,
  ERROR_INPUT_OUTPUT,
  ERROR_IS_DIRECTORY,
  ERROR_NO_RIGHT,
  ERROR_NOT_DIRECTORY,
  ERROR_NOT_FOUND,
  ERROR_NOT_SEEKABLE,
  ERROR_NOT_TERMINAL,
  ERROR_READ_ONLY,
  ERROR_TOO_MANY,
} from '../../abi/errors.ts';
import {
  KIND_DEVICE,
  KIND_DIRECTORY,
  LISTED_KIND,
  LISTED_NAME,
  LISTED_NAME_SIZE,
  MODE_BITS,
  NAME_SIZE_MAX,
  OPEN_DIRECTORY,
  OPEN_READ,
  OPEN_WRITE,
  SEEK_START,
  STAT_GID,
  STAT_INODE,
  STAT_KIND,
  STAT_LINKS,
  STAT_MODE,
  STAT_MODIFIED,
  STAT_RECORD_SIZE,
  STAT_UID,
} from '../../abi/file.ts';
import { NOTIFIED } from '../../abi/message.ts';
import {
  gidOf,
  grantsGroup,
  grantsOthers,
  grantsOwner,
  isUser,
  uidOf,
  userOf,
  WISH_READ,
  WISH_WRITE,
} from '../../lib/user.ts';
import * as console from '../../proto/console.client.ts';
import { type ConsoleState, STAT_PLACE } from '../../proto/console.ts';
import * as entropy from '../../proto/entropy.client.ts';
import * as file from '../../proto/file.client.ts';
import { dispatch as dispatchFile, CONTRACT as FILE_CONTRACT } from '../../proto/file.server.ts';
import type { Position } from '../../proto/file.ts';
import * as terminal from '../../proto/terminal.client.ts';
import { dispatch as dispatchTree } from '../../proto/tree.server.ts';
import type { Space } from '../../proto/tree.ts';
import { now, TICKS_PER_SECOND } from '../../runtime/clock.ts';
import { deliverLent, fetchLent } from '../../runtime/lent.ts';
import type { Message } from '../../runtime/message.ts';
import { makeObject } from '../../runtime/open-objects.ts';
import { ReadOnlyTree } from '../../runtime/read-only-tree.ts';
import { firstRequest, nextRequest } from '../../runtime/serve.ts';
import { handleNamed } from '../../runtime/start.ts';
import { close, readLog, watchHandle } from '../../runtime/system.ts';

/** Nodes, which are their inodes too. */
const ROOT: u32 = 1;
const CONSOLE: u32 = 2;
const LOG: u32 = 3;
const NULL: u32 = 4;
const RANDOM: u32 = 5;
const TTY: u32 = 6;
const ZERO: u32 = 7;
const NODES_END: u32 = 8;

/** A badge: what may be done in bits 0–1, the node from bit 4, its place, if it has one, from bit 8. */
const NODE_SHIFT: u32 = 4;
const NODE_MASK: u32 = 15;
const PLACE_SHIFT: u32 = 8;
const OPEN_MASK: u32 = OPEN_READ | OPEN_WRITE;
/** Open ones with places at a time; bit n of the port says that nobody holds the one in place n any more. */
const PLACES: u32 = 16;
const NO_PLACE: u32 = 0xffff_ffff;

const KIND_MODE: u32 = 0o20000;
const DEVICE_MODE: u32 = 0o20666;
const LOG_MODE: u32 = 0o20444;
const DIRECTORY_MODE: u32 = 0o40555;
const CHUNK: u32 = 4096;
const CHANCE_SIZE: u32 = 256;
const WORDS_SIZE: u32 = 256;
const SLASH: u32 = 0x2f;

const requestBytes = memory.data(64, 4);
/** Only ever zero. */
const zeros = memory.data(4096);
const chance = memory.data(256);
const path = memory.data(256);
const record = memory.data(64, 8);
const seatBytes = memory.data(24, 8);
/** Handles for each way to open each device, 0 where nobody has yet. */
const opened = memory.data(128, 4);
/** Within a page: a read of the log goes to the end of one at most. */
const words = memory.data(256, 256);
/** Of each its handle, 0 for a free place, and the node that is listed next, or the log's position. */
const places = memory.data(128, 4);

let port: u32 = 0;
/** The place of what has just been opened. */
let fresh: u32 = 0xffff_ffff;

export function main(_argument: u32): i32 {
  port = handleNamed('port');
  const request = changetype<Message>(requestBytes);
  let result = firstRequest(request, port, 0);
  while (result >= 0) {
    if (result === NOTIFIED) closePlaces(request.label);
    else if (request.label >> 8 === FILE_CONTRACT) dispatchFile(changetype<Opened>(0), request);
    else dispatchTree(changetype<Devices>(0), request);
    watchFresh();
    result = nextRequest(request);
  }
  return result;
}

/** os/proto/tree.ts. */
//@unmanaged
class Devices extends ReadOnlyTree {
  open(request: Message, pathSize: u32, flags: u32, _mode: u32): i32 {
    const node = find(request.token, pathSize);
    if (node < 0) return node;
    if (node === ROOT) return (flags & OPEN_WRITE) !== 0 ? ERROR_IS_DIRECTORY : openPlace(ROOT, ROOT + 1);
    if ((flags & OPEN_DIRECTORY) !== 0) return ERROR_NOT_DIRECTORY;
    if (node === LOG) return (flags & OPEN_WRITE) !== 0 ? ERROR_ACCESS : openPlace(LOG, 0);
    const refusal = isTerminal(node) ? refusalOf(request.badge, flags) : 0;
    if (refusal !== 0) return refusal;
    return openDevice(node, flags & OPEN_MASK);
  }

  stat(request: Message, pathSize: u32, _flags: u32, intoSize: u32): i32 {
    const node = find(request.token, pathSize);
    return node < 0 ? node : giveRecord(request.token, 1, node, intoSize);
  }

  setOwner(request: Message, pathSize: u32, uid: u32, gid: u32): i32 {
    const fault = findTerminal(request, pathSize);
    if (fault < 0) return fault;
    const known = seat();
    return console.set(handleNamed('terminal'), userOf(uid, gid), known.mode, known.since);
  }

  setMode(request: Message, pathSize: u32, mode: u32): i32 {
    const fault = findTerminal(request, pathSize);
    if (fault < 0) return fault;
    const known = seat();
    return console.set(handleNamed('terminal'), known.user, mode & MODE_BITS, known.since);
  }

  setTime(request: Message, pathSize: u32, modified: u64): i32 {
    const fault = findTerminal(request, pathSize);
    if (fault < 0) return fault;
    const known = seat();
    return console.set(handleNamed('terminal'), known.user, known.mode, modified);
  }

  readLink(request: Message, pathSize: u32, _intoSize: u32): i32 {
    const node = find(request.token, pathSize);
    return node < 0 ? node : ERROR_BAD_ARGUMENT;
  }

  space(_request: Message, result: Space): i32 {
    result.blockSize = CHUNK;
    result.blocks = 0;
    result.free = 0;
    return 0;
  }

  /** What was written to the terminal has gone out then, unless somebody holds it. */
  sync(_request: Message): i32 {
    const screen = openDevice(TTY, OPEN_WRITE);
    if (screen < 0) return 0;
    const end = now() + (TICKS_PER_SECOND as u64);
    return file.syncUntil(screen, end as u32, (end >> 32) as u32);
  }
}

/** os/proto/file.ts. */
//@unmanaged
class Opened {
  read(request: Message, intoSize: u32): i32 {
    if ((request.badge & OPEN_READ) === 0) return ERROR_ACCESS;
    const node = nodeOf(request);
    if (node === ROOT) return ERROR_IS_DIRECTORY;
    if (node === RANDOM) return giveChance(request.token, intoSize);
    if (node === LOG) return giveLog(request.token, placeOf(request), intoSize);
    return node === ZERO ? giveZeros(request.token, intoSize) : 0;
  }

  write(request: Message, fromSize: u32): i32 {
    return (request.badge & OPEN_WRITE) === 0 ? ERROR_ACCESS : fromSize;
  }

  /** A directory can only be listed anew, the log read anew; devices have no positions. */
  seek(request: Message, offset: i64, whence: u32, result: Position): i32 {
    const node = nodeOf(request);
    if (node !== ROOT && node !== LOG) return ERROR_NOT_SEEKABLE;
    if (offset !== 0 || whence !== SEEK_START) return ERROR_BAD_ARGUMENT;
    store<u32>(placeOf(request), node === ROOT ? ROOT + 1 : 0, 4);
    result.offset = 0;
    return 0;
  }

  truncate(request: Message, _size: u64): i32 {
    return nodeOf(request) === ROOT ? ERROR_IS_DIRECTORY : ERROR_BAD_ARGUMENT;
  }

  stat(request: Message, intoSize: u32): i32 {
    return giveRecord(request.token, 0, nodeOf(request), intoSize);
  }

  list(request: Message, intoSize: u32): i32 {
    if (nodeOf(request) !== ROOT) return ERROR_NOT_DIRECTORY;
    return list(request.token, placeOf(request), intoSize);
  }

  sync(_request: Message): i32 {
    return 0;
  }

  control(_request: Message, _command: u32, _valueSize: u32, _answerSize: u32): i32 {
    return ERROR_NOT_TERMINAL;
  }

  map(_request: Message): i32 {
    return ERROR_BAD_ARGUMENT;
  }
}

function isTerminal(node: u32): bool {
  return node === TTY || node === CONSOLE;
}

/** 0 where root asks for the terminal by one of its names; or an error. */
function findTerminal(request: Message, pathSize: u32): i32 {
  const node = find(request.token, pathSize);
  if (node < 0) return node;
  if (!isTerminal(node)) return ERROR_READ_ONLY;
  return isUser(request.badge) ? ERROR_NO_RIGHT : 0;
}

/** The terminal's state: zeros where there is no answer. */
function seat(): ConsoleState {
  const known = changetype<ConsoleState>(seatBytes);
  memory.fill(seatBytes, 0, offsetof<ConsoleState>());
  console.state(handleNamed('terminal'), known);
  return known;
}

/** Of opening the terminal: 0, or ERROR_ACCESS. */
function refusalOf(badge: u32, flags: u32): i32 {
  if (!isUser(badge)) return 0;
  const reads: u32 = (flags & OPEN_READ) !== 0 ? WISH_READ : 0;
  const wishes = (flags & OPEN_WRITE) !== 0 ? reads | WISH_WRITE : reads;
  const known = seat();
  if (uidOf(badge) === uidOf(known.user)) return grantsOwner(known.mode, wishes) ? 0 : ERROR_ACCESS;
  const isOfGroup = gidOf(badge) === gidOf(known.user);
  return (isOfGroup ? grantsGroup(known.mode, wishes) : grantsOthers(known.mode, wishes)) ? 0 : ERROR_ACCESS;
}

/** The node with the path that the client lends; an error where there is none. */
function find(token: u32, size: u32): i32 {
  if (size > NAME_SIZE_MAX) return ERROR_NOT_FOUND;
  const fault = fetchLent(token, 0, 0, path, size);
  if (fault < 0) return fault;
  if (size === 0 || (size === 1 && load<u8>(path) === SLASH)) return ROOT;
  for (let node = ROOT + 1; node < NODES_END; node += 1) if (isNamed(nameOf(node), size)) return node;
  return ERROR_NOT_FOUND;
}

function isNamed(name: string, size: u32): bool {
  const length: u32 = name.length;
  if (size !== length + 1 || load<u8>(path) !== SLASH) return false;
  for (let at: u32 = 0; at < length; at += 1) {
    if (load<u8>(path + 1 + at) !== load<u16>(changetype<usize>(name) + (at << 1))) return false;
  }
  return true;
}

function nameOf(node: u32): string {
  switch (node) {
    case CONSOLE:
      return 'console';
    case LOG:
      return 'log';
    case NULL:
      return 'null';
    case RANDOM:
      return 'random';
    case TTY:
      return 'tty';
    default:
      return 'zero';
  }
}

function openDevice(node: u32, way: u32): i32 {
  const known = opened + ((node << 2) | way) * 4;
  if (load<u32>(known) !== 0) return load<u32>(known);
  const handle = isTerminal(node)
    ? terminal.open(handleNamed('terminal'), way)
    : makeObject(port, (node << NODE_SHIFT) | way);
  if (handle > 0) store<u32>(known, handle);
  return handle;
}

/** What has a position, which begins at `start`. */
function openPlace(node: u32, start: u32): i32 {
  for (let place: u32 = 0; place < PLACES; place += 1) {
    const at = places + (place << 3);
    if (load<u32>(at) !== 0) continue;
    const badge = OPEN_READ | (node << NODE_SHIFT) | (place << PLACE_SHIFT);
    const handle = makeObject(port, badge);
    if (handle < 0) return handle;
    store<u32>(at, handle);
    store<u32>(at, start, 4);
    fresh = place;
    return handle;
  }
  return ERROR_TOO_MANY;
}

/** Once the client has its handle, this is told when nobody has it any more: at once where the client is gone. */
function watchFresh(): void {
  if (fresh === NO_PLACE) return;
  watchHandle(load<u32>(places + (fresh << 3)), port, 1 << fresh);
  fresh = NO_PLACE;
}

function closePlaces(bits: u32): void {
  for (let place: u32 = 0; place < PLACES; place += 1) {
    if (((bits >> place) & 1) === 0) continue;
    close(load<u32>(places + (place << 3)));
    store<u32>(places + (place << 3), 0);
  }
}

function nodeOf(request: Message): u32 {
  return (request.badge >> NODE_SHIFT) & NODE_MASK;
}

function placeOf(request: Message): u32 {
  return places + ((request.badge >> PLACE_SHIFT) << 3);
}

function giveRecord(token: u32, range: u32, node: u32, room: u32): i32 {
  if (room < STAT_RECORD_SIZE) return ERROR_BAD_ARGUMENT;
  memory.fill(record, 0, STAT_RECORD_SIZE);
  store<u32>(record, node === ROOT ? KIND_DIRECTORY : KIND_DEVICE, STAT_KIND);
  store<u32>(record, node === ROOT ? DIRECTORY_MODE : node === LOG ? LOG_MODE : DEVICE_MODE, STAT_MODE);
  store<u32>(record, 1, STAT_LINKS);
  store<u32>(record, node, STAT_INODE);
  if (isTerminal(node)) addSeat();
  const fault = deliverLent(token, range, 0, record, STAT_RECORD_SIZE);
  return fault < 0 ? fault : STAT_RECORD_SIZE;
}

function addSeat(): void {
  const known = seat();
  store<u32>(record, KIND_MODE | known.mode, STAT_MODE);
  store<u32>(record, uidOf(known.user), STAT_UID);
  store<u32>(record, gidOf(known.user), STAT_GID);
  store<u64>(record, known.since, STAT_MODIFIED);
  store<u32>(record, known.place, STAT_PLACE);
}

function giveZeros(token: u32, size: u32): i32 {
  const count = min<u32>(size, CHUNK);
  const fault = deliverLent(token, 0, 0, zeros, count);
  return fault < 0 ? fault : count;
}

/** The position moves on only where the client has got the bytes. */
function giveLog(token: u32, place: u32, size: u32): i32 {
  const before = load<u32>(place, 4);
  const count = readLog(handleNamed('log'), place + 4, words, min<u32>(size, WORDS_SIZE));
  if (count < 0) return ERROR_INPUT_OUTPUT;
  const fault = deliverLent(token, 0, 0, words, count);
  if (fault < 0) store<u32>(place, before, 4);
  return fault < 0 ? fault : count;
}

/** What the client is given is wiped here. */
function giveChance(token: u32, size: u32): i32 {
  if (size === 0) return 0;
  const count = entropy.read(handleNamed('entropy'), chance, min<u32>(size, CHANCE_SIZE));
  if (count <= 0) return ERROR_INPUT_OUTPUT;
  const fault = deliverLent(token, 0, 0, chance, count);
  memory.fill(chance, 0, CHANCE_SIZE);
  return fault < 0 ? fault : count;
}

/** As many whole entries as there is room for, from the next node on; at least one has to fit. */
function list(token: u32, place: u32, room: u32): i32 {
  let node = load<u32>(place, 4);
  let done: u32 = 0;
  while (node < NODES_END) {
    const size = entryOf(node);
    if (done + size > room) break;
    const fault = deliverLent(token, 0, done, record, size);
    if (fault < 0) return fault;
    done += size;
    node += 1;
  }
  if (done === 0 && node < NODES_END) return ERROR_BAD_ARGUMENT;
  store<u32>(place, node, 4);
  return done;
}

/** The node's directory entry, in the record. → its size. */
function entryOf(node: u32): u32 {
  const name = nameOf(node);
  const length: u32 = name.length;
  memory.fill(record, 0, STAT_RECORD_SIZE);
  store<u32>(record, node);
  store<u8>(record, KIND_DEVICE, LISTED_KIND);
  store<u8>(record, length, LISTED_NAME_SIZE);
  for (let at: u32 = 0; at < length; at += 1) {
    store<u8>(record + LISTED_NAME + at, load<u16>(changetype<usize>(name) + (at << 1)));
  }
  return (LISTED_NAME + length + 3) & ~3;
}
