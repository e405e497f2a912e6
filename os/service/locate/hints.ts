/**
 * Where resources were found lately. A hint may be wrong: who is asked by it says so, and that costs a way there
 * and back. Each resource has one place in the table, which the next that belongs there takes over.
 */
import { HINTS_MAX, NODES_MAX } from './limits.ts';

//@unmanaged
export class Hint {
  id: u64 = 0;
  /** Plus one; 0 where the place is free. */
  node: u32 = 0;
}

/** In bytes. */
export const HINT_SIZE: u32 = 16;

const hints = memory.data(4096, 8);

/** Of HINTS_MAX; one whose node is 0 is free. */
export function hintAt(place: u32): Hint {
  return changetype<Hint>(hints + (place << 4));
}

function hintOf(id: u64): Hint {
  const mixed = (id as u32) ^ (((id >> 32) as u32) * 0x85eb_ca6b);
  return hintAt((mixed * 0x9e37_79b1) >> 24);
}

/** NODES_MAX for none. */
export function hintFor(id: u64): u32 {
  const hint = hintOf(id);
  return hint.node !== 0 && hint.id === id ? hint.node - 1 : NODES_MAX;
}

export function setHint(id: u64, node: u32): void {
  const hint = hintOf(id);
  hint.id = id;
  hint.node = node + 1;
}

export function dropHint(id: u64): void {
  if (hintFor(id) !== NODES_MAX) hintOf(id).node = 0;
}

/** The node has begun anew, or gone. */
export function dropHintsTo(node: u32): void {
  for (let place: u32 = 0; place < HINTS_MAX; place += 1) {
    if (hintAt(place).node === node + 1) hintAt(place).node = 0;
  }
}

/** How many there are. */
export function hintCount(): u32 {
  let found: u32 = 0;
  for (let place: u32 = 0; place < HINTS_MAX; place += 1) {
    if (hintAt(place).node !== 0) found += 1;
  }
  return found;
}
