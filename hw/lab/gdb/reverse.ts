/**
 * Going backwards by going forwards: the machine is put to a recorded point before now and runs again,
 * exactly as it did, to the boundary that is wanted.
 *
 *     step       the last instruction boundary before now
 *     continue   the last boundary before now at which a breakpoint or watchpoint stops; failing that,
 *                the beginning of the record
 *
 * Both look from the nearest checkpoint outwards, so that the near past is quick.
 */
import type { Debuggee, Halt, History } from './debuggee.ts';

/** Cycles that a first look back covers; it grows where one instruction took longer. */
const STEP_WINDOW = 512;
const STEP_WINDOW_GROWTH = 8;

const BEGINNING: Halt = { kind: 'beginning' };

export function reverseStep(debuggee: Debuggee): Halt {
  const history = recorded(debuggee);
  const now = debuggee.hart.cycle;
  if (now <= history.beginning) return BEGINNING;
  for (let window = STEP_WINDOW; ; window *= STEP_WINDOW_GROWTH) {
    const from = Math.max(history.beginning, now - window);
    const found = lastBoundary(debuggee, history, from, now);
    if (found !== undefined) {
      history.seek(found);
      return { kind: 'step' };
    }
    if (from === history.beginning) break;
  }
  history.seek(history.beginning);
  return BEGINNING;
}

export function reverseContinue(debuggee: Debuggee): Halt {
  const history = recorded(debuggee);
  let end = debuggee.hart.cycle;
  for (const from of [...history.checkpoints].reverse()) {
    if (from >= end) continue;
    const found = lastStop(debuggee, history, from, end);
    if (found !== undefined) {
      history.seek(found.cycle);
      return found.halt;
    }
    end = from;
  }
  history.seek(history.beginning);
  return BEGINNING;
}

function lastBoundary(
  debuggee: Debuggee,
  history: History,
  from: number,
  before: number,
): number | undefined {
  history.seek(from);
  let last: number | undefined;
  while (debuggee.hart.cycle < before) {
    last = debuggee.hart.cycle;
    debuggee.step();
  }
  return last;
}

/** The last stop in [from, before), the boundary at `from` included. */
function lastStop(
  debuggee: Debuggee,
  history: History,
  from: number,
  before: number,
): { readonly cycle: number; readonly halt: Halt } | undefined {
  history.seek(from);
  let last: { readonly cycle: number; readonly halt: Halt } | undefined;
  while (debuggee.hart.cycle < before) {
    const halt = debuggee.run(before - debuggee.hart.cycle);
    if (halt === undefined || debuggee.hart.cycle >= before) break;
    if (halt.kind === 'breakpoint' || halt.kind === 'watchpoint') last = { cycle: debuggee.hart.cycle, halt };
  }
  return last;
}

function recorded(debuggee: Debuggee): History {
  if (debuggee.history === undefined) throw new Error('nothing is recorded on this machine');
  return debuggee.history;
}
