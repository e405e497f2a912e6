/**
 * From a region to the body of its WebAssembly function.
 *
 *     parameters   what to begin at: page in the window << 12 | number of a dispatched block; accumulator; events
 *     locals       the guest's registers that the region touches; the rest is named below
 *
 *     loop dispatch
 *       block out, block short, block leave, block jump
 *         the region's blocks, beginning with the table of dispatched blocks
 *       jump   to `target`: by the jump cache into this region or another, otherwise leave
 *       leave  to `target`
 *       short  the budget does not suffice for the block at `target`
 *       out    registers are written back: to the other region, or to the interpreter
 *
 * A block is charged where it begins, in full; whoever leaves it in its midst gives back what is not executed.
 * A checkpoint guarantees the budget up to the next one, so that nothing is compared between; a slow path takes from
 * it, and looks whether the rest of the way can still be paid.
 *
 * Lines of code are looked at where the way crosses into one, pages where it crosses into one: once checked, a
 * page stays known until the region is left, since whatever changes that leaves it.
 */
import * as Layout from '../../manual/core-layout.ts';
import { RAM_BASE } from '../../manual/memory-map.ts';
import * as Op from '../../manual/operations.ts';
import { MISPREDICT } from '../../manual/timing.ts';
import { emitPlain } from './emit-plain.ts';
import {
  type Block,
  type Edge,
  edgesOf,
  type Instruction,
  type KnownEdge,
  PAGE,
  type Region,
} from './explore.ts';
import {
  ACCUMULATOR,
  ANSWER,
  BASE,
  EVENTS,
  FUNCTION,
  HIT,
  KEY,
  NEXT,
  PAGES,
  PARAMETER,
  Registers,
  TAG,
  TARGET,
  VA,
} from './locals.ts';
import { CONDITIONS, LOADS, STORES } from './shapes.ts';
import { type Node, type Structure, structure } from './structure.ts';
import * as Wasm from './wasm.ts';
import { Code, ModuleKind } from './wasm.ts';

/**
 * The index of the type of regions, of slow paths, and of the function that enters a region of any index; a vector is
 * in each that is imported (core/region.ts).
 */
const [REGION_TYPE, SLOW_TYPE, ENTER_TYPE] = [0, 1, 2];
/** Imported functions, by index, with their types. */
export const IMPORTS = [
  ['leaveRegion', SLOW_TYPE],
  ['openInRegion', SLOW_TYPE],
  ['fetchInRegion', SLOW_TYPE],
  ['loadInRegion', SLOW_TYPE],
  ['storeInRegion', SLOW_TYPE],
  ['atomicInRegion', SLOW_TYPE],
  ['csrInRegion', SLOW_TYPE],
  ['systemInRegion', SLOW_TYPE],
  ['switchInRegion', SLOW_TYPE],
  ['enterFunction', ENTER_TYPE],
] as const;
const [LEAVE, OPEN, FETCH, LOAD, STORE, ATOMIC, CSR, SYSTEM, SWITCH, ENTER] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const { I32, I64, V128 } = Wasm;
export const TYPES: readonly Wasm.FunctionType[] = [
  { parameters: [I32, I64, I64], results: [] },
  { parameters: [I32, I32, I32, I64, I64], results: [V128] },
  { parameters: [I32, I64, I64, I32, V128], results: [] },
];

/**
 * A module whose function enters the region of an index. It alone knows the table: a table updates every
 * instance that imports it, and keeps it alive.
 */
export function encodeEntrance(): Uint8Array<ArrayBuffer> {
  const body = new Code().get(0).get(1).get(2).get(3).returnCallIndirect(1);
  const types = [TYPES[ENTER_TYPE]!, TYPES[REGION_TYPE]!];
  return new ModuleKind({ types, imports: [], importsTable: true }).encode([], body);
}

const CYCLE = 2 ** 20;
const ONE_MISPREDICTION = 1;
const ONE_JUMP = 2 ** 20;
const HIT_MASK = (Layout.DATA_HIT_COUNT - 1) << 4;
/** Bytes that most functions have. */
const CODE_ROOM = 8192;
const JUMP_SIZE_SHIFT = 5;
const JUMP_MASK = (Layout.JUMP_CACHE_COUNT - 1) << JUMP_SIZE_SHIFT;

export interface Emitted {
  readonly locals: readonly (readonly [count: number, type: number])[];
  readonly body: Code;
  /** Dispatched blocks by number: where each begins. */
  readonly dispatched: readonly Block[];
}

