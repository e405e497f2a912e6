/**
 * Which bits of phis may be set. Starts from "none" and adds what the arguments bring until nothing changes,
 * so that a loop's phi is not unknown only because it depends on itself.
 */
import { possibleBits } from '../ssa/fold.ts';
import { Ir, resolveArguments, type SsaFunction, type Value } from '../ssa/ir.ts';

/** Phis still growing after this many rounds are taken for unknown. */
const ROUNDS_MAX = 12;

export function findKnownBits(fn: SsaFunction): void {
  const phis: Value[] = [];
  for (const block of fn.blocks) {
    for (const value of block.values) {
      if (value.op !== Ir.Phi) break;
      resolveArguments(value);
      value.bits = 0;
      phis.push(value);
    }
  }
  let growing = phis;
  for (let round = 0; growing.length > 0; round++) {
    growing = [];
    for (const phi of phis) {
      let bits = phi.bits;
      for (const argument of phi.args) bits |= possibleBits(argument);
      if (bits === phi.bits) continue;
      phi.bits = round < ROUNDS_MAX ? bits : -1;
      growing.push(phi);
    }
  }
}
