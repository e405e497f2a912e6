/**
 * System calls at random: pairs of mad processes (guest/fuzz.ts) under an eye that sees what they leave behind
 * and what they had no right to do (guest/fuzzing.ts). A slice is one boot; the same seed is the same slice.
 */
import { boot } from './kernel-rig.ts';

const SECONDS_PER_PAIR = 0.01;
const WELL = /^killed (\d+) nothing is left\n$/;

export interface Slice {
  /** What went wrong: undefined, or what the first process said, or that it did not come to an end. */
  readonly fault: string | undefined;
  /** Pairs that had to be killed. */
  readonly killed: number;
  readonly cycles: number;
}

/** Pairs `seed` to `seed + pairs`. */
export async function runSlice(seed: number, pairs: number): Promise<Slice> {
  const plan = new Uint8Array(new Uint32Array([seed, pairs]).buffer);
  const { board, output, status } = await boot(
    { init: 'fuzzing', fuzz: 'fuzz' },
    { seconds: 1 + pairs * SECONDS_PER_PAIR, files: { plan } },
  );
  const well = status === 0 ? WELL.exec(output) : null;
  return {
    fault: well === null ? `${output}\nstatus ${status ?? 'none: it goes on'}` : undefined,
    killed: Number(well?.[1] ?? 0),
    cycles: board.hart.cycle,
  };
}