/** `index` is the function's place in the table. */
export function emitRegion(region: Region, index: number): Emitted {
  const emitter = new Emitter(structure(region.blocks), index);
  return emitter.emit();
}

/** What a label of WebAssembly stands for: the node that follows, or that a loop begins with, or a part of the frame. */
type Label = Node | 'dispatch' | 'out' | 'short' | 'leave' | 'jump' | 'other';

class Emitter {
  private readonly code = new Code(CODE_ROOM);
  private readonly shape: Structure;
  private readonly index: number;
  private readonly registers: Registers;
  private readonly labels: { readonly label: Label; readonly isLoop: boolean }[] = [];
  /** From where the way leads to a node. */
  private readonly sources = new Map<Node, Node[]>();

  constructor(shape: Structure, index: number) {
    this.shape = shape;
    this.index = index;
    this.registers = new Registers(shape.nodes.flatMap(node => node.block.instructions));
    for (const node of shape.nodes) {
      for (const { block } of edgesOf(node.block)) {
        if (block === undefined) continue;
        const target = shape.nodeOf.get(block)!;
        this.sources.set(target, [...(this.sources.get(target) ?? []), node]);
      }
    }
  }

  emit(): Emitted {
    this.prologue();
    this.open('dispatch', true);
    this.open('out');
    this.open('short');
    this.open('leave');
    this.open('jump');
    this.within(this.shape.roots, () => this.dispatch());
    this.close();
    this.jump();
    this.close();
    this.code.constant(Layout.LEFT).set(FUNCTION);
    this.branchTo('out');
    this.close();
    this.code.constant(Layout.LEFT_SHORT).set(FUNCTION);
    this.close();
    this.out();
    this.close();
    this.code.op(Wasm.UNREACHABLE);
    return {
      locals: this.registers.declarations,
      body: this.code,
      dispatched: this.shape.dispatched.map(node => node.block),
    };
  }

  private prologue(): void {
    const { code } = this;
    code.constant(0).constant(0).memory(Wasm.I32_LOAD, Layout.PAGE_VA);
    code.get(PARAMETER).constant(-PAGE).op(Wasm.I32_AND).op(Wasm.I32_SUB).tee(BASE);
    code.memory(Wasm.I32_STORE, Layout.REGION_BASE);
    code.constant(1).get(PARAMETER).constant(12).op(Wasm.I32_SHR_U).op(Wasm.I32_SHL).set(PAGES);
    code
      .get(PARAMETER)
      .constant(PAGE - 1)
      .op(Wasm.I32_AND)
      .set(NEXT);
    code.constant(0).memory(Wasm.I32_LOAD, Layout.DATA_KEY).set(KEY);
    this.registers.load(code);
  }

  /** To the dispatched block whose number is in NEXT. */
  private dispatch(): void {
    const depths = this.shape.dispatched.map(node => this.depthOf(node));
    this.code.get(NEXT).branchTable(depths, depths[0]!);
  }

  /** To TARGET by the jump cache; falls through where that does not know it, or what it knows is void. */
  private jump(): void {
    const { code } = this;
    code
      .get(TARGET)
      .constant(JUMP_SIZE_SHIFT - 1)
      .op(Wasm.I32_SHL);
    code.constant(JUMP_MASK).op(Wasm.I32_AND).tee(HIT);
    code.memory(Wasm.I64_LOAD, Layout.JUMP_CACHE);
    code.constant(0).memory(Wasm.I64_LOAD, Layout.JUMP_TAG);
    code.get(TARGET).op(Wasm.I64_EXTEND_I32_U).op(Wasm.I64_OR).op(Wasm.I64_EQ);
    this.openIf();
    code
      .get(HIT)
      .memory(Wasm.I32_LOAD, Layout.JUMP_CACHE + 16)
      .memory(Wasm.I32_LOAD, Layout.CODE_SERIALS);
    code
      .get(HIT)
      .memory(Wasm.I32_LOAD, Layout.JUMP_CACHE + 20)
      .op(Wasm.I32_EQ);
    this.openIf();
    this.enter();
    this.close();
    this.close();
  }

