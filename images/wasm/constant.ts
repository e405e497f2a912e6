/**
 * Constant expressions: a single constant, or the value of an imported immutable global. Core specification
 * 1.1, section 3.3.7.
 */
import { decodeConstant } from './body.ts';
import type { Bytes } from './bytes.ts';
import { type ConstantExpression, F32, F64, I32, I64, type ValueType } from './module.ts';
import { OPCODES, Op } from './opcodes.ts';
import type { ModuleContext } from './reader.ts';

export function constantExpression(bytes: Bytes, context: ModuleContext): ConstantExpression {
  const op = bytes.byte();
  const value = { a: new Int32Array(1), b: new Int32Array(1) };
  let result: ConstantExpression;
  switch (op) {
    case Op.i32_const:
    case Op.i64_const:
    case Op.f32_const:
    case Op.f64_const: {
      decodeConstant(bytes, op, value, 0);
      const type = [I32, I64, F32, F64][op - Op.i32_const]! as ValueType;
      result = { kind: 'constant', type, low: value.a[0]!, high: value.b[0]! };
      break;
    }
    case Op.global_get: {
      const index = bytes.u32();
      if (index >= context.imported.globals)
        bytes.fail(`unknown global ${index}: only imported ones are known here`);
      if (context.globals[index]!.mutable) bytes.fail('constant expression required: the global is mutable');
      result = { kind: 'global', index };
      break;
    }
    default: {
      const name = OPCODES.get(op)?.name;
      if (op === Op.end) bytes.fail('type mismatch: the constant expression is empty');
      bytes.fail(
        name ? `constant expression required, ${name} found` : `illegal opcode 0x${op.toString(16)}`,
      );
    }
  }
  if (bytes.byte() !== Op.end) bytes.fail('constant expression required: one instruction, then its end');
  return result;
}

/** Where an active segment goes: a constant i32. */
export function offsetExpression(bytes: Bytes, context: ModuleContext): ConstantExpression {
  const offset = constantExpression(bytes, context);
  if (constantType(offset, context) !== I32) bytes.fail("type mismatch: a segment's offset must be an i32");
  return offset;
}

export function constantType(expression: ConstantExpression, context: ModuleContext): ValueType {
  return expression.kind === 'constant' ? expression.type : context.globals[expression.index]!.type;
}
