/**
 * SSA, its passes and its rules: every pass leaves a function that keeps the rules of images/ssa/ir.ts, and
 * constants fold to what the machine would compute.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { optimise } from '../../images/optimise/optimise.ts';
import { sinkSteps } from '../../images/optimise/sink.ts';
import { legalise } from '../../images/riscv/legalise.ts';
import { check } from '../../images/ssa/check.ts';
import { evaluateBinary, Folder, possibleBits } from '../../images/ssa/fold.ts';
import { Ir, type IrOp, SsaFunction, type Value } from '../../images/ssa/ir.ts';
import { randomModule } from './random-module.ts';
import { ssaOf, TARGET } from './stages.ts';

const SEEDS = Array.from({ length: 30 }, (_, i) => 9000 + i);
const BINARY: readonly IrOp[] = [
  Ir.Add,
  Ir.Sub,
  Ir.Mul,
  Ir.And,
  Ir.Or,
  Ir.Xor,
  Ir.Shl,
  Ir.ShrS,
  Ir.ShrU,
  Ir.Rotl,
  Ir.Rotr,
  Ir.Eq,
  Ir.Ne,
  Ir.LtS,
  Ir.LtU,
  Ir.GeS,
  Ir.GeU,
  Ir.MinS,
  Ir.MaxS,
  Ir.MinU,
  Ir.MaxU,
  Ir.RemU,
  Ir.DivU,
];
const EDGES = [
  0, 1, -1, 2, 31, 32, 48, 58, 127, 128, 246, 255, 256, 65535, -58, -48, 0x7fff_ffff, -0x8000_0000,
];
const WORDS = fc.oneof(fc.constantFrom(...EDGES), fc.integer());

/** A value for a parameter that may take part in folding, and what it computes for a given parameter. */
function build(folder: Folder, parameter: Value, steps: readonly [number, number, boolean][]): Value {
  let value = parameter;
  for (const [op, constant, swapped] of steps) {
    const other = folder.constant(constant);
    const made = BINARY[op]!;
    const divides = made === Ir.RemU || made === Ir.DivU;
    if (divides && (swapped || constant === 0)) continue;
    value = swapped ? folder.binary(made, other, value) : folder.binary(made, value, other);
  }
  return value;
}

function evaluate(value: Value, parameter: number): number {
  if (value.op === Ir.Constant) return value.immediate;
  if (value.op === Ir.Parameter) return parameter;
  const [a, b] = value.args.map(argument => evaluate(argument, parameter));
  if (value.op === Ir.Extend8) return (a! << 24) >> 24;
  if (value.op === Ir.Extend16) return (a! << 16) >> 16;
  return evaluateBinary(value.op, a!, b!)!;
}

function expected(steps: readonly [number, number, boolean][], parameter: number): number {
  let value = parameter;
  for (const [op, constant, swapped] of steps) {
    const made = BINARY[op]!;
    if ((made === Ir.RemU || made === Ir.DivU) && (swapped || constant === 0)) continue;
    value = evaluateBinary(made, swapped ? constant : value, swapped ? value : constant)!;
  }
  return value;
}

const STEPS = fc.array(fc.tuple(fc.nat(BINARY.length - 1), WORDS, fc.boolean()), {
  minLength: 1,
  maxLength: 6,
});

describe('SSA', () => {
  it.each(SEEDS)('keeps its rules through every pass, module %i', seed => {
    for (const fn of ssaOf(randomModule(seed).text, { ...TARGET, profile: 'strict' })) {
      check(fn);
      optimise(fn, TARGET);
      check(fn);
      legalise(fn, { ...TARGET, zbb: false });
      check(fn);
      sinkSteps(fn);
      check(fn);
    }
  });

  it('folds operations on constants without changing their value', () => {
    const claim = (steps: [number, number, boolean][], parameter: number) => {
      const fn = new SsaFunction('folding', 1, 1);
      const folder = new Folder(fn, value => value);
      const made = build(folder, fn.newValue(Ir.Parameter, [], 0), steps);
      expect(evaluate(made, parameter)).toBe(expected(steps, parameter));
    };
    fc.assert(fc.property(STEPS, WORDS, claim), { seed: 3, numRuns: 20_000 });
  });

  it('never claims a bit to be zero that is set', () => {
    const claim = (steps: [number, number, boolean][], parameter: number) => {
      const fn = new SsaFunction('bits', 1, 1);
      const made = build(new Folder(fn, value => value), fn.newValue(Ir.Parameter, [], 0), steps);
      expect(evaluate(made, parameter) & ~possibleBits(made)).toBe(0);
    };
    fc.assert(fc.property(STEPS, WORDS, claim), { seed: 4, numRuns: 20_000 });
  });

  it('finds a broken rule', () => {
    const [fn] = ssaOf('(module (func (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3))))');
    fn!.entry.values.reverse();
    expect(() => check(fn!)).toThrow(/not known there/);
  });
});