  /** Goes on where the entry HIT of the jump cache says. */
  private enter(): void {
    const { code } = this;
    code
      .get(HIT)
      .memory(Wasm.I32_LOAD, Layout.JUMP_CACHE + 12)
      .set(NEXT);
    code
      .get(HIT)
      .memory(Wasm.I32_LOAD, Layout.JUMP_CACHE + 8)
      .tee(FUNCTION);
    code.constant(this.index).op(Wasm.I32_EQ);
    this.openIf();
    // The same region; at another address it must be entered anew.
    code.get(TARGET).constant(-PAGE).op(Wasm.I32_AND);
    code.get(NEXT).constant(-PAGE).op(Wasm.I32_AND).op(Wasm.I32_SUB).get(BASE).op(Wasm.I32_EQ);
    this.openIf();
    code.get(PAGES).constant(1).get(NEXT).constant(12).op(Wasm.I32_SHR_U).op(Wasm.I32_SHL);
    code.op(Wasm.I32_OR).set(PAGES);
    code
      .get(NEXT)
      .constant(PAGE - 1)
      .op(Wasm.I32_AND)
      .set(NEXT);
    this.branchTo('dispatch');
    this.close();
    this.close();
    this.branchTo('out');
  }

  /** Into the region of FUNCTION, or back to the interpreter in the way that it says. */
  private out(): void {
    const { code, registers } = this;
    registers.store(code);
    code.get(FUNCTION).constant(0).op(Wasm.I32_LT_S);
    this.openIf();
    code.get(TARGET).get(FUNCTION).constant(0).get(EVENTS).get(ACCUMULATOR).call(LEAVE);
    code.op(Wasm.DROP).op(Wasm.RETURN);
    this.close();
    code.constant(0).get(TARGET).constant(-PAGE).op(Wasm.I32_AND).memory(Wasm.I32_STORE, Layout.PAGE_VA);
    code.get(NEXT).get(ACCUMULATOR).get(EVENTS).get(FUNCTION).get(ANSWER).returnCall(ENTER);
  }

  /** A node and all that it dominates. */
  private tree(node: Node): void {
    if (node.isHeader) this.open(node, true);
    this.within(mergesOf(node), () => this.node(node));
    if (node.isHeader) this.close();
  }

  /** What comes first, and behind it nodes that are reached from several places in it; the latest is given first. */
  private within(followers: readonly Node[], first: () => void): void {
    const [latest, ...others] = followers;
    if (latest === undefined) {
      first();
      return;
    }
    this.open(latest);
    this.within(others, first);
    this.close();
    this.tree(latest);
  }

  private node(node: Node): void {
    const { instructions } = node.block;
    const charges = chargesFrom(instructions);
    this.checkpoint(node);
    this.charge(-charges[0]!);
    const sources = (this.sources.get(node) ?? []).map(source => lastOf(source.block));
    instructions.forEach((instruction, index) => {
      const place = { instruction, charge: charges[index]!, needBehind: node.needBehind };
      if (index > 0) this.arrive(place, [instructions[index - 1]!], false);
      else this.arrive(place, sources, node.isDispatched);
      const isEnd = node.block.end.kind === 'system' && index === instructions.length - 1;
      if (isEnd) this.system(place);
      else this.instruction(place);
    });
    this.end(node);
  }

  /** The budget must suffice for a block and what follows it up to the next look. */
  private checkpoint(node: Node): void {
    if (!node.isCheckpoint) return;
    this.code
      .get(ACCUMULATOR)
      .constant64(node.need * CYCLE)
      .op(Wasm.I64_LT_S);
    this.unlessRarely(() => {
      this.target(node.block.at);
      this.branchTo('short');
    });
  }

  /**
   * Sees to page and lines of an instruction that comes behind one of these, or that the region is entered at: whoever
   * enters it knows the page.
   */
  private arrive(place: Place, before: readonly Instruction[], isEntered: boolean): void {
    const { instruction } = place;
    const page = instruction.at & -PAGE;
    const line = lineOf(instruction);
    if (before.some(({ at }) => (at & -PAGE) !== page)) this.pageCheck(place);
    if (isEntered || before.some(each => endLineOf(each) !== line)) this.lineCheck(place, instruction.pa);
    if (endLineOf(instruction) !== line) this.lineCheck(place, instruction.pa + 2);
  }

  private pageCheck(place: Place): void {
    const { code } = this;
    const { at, pa } = place.instruction;
    const bit = 1 << (at >>> 12);
    code.get(PAGES).constant(bit).op(Wasm.I32_AND).op(Wasm.I32_EQZ);
    this.unlessRarely(() => {
      code
        .constant(slotOf(pa & -PAGE))
        .get(PAGES)
        .constant(0);
      this.slowly(OPEN, place);
      this.value().constant(bit).op(Wasm.I32_OR).set(PAGES);
    });
  }

