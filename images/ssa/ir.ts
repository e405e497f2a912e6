/**
 * The intermediate form: a function in static single assignment, every value a word of 32 bits.
 *
 *     SsaFunction ─ blocks ─ values   phis first, then in order of execution
 *                          └ end      how control goes on, to `successors`
 *
 * Wide values (i64, f64) are two words; floats are their bits. Constants and symbols' addresses float: they
 * are in no block, one per function and value. A phi's argument i comes from predecessor i; no block has the
 * same predecessor twice. A value that was replaced has `forward` set; read arguments through `resolve`.
 * `check` in check.ts tests these rules.
 */

export const Ir = {
  // floating
  Constant: 0,
  Symbol: 1,
  // in blocks
  Parameter: 2,
  Phi: 3,
  Add: 4,
  Sub: 5,
  Mul: 6,
  MulHighS: 7,
  MulHighU: 8,
  DivS: 9,
  DivU: 10,
  RemS: 11,
  RemU: 12,
  And: 13,
  Or: 14,
  Xor: 15,
  Shl: 16,
  ShrS: 17,
  ShrU: 18,
  Rotl: 19,
  Rotr: 20,
  Eq: 21,
  Ne: 22,
  LtS: 23,
  LtU: 24,
  GeS: 25,
  GeU: 26,
  MinS: 27,
  MaxS: 28,
  MinU: 29,
  MaxU: 30,
  Clz: 31,
  Ctz: 32,
  Popcnt: 33,
  Extend8: 34,
  Extend16: 35,
  Select: 36,
  Load8S: 37,
  Load8U: 38,
  Load16S: 39,
  Load16U: 40,
  Load32: 41,
  Store8: 42,
  Store16: 43,
  Store32: 44,
  Call: 45,
  CallIndirect: 46,
  Machine: 47,
  Result: 48,
} as const;

export type IrOp = (typeof Ir)[keyof typeof Ir];

/** What memory a load or store means. Different classes never overlap; globals have a class each. */
export const LINEAR = 0;
export const TABLE = 1;
export const FIRST_GLOBAL = 2;

export interface Callee {
  /** The symbol called; undefined for an indirect call, whose first argument is the code's address. */
  readonly symbol: string | undefined;
  readonly resultWords: number;
  /** Depends on its arguments only and does nothing else. */
  readonly pure: boolean;
  /** For indirect calls: the signature, as object files name it. */
  readonly signature: string | undefined;
}

/** A machine intrinsic: its row in the back end's table, its name and its constant operand. */
export interface MachineOperation {
  readonly name: string;
  readonly effect: 'pure' | 'effect' | 'barrier' | 'call' | 'switch';
  readonly constant: number;
  readonly hasResult: boolean;
}

export class Value {
  readonly id: number;
  op: IrOp;
  /** Operands, by position. */
  args: Value[];
  /** Constant: its value. Symbol, loads, stores: byte offset. Parameter, Result: word index. */
  immediate: number;
  /** Loads and stores: what memory they mean. */
  memory = LINEAR;
  /**
   * Symbol: its name. Of a global's load or store: the global, with no base (constant 0). Of another load or
   * store: the symbol whose lower part is added to the base, which holds the upper part.
   */
  symbol: string | undefined = undefined;
  /** A load that must be executed though its result is unused, because it may trap. */
  mayTrap = false;
  part: 'address' | 'high' = 'address';
  callee: Callee | undefined = undefined;
  machine: MachineOperation | undefined = undefined;
  block: Block | undefined = undefined;
  forward: Value | undefined = undefined;
  /** Byte of the module that this came from, for source lines. */
  origin = 0;
  /** Of a phi: the bits that may be set, all others are surely zero (optimise/known-bits.ts). */
  bits = -1;
  /** Scratch for the pass that runs: how often it is used, a mark, a number. */
  uses = 0;
  mark = 0;

  constructor(id: number, op: IrOp, args: Value[], immediate: number) {
    this.id = id;
    this.op = op;
    this.args = args;
    this.immediate = immediate;
  }
}

export type BlockEnd =
  | { readonly kind: 'open' }
  | { readonly kind: 'jump' }
  /** To successor 0 where the condition is not zero, else to successor 1. `unlikely`: 0 is hardly ever taken. */
  | { readonly kind: 'branch'; condition: Value }
  /** To successor `table[index]`; the last entry also serves every index beyond. */
  | { readonly kind: 'switch'; index: Value; readonly table: readonly number[] }
  | { readonly kind: 'return'; readonly values: Value[] }
  | { readonly kind: 'trap'; readonly symbol: string }
  | { readonly kind: 'unreachable' };

