/**
 * The services that this node knows of, by their names: its own, those whose rows it keeps, and those that were found
 * lately.
 */
import { spellOut } from '../../lib/spelling.ts';
import { CLASS_SERVICE, CLASS_SHIFT } from '../../proto/locate.ts';
import { hintAt } from './hints.ts';
import { HINTS_MAX, ROWS_MAX } from './limits.ts';
import { ownAt, ownEnd } from './own.ts';
import { rowAt } from './rows.ts';

const KNOWN_MAX: u32 = 64;

const known = memory.data(512, 8);
let count: u32 = 0;

/** Looks what there is: how many. */
export function countKnown(): u32 {
  count = 0;
  for (let index: u32 = 0; index < ownEnd(); index += 1) {
    if (ownAt(index).isUsed !== 0 && ownAt(index).isHere !== 0) add(ownAt(index).id);
  }
  for (let place: u32 = 0; place < ROWS_MAX; place += 1) if (rowAt(place).node !== 0) add(rowAt(place).id);
  for (let place: u32 = 0; place < HINTS_MAX; place += 1) if (hintAt(place).node !== 0) add(hintAt(place).id);
  return count;
}

/** The name of one of those that were counted, to an address; its size. */
export function writeKnown(index: u32, to: u32): u32 {
  return spellOut(load<u64>(known + (index << 3)) & (((1 as u64) << (CLASS_SHIFT as u64)) - 1), to);
}

function add(id: u64): void {
  if (((id >> (CLASS_SHIFT as u64)) as u32) !== CLASS_SERVICE || count === KNOWN_MAX) return;
  for (let index: u32 = 0; index < count; index += 1) if (load<u64>(known + (index << 3)) === id) return;
  store<u64>(known + (count << 3), id);
  count += 1;
}
