/**
 * The entropy driver as a process with its own registers and interrupt only: nobody gets bytes that somebody
 * else had, not even from the driver that comes after one that was killed.
 */
import { expect, it } from 'vitest';
import { hasQemu } from './firmware-rig.ts';
import { boot, bootOnQemu, type Sources } from './kernel-rig.ts';

const STORY: Sources = { init: 'entropy-story', entropy: 'os/driver/entropy.ts' };

/** Counts of bytes, and how many different numbers were among them. */
function seen(output: string) {
  const numbers = output.trim().split(' ').map(Number);
  const counts = numbers.filter((_, index) => index % 3 === 0);
  const chance = numbers.slice(0, 12).filter((_, index) => index % 3 !== 0);
  return { counts, different: new Set(chance).size };
}

it('gives what there is, to nobody twice', async () => {
  const { output, status } = await boot(STORY);
  expect(seen(output)).toEqual({ counts: [10, 246, 256, 16, -5], different: 8 });
  expect(status).toBe(0);
});

it.skipIf(!hasQemu)('gives bytes under QEMU by the same files', async () => {
  const { counts, different } = seen(await bootOnQemu(STORY, { devices: '-device virtio-rng-device' }));
  expect(counts.at(-1)).toBe(-5);
  expect(counts.slice(0, 4).every(count => count > 0)).toBe(true);
  expect(different).toBe(8);
});
