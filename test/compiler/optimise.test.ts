/**
 * What the optimiser achieves, as seen in the code.
 */
import { describe, expect, it } from 'vitest';
import { codeOf, objectOf } from './stages.ts';

/** The code of the only function of a module with memory, a global and these contents. */
function codeFor(body: string, target = {}): string[] {
  const object = objectOf(
    `(module (import "env" "other" (func $other)) (memory 1) (global $g (mut i32) (i32.const 0))
      (func $f (export "f") ${body}))`,
    target,
  );
  return codeOf(object, 'f');
}

const count = (code: readonly string[], pattern: RegExp) => code.filter(line => pattern.test(line)).length;

describe('the optimiser', () => {
  it('computes what is equal once', () => {
    const code = codeFor(`(param i32 i32) (result i32)
      (i32.xor (i32.mul (local.get 0) (local.get 1)) (i32.shl (i32.mul (local.get 0) (local.get 1)) (i32.const 3)))`);
    expect(count(code, /^mul/)).toBe(1);
  });

  it('takes a stored value instead of loading it, unless something may have changed it', () => {
    const kept = codeFor(`(param i32 i32) (result i32)
      (i32.store (local.get 0) (local.get 1)) (i32.store offset=4 (local.get 0) (i32.const 7)) (i32.load (local.get 0))`);
    expect(count(kept, /^lw/)).toBe(0);
    const changed = codeFor(`(param i32 i32) (result i32)
      (i32.store (local.get 0) (local.get 1)) (i32.store (local.get 1) (i32.const 7)) (i32.load (local.get 0))`);
    expect(count(changed, /^lw/)).toBe(1);
  });

  it('reads a global again after a call, not before', () => {
    const code = codeFor(`(result i32) (i32.add (i32.add (global.get $g) (global.get $g))
      (block (result i32) (call $other) (global.get $g)))`);
    expect(count(code, /^lw.*\(gp\)/)).toBe(2);
  });

  it('moves what does not change out of a loop, and addresses along in it', () => {
    const code = codeFor(`(param i32) (result i32) (local $i i32) (local $s i32)
      (loop $l
        (local.set $s (i32.add (local.get $s) (i32.mul (i32.mul (local.get 0) (i32.const 77))
          (i32.load offset=64 (i32.shl (local.get $i) (i32.const 2))))))
        (br_if $l (i32.lt_s (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 100))))
      (local.get $s)`);
    const loop = code.slice(code.findIndex(line => line.startsWith('lw')));
    expect(loop.map(line => line.split(' ')[0])).toEqual(['lw', 'mul', 'add', 'addi', 'bne', 'ret']);
  });

  it('steps a counter that is wanted after the loop without copying it', () => {
    const code = codeFor(`(param i32 i32) (result i32) (local i32)
      (loop $l
        (local.set 2 (i32.add (local.get 0) (i32.const 4)))
        (if (i32.lt_s (i32.load (local.get 0)) (local.get 1)) (then (local.set 0 (local.get 2)) (br $l))))
      (i32.mul (local.get 0) (local.get 2))`);
    const end = code.findIndex(line => line.startsWith('mul'));
    expect(count(code.slice(0, end), /^mv/)).toBe(0);
    expect(count(code, /^addi/)).toBe(2);
  });

  it('keeps the order of a loop that may end before its load', () => {
    const code = codeFor(`(param i32 i32) (result i32) (local $s i32)
      (block $out (loop $l
        (br_if $out (i32.eqz (local.get 0)))
        (local.set $s (i32.add (local.get $s) (i32.load (local.get 1))))
        (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br $l)))
      (local.get $s)`);
    const first = code.findIndex(line => line.startsWith('lw'));
    expect(code.slice(0, first).some(line => /^(beqz|bnez|beq|bne|j) /.test(line))).toBe(true);
  });

  it('tests a range of bytes without a mask', () => {
    const code = codeFor(`(param i32) (result i32)
      (i32.lt_u (i32.and (i32.sub (i32.load8_u (local.get 0)) (i32.const 48)) (i32.const 255)) (i32.const 10))`);
    expect(code.map(line => line.split(' ')[0])).toEqual(['lbu', 'addi', 'sltiu', 'ret']);
  });

  it('knows the bits of a loop’s values', () => {
    const code = codeFor(`(param i32) (result i32) (local $c i32)
      (local.set $c (i32.const 65))
      (loop $l
        (local.set $c (i32.and (i32.load8_u (local.tee 0 (i32.add (local.get 0) (local.get $c)))) (i32.const 255)))
        (br_if $l (i32.and (local.get $c) (i32.const 255))))
      (local.get $c)`);
    expect(count(code, /^(andi|zext)/)).toBe(0);
  });

  it('goes on at once where a condition made of others is known', () => {
    const code = codeFor(`(param i32 i32) (result i32)
      (if (result i32)
        (if (result i32) (local.get 0) (then (i32.const 1)) (else (i32.load (local.get 1))))
        (then (i32.const 7)) (else (i32.const 9)))`);
    expect(count(code, /^b/)).toBe(2);
    expect(count(code, /^li a\d,1$/)).toBe(0);
    const chosen = codeFor(`(param i32 i32) (result i32)
      (if (result i32) (i32.eqz (select (i32.lt_u (local.get 1) (i32.const 5)) (i32.const 1) (local.get 0)))
        (then (i32.const 7)) (else (i32.const 9)))`);
    expect(count(chosen, /^b/)).toBe(2);
    expect(count(chosen, /^li a\d,1$/)).toBe(0);
  });

  it('does not ask again what a way here has answered', () => {
    const code = codeFor(`(param i32) (result i32)
      (if (i32.ge_u (local.get 0) (i32.const 64)) (then unreachable))
      (i32.store (local.get 0) (i32.const 1))
      (if (i32.eqz (i32.lt_u (local.get 0) (i32.const 64))) (then unreachable))
      (i32.load offset=8 (local.get 0))`);
    expect(count(code, /^b/)).toBe(1);
  });

  it('adds what is too much for an offset once for a record in a table', () => {
    const code = codeFor(`(param i32) (local i32)
      (local.set 1 (i32.shl (local.get 0) (i32.const 8)))
      (i32.store offset=9240 (local.get 1) (i32.load offset=9244 (local.get 1)))
      (i32.store offset=9248 (local.get 1) (i32.const 0))`);
    expect(code.map(line => line.split(' ')[0])).toEqual(['slli', 'lui', 'add', 'lw', 'sw', 'sw', 'ret']);
  });

  it('has something else to do while a load is on its way', () => {
    const code = codeFor(`(param i32 i32 i32) (result i32)
      (i32.xor (i32.add (i32.load (local.get 0)) (i32.mul (local.get 2) (local.get 0)))
        (i32.add (i32.load (local.get 1)) (i32.mul (local.get 2) (local.get 2))))`);
    const waits = code.filter((line, at) => {
      const loaded = /^lw (a\d),/.exec(line)?.[1];
      return loaded !== undefined && code[at + 1]!.split(' ')[1]!.split(',').slice(1).includes(loaded);
    });
    expect(waits).toEqual([]);
  });

  it('saves registers only on the ways that need them', () => {
    const code = codeFor(`(param i32) (result i32)
      (if (i32.eqz (local.get 0)) (then (return (i32.const 3))))
      (call $other) (i32.add (local.get 0) (i32.const 1))`);
    expect(code.indexOf('ret')).toBeLessThan(code.indexOf('addi sp,sp,-16'));
  });

  it('leaves out branches that cannot be taken', () => {
    const code = codeFor(`(param i32) (result i32)
      (if (result i32) (i32.gt_u (i32.and (local.get 0) (i32.const 7)) (i32.const 8))
        (then (call $other) (i32.const 1)) (else (i32.const 2)))`);
    expect(code).toEqual(['li a0,2', 'ret']);
  });
});
