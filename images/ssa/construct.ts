/**
 * WebAssembly to SSA, in one pass over a function's instructions and without recursion.
 *
 * Structured control makes it direct: a label's block gets its phis when the label ends, from the states
 * that its branches left behind; a loop's header gets phis at once, for the locals that the loop writes. A
 * branch goes through a block of its own, so that no edge is critical. Code that cannot be reached is passed
 * over. The function must be valid.
 */
import type { Code, WasmFunction } from '../wasm/module.ts';
import { Op } from '../wasm/opcodes.ts';
import { blockSignature } from '../wasm/validate.ts';
import { buildBulk, buildGlobal, buildLoad, buildStore } from './access.ts';
import { Builder, widthOf, wordCount } from './builder.ts';
import { buildCall, buildCallIndirect } from './calls.ts';
import type { Environment } from './environment.ts';
import { type Block, connect, Ir, type SsaFunction, type Value } from './ir.ts';
import { buildNumeric } from './numeric.ts';

/** What a branch to a label brings along. */
interface Edge {
  readonly from: Block;
  readonly locals: Value[];
  readonly values: Value[];
}

interface Frame {
  readonly kind: 'function' | 'block' | 'loop' | 'if' | 'else';
  readonly parameterWidths: readonly number[];
  readonly resultWidths: readonly number[];
  /** The operand stack below the block: words and operands. */
  readonly words: number;
  readonly operands: number;
  readonly edges: Edge[];
  /** Of a loop: its header, and which slot each of its phis stands for (negative: a parameter). */
  readonly header?: Block;
  readonly slots?: readonly number[];
  /** Of an if: where its else part starts. */
  readonly otherwise?: Edge;
}

export function construct(env: Environment, fn: WasmFunction, name: string): SsaFunction {
  return new Construction(env, fn, name).run();
}

class Construction {
  private readonly b: Builder;
  private readonly body: Code;
  private readonly frames: Frame[] = [];
  /** Local → its first slot; a wide local has two. */
  private readonly slots: number[] = [];
  private readonly widths: number[] = [];
  private readonly written: ReadonlyMap<number, readonly number[]>;
  private readonly resultWidths: readonly number[];
  private reachable = true;

  constructor(env: Environment, fn: WasmFunction, name: string) {
    this.body = fn.body!;
    const { parameters, results } = fn.type;
    this.b = new Builder(env, name, wordCount(parameters), wordCount(results));
    this.resultWidths = results.map(widthOf);
    for (const type of parameters) this.addLocal(widthOf(type), 'parameter');
    for (const type of this.body.locals) this.addLocal(widthOf(type), 'zero');
    this.written = loopWrites(this.body);
  }

  private addLocal(width: number, initial: 'parameter' | 'zero'): void {
    const { b } = this;
    this.slots.push(b.locals.length);
    this.widths.push(width);
    for (let i = 0; i < width; i++) {
      b.locals.push(initial === 'zero' ? b.constant(0) : b.make(Ir.Parameter, [], b.locals.length));
    }
  }

  run(): SsaFunction {
    const { b, body } = this;
    this.enter('function', [], this.resultWidths, {});
    let skipped = 0;
    for (let index = 0; index < body.count; index++) {
      const op = body.op[index]!;
      if (!this.reachable) {
        if (op === Op.block || op === Op.loop || op === Op.if) skipped++;
        if (skipped > 0 || (op !== Op.end && op !== Op.else)) {
          if (op === Op.end) skipped--;
          continue;
        }
      }
      b.origin = body.offset[index]!;
      this.step(index, op);
    }
    return b.fn;
  }

  private step(index: number, op: number): void {
    const { b, body } = this;
    const a = body.a[index]!;
    if (op <= Op.return) this.stepControl(index, op, a);
    else if (op === Op.call) buildCall(b, a);
    else if (op === Op.call_indirect) buildCallIndirect(b, a);
    else if (op <= Op.local_tee) this.stepLocal(op, a);
    else if (op <= Op.global_set) buildGlobal(b, op, a);
    else if (op <= 0x35) buildLoad(b, op, a);
    else if (op <= 0x3e) buildStore(b, op, a);
    else if (op <= Op.memory_grow || op >= Op.memory_init) buildBulk(b, op, a, body.b[index]!);
    else if (op === Op.i32_const || op === Op.f32_const) b.push(b.constant(a));
    else if (op <= Op.f64_const) b.pushWide({ low: b.constant(a), high: b.constant(body.b[index]!) });
    else buildNumeric(b, op);
  }

