/**
 * The cycle behind a load: an instruction that reads what the one before it loads has to wait for it (hw/manual/
 * timing.ts, load-use). Where there is arithmetic beside the two that does not matter to them, it fills the gap: it
 * comes up from behind the reader, or the load goes up before it.
 *
 * Memory is accessed in the same order as before, and nothing moves across what is neither arithmetic nor access.
 */
import { ZERO } from './calling-convention.ts';
import type { Line } from './line.ts';

const LOADS: ReadonlySet<string> = new Set(['lb', 'lbu', 'lh', 'lhu', 'lw']);
const STORES: ReadonlySet<string> = new Set(['sb', 'sh', 'sw']);
const ARITHMETIC: ReadonlySet<string> = new Set(
  [
    'add addi sub and andi or ori xor xori sll slli srl srli sra srai slt slti sltu sltiu lui',
    'mul mulh mulhu mulhsu sh1add sh2add sh3add andn orn xnor min max minu maxu',
    'rol ror rori clz ctz cpop sext.b sext.h zext.h rev8 orc.b',
  ].flatMap(names => names.split(' ')),
);
/** How far to look. */
const REACH = 8;

/** The two registers that the branch behind the lines compares, if there is one. */
export type Compared = { readonly a: number; readonly b: number } | undefined;

export function fillStalls(lines: Line[], branch: Compared): void {
  const fixed = conditional(lines);
  for (let at = 0; at < lines.length; at++) {
    const { op, rd } = lines[at]!;
    if (!LOADS.has(op) || !isReadBehind(lines, at, branch, rd)) continue;
    if (!bringUp(lines, at, fixed, branch)) goUp(lines, at, fixed);
  }
}

/** Lines that others pass over, and those that do so: they stay where they are. */
function conditional(lines: readonly Line[]): ReadonlySet<Line> {
  const found = new Set<Line>();
  lines.forEach(({ skips }, at) => {
    if (skips > 0) for (const line of lines.slice(at, at + skips + 2)) found.add(line);
  });
  return found;
}

/** Whether what comes directly behind the line at `at` reads the register. */
function isReadBehind(lines: readonly Line[], at: number, branch: Compared, register: number): boolean {
  const reader = lines[at + 1];
  if (register === ZERO) return false;
  if (reader !== undefined) return reads(reader, register);
  return branch !== undefined && (branch.a === register || branch.b === register);
}

/** Puts a later line behind the load. */
function bringUp(lines: Line[], at: number, fixed: ReadonlySet<Line>, branch: Compared): boolean {
  if (at + 1 === lines.length || fixed.has(lines[at + 1]!)) return false;
  for (let from = at + 2; from < Math.min(lines.length, at + REACH); from++) {
    const line = lines[from]!;
    if (fixed.has(line) || !canBePassed(lines[from - 1]!)) return false;
    if (!isArithmetic(line) || stallsWithout(lines, from, branch)) continue;
    if (!lines.slice(at, from).every(other => isIndependent(line, other))) continue;
    lines.splice(from, 1);
    lines.splice(at + 1, 0, line);
    return true;
  }
  return false;
}

/** Puts the load before an earlier line. */
function goUp(lines: Line[], at: number, fixed: ReadonlySet<Line>): void {
  const load = lines[at]!;
  if (fixed.has(load)) return;
  for (let to = at - 1; to >= Math.max(0, at - REACH); to--) {
    const line = lines[to]!;
    if (fixed.has(line) || !isArithmetic(line) || !isIndependent(load, line)) return;
    const before = lines[to - 1];
    if (before !== undefined && LOADS.has(before.op) && reads(load, before.rd)) continue;
    lines.splice(at, 1);
    lines.splice(to, 0, load);
    return;
  }
}

/** Whether the line keeps those around it from a stall. */
function stallsWithout(lines: readonly Line[], at: number, branch: Compared): boolean {
  const before = lines[at - 1]!;
  return LOADS.has(before.op) && isReadBehind(lines, at, branch, before.rd);
}

function isArithmetic({ op, rd }: Line): boolean {
  return rd !== ZERO && ARITHMETIC.has(op);
}

function canBePassed(line: Line): boolean {
  return isArithmetic(line) || LOADS.has(line.op) || STORES.has(line.op);
}

/** Whether two lines do the same in either order; one of them does not touch memory. */
function isIndependent(one: Line, other: Line): boolean {
  if (one.rd !== ZERO && (one.rd === other.rd || reads(other, one.rd))) return false;
  return !reads(one, other.rd);
}

function reads({ rs1, rs2 }: Line, register: number): boolean {
  return register !== ZERO && (rs1 === register || rs2 === register);
}
