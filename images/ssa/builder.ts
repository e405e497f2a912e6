/**
 * The state of building one function: the block at work, WebAssembly's operand stack and locals as SSA
 * words, and the means to add values.
 *
 * A wide value takes two words on `stack`, low word first; `widths` has one number per operand.
 */
import { F64, I64, type ValueType } from '../wasm/module.ts';
import type { Environment } from './environment.ts';
import { Folder } from './fold.ts';
import { type Block, type Callee, connect, Ir, type IrOp, SsaFunction, type Value } from './ir.ts';
import type { Wide } from './wide.ts';

export class Builder {
  readonly env: Environment;
  readonly fn: SsaFunction;
  readonly fold: Folder;
  block: Block;
  origin = 0;
  stack: Value[] = [];
  widths: number[] = [];
  locals: Value[] = [];
  private readonly trapBlocks = new Map<string, Block>();

  constructor(env: Environment, name: string, parameterWords: number, resultWords: number) {
    this.env = env;
    this.fn = new SsaFunction(name, parameterWords, resultWords);
    this.block = this.fn.newBlock();
    this.fold = new Folder(this.fn, value => this.add(value));
  }

  add(value: Value): Value {
    value.block = this.block;
    value.origin = this.origin;
    this.block.values.push(value);
    return value;
  }

  make(op: IrOp, args: Value[], immediate = 0): Value {
    return this.add(this.fn.newValue(op, args, immediate));
  }

  constant(value: number): Value {
    return this.fn.constant(value);
  }

  push(value: Value): void {
    this.stack.push(value);
    this.widths.push(1);
  }

  pushWide(value: Wide): void {
    this.stack.push(value.low, value.high);
    this.widths.push(2);
  }

  pop(): Value {
    this.widths.pop();
    return this.stack.pop()!;
  }

  popWide(): Wide {
    this.widths.pop();
    const high = this.stack.pop()!;
    return { low: this.stack.pop()!, high };
  }

  /** Takes `words` words of values with these widths off the stack. */
  popWords(types: readonly ValueType[]): Value[] {
    this.widths.length -= types.length;
    return this.stack.splice(this.stack.length - wordCount(types));
  }

  pushWords(types: readonly ValueType[], words: readonly Value[]): void {
    for (const type of types) this.widths.push(widthOf(type));
    for (const word of words) this.stack.push(word);
  }

  /** Adds a call and gives the words of its results. */
  call(callee: Callee, args: Value[]): Value[] {
    const call = this.make(Ir.Call, args);
    if (callee.symbol === undefined) call.op = Ir.CallIndirect;
    call.callee = callee;
    return this.results(call, callee.resultWords);
  }

  results(call: Value, count: number): Value[] {
    return Array.from({ length: count }, (_, index) => this.make(Ir.Result, [call], index));
  }

  runtime(name: string, args: Value[], resultWords: number, effect: 'pure' | 'effect'): Value[] {
    const symbol = this.env.runtimeSymbol(name);
    return this.call({ symbol, resultWords, pure: effect === 'pure', signature: undefined }, args);
  }

  /** Ends the block with a branch on `condition`; the caller goes on in one of the new blocks. */
  branch(condition: Value): { yes: Block; no: Block } {
    const { block, fn } = this;
    const yes = fn.newBlock();
    const no = fn.newBlock();
    block.end = { kind: 'branch', condition };
    block.endOrigin = this.origin;
    connect(block, yes);
    connect(block, no);
    return { yes, no };
  }

  jump(to: Block): void {
    this.block.end = { kind: 'jump' };
    this.block.endOrigin = this.origin;
    connect(this.block, to);
  }

  /** Goes on only where `condition` is 0; else calls the runtime's trap. */
  trapIf(condition: Value, trap: string): void {
    if (condition.op === Ir.Constant && condition.immediate === 0) return;
    const { block, fn } = this;
    const next = fn.newBlock();
    block.end = { kind: 'branch', condition };
    block.endOrigin = this.origin;
    connect(block, this.trapBlock(trap));
    connect(block, next);
    this.block = next;
  }

  private trapBlock(trap: string): Block {
    let block = this.trapBlocks.get(trap);
    if (block === undefined) {
      block = this.fn.newBlock();
      block.end = { kind: 'trap', symbol: this.env.runtimeSymbol(trap) };
      block.endOrigin = this.origin;
      this.trapBlocks.set(trap, block);
    }
    return block;
  }
}

export function widthOf(type: ValueType): number {
  return type === I64 || type === F64 ? 2 : 1;
}

export function wordCount(types: readonly ValueType[]): number {
  let words = 0;
  for (const type of types) words += widthOf(type);
  return words;
}
