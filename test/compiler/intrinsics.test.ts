/**
 * Machine intrinsics: what they become, and that the optimiser leaves them alone.
 */
import { describe, expect, it } from 'vitest';
import { INTRINSICS } from '../../images/riscv/intrinsics.ts';
import { WasmError } from '../../images/wasm/bytes.ts';
import { assembleText, load } from './codegen-rig.ts';
import { codeOf, objectOf } from './stages.ts';

/** A module that imports all intrinsics, under their names, with a function `f`. */
function moduleWith(body: string): string {
  const imports = [...INTRINSICS].map(([name, { parameters, result }]) => {
    const types = parameters === '' ? '' : `(param ${'i32 '.repeat(parameters.length)})`;
    return `(import "rv" "${name}" (func $${name} ${types} ${result === '' ? '' : '(result i32)'}))`;
  });
  return `(module ${imports.join(' ')} (memory 1) (table 2 funcref) (elem (i32.const 0) $f $f)
    (func $f (export "f") ${body}))`;
}

const codeFor = (body: string) => codeOf(objectOf(moduleWith(body)), 'f');

describe('machine intrinsics', () => {
  it('read and change control and status registers', () => {
    const code = codeFor(`(param i32) (result i32)
      (call $csr_write (i32.const 0x340) (local.get 0))
      (call $csr_set (i32.const 0x100) (i32.const 2))
      (call $csr_swap (i32.const 0x141) (call $csr_read (i32.const 0x142)))`);
    expect(code).toEqual([
      'csrw mscratch,a0',
      expect.stringMatching(/^li a\d,2/),
      expect.stringMatching(/^csrs sstatus,a\d/),
      expect.stringMatching(/^csrr a\d,scause/),
      expect.stringMatching(/^csrrw a0,sepc,a\d/),
      'ret',
    ]);
  });

  it('execute volatile accesses each time, in order', () => {
    const code = codeFor(`(param i32) (result i32)
      (call $store8 (local.get 0) (i32.const 0)) (call $store8 (local.get 0) (i32.const 0))
      (drop (call $load32 (local.get 0))) (call $load32 (local.get 0))`);
    expect(code.map(line => line.split(' ')[0])).toEqual(['sb', 'sb', 'lw', 'lw', 'ret']);
  });

  it('take what is added to an address into a volatile access', () => {
    const code = codeFor(`(param i32 i32) (result i32)
      (call $store16 (i32.add (local.get 0) (i32.const 80)) (local.get 1))
      (call $load32 (i32.add (local.get 0) (i32.const 96)))`);
    expect(code).toEqual(['sh a1,80(a0)', 'lw a0,96(a0)', 'ret']);
  });

  it('call the system with arguments and several results', async () => {
    const body = `(param i32 i32) (result i32)
      (i32.add (call $ecall2 (i32.const 9) (local.get 0) (local.get 1)) (call $ecall_result (i32.const 3)))`;
    const code = codeFor(body);
    expect(code.slice(2, 5)).toEqual(['li a7,9', 'ecall', 'add a0,a0,a3']);
    // The kernel gives back the callee-saved registers only, not ra.
    expect(code).toContain('sw ra,12(sp)');
  });

  it('take atomics, fences and thread registers', () => {
    const code = codeFor(`(param i32) (result i32)
      (call $set_tp (local.get 0)) (call $fence) (call $fence_i) (call $sfence_vma_all) (call $wfi)
      (drop (call $sc (local.get 0) (call $lr (local.get 0))))
      (call $amoadd (call $tp) (i32.const 1))`);
    const names = code.map(line => line.split(' ')[0]);
    expect(names).toEqual(expect.arrayContaining(['mv', 'fence', 'fence.i', 'sfence.vma', 'wfi']));
    expect(names.filter(name => /^(lr|sc|amoadd)\.w/.test(name!))).toHaveLength(3);
  });

  it('leave hints that change nothing', async () => {
    const program = await load(
      assembleText(
        moduleWith(`(param i32) (result i32)
      (call $hint (i32.const 77)) (call $hint_value (i32.const 5) (local.get 0)) (local.get 0)`),
      ),
    );
    expect(program.call('f', [41], 1)).toEqual({ words: [41] });
    expect(codeOf(program.object, 'f')).toHaveLength(3);
  });

  it('say what is unlikely: it comes last, and registers and a frame are its own affair', () => {
    const code = codeFor(`(param i32) (result i32) (local i32)
      (local.set 1 (i32.mul (local.get 0) (local.get 0)))
      (if (i32.eqz (local.get 0)) (then (call $unlikely) (drop (call $f (local.get 1)))))
      (i32.add (local.get 1) (i32.const 1))`);
    const [hot, cold] = [code.slice(0, code.indexOf('ret')), code.slice(code.indexOf('ret'))];
    expect(hot.map(line => line.split(' ')[0])).toEqual(['mul', 'beqz', 'addi']);
    expect(cold).toEqual(expect.arrayContaining(['addi sp,sp,-16', 'sw ra,12(sp)', 'addi sp,sp,16']));
  });

  it('give the address of the code behind a table entry', async () => {
    const program = await load(
      assembleText(moduleWith('(param i32) (result i32) (call $code_address (local.get 0))')),
    );
    const address = program.symbols.get('test.f')! | 0;
    expect(program.call('f', [1], 1)).toEqual({ words: [address] });
  });

  it('switch between contexts and come back with what was live', async () => {
    // f switches to g on another stack; g adds to memory and switches back.
    const text = `(module (import "rv" "switch_context" (func $switch (param i32 i32)))
      (import "rv" "code_address" (func $code (param i32) (result i32)))
      (memory 1) (table 1 funcref) (elem (i32.const 0) $g)
      (func $g (loop $l (i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (i32.const 5)))
        (call $switch (i32.const 24) (i32.const 16)) (br $l)))
      (func (export "f") (param i32 i32 i32) (result i32)
        (i32.store (i32.const 24) (call $code (i32.const 0))) (i32.store (i32.const 28) (i32.const 8192))
        (call $switch (i32.const 16) (i32.const 24)) (call $switch (i32.const 16) (i32.const 24))
        (i32.add (i32.mul (local.get 0) (local.get 1)) (i32.add (local.get 2) (i32.load (i32.const 64))))))`;
    const program = await load(assembleText(text), { profile: 'kernel' });
    expect(program.call('f', [6, 7, 100], 1)).toEqual({ words: [152] });
  });

  it('refuse unknown names, wrong types and operands that are no constants', () => {
    const refusals = [
      ['(import "rv" "nonsense" (func $f)) (func (call $f))', 'no such intrinsic'],
      ['(import "rv" "wfi" (func $f (param i32))) (func (call $f (i32.const 1)))', 'another type'],
      [
        '(import "rv" "csr_read" (func $f (param i32) (result i32))) (func (param i32) (drop (call $f (local.get 0))))',
        'must be a constant',
      ],
      [
        '(import "rv" "ecall_result" (func $f (param i32) (result i32))) (func (drop (call $f (i32.const 1))))',
        'no ecall',
      ],
      [
        '(import "rv" "code_address" (func $f (param i32) (result i32))) (func (drop (call $f (i32.const 1))))',
        'no function table',
      ],
    ] as const;
    for (const [body, message] of refusals) {
      const attempt = () => objectOf(`(module ${body})`);
      expect(attempt).toThrow(WasmError);
      expect(attempt).toThrow(message);
    }
  });
});
