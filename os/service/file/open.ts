/**
 * Open objects: what a client's handle stands for. Number n, from 1, is the handle's badge.
 *
 * An object that has lost its last name stays while it is open, and ends with the last number.
 */
import { ERROR_TOO_MANY } from '../../abi/errors.ts';

export const OPEN_MAX: u32 = 256;

//@unmanaged
export class OpenObject {
  /** 0: the number is free. */
  inode: u32 = 0;
  /** OPEN_… */
  flags: u32 = 0;
  position: u64 = 0;
  /** Where the last read ended: the next is in sequence if it begins there. */
  readTo: u64 = 0;
  /** The handle from which those of the clients are derived; 0: it is not the service that opened it. */
  master: u32 = 0;
}

const OBJECT_SIZE: u32 = 32;
const objects = memory.data(8224, 8);

/** A number, or ERROR_TOO_MANY. */
export function openObject(inode: u32, flags: u32): i32 {
  for (let number: u32 = 1; number <= OPEN_MAX; number += 1) {
    const object = openObjectAt(number);
    if (object.inode !== 0) continue;
    memory.fill(changetype<usize>(object), 0, OBJECT_SIZE);
    object.inode = inode;
    object.flags = flags;
    return number;
  }
  return ERROR_TOO_MANY;
}

/** Whether the number stands for an object. */
export function isOpenNumber(number: u32): bool {
  return number !== 0 && number <= OPEN_MAX && openObjectAt(number).inode !== 0;
}

export function openObjectAt(number: u32): OpenObject {
  return changetype<OpenObject>(objects + number * OBJECT_SIZE);
}

export function isInodeOpen(inode: u32): bool {
  for (let number: u32 = 1; number <= OPEN_MAX; number += 1) {
    if (openObjectAt(number).inode === inode) return true;
  }
  return false;
}

export function closeAllObjects(): void {
  memory.fill(objects, 0, (OPEN_MAX + 1) * OBJECT_SIZE);
}
