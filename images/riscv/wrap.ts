/**
 * Where a function has its frame, so that ways through the function that do without pay nothing for it (shrink
 * wrapping): where only cold blocks need it, in those alone; else from the first block on that needs it to the end.
 *
 *     entry ─→ … ─→ return                           no frame, no prologue, no epilogue
 *          └─→ (prologue) a call ─→ … ─→ (epilogue) return, or back to where there is none
 */
import { CALLEE_SAVED, RA } from './calling-convention.ts';
import { forEachDefinition, forEachUse, type MachineBlock, type MachineInstruction } from './machine.ts';

export interface Wrapping {
  /** By block. */
  readonly isFramed: readonly boolean[];
  /** Blocks that begin with the prologue. */
  readonly opens: ReadonlySet<number>;
  /** Blocks with a frame that others with it and without it lead to: the latter through a prologue of its own. */
  readonly mixed: ReadonlySet<number>;
  /** Blocks without a frame that those with it lead to, through an epilogue of its own. */
  readonly after: ReadonlySet<number>;
}

const ON_THE_STACK: ReadonlySet<string> = new Set([
  'spill',
  'reload',
  'incoming-load',
  'incoming-store',
  'outgoing-load',
  'outgoing-store',
  'trap',
]);
/** Intrinsics that mean the stack pointer. */
const OF_THE_STACK: ReadonlySet<string> = new Set(['sp', 'set_sp', 'switch_context']);

/** `code`: by block, on machine registers. `saved`: how many registers the prologue stores. */
export function wrap(
  blocks: readonly MachineBlock[],
  code: readonly (readonly MachineInstruction[])[],
  saved: number,
): Wrapping {
  const needing = blocks.filter((block, index) => block.targets.length > 0 || code[index]!.some(needsFrame));
  const isColdAlone =
    needing.every(({ isCold }) => isCold) &&
    blocks.every(({ isCold, index }) => isCold || !keeps(code[index]!));
  const isFramed = reachable(blocks, needing, ({ isCold }) => isCold || !isColdAlone);
  const opens = new Set<number>();
  const mixed = new Set<number>();
  const after = new Set<number>();
  for (const { index, predecessors } of blocks) {
    const framed = predecessors.filter(from => isFramed[from]);
    if (!isFramed[index] && framed.length > 0) after.add(index);
    if (isFramed[index] && framed.length < predecessors.length)
      (framed.length > 0 ? mixed : opens).add(index);
  }
  if (!isFramed[0] && (isColdAlone || pays(blocks, isFramed, mixed, saved)))
    return { isFramed, opens, mixed, after };
  return { isFramed: blocks.map(() => true), opens: new Set([0]), mixed: new Set(), after: new Set() };
}

/** Whether a register that the caller wants kept is meant at all. */
function keeps(code: readonly MachineInstruction[]): boolean {
  let isMeant = false;
  for (const instruction of code) {
    forEachUse(instruction, register => {
      if (CALLEE_SAVED.includes(register)) isMeant = true;
    });
  }
  return isMeant;
}

function needsFrame(instruction: MachineInstruction): boolean {
  const { op, symbol, clobbers } = instruction;
  if (ON_THE_STACK.has(op) || (op === 'machine' && OF_THE_STACK.has(symbol!))) return true;
  let isNeeded = clobbers?.some(isKept) ?? false;
  forEachDefinition(instruction, register => {
    if (isKept(register)) isNeeded = true;
  });
  return isNeeded;
}

function isKept(register: number): boolean {
  return register === RA || CALLEE_SAVED.includes(register);
}

function reachable(
  blocks: readonly MachineBlock[],
  first: readonly MachineBlock[],
  belongs: (block: MachineBlock) => boolean,
): boolean[] {
  const found = blocks.map(() => false);
  const work = [...first];
  for (let block = work.pop(); block !== undefined; block = work.pop()) {
    if (found[block.index] || !belongs(block)) continue;
    found[block.index] = true;
    for (const to of block.successors()) work.push(blocks[to]!);
  }
  return found;
}

/** Whether the ways without the frame save more than the jumps cost that come of it. */
function pays(
  blocks: readonly MachineBlock[],
  isFramed: readonly boolean[],
  mixed: ReadonlySet<number>,
  saved: number,
): boolean {
  let gain = 0;
  for (const block of blocks) {
    if (isFramed[block.index]) continue;
    const successors = block.successors();
    if (successors.length === 0) gain += block.frequency * 2 * (saved + 1);
    for (const to of successors) if (mixed.has(to)) gain -= block.frequency;
  }
  return gain > 0;
}