  private lineCheck(place: Place, pa: number): void {
    const { code } = this;
    code.constant(0).memory(Wasm.I32_LOAD, slotOf(pa)).constant(0).op(Wasm.I32_LE_S);
    this.unlessRarely(() => {
      code.constant(slotOf(pa)).constant(0).constant(0);
      this.slowly(FETCH, place);
    });
  }

  /** Calls a slow path, whose three operands are on the stack; it may say that the region is to be left. */
  private slowly(path: number, place: Place, rd = 0): void {
    const { code } = this;
    this.place(place);
    code.get(ACCUMULATOR).call(path).tee(ANSWER).lane(Wasm.I64_LANE, 0).set(ACCUMULATOR);
    if (rd !== 0) this.registers.set(this.value(), rd);
    code.get(ACCUMULATOR).constant64(0).op(Wasm.I64_LT_S).branchIf(this.depthOf('leave'));
  }

  /** A place as core-layout.ts has it. */
  private place({ instruction, charge, needBehind, kind = 0 }: Place): void {
    const { at, size, cost } = instruction;
    const cycles = Math.ceil(charge / CYCLE);
    const retired = cycles * CYCLE - charge;
    const long = size === 4 ? Layout.PLACE_LONG : 0;
    const low = kind | long | (cost << Layout.PLACE_COST) | (needBehind << Layout.PLACE_BEHIND);
    const high = (at >>> (32 - Layout.PLACE_AT)) | (cycles << (Layout.PLACE_CYCLES - 32));
    this.code.constantPair(
      low | (at << Layout.PLACE_AT),
      high | (retired << (Layout.PLACE_INSTRUCTIONS - 32)),
    );
  }

  /** What a slow path has answered beside the accumulator. */
  private value(): Code {
    return this.code.get(ANSWER).lane(Wasm.I32_LANE, 2);
  }

  private instruction(place: Place): void {
    const { code, registers } = this;
    const { instruction } = place;
    const { operation, rd } = instruction;
    if (operation >= Op.LW_2 && operation <= Op.LBU) this.load(place);
    else if (operation >= Op.SW_2 && operation <= Op.SB) this.store(place);
    else if (operation === Op.AMO) this.atomic(place);
    else if (operation === Op.CSR) this.csr(place);
    else if (operation === Op.CSR_READ_PLAIN || operation === Op.CSR_SWAP_PLAIN) this.plainCsr(place);
    else if (operation < Op.BRANCH_FAR) {
      if (operation === Op.AUIPC) this.pc((instruction.at & -PAGE) + instruction.immediate);
      else emitPlain(code, registers, instruction);
      this.result(rd);
    }
  }

  private load(place: Place): void {
    const { code, registers } = this;
    const { rd, operation } = place.instruction;
    const { kind, mask, access } = LOADS[operation]!;
    this.probe(place.instruction, mask, 0);
    this.unlessRarely(() => {
      registers.get(code.get(VA), rd).constant(0);
      this.slowly(LOAD, { ...place, kind }, rd);
      if (rd === 0) return;
      code.else();
      this.hitAddress();
      registers.set(code.memory(access, 0), rd);
    });
  }

  private store(place: Place): void {
    const { code, registers } = this;
    const { rs2, operation } = place.instruction;
    const { size, mask, access } = STORES[operation]!;
    this.probe(place.instruction, mask, 4);
    this.unlessRarely(() => {
      registers.get(code.get(VA), rs2).constant(0);
      this.slowly(STORE, { ...place, kind: size });
      code.else();
      this.hitAddress();
      registers.get(code, rs2).memory(access, 0);
    });
  }

  private atomic(place: Place): void {
    const { code, registers } = this;
    const { rd, rs1, rs2, code: kind } = place.instruction;
    registers.get(code, rs1);
    registers.get(code, rs2);
    registers.get(code, rd);
    this.slowly(ATOMIC, { ...place, kind }, rd);
  }

  private csr(place: Place): void {
    const { code, registers } = this;
    const { rd, rs1, immediate } = place.instruction;
    registers.get(code.constant(immediate), rs1);
    registers.get(code, rd);
    this.slowly(CSR, place, rd);
    code.constant(0).memory(Wasm.I32_LOAD, Layout.DATA_KEY).set(KEY);
  }