  private stepLocal(op: number, a: number): void {
    const { b } = this;
    switch (op) {
      case Op.drop:
        b.stack.length -= b.widths.pop()!;
        return;
      case Op.select: {
        const condition = b.pop();
        if (b.widths[b.widths.length - 1] === 1) {
          const no = b.pop();
          b.push(b.fold.select(condition, b.pop(), no));
        } else {
          const no = b.popWide();
          const yes = b.popWide();
          const low = b.fold.select(condition, yes.low, no.low);
          b.pushWide({ low, high: b.fold.select(condition, yes.high, no.high) });
        }
        return;
      }
    }
    const slot = this.slots[a]!;
    const wide = this.widths[a] === 2;
    if (op === Op.local_get) {
      if (wide) b.pushWide({ low: b.locals[slot]!, high: b.locals[slot + 1]! });
      else b.push(b.locals[slot]!);
      return;
    }
    const top = b.stack.length;
    if (wide) b.locals[slot + 1] = b.stack[top - 1]!;
    b.locals[slot] = b.stack[wide ? top - 2 : top - 1]!;
    if (op === Op.local_set) b.stack.length -= b.widths.pop()!;
  }

  private stepControl(index: number, op: number, a: number): void {
    const { b } = this;
    switch (op) {
      case Op.unreachable:
        b.block.end = { kind: 'unreachable' };
        this.leaveCode();
        break;
      case Op.block:
      case Op.loop:
      case Op.if: {
        const type = blockSignature(b.env.module.types, a)!;
        const parameters = type.parameters.map(widthOf);
        const results = type.results.map(widthOf);
        if (op === Op.block) this.enter('block', parameters, results, {});
        else if (op === Op.loop) this.enterLoop(index, parameters, results);
        else this.enterIf(parameters, results);
        break;
      }
      case Op.else:
        this.takeElse();
        break;
      case Op.end:
        this.leave();
        break;
      case Op.br:
        this.branchTo(this.frames.length - 1 - a);
        this.leaveCode();
        break;
      case Op.br_if: {
        const { yes, no } = b.branch(b.pop());
        b.block = yes;
        this.branchTo(this.frames.length - 1 - a);
        b.block = no;
        break;
      }
      case Op.br_table:
        this.branchTable(this.body.branchTables[a]!);
        break;
      case Op.return:
        this.branchTo(0);
        this.leaveCode();
        break;
    }
  }

  private leaveCode(): void {
    this.b.block.endOrigin = this.b.origin;
    this.reachable = false;
  }

  private enter(
    kind: Frame['kind'],
    parameterWidths: readonly number[],
    resultWidths: readonly number[],
    more: Pick<Frame, 'header' | 'slots' | 'otherwise'>,
  ): void {
    const { b } = this;
    const words = b.stack.length - sum(parameterWidths);
    const operands = b.widths.length - parameterWidths.length;
    this.frames.push({ kind, parameterWidths, resultWidths, words, operands, edges: [], ...more });
  }

  private enterLoop(
    index: number,
    parameterWidths: readonly number[],
    resultWidths: readonly number[],
  ): void {
    const { b } = this;
    const header = b.fn.newBlock();
    b.jump(header);
    b.block = header;
    const slots: number[] = [];
    const phi = (initial: Value) => b.make(Ir.Phi, [initial]);
    for (const local of this.written.get(index)!) {
      for (let i = 0; i < this.widths[local]!; i++) {
        const slot = this.slots[local]! + i;
        slots.push(slot);
        b.locals[slot] = phi(b.locals[slot]!);
      }
    }
    const count = sum(parameterWidths);
    const first = b.stack.length - count;
    for (let i = 0; i < count; i++) {
      slots.push(-1 - i);
      b.stack[first + i] = phi(b.stack[first + i]!);
    }
    this.enter('loop', parameterWidths, resultWidths, { header, slots });
  }

  private enterIf(parameterWidths: readonly number[], resultWidths: readonly number[]): void {
    const { b } = this;
    const { yes, no } = b.branch(b.pop());
    const values = b.stack.slice(b.stack.length - sum(parameterWidths));
    b.block = yes;
    this.enter('if', parameterWidths, resultWidths, {
      otherwise: { from: no, locals: b.locals.slice(), values },
    });
  }

  private takeElse(): void {
    const { b } = this;
    const frame = this.frames[this.frames.length - 1]!;
    if (this.reachable) this.branchTo(this.frames.length - 1);
    const { from, locals, values } = frame.otherwise!;
    this.frames.pop();
    b.block = from;
    b.locals = locals;
    this.truncate(frame);
    b.stack.push(...values);
    b.widths.push(...frame.parameterWidths);
    this.reachable = true;
    this.frames.push({ ...frame, kind: 'else' });
  }

