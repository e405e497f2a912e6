/**
 * Instruction selection: SSA to machine code on virtual registers.
 *
 * The blocks are visited from the last to the first, and each from its end, so that a value's users come
 * before it (selector.ts). Phis become copies at the end of their predecessors, which have one successor.
 */
import { preheader } from '../optimise/invariant.ts';
import { type Block, hasEffect, Ir, type Loop, type SsaFunction, type Value } from '../ssa/ir.ts';
import { ARGUMENT_REGISTERS } from './calling-convention.ts';
import { Constants } from './constants.ts';
import { FIRST_VIRTUAL, MachineBlock, type MachineFunction, type MachineLoop, NONE } from './machine.ts';
import {
  parameterCode,
  selectCall,
  selectMachine,
  selectReturn,
  selectTailCall,
  tailCall,
} from './select-call.ts';
import { opposite, selectCondition, selectValue } from './select-value.ts';
import { Selector } from './selector.ts';
import type { TargetOptions } from './target.ts';

/** The function must be analysed, and its values' uses counted. */
export function select(fn: SsaFunction, options: TargetOptions): MachineFunction {
  const out: MachineFunction = {
    name: fn.name,
    loops: loopsOf(fn),
    blocks: fn.blocks.map(makeBlock),
    registerCount: FIRST_VIRTUAL,
    outgoingWords: 0,
    incomingWords: Math.max(0, fn.parameterWords - ARGUMENT_REGISTERS.length),
    slotCount: 0,
    jumpTables: [],
  };
  const constants = new Constants(out, fn.blocks);
  const s = new Selector(options, fn, out, constants);
  const parameters: Value[] = [];
  for (let i = fn.blocks.length - 1; i >= 0; i--) selectBlock(s, fn.blocks[i]!, parameters);
  out.blocks[0]!.code.unshift(...parameterCode(s, parameters.reverse()));
  constants.insert();
  return out;
}

/** By block, the loops around it, outermost first; those without a block before them are left out. */
function loopsOf(fn: SsaFunction): MachineLoop[][] {
  const made = new Map<Loop, MachineLoop | undefined>();
  const convert = (loop: Loop) => {
    const before = preheader(loop);
    const blocks = new Set([...loop.blocks].map(block => block.order));
    return before && { depth: loop.depth, blocks, before: before.order };
  };
  return fn.blocks.map(block => {
    const around: MachineLoop[] = [];
    for (let { loop } = block; loop !== undefined; loop = loop.parent) {
      if (!made.has(loop)) made.set(loop, convert(loop));
      const machineLoop = made.get(loop);
      if (machineLoop !== undefined) around.unshift(machineLoop);
    }
    return around;
  });
}

function makeBlock(block: Block, index: number): MachineBlock {
  const made = new MachineBlock(index);
  made.frequency = block.frequency;
  made.isCold = block.isCold;
  made.loopDepth = block.loop?.depth ?? 0;
  made.endOrigin = block.endOrigin;
  for (const predecessor of block.predecessors) made.predecessors.push(predecessor.order);
  return made;
}

function selectBlock(s: Selector, block: Block, parameters: Value[]): void {
  s.block = s.out.blocks[block.order]!;
  s.origin = block.endOrigin;
  const tail = s.options.profile === 'strict' ? undefined : tailCall(block);
  if (tail === undefined) selectEnd(s, block);
  else selectTailCall(s, tail);
  s.endValue();
  const results = new Map<Value, Value[]>();
  for (let i = block.values.length - 1; i >= 0; i--) {
    const value = block.values[i]!;
    s.origin = value.origin;
    if (value === tail || (value.op === Ir.Result && value.args[0] === tail)) continue;
    if (value.op === Ir.Phi) break;
    if (value.uses === 0 && !hasEffect(value)) {
      s.leaveOut(value);
      continue;
    }
    selectOne(s, value, results, parameters);
    s.endValue();
  }
  s.endBlock();
}

function selectOne(s: Selector, value: Value, results: Map<Value, Value[]>, parameters: Value[]): void {
  switch (value.op) {
    case Ir.Parameter:
      parameters.push(value);
      break;
    case Ir.Result: {
      const call = value.args[0]!;
      results.set(call, [value, ...(results.get(call) ?? [])]);
      break;
    }
    case Ir.Call:
    case Ir.CallIndirect:
      selectCall(s, value, results.get(value) ?? []);
      break;
    case Ir.Machine:
      selectMachine(s, value, results.get(value) ?? []);
      break;
    default:
      selectValue(s, value);
  }
}

function selectEnd(s: Selector, block: Block): void {
  const { end, successors } = block;
  const [first, second] = successors;
  switch (end.kind) {
    case 'jump':
      copyToPhis(s, block, first!);
      s.block.next = first!.order;
      break;
    case 'branch': {
      const { op, a, b } = selectCondition(s, end.condition);
      const falls = first!.order === block.order + 1;
      s.block.branch = { op: falls ? opposite(op) : op, a, b, to: (falls ? second! : first!).order };
      s.block.next = (falls ? first! : second!).order;
      break;
    }
    case 'switch':
      selectSwitch(s, block, end.index, end.table);
      break;
    case 'return':
      selectReturn(s, end.values);
      break;
    case 'trap':
      s.emit('trap', NONE, NONE, NONE).symbol = end.symbol;
      break;
    case 'unreachable':
      s.emit('machine', NONE, NONE, NONE).symbol = 'trap';
      break;
    case 'open':
      throw new Error(`${s.out.name}: a block was left open`);
  }
}

/** The values that the successor's phis get from here, moved all at once. */
function copyToPhis(s: Selector, block: Block, to: Block): void {
  const index = to.predecessors.indexOf(block);
  const defs: number[] = [];
  const uses: number[] = [];
  for (const phi of to.values) {
    if (phi.op !== Ir.Phi) break;
    if (phi.uses === 0) continue;
    const argument = phi.args[index]!;
    if (argument === phi) continue;
    defs.push(s.registerOf(phi));
    uses.push(s.use(argument));
  }
  s.copy(defs, uses);
}

/** The index is in range: legalise.ts has seen to that. */
function selectSwitch(s: Selector, block: Block, index: Value, table: readonly number[]): void {
  const targets = table.map(entry => block.successors[entry]!.order);
  const symbol = `${s.out.name}.switch${s.out.jumpTables.length}`;
  s.out.jumpTables.push({ symbol, targets });
  s.block.targets = [...new Set(targets)];
  const upper = s.constants.upper(symbol, s.block);
  const register = s.use(index);
  const entry = s.options.zba
    ? s.temporary('sh2add', register, upper)
    : s.temporary('add', s.temporary('slli', register, NONE, 2), upper);
  const address = s.newRegister();
  const load = s.emit('lw', address, entry, NONE);
  load.symbol = symbol;
  load.part = 'low';
  s.emit('switch', NONE, address, NONE);
}
