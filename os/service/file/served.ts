/**
 * The tree as clients use it: os/proto/tree.ts upon tree.ts. Paths are copied out of the client's memory; an
 * object that is opened gets a handle of its own, whose badge is its number.
 */
import { ERROR_BAD_ARGUMENT, ERROR_NAME_TOO_LONG, ERROR_TOO_MANY } from '../../abi/errors.ts';
import {
  KIND_DIRECTORY,
  OPEN_EXCLUSIVE,
  OPEN_EXECUTE,
  OPEN_FLAGS,
  OPEN_NO_FOLLOW,
  PATH_SIZE_MAX,
} from '../../abi/file.ts';
import { BEYOND_INTO, completeOpen, READ_LINK_INTO, RENAME_TO, STAT_INTO } from '../../proto/tree.server.ts';
import type { Space } from '../../proto/tree.ts';
import { deliverLent, fetchLent } from '../../runtime/lent.ts';
import type { Message } from '../../runtime/message.ts';
import { isHeld, makeObject } from '../../runtime/open-objects.ts';
import { LATER } from '../../runtime/serve.ts';
import { close as closeHandle, watchHandle } from '../../runtime/system.ts';
import { date } from './date.ts';
import { BLOCK_SIZE } from './format.ts';
import { isOpenNumber, OPEN_MAX, openObjectAt } from './open.ts';
import { giveStat } from './opened.ts';
import { FOLLOW, KEEP_LINK, walkedOutside } from './path.ts';
import { refusalToRun } from './permission.ts';
import { root } from './root.ts';
import { blocksUnused } from './space.ts';
import { keepForSync } from './syncing.ts';
import * as tree from './tree.ts';

export const NOTIFY_CLOSED: u32 = 1;

const path = memory.data(1024);
const other = memory.data(1024);

let port: u32 = 0;

/** Handles of open objects are of this port. */
export function useServicePort(handle: u32): void {
  port = handle;
}

//@unmanaged
export class Served {
  open(request: Message, pathSize: u32, flags: u32, mode: u32): i32 {
    if ((flags & ~OPEN_FLAGS) !== 0) return ERROR_BAD_ARGUMENT;
    const status = fetchPath(request, 0, path, pathSize);
    if (status !== 0) return status;
    let number = tree.open(path, pathSize, flags, mode, date());
    if (number === ERROR_TOO_MANY) {
      closeUnheld();
      number = tree.open(path, pathSize, flags & ~OPEN_EXCLUSIVE, mode, date());
    }
    return number < 0 ? number : handOut(request.token, number);
  }

  stat(request: Message, pathSize: u32, flags: u32, intoSize: u32): i32 {
    const inode = this.inode(request, pathSize, followOf(flags));
    const refusal = inode > 0 && (flags & OPEN_EXECUTE) !== 0 ? refusalToRun(inode) : min<i32>(inode, 0);
    return refusal !== 0 ? refusal : giveStat(request, STAT_INTO, inode, intoSize);
  }

  makeDirectory(request: Message, pathSize: u32, mode: u32): i32 {
    const status = fetchPath(request, 0, path, pathSize);
    return status !== 0 ? status : tree.makeDirectory(path, pathSize, mode, date());
  }

  remove(request: Message, pathSize: u32, isDirectory: bool): i32 {
    const status = fetchPath(request, 0, path, pathSize);
    return status !== 0 ? status : tree.remove(path, pathSize, isDirectory ? KIND_DIRECTORY : 0, date());
  }

  rename(request: Message, fromSize: u32, toSize: u32): i32 {
    const status = fetchBoth(request, fromSize, toSize);
    return status !== 0 ? status : tree.rename(path, fromSize, other, toSize, date());
  }

  link(request: Message, fromSize: u32, toSize: u32): i32 {
    const status = fetchBoth(request, fromSize, toSize);
    return status !== 0 ? status : tree.link(path, fromSize, other, toSize, date());
  }

  symbolicLink(request: Message, targetSize: u32, pathSize: u32): i32 {
    const status = fetchBoth(request, targetSize, pathSize);
    return status !== 0 ? status : tree.makeSymbolicLink(path, targetSize, other, pathSize, date());
  }

  readLink(request: Message, pathSize: u32, intoSize: u32): i32 {
    const status = fetchPath(request, 0, path, pathSize);
    if (status !== 0) return status;
    const size = tree.readLink(path, pathSize, other, PATH_SIZE_MAX);
    return size < 0 ? size : giveText(request.token, READ_LINK_INTO, other, size, intoSize);
  }

  setMode(request: Message, pathSize: u32, mode: u32): i32 {
    const inode = this.inode(request, pathSize, FOLLOW);
    return inode < 0 ? inode : tree.changeMode(inode, mode, date());
  }

  setTime(request: Message, pathSize: u32, modified: u64): i32 {
    const inode = this.inode(request, pathSize, FOLLOW);
    return inode < 0 ? inode : tree.changeTime(inode, modified, date());
  }

  space(_request: Message, result: Space): i32 {
    result.blockSize = BLOCK_SIZE;
    result.blocks = root().blockCount;
    result.free = blocksUnused();
    return 0;
  }

  sync(request: Message): i32 {
    return keepForSync(request);
  }

  beyond(request: Message, pathSize: u32, flags: u32, intoSize: u32): i32 {
    const status = fetchPath(request, 0, path, pathSize);
    if (status !== 0) return status;
    const size = tree.beyond(path, pathSize, followOf(flags));
    return size < 0 ? size : giveText(request.token, BEYOND_INTO, walkedOutside(), size, intoSize);
  }

  setOwner(request: Message, pathSize: u32, uid: u32, gid: u32): i32 {
    const inode = this.inode(request, pathSize, FOLLOW);
    return inode < 0 ? inode : tree.changeOwner(inode, uid, gid, date());
  }

  private inode(request: Message, pathSize: u32, follow: u32): i32 {
    const status = fetchPath(request, 0, path, pathSize);
    return status !== 0 ? status : tree.inodeAt(path, pathSize, follow);
  }
}

/** Objects that nobody holds any more are closed; also those that there was no watch for, sooner or later. */
export function closeUnheld(): void {
  for (let number: u32 = 1; number <= OPEN_MAX; number += 1) {
    if (!isOpenNumber(number)) continue;
    const master = openObjectAt(number).master;
    if (isHeld(master)) continue;
    closeHandle(master);
    tree.close(number);
  }
}

function handOut(token: u32, number: u32): i32 {
  const master = makeObject(port, number);
  if (master < 0 || completeOpen(token, master) < 0) {
    if (master > 0) closeHandle(master);
    tree.close(number);
    return master < 0 ? master : LATER;
  }
  openObjectAt(number).master = master;
  watchHandle(master, port, NOTIFY_CLOSED);
  return LATER;
}

function followOf(flags: u32): u32 {
  return (flags & OPEN_NO_FOLLOW) === 0 ? FOLLOW : KEEP_LINK;
}

/** As much as there is room for; its size. */
function giveText(token: u32, range: u32, text: u32, size: u32, room: u32): i32 {
  const fault = deliverLent(token, range, 0, text, min<u32>(size, room));
  return fault < 0 ? fault : size;
}

function fetchBoth(request: Message, firstSize: u32, secondSize: u32): i32 {
  const status = fetchPath(request, 0, path, firstSize);
  return status !== 0 ? status : fetchPath(request, RENAME_TO, other, secondSize);
}

function fetchPath(request: Message, range: u32, to: u32, size: u32): i32 {
  return size > PATH_SIZE_MAX ? ERROR_NAME_TOO_LONG : fetchLent(request.token, range, 0, to, size);
}
