/**
 * The WebAssembly reader against Node's own: what it accepts is valid, what it refuses is invalid or named
 * as unsupported, and no bytes whatever make it crash or hang.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import wabtModule from 'wabt';
import { WasmError } from '../../images/wasm/bytes.ts';
import { readModule } from '../../images/wasm/reader.ts';

const wabt = await wabtModule();

function assemble(text: string): Uint8Array {
  const module = wabt.parseWat('test.wat', text, { mutable_globals: true, bulk_memory: true });
  return module.toBinary({ write_debug_names: true }).buffer;
}

const SAMPLE = assemble(`(module
  (import "env" "f" (func $f (param i32 f64) (result i64)))
  (memory 1 2) (table 4 funcref) (global $g (mut i64) (i64.const -5))
  (type $t (func (param i32) (result i32 i32)))
  (func $multi (export "multi") (type $t) local.get 0 i32.const 7)
  (func $main (export "main") (param $n i32) (result i64) (local $x i64)
    (block $out (loop $top
      (br_table $out $top (local.get $n))))
    (if (result i64) (local.get $n) (then (call $f (local.get $n) (f64.const 1.5))) (else (global.get $g)))
    (i64.store offset=8 align=4 (i32.const 16) (i64.const 0x123456789abcdef))
    (drop (call_indirect (param i32) (result i32) (i32.const 1) (i32.const 2)))
    (memory.copy (i32.const 0) (i32.const 8) (i32.const 4)))
  (func $unary (param i32) (result i32) (i32.extend8_s (i32.trunc_sat_f32_s (f32.convert_i32_u (local.get 0)))))
  (elem (i32.const 1) $unary $unary)
  (data (i32.const 16) "hello"))`);

/** Undefined where the reader accepts; else its message. Anything but WasmError escapes. */
function refusal(bytes: Uint8Array): string | undefined {
  try {
    readModule(bytes);
    return undefined;
  } catch (error) {
    if (error instanceof WasmError) return error.message;
    throw error;
  }
}

describe('the reader', () => {
  it('reads every part of a module', () => {
    const module = readModule(SAMPLE);
    expect(module.functions.map(fn => module.functionNames.get(fn.index))).toEqual([
      'f',
      'multi',
      'main',
      'unary',
    ]);
    expect(module.functions[0]!.import).toEqual({ module: 'env', name: 'f' });
    expect(module.globals[0]!.initial).toMatchObject({ low: -5, high: -1 });
    expect(module.elements[0]!.functions).toEqual([3, 3]);
    expect(new TextDecoder().decode(module.data[0]!.bytes)).toBe('hello');
    expect(module.memories[0]!.limits).toEqual({ min: 1, max: 2 });
  });

  it('reads a large module from another tool chain', () => {
    const require = createRequire(import.meta.url);
    const module = readModule(readFileSync(require.resolve('quickjs-wasi/quickjs.wasm')));
    expect(module.functions.length).toBeGreaterThan(1000);
  });

  it.each([
    ['(func (v128.const i32x4 0 0 0 0) drop)', 'vector instructions are not supported'],
    ['(memory 1) (func (drop (i32.atomic.load (i32.const 0))))', 'threads are not supported'],
    ['(func (return_call 0))', 'tail calls are not supported'],
  ])('names the feature in %s', (body, message) => {
    const features = { simd: true, threads: true, tail_call: true };
    const { buffer } = wabt.parseWat('test.wat', `(module ${body})`, features).toBinary({});
    expect(refusal(buffer)).toContain(message);
  });

  it.each([
    ['a wrong operand type', '(func (result i32) (i32.add (i32.const 1) (i64.const 1)))', 'i64 found'],
    ['a missing result', '(func (result i32))', 'the stack is empty'],
    ['an unknown local', '(func (drop (local.get 3)))', 'unknown local 3'],
    ['an unknown label', '(func (br 2))', 'unknown label 2'],
    [
      'a write to a constant global',
      '(global i32 (i32.const 1)) (func (global.set 0 (i32.const 2)))',
      'immutable',
    ],
    ['a load without memory', '(func (drop (i32.load (i32.const 0))))', 'unknown memory'],
  ])('refuses %s', (_, body, message) => {
    const module = wabt.parseWat('test.wat', `(module ${body})`);
    expect(refusal(module.toBinary({}).buffer)).toContain(message);
  });

  it('gives a named error for any prefix of a module', () => {
    for (let size = 0; size < SAMPLE.length; size++) {
      const message = refusal(SAMPLE.subarray(0, size));
      expect(message === undefined).toBe(WebAssembly.validate(SAMPLE.slice(0, size)));
    }
  });

  it('agrees with Node on mutated modules', () => {
    const mutation = fc.array(fc.tuple(fc.nat(SAMPLE.length - 1), fc.nat(255)), {
      minLength: 1,
      maxLength: 4,
    });
    const check = (changes: [number, number][]) => {
      const bytes = SAMPLE.slice();
      for (const [at, value] of changes) bytes[at] = value;
      const message = refusal(bytes);
      if (message === undefined) expect(WebAssembly.validate(bytes)).toBe(true);
      else if (!message.includes('not supported')) expect(WebAssembly.validate(bytes), message).toBe(false);
    };
    fc.assert(fc.property(mutation, check), { seed: 1, numRuns: 20_000 });
  });

  it('survives any bytes behind the header', () => {
    const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
    const check = (tail: Uint8Array) => {
      refusal(new Uint8Array([...header, ...tail]));
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), check), { seed: 2, numRuns: 5_000 });
  });
});