  /** A CSR that is a cell in memory: its privilege suffices, or the slow path refuses it. */
  private plainCsr(place: Place): void {
    const { code, registers } = this;
    const { rd, rs1, immediate, operation, code: cell } = place.instruction;
    const counter = Layout.COUNTERS + 8 * Layout.COUNT_CSR;
    code
      .constant(0)
      .memory(Wasm.I32_LOAD, Layout.PRIVILEGE)
      .constant((immediate >>> 28) & 3)
      .op(Wasm.I32_LT_U);
    this.unlessRarely(() => this.csr(place));
    code.constant(0).constant(0).memory(Wasm.I64_LOAD, counter);
    code.constant64(1).op(Wasm.I64_ADD).memory(Wasm.I64_STORE, counter);
    code.constant(0).memory(Wasm.I32_LOAD, cell).set(TAG);
    if (operation === Op.CSR_SWAP_PLAIN) {
      registers.get(code.constant(0), rs1);
      if (cell === Layout.SEPC || cell === Layout.MEPC) code.constant(-2).op(Wasm.I32_AND);
      code.memory(Wasm.I32_STORE, cell);
    }
    this.result(rd, code.get(TAG));
  }

  /** What is on the stack goes into a register. */
  private result(rd: number, code = this.code): void {
    if (rd === 0) code.op(Wasm.DROP);
    else this.registers.set(code, rd);
  }

  private hitAddress(): void {
    this.code
      .get(VA)
      .get(HIT)
      .memory(Wasm.I32_LOAD, Layout.DATA_HITS + 8)
      .op(Wasm.I32_ADD);
  }

  /** Leaves on the stack whether the access is no hit; VA and HIT are set. */
  private probe({ rs1, immediate }: Instruction, mask: number, tag: number): void {
    const { code } = this;
    this.registers.get(code, rs1);
    if (immediate !== 0) code.constant(immediate).op(Wasm.I32_ADD);
    code.tee(VA).constant(mask).op(Wasm.I32_AND).get(KEY).op(Wasm.I32_XOR).tee(TAG);
    code.constant(2).op(Wasm.I32_SHR_U).constant(HIT_MASK).op(Wasm.I32_AND).tee(HIT);
    code
      .memory(Wasm.I32_LOAD, Layout.DATA_HITS + tag)
      .get(TAG)
      .op(Wasm.I32_NE);
  }

  private end(node: Node): void {
    const { block } = node;
    const last = lastOf(block);
    const { end } = block;
    switch (end.kind) {
      case 'branch':
        this.condition(last);
        this.openIf();
        this.edge(node, end.taken);
        this.code.else();
        this.edge(node, end.otherwise);
        this.close();
        break;
      case 'go':
        this.link(last);
        if (last.operation === Op.JALR) this.event(ONE_JUMP);
        this.edge(node, end.edge);
        break;
      case 'indirect':
        this.indirect(node, last, end.targets);
        break;
      case 'system':
        break;
      case 'hand over':
        this.target(end.at);
        this.branchTo('leave');
    }
  }

  private indirect(
    node: Node,
    { rd, rs1, immediate, at, size }: Instruction,
    targets: readonly KnownEdge[],
  ): void {
    this.registers
      .get(this.code, rs1)
      .constant(immediate)
      .op(Wasm.I32_ADD)
      .constant(-2)
      .op(Wasm.I32_AND)
      .set(TARGET);
    this.link({ rd, at, size, operation: Op.JALR });
    this.event(ONE_JUMP);
    this.known(node, targets);
    this.branchTo('jump');
  }

  /** Goes on in the region if TARGET is one of these; falls through otherwise. */
  private known(node: Node, targets: readonly KnownEdge[]): void {
    const { code } = this;
    if (targets.length === 0) return;
    const first = Math.min(...targets.map(({ at }) => at));
    const last = Math.max(...targets.map(({ at }) => at));
    const count = (last - first) / 2 + 1;
    this.open('other');
    for (const _ of targets) this.open('other');
    const depths: number[] = Array.from({ length: count }, () => targets.length);
    targets.forEach((target, index) => {
      depths[(target.at - first) / 2] = index;
    });
    code.get(TARGET);
    this.pc(first);
    code.op(Wasm.I32_SUB).constant(1).op(Wasm.I32_SHR_U).branchTable(depths, targets.length);
    for (const target of targets) {
      this.close();
      this.edge(node, target);
    }
    this.close();
  }

