/**
 * Reading a flattened devicetree (Devicetree Specification 0.4, chapter 5) for what firmware and kernel want
 * from it: where RAM ends, where the initial RAM disk is, and the command line.
 *
 *     header ┊ reservations: {address, size} pairs of 64 bits, ended by a pair of zeros ┊ structure ┊ strings
 *
 * A tree is an allegation: `isTree` checks that its blocks lie inside it before anything follows an
 * offset, and the walk never leaves the structure block. Addresses are physical.
 */
import { RAM_BASE } from '../../hw/manual/memory-map.ts';

const MAGIC: u32 = 0xd00d_feed;
const HEADER_SIZE: u32 = 40;
export const TREE_SIZE: u32 = 4;
export const TREE_STRUCTURE: u32 = 8;
export const TREE_STRINGS: u32 = 12;
export const TREE_RESERVATIONS: u32 = 16;
const COMPATIBLE_VERSION: u32 = 24;
const STRINGS_SIZE: u32 = 32;
const STRUCTURE_SIZE: u32 = 36;
export const RESERVATION_SIZE: u32 = 16;

const VERSION: u32 = 17;

const BEGIN_NODE: u32 = 1;
const END_NODE: u32 = 2;
const PROPERTY: u32 = 3;
const NOP: u32 = 4;

/** RAM beyond this is not used: addresses and their sums stay within 32 bits. */
const RAM_END_MAX: u32 = 0xf000_0000;

/** What `readTree` found; 0 where the tree does not say. */
let foundRamEnd: u32 = 0;
let foundInitrdStart: u32 = 0;
let foundInitrdEnd: u32 = 0;
let foundArguments: u32 = 0;
let foundArgumentsSize: u32 = 0;

export function treeRamEnd(): u32 {
  return foundRamEnd;
}

export function treeInitrdStart(): u32 {
  return foundInitrdStart;
}

export function treeInitrdEnd(): u32 {
  return foundInitrdEnd;
}

/** The address of the command line. */
export function treeArguments(): u32 {
  return foundArguments;
}

export function treeArgumentsSize(): u32 {
  return foundArgumentsSize;
}

/** A header whose blocks lie inside the tree, 4-aligned, not before `lowest` and not wrapping around. */
export function isTree(tree: u32, lowest: u32): bool {
  if ((tree & 3) !== 0 || tree < lowest || tree > RAM_END_MAX) return false;
  if (big32(tree) !== MAGIC || big32(tree + COMPATIBLE_VERSION) > VERSION) return false;
  const size = big32(tree + TREE_SIZE);
  return (
    size >= HEADER_SIZE &&
    size <= RAM_END_MAX - tree &&
    isInside(big32(tree + TREE_STRUCTURE), big32(tree + STRUCTURE_SIZE), size) &&
    isInside(big32(tree + TREE_STRINGS), big32(tree + STRINGS_SIZE), size) &&
    isInside(big32(tree + TREE_RESERVATIONS), RESERVATION_SIZE, size) &&
    ((big32(tree + TREE_STRUCTURE) | big32(tree + TREE_RESERVATIONS)) & 3) === 0
  );
}

/** Looks at the properties of /memory@… and /chosen of a tree that `isTree` accepted. */
export function readTree(tree: u32): void {
  let at = tree + big32(tree + TREE_STRUCTURE);
  const end = at + big32(tree + STRUCTURE_SIZE);
  let depth: u32 = 0;
  let inMemory = false;
  let inChosen = false;
  while (at < end && end - at >= 4) {
    const token = big32(at);
    at += 4;
    if (token === BEGIN_NODE) {
      depth += 1;
      if (depth === 2) {
        inMemory = startsWith(at, end, 'memory@');
        inChosen = startsWith(at, end, 'chosen');
      }
      while (at < end && load<u8>(at) !== 0) at += 1;
      at = (at + 4) & ~3;
    } else if (token === END_NODE) {
      if (depth === 0) return;
      if (depth === 2) inMemory = inChosen = false;
      depth -= 1;
    } else if (token === PROPERTY) {
      if (end - at < 8) return;
      const size = big32(at);
      const value = at + 8;
      if (size > end - value) return;
      const name = big32(at + 4);
      if (depth === 2 && inMemory && isNamed(tree, name, 'reg')) takeMemory(value, size);
      if (depth === 2 && inChosen) takeChosen(tree, name, value, size);
      at = (value + size + 3) & ~3;
    } else if (token !== NOP) {
      return;
    }
  }
}

/** The range that begins where RAM does, of two cells each for address and size. */
function takeMemory(value: u32, size: u32): void {
  if (size < 16 || big32(value) !== 0 || big32(value + 4) !== <u32>RAM_BASE) return;
  const ramSize = big32(value + 8) !== 0 ? 0xffff_ffff : big32(value + 12);
  foundRamEnd = <u32>RAM_BASE + min<u32>(ramSize, RAM_END_MAX - <u32>RAM_BASE);
}

/** Addresses are of one cell or of two; the last is the one that counts below 4 GiB. */
function takeChosen(tree: u32, name: u32, value: u32, size: u32): void {
  if (isNamed(tree, name, 'bootargs')) {
    foundArguments = value;
    foundArgumentsSize = size;
    return;
  }
  if (size < 4) return;
  const last = big32(value + size - 4);
  if (isNamed(tree, name, 'linux,initrd-start')) foundInitrdStart = last;
  if (isNamed(tree, name, 'linux,initrd-end')) foundInitrdEnd = last;
}

function isInside(offset: u32, size: u32, total: u32): bool {
  return offset >= HEADER_SIZE && offset <= total && size <= total - offset;
}

function isNamed(tree: u32, name: u32, text: string): bool {
  const size = big32(tree + STRINGS_SIZE);
  const length: u32 = text.length;
  if (name >= size || size - name <= length) return false;
  const at = tree + big32(tree + TREE_STRINGS) + name;
  return startsWith(at, at + length, text) && load<u8>(at + length) === 0;
}

function startsWith(at: u32, end: u32, text: string): bool {
  const length: u32 = text.length;
  if (end - at < length) return false;
  for (let index: u32 = 0; index < length; index += 1) {
    if (load<u8>(at + index) !== load<u16>(changetype<usize>(text) + (index << 1))) return false;
  }
  return true;
}

/** Cells are big-endian. */
export function big32(at: u32): u32 {
  return bswap<u32>(load<u32>(at));
}

export function setBig32(at: u32, value: u32): void {
  store<u32>(at, bswap<u32>(value));
}
