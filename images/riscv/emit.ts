/**
 * The last stage: the order of the blocks, jumps between them, sizes and offsets, bytes and relocations.
 *
 * Jumps to a block that only jumps on go straight to its end. A loop whose test stands at its top and whose
 * end jumps back gets the test at its bottom, so that each turn executes one jump less. Jumps and branches
 * start in their shortest form and grow until every one reaches its target.
 */
import type { Relocation } from '../object.ts';
import { ZERO } from './calling-convention.ts';
import { compress, compressJump, encode, field } from './encode.ts';
import { type BlockOrder, orderBlocks } from './layout.ts';
import { Line } from './line.ts';
import type { LoweredFunction } from './lower.ts';
import { opposite } from './select-value.ts';

export interface EmittedFunction {
  readonly bytes: Uint8Array;
  readonly relocations: readonly Relocation[];
  /** From `offset` on, the code comes from byte `origin` of the module. */
  readonly origins: readonly { readonly offset: number; readonly origin: number }[];
  readonly jumpTables: readonly { readonly symbol: string; readonly offsets: readonly number[] }[];
}

export function emit(fn: LoweredFunction): EmittedFunction {
  const blockOrder = orderBlocks(fn);
  const { lines, starts } = linearise(fn, blockOrder);
  const blockOffsets = assignOffsets(lines, starts, fn.blocks.length);
  const last = lines[lines.length - 1];
  const size = last === undefined ? 0 : last.offset + last.size;
  const writer = new Writer(lines, size, blockOffsets);
  lines.forEach((_, index) => {
    writer.write(index);
  });
  const jumpTables = fn.jumpTables.map(({ symbol, targets }) => ({
    symbol,
    offsets: targets.map(target => blockOffsets[blockOrder.resolve(target)]!),
  }));
  return { bytes: writer.bytes, relocations: writer.relocations, origins: origins(lines), jumpTables };
}

/** All lines in order, with the jumps that the order needs. `starts`: block → index of its first line. */
function linearise(fn: LoweredFunction, { order, resolve }: BlockOrder): { lines: Line[]; starts: number[] } {
  const lines: Line[] = [];
  const starts: number[] = [];
  order.forEach((number, position) => {
    const block = fn.blocks[number]!;
    const following = order[position + 1];
    starts[number] = lines.length;
    // The way back to a loop's top is the frequent one.
    const isBehind = (block: number) => starts[block] !== undefined;
    for (const line of block.lines) lines.push(line);
    const next = block.next === undefined ? undefined : resolve(block.next);
    const jump = (op: string, a: number, b: number, target: number) => {
      const line = new Line(op, ZERO, a, b, 0, block.origin);
      line.target = target;
      lines.push(line);
    };
    if (block.branch !== undefined) {
      const { op, a, b } = block.branch;
      const to = resolve(block.branch.to);
      if (to === next) {
        // both ways lead to the same place
      } else if (next !== undefined && (to === following || (next !== following && isBehind(next)))) {
        jump(opposite(op), a, b, next);
        if (to !== following) jump('j', ZERO, ZERO, to);
        return;
      } else {
        jump(op, a, b, to);
      }
    }
    if (next !== undefined && next !== following) jump('j', ZERO, ZERO, next);
  });
  return { lines, starts };
}

/** Gives every line its size and offset; returns the offsets of the blocks. */
function assignOffsets(lines: readonly Line[], starts: readonly number[], blockCount: number): number[] {
  for (const line of lines) line.size = smallestSize(line);
  for (let grown = true; grown; ) {
    let at = 0;
    for (const line of lines) {
      line.offset = at;
      at += line.size;
    }
    grown = false;
    lines.forEach((line, index) => {
      const target = targetLine(line, index, starts);
      if (target === undefined || line.op === 'auipc') return;
      const distance = (target < lines.length ? lines[target]!.offset : at) - line.offset;
      const size = jumpSize(line, distance);
      if (size <= line.size) return;
      line.size = size;
      grown = true;
    });
  }
  return Array.from({ length: blockCount }, (_, block) => {
    const start = starts[block];
    return start === undefined ? 0 : (lines[start]?.offset ?? 0);
  });
}

