/**
 * What the firmware does to the devicetree: one more entry in its reservation block, so that the operating
 * system leaves the firmware's memory alone.
 *
 * The entry goes in front of the pair of zeros that ends the block; everything behind moves up by its 16
 * bytes, in place. The tree must lie in open RAM before and after, and must not grow into the initial RAM
 * disk or the next stage's first instruction; otherwise it is left as it was and the answer is false.
 */
import { RAM_BASE } from '../../hw/manual/memory-map.ts';
import {
  big32,
  isTree,
  RESERVATION_SIZE,
  readTree,
  setBig32,
  TREE_RESERVATIONS,
  TREE_SIZE,
  TREE_STRINGS,
  TREE_STRUCTURE,
  treeInitrdEnd,
  treeInitrdStart,
  treeRamEnd,
} from '../lib/devicetree.ts';
import { FIRMWARE_END, FIRMWARE_SIZE, isOpenRam, setRamEnd } from './memory.ts';

/** Learns from the tree where RAM ends. False for what is not a tree, or does not lie in open RAM. */
export function acceptTree(tree: u32): bool {
  if (!isTree(tree, FIRMWARE_END)) return false;
  readTree(tree);
  setRamEnd(treeRamEnd());
  return isOpenRam(tree, big32(tree + TREE_SIZE));
}

/** For a tree that `acceptTree` accepted. */
export function reserveFirmware(tree: u32, nextAddress: u32): bool {
  const size = big32(tree + TREE_SIZE);
  const insertAt = terminator(tree, size);
  if (insertAt === 0 || !isRoomBehind(tree, size, nextAddress)) return false;
  memory.copy(tree + insertAt + RESERVATION_SIZE, tree + insertAt, size - insertAt);
  setBig32(tree + insertAt, 0);
  setBig32(tree + insertAt + 4, <u32>RAM_BASE);
  setBig32(tree + insertAt + 8, 0);
  setBig32(tree + insertAt + 12, FIRMWARE_SIZE);
  setBig32(tree + TREE_SIZE, size + RESERVATION_SIZE);
  moveOffset(tree + TREE_STRUCTURE, insertAt);
  moveOffset(tree + TREE_STRINGS, insertAt);
  return true;
}

/** Offset of the pair of zeros that ends the reservations; 0 where there is none before the tree's end. */
function terminator(tree: u32, size: u32): u32 {
  let at = big32(tree + TREE_RESERVATIONS);
  while (at <= size - RESERVATION_SIZE) {
    const pair = tree + at;
    if ((load<u32>(pair) | load<u32>(pair, 4) | load<u32>(pair, 8) | load<u32>(pair, 12)) === 0) return at;
    at += RESERVATION_SIZE;
  }
  return 0;
}

function isRoomBehind(tree: u32, size: u32, nextAddress: u32): bool {
  const end = tree + size;
  if (!isOpenRam(tree, size + RESERVATION_SIZE)) return false;
  if (treeInitrdStart() < end + RESERVATION_SIZE && treeInitrdEnd() > end) return false;
  return nextAddress < end || nextAddress >= end + RESERVATION_SIZE;
}

function moveOffset(at: u32, insertedAt: u32): void {
  if (big32(at) >= insertedAt) setBig32(at, big32(at) + RESERVATION_SIZE);
}
