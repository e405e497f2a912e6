/**
 * Instruction selection for calls, intrinsics and returns: everything that the calling convention says.
 */
import { type Block, Ir, type Value } from '../ssa/ir.ts';
import { A0, A7, ARGUMENT_REGISTERS, CALLER_SAVED, RA, SCRATCH } from './calling-convention.ts';
import { MachineInstruction, NONE } from './machine.ts';
import { fits12, type Selector } from './selector.ts';

const REGISTER_WORDS = ARGUMENT_REGISTERS.length;
const LOST: readonly number[] = [RA, ...CALLER_SAVED, SCRATCH];
/** A context switch keeps sp, gp and tp only. */
const LOST_IN_SWITCH: readonly number[] = Array.from({ length: 32 }, (_, r) => r).filter(
  r => r === RA || r > 4,
);

const VOLATILE_ACCESSES: ReadonlySet<string> = new Set([
  'load8',
  'load16',
  'load32',
  'store8',
  'store16',
  'store32',
]);

/** `results` are the call's Result values that are used. */
export function selectCall(s: Selector, call: Value, results: readonly Value[]): void {
  const indirect = call.op === Ir.CallIndirect;
  const args = indirect ? call.args.slice(1) : call.args;
  const code = indirect ? s.use(call.args[0]!) : NONE;
  const stackWords = Math.max(0, args.length - REGISTER_WORDS);
  const resultWords = call.callee!.resultWords;
  s.out.outgoingWords = Math.max(s.out.outgoingWords, stackWords + Math.max(0, resultWords - REGISTER_WORDS));
  const used = passArguments(s, args);
  const instruction = s.emit(indirect ? 'callr' : 'call', NONE, code, NONE);
  instruction.symbol = call.callee!.symbol;
  instruction.signature = call.callee!.signature;
  instruction.uses = used;
  instruction.clobbers = LOST;
  instruction.defs = ARGUMENT_REGISTERS.slice(0, Math.min(resultWords, REGISTER_WORDS));
  takeResults(s, results, stackWords);
}

/** Arguments to their places; gives the registers that hold some. */
function passArguments(s: Selector, args: readonly Value[]): number[] {
  const sources = args.map(argument => s.use(argument));
  for (let i = REGISTER_WORDS; i < sources.length; i++) {
    s.emit('outgoing-store', NONE, NONE, sources[i]!, i - REGISTER_WORDS);
  }
  const targets = ARGUMENT_REGISTERS.slice(0, Math.min(sources.length, REGISTER_WORDS));
  s.copy(targets, sources.slice(0, targets.length));
  return targets;
}

function takeResults(s: Selector, results: readonly Value[], stackWords: number): void {
  const inRegisters = results.filter(result => result.immediate < REGISTER_WORDS);
  s.copy(
    inRegisters.map(result => s.registerOf(result)),
    inRegisters.map(result => A0 + result.immediate),
  );
  for (const result of results) {
    if (result.immediate < REGISTER_WORDS) continue;
    s.emit('outgoing-load', s.registerOf(result), NONE, NONE, stackWords + result.immediate - REGISTER_WORDS);
  }
}

export function selectMachine(s: Selector, value: Value, results: readonly Value[]): void {
  const { name, effect, constant, hasResult } = value.machine!;
  const offset = VOLATILE_ACCESSES.has(name) ? takeOffset(s, value) : 0;
  const args = value.args.map(argument => s.use(argument));
  if (effect === 'call') {
    // ecall: the number in a7, then a0 and on
    const targets = args.map((_, i) => (i === 0 ? A7 : A0 + i - 1));
    s.copy(targets, args);
    const instruction = s.emit('machine', NONE, NONE, NONE);
    instruction.symbol = 'ecall';
    instruction.uses = targets;
    instruction.clobbers = LOST;
    instruction.defs = [...ARGUMENT_REGISTERS];
    takeResults(s, results, 0);
    return;
  }
  const instruction = s.emit(
    'machine',
    hasResult ? s.registerOf(value) : NONE,
    args[0] ?? NONE,
    args[1] ?? NONE,
    constant + offset,
  );
  instruction.symbol = name;
  if (effect === 'switch') instruction.clobbers = LOST_IN_SWITCH;
}

/** What is added to the address of a volatile access becomes part of the instruction, where it fits. */
function takeOffset(s: Selector, access: Value): number {
  const [address, ...others] = access.args as [Value, ...Value[]];
  const [base, offset] = address.args;
  if (address.op !== Ir.Add || offset!.op !== Ir.Constant || !fits12(offset!.immediate)) return 0;
  s.takeOver(address);
  access.args = [base!, ...others];
  return offset!.immediate;
}

export function selectReturn(s: Selector, values: readonly Value[]): void {
  const sources = values.map(value => s.use(value));
  const count = Math.min(values.length, REGISTER_WORDS);
  for (let i = REGISTER_WORDS; i < values.length; i++) {
    const store = s.emit('incoming-store', NONE, NONE, sources[i]!, s.out.incomingWords + i - REGISTER_WORDS);
    store.origin = s.origin;
  }
  const targets = ARGUMENT_REGISTERS.slice(0, count);
  s.copy(targets, sources.slice(0, count));
  s.emit('ret', NONE, NONE, NONE).uses = targets;
}

/** The call at the end of a block that returns just what the call gives, if there is one. */
export function tailCall(block: Block): Value | undefined {
  if (block.end.kind !== 'return') return undefined;
  const { values } = block.end;
  let index = block.values.length - 1;
  while (index >= 0 && block.values[index]!.op === Ir.Result) index--;
  const call = block.values[index];
  if (call === undefined || (call.op !== Ir.Call && call.op !== Ir.CallIndirect)) return undefined;
  const { resultWords } = call.callee!;
  const args = call.args.length - (call.op === Ir.CallIndirect ? 1 : 0);
  if (values.length > resultWords || resultWords > REGISTER_WORDS || args > REGISTER_WORDS) return undefined;
  const same = values.every(
    (value, i) => value.op === Ir.Result && value.args[0] === call && value.immediate === i,
  );
  return same ? call : undefined;
}

export function selectTailCall(s: Selector, call: Value): void {
  const indirect = call.op === Ir.CallIndirect;
  const code = indirect ? s.use(call.args[0]!) : NONE;
  const used = passArguments(s, indirect ? call.args.slice(1) : call.args);
  const instruction = s.emit(indirect ? 'tailr' : 'tail', NONE, code, NONE);
  instruction.symbol = call.callee!.symbol;
  instruction.signature = call.callee!.signature;
  instruction.uses = used;
}

/** At the function's start: its parameters from where the caller put them. */
export function parameterCode(s: Selector, parameters: readonly Value[]): MachineInstruction[] {
  const inRegisters = parameters.filter(parameter => parameter.immediate < REGISTER_WORDS);
  const code: MachineInstruction[] = [];
  if (inRegisters.length > 0) {
    const copy = new MachineInstruction('copy', NONE, NONE, NONE, 0);
    copy.defs = inRegisters.map(parameter => s.registerOf(parameter));
    copy.uses = inRegisters.map(parameter => A0 + parameter.immediate);
    code.push(copy);
  }
  for (const parameter of parameters) {
    if (parameter.immediate < REGISTER_WORDS) continue;
    code.push(
      new MachineInstruction(
        'incoming-load',
        s.registerOf(parameter),
        NONE,
        NONE,
        parameter.immediate - REGISTER_WORDS,
      ),
    );
  }
  return code;
}
