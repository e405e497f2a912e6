/**
 * Whose processes are: a process is of its parent's user, or of whom its parent, a root's, says. Who started an image
 * whose owner lends his rights (set-user-id) is still the one whose process it is; what it may do is what the owner
 * may. Users are badges (os/lib/user.ts): 0 is root.
 */
import { ERROR_ACCESS, ERROR_BAD_ARGUMENT } from '../../abi/errors.ts';
import { MODE_SET_USER, STAT_GID, STAT_MODE, STAT_UID } from '../../abi/file.ts';
import { isNone } from '../../lib/pointer.ts';
import { isForRunning, isUser, USER_NUMBERS, uidOf, userOf } from '../../lib/user.ts';
import type { Process } from './table.ts';

/** With a user: it was said. */
const IS_SAID: u32 = 0x8000_0000;

/** By the parent's last word, or as the parent. */
export function inheritUser(process: Process, parent: Process): void {
  process.user = parent.user;
  process.real = parent.real;
  if ((parent.startsAs & IS_SAID) === 0) return;
  process.user = process.real = parent.startsAs & ~IS_SAID;
  process.session = process.pid;
}

/** 0, or why not. */
export function setStartsAs(caller: Process, uid: u32, gid: u32): i32 {
  if (isNone(caller) || isUser(caller.user)) return ERROR_ACCESS;
  if (uid >= USER_NUMBERS || gid >= USER_NUMBERS) return ERROR_BAD_ARGUMENT;
  caller.startsAs = IS_SAID | userOf(uid, gid);
  return 0;
}

/** From the image's stat record, whose tree lets the user run it: 0, with the rights that it then has; or an error. */
export function takeImageRights(process: Process, stat: u32): i32 {
  const mode = load<u32>(stat, STAT_MODE);
  const owner = load<u32>(stat, STAT_UID);
  const group = load<u32>(stat, STAT_GID);
  if (!isForRunning(mode)) return ERROR_ACCESS;
  if ((mode & MODE_SET_USER) === 0) return 0;
  const lent = userOf(owner, group);
  if (lent !== process.user) process.isRaised = 1;
  process.user = lent;
  return 0;
}

export function isSameUser(user: u32, process: Process): bool {
  return uidOf(user) === uidOf(process.real);
}
