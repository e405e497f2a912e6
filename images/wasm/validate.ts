/**
 * Checks the types of a function's body: the validation algorithm of the core specification's appendix
 * "Validation Algorithm", over the decoded instructions. Iterative; its two stacks are its whole state.
 */
import { WasmError } from './bytes.ts';
import {
  type Code,
  F32,
  F64,
  type FunctionType,
  I32,
  I64,
  type ValueType,
  type WasmFunction,
} from './module.ts';
import { accessSizeLog2, OPCODES, Op } from './opcodes.ts';
import type { ModuleContext } from './reader.ts';

/** In code that cannot be reached, a value of whatever type is wanted. */
const UNKNOWN = 0;
type StackType = ValueType | typeof UNKNOWN;

interface Frame {
  readonly op: number;
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
  readonly height: number;
  unreachable: boolean;
}

const LETTERS: Readonly<Record<string, ValueType>> = { i: I32, I: I64, f: F32, F: F64 };
const NAMES: Readonly<Record<number, string>> = {
  [I32]: 'i32',
  [I64]: 'i64',
  [F32]: 'f32',
  [F64]: 'f64',
  0: 'any',
};
const SIGNATURES: ReadonlyMap<number, FunctionType> = new Map(
  [...OPCODES.values()].flatMap(({ code, signature }) => {
    if (signature === undefined) return [];
    const [parameters = '', results = ''] = signature.split(':').map(s => [...s].map(c => LETTERS[c]!));
    return [[code, { parameters: parameters || [], results: results || [] }] as const];
  }),
);

/** Throws WasmError for a body that is not valid in its module. */
export function validateBody(context: ModuleContext, fn: WasmFunction, body: Code): void {
  new Validator(context, fn, body).run();
}

/** The type that a block-type immediate stands for. */
export function blockSignature(types: readonly FunctionType[], blockType: number): FunctionType | undefined {
  if (blockType >= 0) return types[blockType];
  return blockType === -64 ? NO_VALUES : SINGLE[-1 - blockType];
}

const NO_VALUES: FunctionType = { parameters: [], results: [] };
const SINGLE: readonly FunctionType[] = [I32, I64, F32, F64].map(type => ({
  parameters: [],
  results: [type as ValueType],
}));

class Validator {
  private readonly context: ModuleContext;
  private readonly body: Code;
  private readonly type: FunctionType;
  private readonly locals: readonly ValueType[];
  private readonly stack: StackType[] = [];
  private readonly frames: Frame[] = [];
  private index = 0;

  constructor(context: ModuleContext, fn: WasmFunction, body: Code) {
    this.context = context;
    this.body = body;
    this.type = fn.type;
    this.locals = [...fn.type.parameters, ...body.locals];
  }

  run(): void {
    const { body } = this;
    this.enter(Op.block, [], this.type.results);
    for (; this.index < body.count; this.index++) {
      if (this.frames.length === 0) this.fail('instructions behind the end of the function');
      this.step(body.op[this.index]!, body.a[this.index]!, body.b[this.index]!);
    }
    if (this.frames.length > 0) this.fail('the function does not end: END opcode expected');
  }

  private fail(problem: string): never {
    const { body } = this;
    throw new WasmError(problem, body.offset[Math.min(this.index, body.count - 1)] ?? 0);
  }

  private push(type: StackType): void {
    this.stack.push(type);
  }

  private pushAll(types: readonly ValueType[]): void {
    for (const type of types) this.stack.push(type);
  }

  private pop(wanted: StackType): StackType {
    const frame = this.frames[this.frames.length - 1]!;
    if (this.stack.length === frame.height) {
      if (frame.unreachable) return wanted;
      this.fail(`type mismatch: ${NAMES[wanted]} expected, the stack is empty`);
    }
    const type = this.stack.pop()!;
    if (type !== wanted && type !== UNKNOWN && wanted !== UNKNOWN) {
      this.fail(`type mismatch: ${NAMES[wanted]} expected, ${NAMES[type]} found`);
    }
    return type === UNKNOWN ? wanted : type;
  }

  private popAll(types: readonly ValueType[]): void {
    for (let i = types.length - 1; i >= 0; i--) this.pop(types[i]!);
  }

  private enter(op: number, parameters: readonly ValueType[], results: readonly ValueType[]): void {
    this.frames.push({ op, parameters, results, height: this.stack.length, unreachable: false });
    this.pushAll(parameters);
  }

  private leave(): Frame {
    const frame = this.frames[this.frames.length - 1]!;
    this.popAll(frame.results);
    if (this.stack.length !== frame.height)
      this.fail('type mismatch: values remaining on the stack at the end of a block');
    this.frames.pop();
    return frame;
  }

  private giveUp(): void {
    const frame = this.frames[this.frames.length - 1]!;
    this.stack.length = frame.height;
    frame.unreachable = true;
  }

  /** The types that a branch to `depth` carries. */
  private label(depth: number): readonly ValueType[] {
    const frame = this.frames[this.frames.length - 1 - depth];
    if (depth < 0 || frame === undefined) this.fail(`unknown label ${depth >>> 0}`);
    return frame.op === Op.loop ? frame.parameters : frame.results;
  }

