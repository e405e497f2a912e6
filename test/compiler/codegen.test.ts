/**
 * Translated code on the emulated CPU against the same module in Node's own engine.
 */
import { describe, expect, it } from 'vitest';
import { differs } from './differential.ts';

describe('translated code', () => {
  it.each(Array.from({ length: 6 }, (_, i) => i))(
    'behaves as in Node on integer modules, series %i',
    async series => {
      for (let i = 0; i < 10; i++) {
        const seed = 1000 + series * 10 + i;
        expect(await differs(seed, { zba: i % 2 === 0, zbb: i % 3 === 0 }, ['i32', 'i64'])).toBe(undefined);
      }
    },
  );

  it.each(Array.from({ length: 6 }, (_, i) => i))(
    'behaves as in Node with floats too, series %i',
    async series => {
      for (let i = 0; i < 10; i++) {
        expect(await differs(5000 + series * 10 + i, { zba: i % 3 === 0, zbb: i % 2 === 0 })).toBe(undefined);
      }
    },
  );
});
