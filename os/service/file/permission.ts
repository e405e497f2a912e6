/**
 * Who may do what in the tree: the mode bits of POSIX, for the user whose request is being served. Root may do all.
 *
 *     a directory on the way      execute             a new name, a name away   write to the directory
 *     a file or a listing         read, write         mode, owner, time         be the owner
 *     a name in a sticky directory   be the owner of what it means, or of the directory
 *     a program                   execute; root too, unless nobody may
 */
import { ERROR_ACCESS, ERROR_NO_RIGHT } from '../../abi/errors.ts';
import { MODE_STICKY } from '../../abi/file.ts';
import { isNone } from '../../lib/pointer.ts';
import {
  gidOf,
  grantsGroup,
  grantsOthers,
  grantsOwner,
  isForRunning,
  isUser,
  uidOf,
  WISH_EXECUTE,
  WISH_WRITE,
} from '../../lib/user.ts';
import { takeFault } from './fault.ts';
import type { Inode } from './format.ts';
import { isMember } from './group.ts';
import { readInode } from './inode.ts';

/** A user's badge (os/lib/user.ts), or another, which is as good as root's. */
let user: u32 = 0;

/** Whose the requests are from now on. */
export function actAs(badge: u32): void {
  user = badge;
}

export function actingUser(): u32 {
  return user;
}

/** 0, or why not. Wishes: WISH_… of os/lib/user.ts. */
export function refusalOf(inode: u32, wishes: u32): i32 {
  if (!isUser(user)) return 0;
  const node = readInode(inode);
  if (isNone(node)) return takeFault();
  const mode: u32 = node.mode;
  if (node.uid === uidOf(user)) return grantsOwner(mode, wishes) ? 0 : ERROR_ACCESS;
  // seldom does it matter whether the user is of the group
  if (grantsGroup(mode, wishes) === grantsOthers(mode, wishes))
    return grantsOthers(mode, wishes) ? 0 : ERROR_ACCESS;
  return (isOfGroup(node.gid) ? grantsGroup(mode, wishes) : grantsOthers(mode, wishes)) ? 0 : ERROR_ACCESS;
}

/** Whether the user is of that group, his own or another. */
export function isOfGroup(gid: u32): bool {
  return gidOf(user) === gid || isMember(uidOf(user), gid);
}

/** Of running what is in the object. */
export function refusalToRun(inode: u32): i32 {
  if (isUser(user)) return refusalOf(inode, WISH_EXECUTE);
  const node = readInode(inode);
  if (isNone(node)) return takeFault();
  return isForRunning(node.mode) ? 0 : ERROR_ACCESS;
}

/** Of what only the owner may do. */
export function refusalOfChange(inode: u32): i32 {
  if (!isUser(user)) return 0;
  const node = readInode(inode);
  if (isNone(node)) return takeFault();
  return node.uid === uidOf(user) ? 0 : ERROR_NO_RIGHT;
}

/** Of taking a name away from the directory, or giving it another meaning; inode 0: there is none yet. */
export function refusalOfName(directory: u32, inode: u32): i32 {
  const refusal = refusalOf(directory, WISH_WRITE);
  if (refusal !== 0 || !isUser(user) || inode === 0) return refusal;
  const folder: Inode = readInode(directory);
  if (isNone(folder)) return takeFault();
  if ((<u32>folder.mode & MODE_STICKY) === 0 || folder.uid === uidOf(user)) return 0;
  return refusalOfChange(inode);
}