  /** Goes on where the core says; pages and data key are others there. */
  private system(place: Place): void {
    const { code } = this;
    const { operation, immediate, rs1 } = place.instruction;
    this.registers.get(code.constant(immediate), rs1).constant(0);
    this.slowly(operation === Op.CSR ? SWITCH : SYSTEM, place);
    code.constant(0).memory(Wasm.I32_LOAD, Layout.REGION_PC).set(TARGET);
    code.constant(0).set(PAGES);
    code.constant(0).memory(Wasm.I32_LOAD, Layout.DATA_KEY).set(KEY);
    this.branchTo('jump');
  }

  private link({ rd, at, size, operation }: Pick<Instruction, 'rd' | 'at' | 'size' | 'operation'>): void {
    if (rd === 0 || (operation !== Op.JAL_FAR && operation !== Op.JALR)) return;
    this.pc(at + size);
    this.registers.set(this.code, rd);
  }

  private condition({ rs1, rs2, code: kind }: Instruction): void {
    this.registers.get(this.code, rs1);
    this.registers.get(this.code, rs2);
    this.code.op(CONDITIONS[kind & 7]!);
  }

  private edge(node: Node, { at, block, mispredicted }: Edge): void {
    if (mispredicted) {
      this.charge(-MISPREDICT * CYCLE);
      this.event(ONE_MISPREDICTION);
    }
    if (block === undefined) {
      this.target(at);
      this.branchTo('jump');
      return;
    }
    const target = this.shape.nodeOf.get(block)!;
    if (target.index <= node.index && !this.isOpenLoop(target)) {
      this.code.constant(this.shape.dispatched.indexOf(target)).set(NEXT);
      this.branchTo('dispatch');
    } else if (target.index <= node.index || target.isMerge) this.branchTo(target);
    else this.tree(target);
  }

  private isOpenLoop(node: Node): boolean {
    return this.labels.some(({ label, isLoop }) => isLoop && label === node);
  }

  /** Adds to the accumulator. */
  private charge(amount: number): void {
    if (amount === 0) return;
    this.code.get(ACCUMULATOR).constant64(amount).op(Wasm.I64_ADD).set(ACCUMULATOR);
  }

  private event(amount: number): void {
    this.code.get(EVENTS).constant64(amount).op(Wasm.I64_ADD).set(EVENTS);
  }

  private pc(at: number): void {
    this.code.get(BASE).constant(at).op(Wasm.I32_ADD);
  }

  private target(at: number): void {
    this.pc(at);
    this.code.set(TARGET);
  }

  private unlessRarely(then: () => void): void {
    this.code.ifUnlikely();
    this.labels.push({ label: 'other', isLoop: false });
    then();
    this.close();
  }

  private open(label: Label, isLoop = false): void {
    if (isLoop) this.code.loop();
    else this.code.block();
    this.labels.push({ label, isLoop });
  }

  private openIf(): void {
    this.code.if();
    this.labels.push({ label: 'other', isLoop: false });
  }

  private close(): void {
    this.labels.pop();
    this.code.end();
  }

  private branchTo(label: Label): void {
    this.code.branch(this.depthOf(label));
  }

  private depthOf(label: Label): number {
    for (let depth = 0; depth < this.labels.length; depth++) {
      if (this.labels[this.labels.length - 1 - depth]!.label === label) return depth;
    }
    throw new Error('a branch to what is not open');
  }
}

/** Before an instruction: what is charged of its block from there on, and what is needed behind the block. */
interface Place {
  readonly instruction: Instruction;
  readonly charge: number;
  readonly needBehind: number;
  readonly kind?: number;
}

/** What is charged from each instruction of a block to its end, and 0 behind the last. */
function chargesFrom(instructions: readonly Instruction[]): number[] {
  const charges = [0];
  for (let index = instructions.length - 1; index >= 0; index--) {
    charges.unshift(charges[0]! + instructions[index]!.cost * CYCLE - 1);
  }
  return charges;
}

function mergesOf(node: Node): Node[] {
  return node.children.filter(child => child.isMerge);
}

function lastOf(block: Block): Instruction {
  return block.instructions[block.instructions.length - 1]!;
}

function lineOf({ pa }: Instruction): number {
  return pa >>> 6;
}

/** The line of an instruction's last byte. */
function endLineOf({ pa, size }: Instruction): number {
  return (pa + size - 1) >>> 6;
}

/** Where the line table has the line of a physical address. */
function slotOf(pa: number): number {
  return Layout.LINE_TABLE + ((pa - RAM_BASE) >>> 6) * 4;
}
