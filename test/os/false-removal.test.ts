/**
 * A slice of 10^9 cycles of what test/bench/false-removal.ts runs for 10^10.
 */
import { expect, it } from 'vitest';
import { viewsOver } from './false-removal.ts';
import { BUILD_MILLISECONDS } from './system-rig.ts';

it(
  'removes no node that only loses one frame in a hundred or is ten times slower',
  async () => {
    const { first, last } = await viewsOver(1e9);
    expect(first).toEqual(Array(3).fill('View 1: 3 nodes, with a say.'));
    expect(last).toEqual(first);
  },
  BUILD_MILLISECONDS,
);
