/**
 * This node's own resources, of which it alone knows the truth, and who of their keepers has been told so. One that
 * is here no more stays until that is told everywhere.
 */
import { ERROR_TOO_MANY } from '../../abi/errors.ts';
import { none } from '../../lib/pointer.ts';
import { OWN_MAX } from './limits.ts';
import { inView, only, ownNode } from './view.ts';

//@unmanaged
export class Own {
  id: u64 = 0;
  /** The nodes that are to know, and of these, that have acknowledged. */
  keepers: u64 = 0;
  told: u64 = 0;
  /** 0 where the entry is free. */
  isUsed: u32 = 0;
  /** It is here, as its keepers are to know: the sequence grows with each change of that. */
  isHere: u32 = 0;
  sequence: u32 = 0;
  /** 0 where it is not here. */
  port: u32 = 0;
  /** It is here, but is at another node as well until that has let it go: nobody is told yet. */
  isArriving: u32 = 0;
  /** It has left for this node plus one, which tells its keepers in this one's place. */
  leftFor: u32 = 0;
  /** It has left, and some keeper may be told only now that it is here: so it is told again when that is settled. */
  isDoubtful: u32 = 0;
  /** It has come from this node plus one, in the place of what that had told with the sequence. */
  cameFrom: u32 = 0;
  replaced: u32 = 0;
  /** Who waits until all are told; 0 for nobody. */
  token: u32 = 0;
  /** When its keepers are told (again), or `leftFor` is not relied on any more. */
  due: u32 = 0;
  /** How long after the last time that was. */
  pause: u32 = 0;
}

/** In bytes. */
export const OWN_SIZE: u32 = 80;

const table = memory.data(10_240, 8);

export function ownAt(index: u32): Own {
  return changetype<Own>(table + index * offsetof<Own>());
}

let end: u32 = 0;
let sequence: u32 = 0;

/** Entries from here on were never used. */
export function ownEnd(): u32 {
  return end;
}

/** Also one that has gone; none where there is no such. */
export function ownOf(id: u64): Own {
  for (let index: u32 = 0; index < end; index += 1) {
    if (ownAt(index).isUsed !== 0 && ownAt(index).id === id) return ownAt(index);
  }
  return none<Own>();
}

/** Its port where it is here, else 0. */
export function portHere(id: u64): u32 {
  for (let index: u32 = 0; index < end; index += 1) {
    if (ownAt(index).id === id && ownAt(index).isUsed !== 0) return ownAt(index).port;
  }
  return 0;
}

/** An entry for the resource, which is not here: the one that there is, or a new one; none where there is no room. */
export function enterOwn(id: u64): Own {
  const known = ownOf(id);
  if (changetype<usize>(known) !== 0) return known;
  for (let index: u32 = 0; index < OWN_MAX; index += 1) {
    const own = ownAt(index);
    if (own.isUsed !== 0) continue;
    memory.fill(changetype<usize>(own), 0, offsetof<Own>());
    own.isUsed = 1;
    own.id = id;
    end = max<u32>(end, index + 1);
    return own;
  }
  return none<Own>();
}

/** What is told of it has changed. */
export function changeOwn(own: Own): void {
  sequence += 1;
  own.sequence = sequence;
  own.told = 0;
  own.due = 0;
}

/** A sequence for what has no entry any more. */
export function nextSequence(): u32 {
  sequence += 1;
  return sequence;
}

/** Who has yet to be told by this node. */
export function untold(own: Own): u64 {
  return own.leftFor === 0 ? unaware(own) : 0;
}

/** Who has yet to know, by whomever. */
export function unaware(own: Own): u64 {
  if (own.isUsed === 0 || own.isArriving !== 0) return 0;
  return own.keepers & inView() & ~own.told & ~only(ownNode());
}

/**
 * Whether all who are to know of this node's resources do; of those that have left, at least that they were here,
 * by which they are found until the new holder has told more.
 */
export function areAllTold(): bool {
  for (let index: u32 = 0; index < end; index += 1) {
    if (unaware(ownAt(index)) !== 0) return false;
  }
  return true;
}

/** These nodes may not know what they were told. */
export function forgetTold(nodes: u64): void {
  for (let index: u32 = 0; index < end; index += 1) ownAt(index).told &= ~nodes;
}

/** How many are here. */
export function ownCount(): u32 {
  let count: u32 = 0;
  for (let index: u32 = 0; index < end; index += 1) {
    if (ownAt(index).isUsed !== 0 && ownAt(index).isHere !== 0) count += 1;
  }
  return count;
}

/** What `bind` and `move` answer where `enterOwn` gave none. */
export const NO_ROOM: i32 = ERROR_TOO_MANY;