function targetLine(line: Line, index: number, starts: readonly number[]): number | undefined {
  if (line.target !== undefined) return starts[line.target]!;
  return line.skips > 0 ? index + 1 + line.skips : undefined;
}

function smallestSize(line: Line): number {
  if (line.op === 'unimp') return 2;
  if (line.target !== undefined || line.skips > 0) {
    return line.op !== 'auipc' && compressJump(line.op, line.rs1, line.rs2) !== undefined ? 2 : 4;
  }
  if (line.relocation !== undefined || line.wide) return 4;
  return compress(line.op, line.rd, line.rs1, line.rs2, line.immediate) !== undefined ? 2 : 4;
}

/** Bytes that the jump takes to reach `distance`: 2, 4, or 8 for a branch over a jump. */
function jumpSize(line: Line, distance: number): number {
  const within = (reach: number) => distance >= -reach && distance < reach;
  if (line.op === 'j') return within(2048) ? 2 : 4;
  if (within(256) && compressJump(line.op, line.rs1, line.rs2) !== undefined) return 2;
  return within(4096) ? 4 : 8;
}

class Writer {
  readonly bytes: Uint8Array;
  readonly relocations: Relocation[] = [];
  private readonly view: DataView;
  private readonly lines: readonly Line[];
  private readonly blockOffsets: readonly number[];

  constructor(lines: readonly Line[], size: number, blockOffsets: readonly number[]) {
    this.lines = lines;
    this.bytes = new Uint8Array(size);
    this.view = new DataView(this.bytes.buffer);
    this.blockOffsets = blockOffsets;
  }

  write(index: number): void {
    const line = this.lines[index]!;
    const { op, rd, rs1, rs2, offset, size } = line;
    const distance = this.distance(line, index);
    if (distance !== undefined && op !== 'auipc') {
      this.writeJump(line, distance);
      return;
    }
    if (line.relocation !== undefined) this.relocations.push({ offset, ...line.relocation });
    if (op === 'unimp') {
      this.view.setUint16(offset, 0, true);
      return;
    }
    if (distance !== undefined) this.lines[index + 1]!.immediate = distance;
    if (size === 2) this.view.setUint16(offset, compress(op, rd, rs1, rs2, line.immediate)!, true);
    else this.view.setUint32(offset, encodeLine(line), true);
  }

  private distance(line: Line, index: number): number | undefined {
    if (line.target !== undefined) return this.blockOffsets[line.target]! - line.offset;
    if (line.skips === 0) return undefined;
    const target = this.lines[index + 1 + line.skips];
    return (target?.offset ?? this.bytes.length) - line.offset;
  }

  private writeJump({ op, rs1, rs2, offset, size }: Line, distance: number): void {
    const { view } = this;
    if (size === 2) {
      const short = compressJump(op, rs1, rs2)!;
      view.setUint16(offset, short.bits | field(short.field, distance), true);
    } else if (op === 'j') {
      view.setUint32(offset, encode('jal', ZERO, ZERO, ZERO, distance), true);
    } else if (size === 4) {
      view.setUint32(offset, encode(op, ZERO, rs1, rs2, distance), true);
    } else {
      view.setUint32(offset, encode(opposite(op), ZERO, rs1, rs2, 8), true);
      view.setUint32(offset + 4, encode('jal', ZERO, ZERO, ZERO, distance - 4), true);
    }
  }
}

/** The 32-bit form. CSR numbers, fence sets and order bits have fields of their own. */
function encodeLine({ op, rd, rs1, rs2, immediate }: Line): number {
  const bits = encode(op, rd, rs1, rs2, immediate);
  if (op.startsWith('csr')) return bits | field('csr', immediate);
  if (op === 'fence') return bits | field('pred', immediate >>> 4) | field('succ', immediate & 15);
  if (op.endsWith('.w')) return bits | field('order', immediate);
  return bits;
}

function origins(lines: readonly Line[]): { offset: number; origin: number }[] {
  const result: { offset: number; origin: number }[] = [];
  let last = -1;
  for (const { offset, origin } of lines) {
    if (origin === last || origin === 0) continue;
    result.push({ offset, origin });
    last = origin;
  }
  return result;
}
