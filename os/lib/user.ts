/**
 * Users, as badges carry them: the handles that a program has for names, and those that it gets from there for file
 * trees, say whose program it is. Root's have no badge, and what a service does itself is done as root.
 *
 *     badge     31–29 BADGE_USER   27–14 group   13–0 user     0 for root
 *
 * Of several classes of a mode, owner, group, others, the first one that fits the user decides.
 */

/** Badges of users, as far as `BADGE_BITS` tell them from others: of open objects, of services. */
const BADGE_USER: u32 = 0x2000_0000;
const BADGE_BITS: u32 = 0xe000_0000;
const GROUP_SHIFT: u32 = 14;
const NUMBER_MASK: u32 = 0x3fff;

export const ROOT: u32 = 0;
/** Numbers of users and groups are below. */
export const USER_NUMBERS: u32 = 0x4000;

/** What a user wishes of an object, and as bits of a mode the last three. */
export const WISH_READ: u32 = 4;
export const WISH_WRITE: u32 = 2;
/** Of a directory: to search it. */
export const WISH_EXECUTE: u32 = 1;
const CLASS_BITS: u32 = 3;
const ALL_EXECUTE: u32 = 0o111;

/** The badge of a user with a group; root's is ROOT whatever the group. */
export function userOf(uid: u32, gid: u32): u32 {
  return uid === 0 ? ROOT : BADGE_USER | (gid << GROUP_SHIFT) | uid;
}

/** Whether the badge is a user's who is not root. */
//@inline
export function isUser(badge: u32): bool {
  return (badge & BADGE_BITS) === BADGE_USER;
}

/** 0 for any badge that is no user's. */
export function uidOf(badge: u32): u32 {
  return isUser(badge) ? badge & NUMBER_MASK : 0;
}

export function gidOf(badge: u32): u32 {
  return isUser(badge) ? (badge >> GROUP_SHIFT) & NUMBER_MASK : 0;
}

/** Whether anybody may run it: else root may not either. */
export function isForRunning(mode: u32): bool {
  return (mode & ALL_EXECUTE) !== 0;
}

/** Whether a mode grants the owner the wishes, whose object it is; a member of its group; the others. */
//@inline
export function grantsOwner(mode: u32, wishes: u32): bool {
  return grantsOthers(mode >> (2 * CLASS_BITS), wishes);
}

//@inline
export function grantsGroup(mode: u32, wishes: u32): bool {
  return grantsOthers(mode >> CLASS_BITS, wishes);
}

//@inline
export function grantsOthers(mode: u32, wishes: u32): bool {
  return (mode & wishes) === wishes;
}
