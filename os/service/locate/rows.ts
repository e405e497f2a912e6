/**
 * What this node keeps about other nodes' resources: a row for each, and for each of the nodes that have it. A row
 * is written by what its node tells only, and a later sequence of that node's beats an earlier one.
 *
 * A hash table by resource, open and probed in order; a row that goes closes the gap behind it.
 */
import { NODES_MAX, ROWS_MAX } from './limits.ts';
import { isIn } from './view.ts';

//@unmanaged
export class Row {
  id: u64 = 0;
  sequence: u32 = 0;
  /** Plus one; 0 where the place is free. */
  node: u32 = 0;
}

const ROW_SHIFT: u32 = 4;
/** In bytes. */
export const ROW_SIZE: u32 = 16;
const MASK: u32 = ROWS_MAX - 1;
const USED_MAX: u32 = (ROWS_MAX >> 2) * 3;

const rows = memory.data(65_536, 8);
let used: u32 = 0;

export function rowCount(): u32 {
  return used;
}

/** Of ROWS_MAX; one whose node is 0 is free. */
export function rowAt(place: u32): Row {
  return changetype<Row>(rows + (place << ROW_SHIFT));
}

function firstPlace(id: u64): u32 {
  const mixed = (id as u32) ^ (((id >> 32) as u32) * 0x9e37_79b1);
  return ((mixed * 0x85eb_ca6b) >> 16) & MASK;
}

/** ROWS_MAX for none. */
function placeOf(node: u32, id: u64): u32 {
  for (let place = firstPlace(id); rowAt(place).node !== 0; place = (place + 1) & MASK) {
    if (rowAt(place).node === node + 1 && rowAt(place).id === id) return place;
  }
  return ROWS_MAX;
}

/** False where there is no room. */
export function putRow(node: u32, id: u64, sequence: u32): bool {
  const known = placeOf(node, id);
  if (known !== ROWS_MAX) {
    rowAt(known).sequence = max<u32>(sequence, rowAt(known).sequence);
    return true;
  }
  if (used === USED_MAX) return false;
  let place = firstPlace(id);
  while (rowAt(place).node !== 0) place = (place + 1) & MASK;
  const row = rowAt(place);
  row.id = id;
  row.sequence = sequence;
  row.node = node + 1;
  used += 1;
  return true;
}

/** The node has it no more, as was said with this sequence of the node's. */
export function dropRow(node: u32, id: u64, sequence: u32): void {
  const place = placeOf(node, id);
  if (place !== ROWS_MAX && rowAt(place).sequence <= sequence) remove(place);
}

/** The lowest node outside of `except` that has the resource; NODES_MAX for none. */
export function holderOf(id: u64, except: u64): u32 {
  let best = NODES_MAX;
  for (let place = firstPlace(id); rowAt(place).node !== 0; place = (place + 1) & MASK) {
    const row = rowAt(place);
    if (row.id === id && !isIn(except, row.node - 1)) best = min<u32>(best, row.node - 1);
  }
  return best;
}

/** Drops the rows for which the function at that index says so. */
export function dropRows(isDropped: u32): void {
  let place: u32 = 0;
  while (place < ROWS_MAX) {
    // what closes the gap is looked at next
    if (rowAt(place).node !== 0 && call_indirect<bool>(isDropped, rowAt(place))) remove(place);
    else place += 1;
  }
}

/** Rows behind move into the gap where that is nearer to their first place. */
function remove(place: u32): void {
  used -= 1;
  let gap = place;
  for (let next = (place + 1) & MASK; rowAt(next).node !== 0; next = (next + 1) & MASK) {
    const distance = (next - firstPlace(rowAt(next).id)) & MASK;
    if (distance < ((next - gap) & MASK)) continue;
    memory.copy(changetype<usize>(rowAt(gap)), changetype<usize>(rowAt(next)), 1 << ROW_SHIFT);
    gap = next;
  }
  rowAt(gap).node = 0;
}
