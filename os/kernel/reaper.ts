/**
 * What ends in the background: memories that nobody has any more, and spaces that have died. Both can hold
 * much; a step of `reap` takes a bounded part of it. Steps are taken whenever the scheduler chooses, and
 * while nobody is ready; while there are some to take, a running thread's turn has an end.
 */
import { isNone } from '../lib/pointer.ts';
import { isSliced, startSlice } from './clock.ts';
import { freeMemory } from './object/memory.ts';
import { endSpaceStep } from './object/space.ts';
import { STEP_BUDGET } from './restart.ts';
import type { Memory, Space } from './structures.ts';

let memories = changetype<Memory>(0);
let spaces = changetype<Space>(0);

//@inline
export function hasReaping(): bool {
  return !isNone(memories) || !isNone(spaces);
}

export function reapMemory(memory: Memory): void {
  memory.nextDying = memories;
  memories = memory;
  if (!isSliced()) startSlice();
}

export function reapSpace(space: Space): void {
  space.nextDying = spaces;
  spaces = space;
  if (!isSliced()) startSlice();
}

export function reap(): void {
  const memory = memories;
  if (!isNone(memory)) {
    memories = memory.nextDying;
    if (!freeMemory(memory, STEP_BUDGET)) reapMemory(memory);
    return;
  }
  const space = spaces;
  assert(!isNone(space));
  spaces = space.nextDying;
  if (!endSpaceStep(space, STEP_BUDGET)) reapSpace(space);
}
