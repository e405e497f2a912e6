/**
 * Register allocation: nothing is lost under pressure, nothing is spilled without need, always the same.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SLOT } from '../../images/riscv/machine.ts';
import { sequence } from '../../images/riscv/moves.ts';
import { assembleText, load } from './codegen-rig.ts';
import { randomModule } from './random-module.ts';
import { codeOf, objectOf } from './stages.ts';

const stackAccesses = (code: readonly string[]) => code.filter(line => /\(sp\)/.test(line)).length;

describe('register allocation', () => {
  it('needs no memory for a loop with twenty values', () => {
    const locals = Array.from({ length: 20 }, (_, i) => i + 1);
    const body = locals.map(
      i => `(local.set ${i} (i32.xor (local.get ${i}) (i32.add (local.get 0) (local.get ${(i % 20) + 1}))))`,
    );
    const object =
      objectOf(`(module (func $f (export "f") (param i32 ${'i32 '.repeat(7)}) (result i32) (local ${'i32 '.repeat(13)})
      (loop $l ${body.join(' ')} (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
      ${locals.map(i => `(local.get ${i})`).join(' ')} ${'i32.add '.repeat(19)}))`);
    const code = codeOf(object, 'f');
    const first = code.findIndex(line => line.startsWith('xor'));
    const last = code.findLastIndex(line => line.startsWith('bne'));
    expect(stackAccesses(code.slice(first, last))).toBe(0);
  });

  it('keeps sixty values over calls', async () => {
    const locals = Array.from({ length: 60 }, (_, i) => i + 1);
    const text = `(module (func $g (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))
      (func (export "f") (param i32) (result i32) (local ${'i32 '.repeat(60)})
        ${locals.map(i => `(local.set ${i} (call $g (i32.add (local.get 0) (i32.const ${i}))))`).join(' ')}
        ${locals.map(i => `(local.get ${i})`).join(' ')} ${'i32.add '.repeat(59)}))`;
    const program = await load(assembleText(text));
    expect(program.call('f', [10], 1)).toEqual({ words: [locals.reduce((sum, i) => sum + 3 * (10 + i), 0)] });
  });

  it('keeps a value around a rare call without the caller’s registers', () => {
    const object = objectOf(`(module (import "env" "g" (func $g)) (memory 1)
      (func $f (export "f") (param i32 i32) (result i32) (local i32)
        (loop $l (local.set 2 (i32.add (local.get 2) (i32.load (local.get 0))))
          (br_if $l (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))
        (if (i32.eqz (local.get 2)) (then unreachable)) (local.get 2)))`);
    expect(stackAccesses(codeOf(object, 'f'))).toBe(0);
  });

  it('gives the same bytes each time', () => {
    for (const seed of [1, 2, 3]) {
      const { text } = randomModule(seed);
      expect(objectOf(text)).toEqual(objectOf(text));
    }
  });

  it('moves in parallel: every target gets what its source held before', () => {
    const place = fc.oneof(fc.integer({ min: 5, max: 12 }), fc.integer({ min: SLOT, max: SLOT + 3 }));
    const claim = (pairs: [number, number][]) => {
      const moves = new Map(pairs);
      const state = new Map<number, string>();
      const read = (at: number) => state.get(at) ?? `old ${at}`;
      for (const { op, d, a, b, immediate } of sequence([...moves.keys()], [...moves.values()], 0)) {
        if (op === 'mv') state.set(d, read(a));
        else if (op === 'reload') state.set(d, read(SLOT + immediate));
        else state.set(SLOT + immediate, read(b));
      }
      for (const [to, from] of moves) expect(read(to)).toBe(`old ${from}`);
    };
    fc.assert(fc.property(fc.array(fc.tuple(place, place), { maxLength: 12 }), claim), {
      seed: 5,
      numRuns: 5_000,
    });
  });
});