export class Block {
  readonly id: number;
  values: Value[] = [];
  end: BlockEnd = { kind: 'open' };
  predecessors: Block[] = [];
  successors: Block[] = [];
  endOrigin = 0;
  // Made by dominators.ts and loops.ts:
  order = -1;
  dominator: Block | undefined = undefined;
  domDepth = 0;
  loop: Loop | undefined = undefined;
  isCold = false;
  frequency = 1;

  constructor(id: number) {
    this.id = id;
  }
}

export interface Loop {
  readonly header: Block;
  readonly parent: Loop | undefined;
  readonly depth: number;
  readonly blocks: Set<Block>;
}

export class SsaFunction {
  readonly name: string;
  readonly parameterWords: number;
  readonly resultWords: number;
  blocks: Block[] = [];
  private nextValue = 0;
  private nextBlock = 0;
  private readonly constants = new Map<number, Value>();
  private readonly symbols = new Map<string, Value>();

  constructor(name: string, parameterWords: number, resultWords: number) {
    this.name = name;
    this.parameterWords = parameterWords;
    this.resultWords = resultWords;
  }

  get entry(): Block {
    return this.blocks[0]!;
  }

  get valueCount(): number {
    return this.nextValue;
  }

  get blockCount(): number {
    return this.nextBlock;
  }

  newBlock(): Block {
    const block = new Block(this.nextBlock++);
    this.blocks.push(block);
    return block;
  }

  newValue(op: IrOp, args: Value[], immediate = 0): Value {
    return new Value(this.nextValue++, op, args, immediate);
  }

  constant(value: number): Value {
    const key = value | 0;
    let constant = this.constants.get(key);
    if (constant === undefined) {
      constant = this.newValue(Ir.Constant, [], key);
      this.constants.set(key, constant);
    }
    return constant;
  }

  /** A symbol's address; as `high` only its upper part, for an access that adds the lower (see `Value.symbol`). */
  symbol(name: string, offset: number, part: 'address' | 'high'): Value {
    const key = `${part} ${offset} ${name}`;
    let symbol = this.symbols.get(key);
    if (symbol === undefined) {
      symbol = this.newValue(Ir.Symbol, [], offset);
      symbol.symbol = name;
      symbol.part = part;
      this.symbols.set(key, symbol);
    }
    return symbol;
  }
}

/** What a value is now, after replacements. */
export function resolve(value: Value): Value {
  let result = value;
  while (result.forward !== undefined) result = result.forward;
  while (value !== result) {
    const next: Value = value.forward!;
    value.forward = result;
    value = next;
  }
  return result;
}

export function resolveArguments(value: Value): void {
  const { args } = value;
  for (let i = 0; i < args.length; i++) {
    if (args[i]!.forward !== undefined) args[i] = resolve(args[i]!);
  }
}

/** The values that a block's end uses, current ones. */
export function endArguments(block: Block): readonly Value[] {
  const { end } = block;
  switch (end.kind) {
    case 'branch':
      end.condition = resolve(end.condition);
      return [end.condition];
    case 'switch':
      end.index = resolve(end.index);
      return [end.index];
    case 'return':
      for (let i = 0; i < end.values.length; i++) end.values[i] = resolve(end.values[i]!);
      return end.values;
    default:
      return [];
  }
}

export function connect(from: Block, to: Block): void {
  from.successors.push(to);
  to.predecessors.push(from);
}

/** Takes the edge away, with the phis' arguments for it. */
export function disconnect(from: Block, to: Block): void {
  from.successors.splice(from.successors.indexOf(to), 1);
  removePredecessor(to, to.predecessors.indexOf(from));
}

export function removePredecessor(block: Block, index: number): void {
  block.predecessors.splice(index, 1);
  for (const value of block.values) {
    if (value.op !== Ir.Phi) break;
    value.args.splice(index, 1);
  }
}

export function isFloating(value: Value): boolean {
  return value.op <= Ir.Symbol;
}

export function isComparison(op: number): boolean {
  return op >= Ir.Eq && op <= Ir.GeU;
}

export function isLoad(op: number): boolean {
  return op >= Ir.Load8S && op <= Ir.Load32;
}

export function isStore(op: number): boolean {
  return op >= Ir.Store8 && op <= Ir.Store32;
}

/** Whether the value must stay though nobody uses it. */
export function hasEffect(value: Value): boolean {
  if (isStore(value.op) || value.op === Ir.CallIndirect || value.mayTrap) return true;
  if (value.op === Ir.Call) return !value.callee!.pure;
  return value.op === Ir.Machine && value.machine!.effect !== 'pure';
}

/** Depends on its arguments only, so that it can be computed anywhere they are known. */
export function isPure(value: Value): boolean {
  return (value.op >= Ir.Add && value.op <= Ir.Select) || (value.op === Ir.Call && value.callee!.pure);
}
