/**
 * Which guest code a region is made of: from one address along all ways that the interpreter has gone.
 *
 *     window     128 KiB of virtual addresses around the seed; addresses in a region count from its beginning
 *     block      instructions up to a branch, a jump, or where several ways meet
 *     entry      a block that may be entered from outside: the seed, and where calls and instructions come back
 *                to that are not part of the region
 *
 * Calls and returns are not followed: they go by the jump cache, from one region to the other. To have a function in
 * the regions of its callers costs more to compile than it saves. Other jumps by register are followed to where the
 * interpreter has seen them go.
 *
 * What was never decoded was never executed, and is left for the interpreter.
 */
import { CSR_MCOUNTINHIBIT, CSR_SATP } from '../../manual/csr.ts';
import * as Op from '../../manual/operations.ts';

export interface Instruction {
  /** From the region's beginning. */
  readonly at: number;
  readonly pa: number;
  readonly size: number;
  readonly operation: number;
  readonly rd: number;
  readonly rs1: number;
  readonly rs2: number;
  readonly immediate: number;
  /** The link field of the decoded entry: a function code. */
  readonly code: number;
  readonly cost: number;
}

/** Where a block goes on: at another block, or at an address outside the region. */
export interface Edge {
  readonly at: number;
  readonly block: Block | undefined;
  readonly mispredicted: boolean;
}

export interface KnownEdge extends Edge {
  readonly block: Block;
}

export type End =
  | { readonly kind: 'branch'; readonly taken: Edge; readonly otherwise: Edge }
  /** On to the next instruction, or a jump of known target. */
  | { readonly kind: 'go'; readonly edge: Edge }
  /** jalr to where a register says: known targets in the region, and any other. */
  | { readonly kind: 'indirect'; readonly targets: readonly KnownEdge[] }
  /** ecall, mret, sret or csrw satp: goes on where the core says. */
  | { readonly kind: 'system' }
  /** An instruction that the interpreter executes. */
  | { readonly kind: 'hand over'; readonly at: number };

export interface Block {
  readonly at: number;
  readonly instructions: readonly Instruction[];
  readonly isEntry: boolean;
  end: End;
}

/** Guest memory as the interpreter knows it. */
export interface GuestCode {
  /** The physical address of a virtual one, or undefined where it is not in RAM. */
  locate(va: number): number | undefined;
  isDecoded(pa: number): boolean;
  /** The instruction at a physical address; `at` is to be its place in the region. */
  explain(pa: number, at: number): Instruction;
  /** Where the jump by register before an address was seen to go. */
  jumpsSeen(behind: number): readonly number[];
}

export interface Region {
  /** Virtual address of the region's beginning when it was explored. */
  readonly base: number;
  readonly blocks: readonly Block[];
}

export const PAGE = 4096;
const ECALL = 0x0000_0073;
const SRET = 0x1020_0073;
const MRET = 0x3020_0073;
const WINDOW_PAGES = 32;
const INSTRUCTIONS_MAX = 1000;
/** A jump by register whose targets lie wider apart is not followed: it becomes a table by address. */
const JUMP_TABLE_SPAN = 4096;
/** The seed, and where calls that are not followed come back to. */
const ENTRIES_MAX = 16;

interface Place {
  readonly instruction: Instruction;
  /** Where a jump or branch goes if that is known. */
  readonly target: number | undefined;
}

export function explore(seed: number, code: GuestCode): Region {
  const base = ((seed & -PAGE) - (WINDOW_PAGES / 2) * PAGE) >>> 0;
  const explorer = new Explorer(base, code);
  explorer.walkFrom(seed - base);
  return { base, blocks: explorer.blocks() };
}

class Explorer {
  private readonly base: number;
  private readonly code: GuestCode;
  private readonly places = new Map<number, Place>();
  /** Where blocks begin. */
  private readonly leaders = new Set<number>();
  private readonly entries = new Set<number>();
  private readonly waiting: number[] = [];
  private readonly pages = new Map<number, number | undefined>();

  constructor(base: number, code: GuestCode) {
    this.base = base;
    this.code = code;
  }

