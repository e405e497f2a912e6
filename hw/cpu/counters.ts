/**
 * The counters by name: how often each cause of hw/manual/timing.ts applied since power on.
 *
 * Load-use stalls are not counted where they happen, since they are part of a block's static cost; but
 * every cycle has exactly one cause, so that they are what the others leave.
 */
import * as Layout from '../manual/core-layout.ts';
import * as Timing from '../manual/timing.ts';
import type { CoreInstance } from './core-instance.ts';

/** Name, where it is counted, cycles each. */
const CAUSES = [
  ['exceptions', Layout.COUNT_EXCEPTION, Timing.BASE + Timing.TRAP_ENTRY],
  ['interrupts', Layout.COUNT_INTERRUPT, Timing.TRAP_ENTRY],
  ['trapReturns', Layout.COUNT_TRAP_RETURN, Timing.TRAP_RETURN],
  ['mispredict', Layout.COUNT_MISPREDICT, Timing.MISPREDICT],
  ['jumpRegister', Layout.COUNT_JUMP_REGISTER, Timing.JUMP_REGISTER],
  ['multiply', Layout.COUNT_MULTIPLY, Timing.MULTIPLY],
  ['divide', Layout.COUNT_DIVIDE, Timing.DIVIDE],
  ['csr', Layout.COUNT_CSR, Timing.CSR_ACCESS],
  ['device', Layout.COUNT_DEVICE, Timing.UNCACHED],
  ['misaligned', Layout.COUNT_MISALIGNED, Timing.MISALIGNED],
  ['iCacheMiss', Layout.COUNT_I_MISS, Timing.LINE_FILL],
  ['dCacheMiss', Layout.COUNT_D_MISS, Timing.LINE_FILL],
  ['dirtyEviction', Layout.COUNT_DIRTY_EVICTION, Timing.DIRTY_EVICTION],
  ['walkRead', Layout.COUNT_WALK_READ, Timing.WALK_READ],
  ['iTlbMiss', Layout.COUNT_I_TLB_MISS, 0],
  ['dTlbMiss', Layout.COUNT_D_TLB_MISS, 0],
  ['idle', Layout.COUNT_IDLE, 1],
] as const;

/** Cycles that one count of each cause stands for. */
export const CYCLES_EACH: Readonly<Record<string, number>> = {
  ...Object.fromEntries(CAUSES.map(([name, , cost]) => [name, cost])),
  instructions: Timing.BASE,
  loadUse: Timing.LOAD_USE,
};

export function readCounters(core: CoreInstance): Readonly<Record<string, number>> {
  const cycles = core.long(Layout.CYCLE);
  const instructions = core.long(Layout.INSTRET);
  const counters: Record<string, number> = { cycles, instructions };
  let loadUseCycles = cycles - instructions * Timing.BASE;
  for (const [name, index, cost] of CAUSES) {
    const count = core.counter(index);
    counters[name] = count;
    loadUseCycles -= count * cost;
  }
  counters['loadUse'] = loadUseCycles / Timing.LOAD_USE;
  return counters;
}
