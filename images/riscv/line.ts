/**
 * A line of final code: one instruction with its registers, immediate and relocation, before its place and
 * size are known.
 */
import type { RelocationKind } from '../object.ts';

export class Line {
  op: string;
  rd: number;
  rs1: number;
  rs2: number;
  immediate: number;
  readonly origin: number;
  relocation:
    | { readonly kind: RelocationKind; readonly symbol: string; readonly addend: number }
    | undefined = undefined;
  /** A branch: the block it goes to, … */
  target: number | undefined = undefined;
  /**
   * … or how many of the following lines it passes over. On auipc: the line after it adds the distance to what
   * comes behind them.
   */
  skips = 0;
  /** Never compressed: its immediate is not known yet. */
  wide = false;
  /** Bytes, and where in the function; set by layout. */
  size = 4;
  offset = 0;

  constructor(op: string, rd: number, rs1: number, rs2: number, immediate: number, origin: number) {
    this.op = op;
    this.rd = rd;
    this.rs1 = rs1;
    this.rs2 = rs2;
    this.immediate = immediate;
    this.origin = origin;
  }

  relocate(kind: RelocationKind, symbol: string, addend: number): void {
    this.relocation = { kind, symbol, addend };
  }
}