  walkFrom(at: number): void {
    this.enter(at);
    for (let next = this.waiting.pop(); next !== undefined; next = this.waiting.pop()) this.walk(next);
  }

  /** Every block, those that nothing leads to left out. */
  blocks(): Block[] {
    const blocks = new Map<number, Block>();
    const end: End = { kind: 'hand over', at: 0 };
    for (const at of this.leaders) {
      const places = this.placesFrom(at);
      if (places.length === 0) continue;
      const instructions = places.map(place => place.instruction);
      blocks.set(at, { at, instructions, isEntry: this.entries.has(at), end });
    }
    for (const block of blocks.values()) block.end = this.endOf(block, blocks);
    return reachable([...blocks.values()]);
  }

  private lead(at: number): void {
    if (this.leaders.has(at)) return;
    this.leaders.add(at);
    this.waiting.push(at);
  }

  /** Has a block begin at which the region can be entered from outside. */
  private enter(at: number): void {
    if (this.entries.size === ENTRIES_MAX) return;
    this.lead(at);
    this.entries.add(at);
  }

  /** Follows the code from a leader until it ends, or comes to where somebody was before. */
  private walk(at: number): void {
    let before: Instruction | undefined;
    for (let next = at; ; ) {
      if (this.places.has(next)) {
        if (next !== at) this.lead(next);
        return;
      }
      const instruction = this.instructionAt(next);
      if (instruction === undefined) return;
      const place = { instruction, target: targetOf(instruction, before) };
      this.places.set(next, place);
      if (this.follow(place)) return;
      before = instruction;
      next += instruction.size;
    }
  }

  /** Leads on from an instruction; true where the way does not go straight on. */
  private follow({ instruction, target }: Place): boolean {
    const behind = instruction.at + instruction.size;
    if (isHandedOver(instruction)) {
      if (instruction.operation !== Op.ILLEGAL) this.enter(behind);
      return true;
    }
    switch (instruction.operation) {
      case Op.SYSTEM:
      case Op.CSR:
        if (!changesCourse(instruction)) return false;
        this.enter(behind);
        return true;
      case Op.BRANCH_FAR:
        this.lead(target!);
        this.lead(behind);
        return true;
      case Op.JAL_FAR:
      case Op.JALR:
        if (isCall(instruction)) this.enter(behind);
        else if (target !== undefined) this.lead(target);
        else if (!isReturn(instruction)) for (const seen of this.seenFrom(instruction)) this.lead(seen);
        return true;
      default:
        return false;
    }
  }

  /** The instruction at a place, if it is to be part of the region. */
  private instructionAt(at: number): Instruction | undefined {
    if (this.places.size >= INSTRUCTIONS_MAX) return undefined;
    const pa = this.locate(at);
    if (pa === undefined || !this.code.isDecoded(pa)) return undefined;
    const instruction = this.code.explain(pa, at);
    return (at & (PAGE - 1)) + instruction.size > PAGE ? undefined : instruction;
  }

  private locate(at: number): number | undefined {
    if (at < 0 || at >= WINDOW_PAGES * PAGE) return undefined;
    const page = at & -PAGE;
    if (!this.pages.has(page)) this.pages.set(page, this.code.locate((this.base + page) >>> 0));
    const pa = this.pages.get(page);
    return pa === undefined ? undefined : pa + (at & (PAGE - 1));
  }

  private seenFrom({ at, size }: Instruction): number[] {
    const seen = this.code.jumpsSeen((this.base + at + size) >>> 0).map(va => va - this.base);
    return Math.max(...seen) - Math.min(...seen) < JUMP_TABLE_SPAN ? seen : [];
  }

  private placesFrom(at: number): Place[] {
    const places: Place[] = [];
    for (let next = at; ; ) {
      const place = this.places.get(next);
      if (place === undefined || (next !== at && this.leaders.has(next))) return places;
      if (isHandedOver(place.instruction)) return places;
      places.push(place);
      if (isJump(place.instruction.operation) || changesCourse(place.instruction)) return places;
      next += place.instruction.size;
    }
  }

