/**
 * Machine code before it has registers: blocks of instructions on virtual registers.
 *
 * Registers below 32 are the machine's own (calling-convention.ts), others are virtual; a virtual register
 * may be defined several times. An instruction reads `a`, `b` and `uses`, then writes `d` and `defs`.
 * Mnemonics are the instruction set's, plus:
 *
 *     li      d = immediate                        any 32 bits
 *     la      d = symbol + immediate
 *     copy    defs[i] = uses[i], all at once
 *     call    symbol · callr  through a            arguments are `uses`, lost registers `clobbers`
 *     tail    symbol · tailr  through a            leave the function
 *     ret                                          results are `uses`
 *     move-if d = condition(a, b) ? uses[0] : d    `condition` is a branch; d is also read
 *     li-if   d = condition(a, b) ? immediate : d
 *     switch  jumps to the address in a, one of the block's `targets`
 *     trap    symbol                               calls what never returns
 *     machine an intrinsic, expanded by intrinsics.ts at emission
 *     spill, reload                                a register to and from slot `immediate` of the frame
 *     incoming, outgoing-load, outgoing-store      words of arguments and results on the stack
 */

export const FIRST_VIRTUAL = 32;
export const NONE = -1;
/** An operand of `copy` that is slot n of the frame is SLOT + n. */
export const SLOT = 1 << 24;

/** What a symbol operand means: its address's low part, relative to gp, its high part. */
export type SymbolPart = 'low' | 'gp' | 'high';

export class MachineInstruction {
  op: string;
  d: number;
  a: number;
  b: number;
  immediate: number;
  symbol: string | undefined = undefined;
  part: SymbolPart | undefined = undefined;
  condition: string | undefined = undefined;
  uses: number[] | undefined = undefined;
  defs: number[] | undefined = undefined;
  clobbers: readonly number[] | undefined = undefined;
  /** Of a call through a table: the signature. */
  signature: string | undefined = undefined;
  origin = 0;

  constructor(op: string, d: number, a: number, b: number, immediate: number) {
    this.op = op;
    this.d = d;
    this.a = a;
    this.b = b;
    this.immediate = immediate;
  }
}

/** How a block ends: at most a conditional branch, then a jump or what comes next in order. */
export class MachineBlock {
  readonly index: number;
  code: MachineInstruction[] = [];
  /** Conditional branch: mnemonic and registers; `to` is its target. */
  branch: { op: string; a: number; b: number; to: number } | undefined = undefined;
  /** Where control goes on otherwise; undefined after a return, tail call, switch or trap. */
  next: number | undefined = undefined;
  /** Of a switch. */
  targets: readonly number[] = [];
  frequency = 1;
  /** Hardly ever executed. */
  isCold = false;
  loopDepth = 0;
  endOrigin = 0;
  readonly predecessors: number[] = [];

  constructor(index: number) {
    this.index = index;
  }

  successors(): number[] {
    const all = [...this.targets];
    if (this.branch !== undefined) all.push(this.branch.to);
    if (this.next !== undefined) all.push(this.next);
    return all;
  }
}

/** A loop: its blocks, and the block before it, which leads nowhere else. */
export interface MachineLoop {
  readonly depth: number;
  readonly blocks: ReadonlySet<number>;
  readonly before: number;
}

export interface MachineFunction {
  readonly name: string;
  /** By block, the loops around it, outermost first. */
  readonly loops: readonly (readonly MachineLoop[])[];
  /** In the order of the code. Indices are positions in this list. */
  readonly blocks: MachineBlock[];
  /** One more than the highest virtual register. */
  registerCount: number;
  /** Words of arguments and results that this function passes to others on the stack. */
  outgoingWords: number;
  /** Words that this function was passed on the stack. */
  readonly incomingWords: number;
  /** Spill slots, words. */
  slotCount: number;
  readonly jumpTables: JumpTable[];
}

/** Addresses of blocks, in memory. */
export interface JumpTable {
  readonly symbol: string;
  readonly targets: readonly number[];
}

/** Calls `visit` for each register that the instruction reads. */
export function forEachUse(instruction: MachineInstruction, visit: (register: number) => void): void {
  const { a, b, uses, op, d } = instruction;
  if (a !== NONE) visit(a);
  if (b !== NONE) visit(b);
  if (uses !== undefined) for (const register of uses) if (register < SLOT) visit(register);
  if (op === 'move-if' || op === 'li-if') visit(d);
}

export function forEachDefinition(instruction: MachineInstruction, visit: (register: number) => void): void {
  const { d, defs } = instruction;
  if (d !== NONE) visit(d);
  if (defs !== undefined) for (const register of defs) if (register < SLOT) visit(register);
}
