/**
 * The benchmark's kernels give the right answers, and the compiler keeps its figures: instruction counts are
 * exact, so they are asserted. Figures with cycles and sizes: `npm run bench`.
 */
import { describe, expect, it } from 'vitest';
import { gccInstalled } from './arithmetic-cost.ts';
import {
  cFigures,
  clangInstalled,
  dialectFigures,
  gccFigures,
  KERNELS,
  type KernelFigures,
} from './kernels.ts';

/** Geometric mean of instructions against gcc -O2 for RV32IMAC. */
async function meanRatio(ours: (name: string) => Promise<KernelFigures>): Promise<number> {
  let logarithms = 0;
  for (const name of KERNELS.keys()) {
    const [mine, other] = [await ours(name), await gccFigures(name)];
    expect([name, mine.checksum, other.checksum]).toEqual([name, KERNELS.get(name), KERNELS.get(name)]);
    logarithms += Math.log(mine.instructions / other.instructions);
  }
  return Math.exp(logarithms / KERNELS.size);
}

describe('kernels in the dialect', () => {
  it.each([...KERNELS.keys()])('%s gives the same checksum as in C', async name => {
    expect((await dialectFigures(name)).checksum).toBe(KERNELS.get(name));
  });

  it.skipIf(!gccInstalled)('with Zba and Zbb retire at most 1.05 × gcc’s instructions', async () => {
    expect(await meanRatio(dialectFigures)).toBeLessThan(1.05);
  });
});

describe.skipIf(!gccInstalled || !clangInstalled)('kernels from C', () => {
  it('retire at most 0.95 × gcc’s instructions', async () => {
    expect(await meanRatio(cFigures)).toBeLessThan(0.95);
  });
});