  private endOf({ instructions }: Block, blocks: ReadonlyMap<number, Block>): End {
    const last = instructions[instructions.length - 1]!;
    const { target } = this.places.get(last.at)!;
    const behind = last.at + last.size;
    if (changesCourse(last)) return { kind: 'system' };
    const edge = (at: number, mispredicted = false): Edge => ({ at, block: blocks.get(at), mispredicted });
    switch (last.operation) {
      case Op.BRANCH_FAR: {
        const backward = (last.code & 8) !== 0;
        return { kind: 'branch', taken: edge(target!, !backward), otherwise: edge(behind, backward) };
      }
      case Op.JAL_FAR:
        return { kind: 'go', edge: edge(target!) };
      case Op.JALR:
        if (target !== undefined) return { kind: 'go', edge: edge(target) };
        return {
          kind: 'indirect',
          targets: this.seenFrom(last)
            .map(seen => edge(seen))
            .filter(isKnown),
        };
      default: {
        const next = this.places.get(behind);
        const handedOver = next !== undefined && isHandedOver(next.instruction);
        return handedOver ? { kind: 'hand over', at: behind } : { kind: 'go', edge: edge(behind) };
      }
    }
  }
}

function isKnown(edge: Edge): edge is KnownEdge {
  return edge.block !== undefined;
}

/** The edges of a block that stay in the region or may. */
export function edgesOf({ end }: Block): readonly Edge[] {
  switch (end.kind) {
    case 'branch':
      return [end.taken, end.otherwise];
    case 'go':
      return [end.edge];
    case 'indirect':
      return end.targets;
    case 'system':
    case 'hand over':
      return [];
  }
}

function reachable(blocks: readonly Block[]): Block[] {
  const found = new Set(blocks.filter(block => block.isEntry));
  for (const block of found) {
    for (const edge of edgesOf(block)) if (edge.block !== undefined) found.add(edge.block);
  }
  return [...found];
}

/** Where a branch or jump goes if its instruction, with the one before, says it. */
export function targetOf(instruction: Instruction, before: Instruction | undefined): number | undefined {
  const page = instruction.at & -PAGE;
  switch (instruction.operation) {
    case Op.BRANCH_FAR:
    case Op.JAL_FAR:
      return page + instruction.immediate;
    case Op.JALR:
      if (before === undefined || before.operation !== Op.AUIPC || before.rd !== instruction.rs1)
        return undefined;
      return ((before.at & -PAGE) + before.immediate + instruction.immediate) & ~1;
    default:
      return undefined;
  }
}

export function isCall({ operation, rd }: Instruction): boolean {
  return (operation === Op.JAL_FAR || operation === Op.JALR) && rd !== 0;
}

export function isReturn({ operation, rd, rs1 }: Instruction): boolean {
  return operation === Op.JALR && rd === 0 && rs1 === 1;
}

function isJump(operation: number): boolean {
  return operation === Op.BRANCH_FAR || operation === Op.JAL_FAR || operation === Op.JALR;
}

/** ecall, mret, sret and csrw satp. */
function changesCourse({ operation, immediate, rd }: Instruction): boolean {
  if (operation === Op.CSR) return immediate >>> 20 === CSR_SATP && rd === 0;
  return operation === Op.SYSTEM && [ECALL, SRET, MRET].includes(immediate);
}

function isHandedOver(instruction: Instruction): boolean {
  switch (instruction.operation) {
    case Op.LR:
    case Op.SC:
    case Op.ILLEGAL:
      return true;
    case Op.SYSTEM:
      return !changesCourse(instruction);
    case Op.CSR: {
      const number = instruction.immediate >>> 20;
      return (number === CSR_SATP && instruction.rd !== 0) || dependsOnEvents(number);
    }
    default:
      return false;
  }
}

/** Counters of events, and what decides about them: a region has its events at hand only when it is left. */
function dependsOnEvents(csr: number): boolean {
  const isCounter = (csr & ~0x9f) === 0xb00 || (csr & ~0x9f) === 0xc00;
  return (isCounter && (csr & 0x1f) > 2) || (csr & ~0x1f) === CSR_MCOUNTINHIBIT;
}