  private known<T>(list: readonly T[], index: number, what: string): T {
    const item = list[index];
    if (item === undefined) this.fail(`unknown ${what} ${index >>> 0}`);
    return item;
  }

  private call(type: FunctionType): void {
    this.popAll(type.parameters);
    this.pushAll(type.results);
  }

  private step(op: number, a: number, b: number): void {
    const signature = SIGNATURES.get(op);
    if (signature === undefined) {
      this.stepControl(op, a, b);
      return;
    }
    if (op >= 0x28 && op <= 0x3e) {
      if (b >>> 0 > accessSizeLog2(op)) this.fail('alignment must not be larger than natural');
    }
    this.checkOperands(op, a, b);
    this.call(signature);
  }

  private checkOperands(op: number, a: number, b: number): void {
    const { context } = this;
    if ((op >= 0x28 && op <= 0x40) || (op >= Op.memory_init && op <= Op.memory_fill && op !== Op.data_drop)) {
      this.known(context.memories, 0, 'memory');
    }
    if (op === Op.memory_init || op === Op.data_drop) {
      if (context.dataCount === undefined) this.fail('data count section required');
      if (a >>> 0 >= context.dataCount) this.fail(`unknown data segment ${a >>> 0}`);
    } else if (op === Op.table_init) {
      this.known(context.tables, b, 'table');
      this.known(context.elements, a, 'elem segment');
    } else if (op === Op.elem_drop) {
      this.known(context.elements, a, 'elem segment');
    } else if (op === Op.table_copy) {
      this.known(context.tables, a, 'table');
      this.known(context.tables, b, 'table');
    }
  }

  private stepControl(op: number, a: number, b: number): void {
    const { context } = this;
    switch (op) {
      case Op.unreachable:
        this.giveUp();
        break;
      case Op.block:
      case Op.loop:
      case Op.if: {
        const type = blockSignature(context.types, a);
        if (type === undefined) this.fail(`unknown type ${a}`);
        if (op === Op.if) this.pop(I32);
        this.popAll(type.parameters);
        this.enter(op, type.parameters, type.results);
        break;
      }
      case Op.else: {
        const frame = this.leave();
        if (frame.op !== Op.if) this.fail('else without if: END opcode expected');
        this.enter(Op.else, frame.parameters, frame.results);
        break;
      }
      case Op.end: {
        const frame = this.leave();
        if (frame.op === Op.if && !sameTypes(frame.parameters, frame.results)) {
          this.fail('type mismatch: an if without else must give what it takes');
        }
        this.pushAll(frame.results);
        break;
      }
      case Op.br:
        this.popAll(this.label(a));
        this.giveUp();
        break;
      case Op.br_if:
        this.pop(I32);
        this.popAll(this.label(a));
        this.pushAll(this.label(a));
        break;
      case Op.br_table:
        this.branchTable(this.body.branchTables[a]!);
        break;
      case Op.return:
        this.popAll(this.type.results);
        this.giveUp();
        break;
      case Op.call:
        this.call(this.known(context.functions, a, 'function').type);
        break;
      case Op.call_indirect:
        this.known(context.tables, b, 'table');
        this.pop(I32);
        this.call(this.known(context.types, a, 'type'));
        break;
      default:
        this.stepVariable(op, a);
    }
  }

  private stepVariable(op: number, a: number): void {
    const { context } = this;
    switch (op) {
      case Op.drop:
        this.pop(UNKNOWN);
        break;
      case Op.select: {
        this.pop(I32);
        const first = this.pop(UNKNOWN);
        this.push(this.pop(first));
        break;
      }
      case Op.local_get:
        this.push(this.known(this.locals, a, 'local'));
        break;
      case Op.local_set:
        this.pop(this.known(this.locals, a, 'local'));
        break;
      case Op.local_tee:
        this.pop(this.known(this.locals, a, 'local'));
        this.push(this.locals[a]!);
        break;
      case Op.global_get:
        this.push(this.known(context.globals, a, 'global').type);
        break;
      default: {
        const global = this.known(context.globals, a, 'global');
        if (!global.mutable) this.fail('global is immutable');
        this.pop(global.type);
      }
    }
  }

  private branchTable(targets: readonly number[]): void {
    this.pop(I32);
    const wanted = this.label(targets[targets.length - 1]!);
    for (const target of targets) {
      const types = this.label(target);
      if (types.length !== wanted.length) {
        this.fail('type mismatch: targets of br_table carry different counts of values');
      }
      // Reference types' specification lets them differ in code that cannot be reached.
      if (!sameTypes(types, wanted)) {
        this.fail('type mismatch: targets of br_table with different types are not supported');
      }
    }
    this.popAll(wanted);
    this.giveUp();
  }
}

function sameTypes(a: readonly ValueType[], b: readonly ValueType[]): boolean {
  return a.length === b.length && a.every((type, i) => type === b[i]);
}
