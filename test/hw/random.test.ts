/**
 * The seeded streams: reproducible, independent of each other, and the generators that their papers
 * define (reference values computed from the published C code of xoshiro128** 1.1 and SplitMix64).
 */
import { describe, expect, it } from 'vitest';
import { Random } from '../../hw/lab/random.ts';
import { restoreState, saveState } from '../../hw/state.ts';

const draws = (random: Random, count = 8) => Array.from({ length: count }, () => random.u32());

describe('random', () => {
  it('begins with the numbers that SplitMix64 and xoshiro128** define for seed 0', () => {
    // SplitMix64 from 0: e220a8397b1dcdaf, 6e789e6aa1b965f4, so s = 7b1dcdaf e220a839 a1b965f4 6e789e6a.
    const rotate = (x: number, k: number) => ((x << k) | (x >>> (32 - k))) >>> 0;
    const first = Math.imul(rotate(Math.imul(0xe220a839, 5), 7), 9) >>> 0;
    expect(new Random(0).u32()).toBe(first);
  });

  it('gives each name a stream of its own that no other draw moves', () => {
    const one = new Random(7);
    const other = new Random(7);
    draws(one, 100);
    one.stream('wire 1 a→b').u32();
    expect(draws(one.stream('disk 0'))).toEqual(draws(other.stream('disk 0')));
    expect(draws(one.stream('disk 0'))).not.toEqual(draws(one.stream('disk 1')));
    expect(draws(new Random(8).stream('disk 0'))).not.toEqual(draws(one.stream('disk 0')));
  });

  it('continues where it was saved', () => {
    const random = new Random(2 ** 53 - 1);
    draws(random, 5);
    const saved = saveState(random);
    const expected = draws(random);
    const other = new Random(0);
    restoreState(other, saved);
    expect(draws(other)).toEqual(expected);
  });

  it('gives every value below a bound about as often', () => {
    const random = new Random(3);
    const counts = new Array(7).fill(0);
    for (let draw = 0; draw < 70_000; draw += 1) counts[random.below(7)] += 1;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  it('is certain without a draw where the chance is none or all', () => {
    const random = new Random(4);
    expect([random.chance(0, 10), random.chance(10, 10)]).toEqual([false, true]);
    expect(draws(random)).toEqual(draws(new Random(4)));
  });

  it('fills any number of bytes from whole words', () => {
    const bytes = new Uint8Array(7);
    new Random(5).fill(bytes);
    const [one, two] = draws(new Random(5), 2);
    const words = new DataView(new ArrayBuffer(8));
    words.setUint32(0, one!, true);
    words.setUint32(4, two!, true);
    expect([...bytes]).toEqual([...new Uint8Array(words.buffer)].slice(0, 7));
  });
});
