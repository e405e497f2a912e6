/**
 * One thread at a time in the service's data: the thread that hears the wires, or one that carries out a call.
 * Nobody who has the lock waits for anything; who finds it taken lets the others run, which are all of one
 * priority.
 */

import { amoswap } from 'rv';
import { yieldTurn } from '../../runtime/system.ts';

const lock = memory.data(4, 4);

export function enter(): void {
  while (amoswap(lock, 1) !== 0) yieldTurn();
}

export function leave(): void {
  amoswap(lock, 0);
}
