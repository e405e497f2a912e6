/**
 * Calls and what surrounds them: the calling convention, tail calls, switches, frames, symbols, lines.
 */
import { describe, expect, it } from 'vitest';
import { assembleText, load } from './codegen-rig.ts';
import { codeOf, objectOf } from './stages.ts';

const PARAMETERS = Array.from({ length: 12 }, (_, i) => i);

describe('calls', () => {
  it('pass arguments and results beyond eight words on the stack', async () => {
    const text = `(module
      (func $swap (export "swap") (param ${'i32 '.repeat(12)}) (result ${'i32 '.repeat(12)})
        ${PARAMETERS.map(i => `(local.get ${11 - i})`).join(' ')})
      (func (export "twice") (param ${'i32 '.repeat(12)}) (result ${'i32 '.repeat(12)})
        (call $swap (call $swap ${PARAMETERS.map(i => `(local.get ${i})`).join(' ')}))))`;
    const program = await load(assembleText(text));
    const words = PARAMETERS.map(i => 100 + i);
    expect(program.call('swap', words, 12)).toEqual({ words: [...words].reverse() });
    expect(program.call('twice', words, 12)).toEqual({ words });
  });

  it('split an i64 between the last register and the stack', async () => {
    const text = `(module (func (export "f") (param i32 i32 i32 i32 i32 i32 i32 i64) (result i64) (local.get 7)))`;
    const program = await load(assembleText(text));
    expect(program.call('f', [0, 0, 0, 0, 0, 0, 0, 5, -6], 2)).toEqual({ words: [5, -6] });
  });

  it('in last place are jumps that need no stack', async () => {
    const text = `(module (func $even (export "even") (param i32) (result i32)
        (if (result i32) (local.get 0) (then (call $odd (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 1))))
      (func $odd (param i32) (result i32)
        (if (result i32) (local.get 0) (then (call $even (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 0)))))`;
    const program = await load(assembleText(text), { profile: 'kernel' });
    expect(program.call('even', [1_000_000], 1)).toEqual({ words: [1] });
    expect(program.object.symbols.find(({ name }) => name === 'test.even')?.stack?.frameSize).toBe(0);
  });

  it('through the table check the index and the type', async () => {
    const text = `(module (table 3 funcref) (elem (i32.const 0) $a $b)
      (func $a (result i32) (i32.const 11)) (func $b (param i32) (result i32) (local.get 0))
      (func (export "f") (param i32) (result i32) (call_indirect (result i32) (local.get 0))))`;
    const program = await load(assembleText(text));
    const outcomes = [0, 1, 2, 3, -1].map(index => program.call('f', [index], 1));
    const type = { trap: 'type' };
    expect(outcomes).toEqual([{ words: [11] }, type, type, { trap: 'table' }, { trap: 'table' }]);
  });

  it('switch through a table of addresses in read-only data', async () => {
    const cases = Array.from({ length: 9 }, (_, i) => i);
    const blocks = cases.reduce(
      (inner, i) => `(block ${inner}) (return (i32.const ${i * i + 1}))`,
      '(br_table 0 1 2 3 4 5 6 7 8 (local.get 0))',
    );
    const text = `(module (func $f (export "f") (param i32) (result i32) ${blocks} (i32.const -5)))`;
    const program = await load(assembleText(text));
    for (const i of cases) expect(program.call('f', [i], 1)).toEqual({ words: [i * i + 1] });
    expect(program.call('f', [1000], 1)).toEqual(program.call('f', [8], 1));
    expect(program.object.sections.find(({ name }) => name === '.rodata.f')).toMatchObject({
      access: 'r',
      size: 32,
    });
  });

  it('save and restore only what a function uses', () => {
    const object = objectOf(`(module (import "env" "g" (func $g (param i32) (result i32)))
      (func $f (export "f") (param i32) (result i32) (i32.add (local.get 0) (call $g (i32.const 1)))))`);
    const code = codeOf(object, 'f');
    expect(code.filter(line => line.startsWith('sw'))).toHaveLength(2);
    const symbol = object.symbols.find(({ name }) => name === 'test.f')!;
    expect(symbol.stack).toEqual({ frameSize: 16, calls: ['env.g'] });
  });

  it('to unknown functions are undefined symbols, calls of the table name their signature', () => {
    const object = objectOf(`(module (import "env" "g" (func $g)) (table 1 funcref) (elem (i32.const 0) $f)
      (func $f (export "f") (param i32) (call $g) (call_indirect (param i32) (i32.const 1) (local.get 0)) (call $g)))`);
    const symbol = object.symbols.find(({ name }) => name === 'f')!;
    expect(symbol.stack).toMatchObject({ calls: ['env.g', '*i:'], signature: 'i:' });
    expect(object.symbols).toContainEqual({
      name: 'env.g',
      binding: 'global',
      kind: 'none',
      place: undefined,
      size: 0,
    });
  });

  it('leave instructions that know their place in the sources', () => {
    const wasm =
      '(module (func $f (export "f") (param i32) (result i32) (i32.mul (local.get 0) (local.get 0))))';
    const map = JSON.stringify({ version: 3, sources: ['a.ts'], names: [], mappings: 'AAAA,kCAKE' });
    const section = objectOf(wasm, { sourceMap: map }).sections.find(({ name }) => name === '.text.f')!;
    expect(section.lines[0]).toMatchObject({ offset: 0, file: 'a.ts' });
  });

  it('end at an unreachable instruction with an illegal one', () => {
    expect(codeOf(objectOf('(module (func $f (export "f") unreachable))'), 'f')).toEqual([
      expect.stringMatching(/unimp|illegal|0x0/),
    ]);
  });
});