  private truncate(frame: Frame): void {
    this.b.stack.length = frame.words;
    this.b.widths.length = frame.operands;
  }

  /** From the block at work to the label of frame `index`, by a jump. */
  private branchTo(index: number): void {
    const { b } = this;
    const frame = this.frames[index]!;
    const widths = frame.kind === 'loop' ? frame.parameterWidths : frame.resultWidths;
    const values = b.stack.slice(b.stack.length - sum(widths));
    if (frame.kind === 'function') {
      b.block.end = { kind: 'return', values };
      b.block.endOrigin = b.origin;
    } else if (frame.kind === 'loop') {
      b.jump(frame.header!);
      const phis = frame.header!.values;
      frame.slots!.forEach((slot, i) => {
        phis[i]!.args.push(slot < 0 ? values[-1 - slot]! : b.locals[slot]!);
      });
    } else {
      frame.edges.push({ from: b.block, locals: b.locals.slice(), values });
    }
  }

  private branchTable(targets: readonly number[]): void {
    const { b } = this;
    const index = b.pop();
    const start = b.block;
    const successorOf = new Map<number, number>();
    const table = targets.map(depth => {
      const known = successorOf.get(depth);
      if (known !== undefined) return known;
      const block = b.fn.newBlock();
      connect(start, block);
      b.block = block;
      this.branchTo(this.frames.length - 1 - depth);
      successorOf.set(depth, start.successors.length - 1);
      return start.successors.length - 1;
    });
    b.block = start;
    start.end = { kind: 'switch', index, table };
    this.leaveCode();
  }

  private leave(): void {
    const frame = this.frames[this.frames.length - 1]!;
    if (frame.kind === 'function') {
      if (this.reachable) this.branchTo(0);
      this.frames.pop();
      this.reachable = false;
      return;
    }
    if (frame.kind === 'loop') {
      this.frames.pop();
      return;
    }
    if (this.reachable) this.branchTo(this.frames.length - 1);
    if (frame.kind === 'if') frame.edges.push(frame.otherwise!);
    this.frames.pop();
    this.truncate(frame);
    this.join(frame);
  }

  /** Goes on where all the label's branches meet. */
  private join(frame: Frame): void {
    const { b } = this;
    const { edges } = frame;
    const [first] = edges;
    this.reachable = first !== undefined;
    if (first === undefined) return;
    b.widths.push(...frame.resultWidths);
    if (edges.length === 1) {
      b.block = first.from;
      b.locals = first.locals;
      b.stack.push(...first.values);
      return;
    }
    const block = b.fn.newBlock();
    for (const { from } of edges) {
      b.block = from;
      b.jump(block);
    }
    b.block = block;
    const merge = (of: (edge: Edge) => Value) => {
      const value = of(first);
      return edges.every(edge => of(edge) === value) ? value : b.make(Ir.Phi, edges.map(of));
    };
    b.locals = first.locals.map((_, slot) => merge(edge => edge.locals[slot]!));
    b.stack.push(...first.values.map((_, i) => merge(edge => edge.values[i]!)));
  }
}

function sum(widths: readonly number[]): number {
  let total = 0;
  for (const width of widths) total += width;
  return total;
}

/** For every loop, by the index of its instruction: the locals written anywhere in it, in order. */
function loopWrites(body: Code): ReadonlyMap<number, readonly number[]> {
  const result = new Map<number, readonly number[]>();
  const open: { index: number; writes: Set<number> | undefined }[] = [];
  const loops: Set<number>[] = [];
  for (let index = 0; index < body.count; index++) {
    const op = body.op[index]!;
    if (op === Op.loop) loops.push(new Set());
    if (op === Op.block || op === Op.loop || op === Op.if) {
      open.push({ index, writes: op === Op.loop ? loops[loops.length - 1] : undefined });
    } else if (op === Op.local_set || op === Op.local_tee) {
      loops[loops.length - 1]?.add(body.a[index]!);
    } else if (op === Op.end) {
      const closed = open.pop();
      if (closed?.writes === undefined) continue;
      loops.pop();
      const outer = loops[loops.length - 1];
      if (outer !== undefined) for (const local of closed.writes) outer.add(local);
      result.set(
        closed.index,
        [...closed.writes].sort((x, y) => x - y),
      );
    }
  }
  return result;
}
