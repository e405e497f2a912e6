/**
 * Decodes a function's body into flat arrays (module.ts, Code). Checks the binary format only; types are
 * validate.ts' work. Where an instruction is well formed but belongs to an unsupported feature, the error
 * names the feature.
 */
import { type Bytes, WasmError } from './bytes.ts';
import type { Code, ValueType } from './module.ts';
import { OPCODES, Op, unsupportedFeature } from './opcodes.ts';

const LOCALS_MAX = 50_000;

/** `bytes` covers the body exactly, from the declarations of its locals to its last `end`. */
export function decodeBody(bytes: Bytes, valueType: (bytes: Bytes) => ValueType): Code {
  const locals: ValueType[] = [];
  for (let groups = bytes.count(); groups > 0; groups--) {
    const count = bytes.u32();
    const type = valueType(bytes);
    if (locals.length + count > LOCALS_MAX) bytes.fail(`too many locals: more than ${LOCALS_MAX}`);
    for (let i = 0; i < count; i++) locals.push(type);
  }
  const capacity = bytes.end - bytes.at;
  const code = {
    locals,
    count: 0,
    op: new Uint16Array(capacity),
    a: new Int32Array(capacity),
    b: new Int32Array(capacity),
    offset: new Uint32Array(capacity),
    branchTables: [] as number[][],
  };
  while (!bytes.done) {
    decodeInstruction(bytes, code);
    code.count++;
  }
  return code;
}

type Growing = { -readonly [K in keyof Code]: Code[K] } & { branchTables: number[][] };

function decodeInstruction(bytes: Bytes, code: Growing): void {
  const index = code.count;
  const start = bytes.at;
  code.offset[index] = start;
  let number = bytes.byte();
  if (number === 0xfc) {
    const sub = bytes.u32();
    number = sub < 0x100 ? 0xfc00 + sub : 0xfcff;
  }
  const opcode = OPCODES.get(number);
  if (opcode === undefined) {
    const feature = unsupportedFeature(number);
    const name = `0x${number.toString(16)}`;
    throw new WasmError(
      feature ? `${feature} are not supported (instruction ${name})` : `illegal opcode ${name}`,
      start,
    );
  }
  code.op[index] = number;
  switch (opcode.immediates) {
    case 'none':
      break;
    case 'block':
      code.a[index] = blockType(bytes);
      break;
    case 'index':
      code.a[index] = bytes.u32();
      break;
    case 'indirect':
      code.a[index] = bytes.u32();
      code.b[index] = bytes.u32();
      break;
    case 'table':
      code.a[index] = code.branchTables.length;
      code.branchTables.push(branchTargets(bytes));
      break;
    case 'memory':
      code.b[index] = bytes.u32();
      code.a[index] = bytes.u32();
      break;
    case 'constant':
      decodeConstant(bytes, number, code, index);
      break;
    case 'special':
      decodeSpecial(bytes, number, code, index);
      break;
  }
}

function blockType(bytes: Bytes): number {
  const value = bytes.s33();
  if (value >= 0 || value === -64 || (value >= -4 && value <= -1)) return value;
  bytes.fail(
    value >= -24 ? 'reference types and vectors are not supported as block types' : 'malformed block type',
  );
}

function branchTargets(bytes: Bytes): number[] {
  const count = bytes.count();
  const targets: number[] = [];
  for (let i = 0; i <= count; i++) targets.push(bytes.u32());
  return targets;
}

/** Of a constant instruction: its words. */
export function decodeConstant(
  bytes: Bytes,
  op: number,
  into: { a: Int32Array; b: Int32Array },
  index: number,
): void {
  if (op === Op.i32_const) {
    into.a[index] = bytes.s32();
  } else if (op === Op.i64_const) {
    const { low, high } = bytes.s64();
    into.a[index] = low;
    into.b[index] = high;
  } else {
    into.a[index] = bytes.word();
    if (op === Op.f64_const) into.b[index] = bytes.word();
  }
}

function decodeSpecial(bytes: Bytes, op: number, code: Growing, index: number): void {
  const zero = () => {
    if (bytes.byte() !== 0) bytes.fail('zero byte expected: several memories are not supported');
  };
  switch (op) {
    case Op.memory_size:
    case Op.memory_grow:
    case Op.memory_fill:
      zero();
      break;
    case Op.memory_copy:
      zero();
      zero();
      break;
    case Op.memory_init:
      code.a[index] = bytes.u32();
      zero();
      break;
    default: // table.init, table.copy
      code.a[index] = bytes.u32();
      code.b[index] = bytes.u32();
  }
}
