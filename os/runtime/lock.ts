/**
 * One thread at a time in a service's data, for services with several that are all of one priority. Nobody who has
 * the lock waits for anything; who finds it taken lets the others run.
 *
 *     enter(); … leave();
 */

import { amoswap } from 'rv';
import { yieldTurn } from './system.ts';

const lock = memory.data(4, 4);

export function enter(): void {
  while (amoswap(lock, 1) !== 0) yieldTurn();
}

export function leave(): void {
  amoswap(lock, 0);
}
