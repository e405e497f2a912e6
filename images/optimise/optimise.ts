/**
 * All optimisations of a function's SSA, in their order. Afterwards the function is analysed (order.ts), has
 * no dead values, and every value's uses are counted.
 */
import type { SsaFunction } from '../ssa/ir.ts';
import { analyse } from '../ssa/order.ts';
import { shareBases } from './bases.ts';
import { foldKnownConditions } from './conditions.ts';
import { foldBranches, mergeBlocks, removeDeadCode, removeTrivialPhis } from './dead-code.ts';
import { hoistInvariants } from './invariant.ts';
import { findKnownBits } from './known-bits.ts';
import { duplicateReturns } from './returns.ts';
import { reduceStrength, type StrengthOptions } from './strength.ts';
import { threadJumps } from './thread.ts';
import { numberValues } from './value-numbering.ts';

export function optimise(fn: SsaFunction, options: StrengthOptions): void {
  analyse(fn);
  clean(fn);
  findKnownBits(fn);
  numberValues(fn);
  if (foldKnownConditions(fn)) foldBranches(fn);
  clean(fn);
  removeDeadCode(fn);
  if (threadJumps(fn)) clean(fn);
  hoistInvariants(fn);
  findKnownBits(fn);
  numberValues(fn);
  clean(fn);
  removeDeadCode(fn);
  reduceStrength(fn, options);
  removeDeadCode(fn);
  hoistInvariants(fn);
  numberValues(fn);
  if (foldKnownConditions(fn)) foldBranches(fn);
  clean(fn);
  removeDeadCode(fn);
  if (threadJumps(fn)) clean(fn);
  duplicateReturns(fn);
  clean(fn);
  shareBases(fn);
  removeDeadCode(fn);
}

/** Simplifies control flow until nothing changes. */
function clean(fn: SsaFunction): void {
  do {
    removeTrivialPhis(fn);
    mergeBlocks(fn);
    analyse(fn);
  } while (foldBranches(fn));
}
