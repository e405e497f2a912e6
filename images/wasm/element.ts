/**
 * The element section: function references for tables, in the eight forms of the bulk-memory proposal.
 *
 *     flag bit 0  passive or declared     bit 1  explicit table, or declared     bit 2  expressions
 */
import type { Bytes } from './bytes.ts';
import { offsetExpression } from './constant.ts';
import { FUNCREF, type SegmentMode } from './module.ts';
import { Op } from './opcodes.ts';
import type { ModuleContext } from './reader.ts';

const REF_NULL = 0xd0;
const REF_FUNC = 0xd2;

export function readElements(bytes: Bytes, context: ModuleContext): void {
  for (let count = bytes.count(); count > 0; count--) {
    const flag = bytes.u32();
    if (flag > 7) bytes.fail(`malformed elements segment kind ${flag}`);
    const mode = segmentMode(bytes, context, flag);
    if (flag & 3) elementKind(bytes, flag);
    const functions: (number | undefined)[] = [];
    for (let items = bytes.count(); items > 0; items--) {
      functions.push(flag & 4 ? referenceExpression(bytes, context) : functionAt(bytes, context));
    }
    context.elements.push({ mode, functions });
  }
}

function segmentMode(bytes: Bytes, context: ModuleContext, flag: number): SegmentMode {
  if (flag & 1) return { kind: flag & 2 ? 'declared' : 'passive' };
  const table = flag & 2 ? bytes.u32() : 0;
  if (context.tables[table] === undefined) bytes.fail(`unknown table ${table}`);
  return { kind: 'active', offset: offsetExpression(bytes, context) };
}

function elementKind(bytes: Bytes, flag: number): void {
  const kind = bytes.byte();
  const expected = flag & 4 ? FUNCREF : 0;
  if (kind !== expected)
    bytes.fail(`malformed element kind 0x${kind.toString(16)}: only functions are supported`);
}

function functionAt(bytes: Bytes, context: ModuleContext): number {
  const index = bytes.u32();
  if (index >= context.functions.length) bytes.fail(`unknown function ${index}`);
  return index;
}

function referenceExpression(bytes: Bytes, context: ModuleContext): number | undefined {
  const op = bytes.byte();
  let result: number | undefined;
  if (op === REF_FUNC) {
    result = functionAt(bytes, context);
  } else if (op === REF_NULL) {
    if (bytes.byte() !== FUNCREF) bytes.fail('type mismatch: a null of another type than funcref');
  } else {
    bytes.fail('constant expression required: ref.func or ref.null');
  }
  if (bytes.byte() !== Op.end) bytes.fail('constant expression required: one instruction, then its end');
  return result;
}
