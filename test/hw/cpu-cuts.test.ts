/**
 * Nothing depends on how a run is cut or on what the host remembers: random programs, with paging, traps
 * and code that changes itself, run in one piece and in pieces of any size end in the same state.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '../../hw/lab/random.ts';
import { RAM_BASE } from '../../hw/manual/memory-map.ts';
import { hashBytes, hashState, restoreState, saveState } from '../../hw/state.ts';
import { randomProgram } from './random-program.ts';
import { loadProgram, type RigOptions } from './rig.ts';

const CYCLES_MAX = 200_000;

const programs = fc.record({
  seed: fc.nat(1_000_000),
  instructions: fc.integer({ min: 20, max: 200 }),
  rounds: fc.integer({ min: 1, max: 8 }),
  privilege: fc.constantFrom('machine' as const, 'supervisor' as const, 'user' as const),
  finish: fc.constant('done'),
});
const machines: fc.Arbitrary<RigOptions> = fc.record({
  adBits: fc.constantFrom('hardware' as const, 'fault' as const),
  cacheSize: fc.constantFrom(256, 1024, 16_384),
  cacheWays: fc.constantFrom(1, 2, 4),
  tlbEntries: fc.constantFrom(1, 3, 32),
});
type Loaded = ReturnType<typeof loadProgram>['hart'];

const stateOf = (hart: Loaded) =>
  `${hart.cycle} ${hashState(hart)} ${hashBytes(hart.ram.read(RAM_BASE, hart.ram.size)!)}`;

function runInPieces(hart: Loaded, random: Random, longest: number, between: () => void): void {
  let stop = 'limit';
  while (stop === 'limit' && hart.cycle < CYCLES_MAX) {
    stop = hart.run(Math.min(CYCLES_MAX, hart.cycle + 1 + random.below(longest)));
    between();
  }
}

test('a run in one piece and a run in pieces end in the same state', () => {
  fc.assert(
    fc.property(programs, machines, fc.constantFrom(1, 2, 7, 100, 5000), (program, machine, longest) => {
      const source = randomProgram(program);
      const { hart: whole } = loadProgram(source, machine);
      whole.run(CYCLES_MAX);
      const { hart: pieces } = loadProgram(source, machine);
      runInPieces(pieces, new Random(program.seed), longest, () => undefined);
      expect(stateOf(pieces)).toBe(stateOf(whole));
    }),
    { seed: 20261123, numRuns: 60 },
  );
});

test('emptying what only makes the host fast changes nothing', () => {
  fc.assert(
    fc.property(programs, machines, fc.constantFrom(5, 500), (program, machine, longest) => {
      const source = randomProgram(program);
      const { hart: whole } = loadProgram(source, machine);
      whole.run(CYCLES_MAX);
      const { hart: forgetful } = loadProgram(source, machine);
      runInPieces(forgetful, new Random(program.seed), longest, () => forgetful.flushHostCaches());
      expect(stateOf(forgetful)).toBe(stateOf(whole));
    }),
    { seed: 20261124, numRuns: 40 },
  );
});

/** Jumps to an instruction in two lines, of which only the second is in the I$. */
const CROSSING = `
  li s1, 4
  j evict
  .balign 256
  .skip 62
crossing:
  add a0, a0, s1
  addi s1, s1, -1
  bnez s1, evict
  done
  .balign 256
evict:
  nop
  j crossing`;

test('an instruction in two lines that was fetched at a cost is executed, whatever the host remembers', () => {
  const machine = { cacheSize: 256, cacheWays: 1, ramSize: 1 << 16 };
  for (let end = 5; end < 100; end++) {
    const { hart: whole } = loadProgram(CROSSING, machine);
    whole.run(end);
    const { hart: forgetful } = loadProgram(CROSSING, machine);
    forgetful.run(end - 4);
    forgetful.flushHostCaches();
    forgetful.run(end);
    expect(stateOf(forgetful)).toBe(stateOf(whole));
  }
});

test('a hart that was saved in another one goes on as if nothing had happened', () => {
  fc.assert(
    fc.property(programs, machines, (program, machine) => {
      const source = randomProgram(program);
      const { hart: whole } = loadProgram(source, machine);
      whole.run(CYCLES_MAX);
      const { hart: first } = loadProgram(source, machine);
      const stop = first.run(Math.floor(whole.cycle / 2));
      const { hart: second } = loadProgram(source, machine);
      second.run(program.seed % 1000);
      second.ram.write(RAM_BASE, first.ram.read(RAM_BASE, first.ram.size)!.slice());
      restoreState(second, saveState(first));
      if (stop === 'limit') second.run(CYCLES_MAX);
      expect(stateOf(second)).toBe(stateOf(whole));
    }),
    { seed: 20261125, numRuns: 30 },
  );
});
