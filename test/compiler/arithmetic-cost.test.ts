/**
 * Arithmetic without instructions of its own must not cost more than a few times what gcc's library takes.
 */
import { expect, it } from 'vitest';
import { arithmeticCosts, gccInstalled } from './arithmetic-cost.ts';

const RATIO_MAX = 3;

it.skipIf(!gccInstalled)('no operation takes more than three times the instructions of libgcc', async () => {
  const costs = await arithmeticCosts(false);
  expect(costs.length).toBeGreaterThan(15);
  for (const { name, ours, gcc } of costs) {
    expect(gcc, name).toBeGreaterThan(5);
    expect(ours / gcc, name).toBeLessThan(RATIO_MAX);
  }
});
