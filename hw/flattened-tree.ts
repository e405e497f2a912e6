/**
 * The flattened devicetree format, version 17 (Devicetree Specification 0.4, chapter 5): a tree of nodes
 * with properties as one block of bytes that firmware and kernels read.
 *
 *     header │ memory reservations (none) │ structure: tokens, big-endian, 4-aligned │ strings
 *
 * What the tree says is hw/devicetree.ts's business; this file only writes it down.
 */

/** An empty property is `true`; numbers are 32-bit cells; strings end with a zero each. */
export type Property = true | number | readonly number[] | string | readonly string[] | Uint8Array;

export interface TreeNode {
  readonly properties: Readonly<Record<string, Property>>;
  /** By name with unit address, in the order in which they are written. */
  readonly children: Readonly<Record<string, TreeNode>>;
}

const MAGIC = 0xd00dfeed;
const HEADER_SIZE = 40;
const RESERVATIONS_SIZE = 16;
const VERSION = 17;
const VERSION_COMPATIBLE = 16;

const BEGIN_NODE = 1;
const END_NODE = 2;
const PROPERTY = 3;
const END = 9;

/** The block for the tree under the root. `bootCpu` is the `reg` of the CPU that starts. */
export function flattenTree(root: TreeNode, bootCpu: number): Uint8Array {
  const strings = new StringTable();
  const structure: number[] = [];
  writeNode(structure, strings, '', root);
  writeCell(structure, END);

  const structureAt = HEADER_SIZE + RESERVATIONS_SIZE;
  const stringsAt = structureAt + structure.length;
  const size = (stringsAt + strings.bytes.length + 7) & ~7;
  const header: number[] = [];
  for (const cell of [
    MAGIC,
    size,
    structureAt,
    stringsAt,
    HEADER_SIZE,
    VERSION,
    VERSION_COMPATIBLE,
    bootCpu,
    strings.bytes.length,
    structure.length,
  ])
    writeCell(header, cell);

  const block = new Uint8Array(size);
  block.set(header);
  block.set(structure, structureAt);
  block.set(strings.bytes, stringsAt);
  return block;
}

/** Property names, each stored once, found by their offset. */
class StringTable {
  readonly bytes: number[] = [];
  private readonly offsets = new Map<string, number>();

  offset(name: string): number {
    const known = this.offsets.get(name);
    if (known !== undefined) return known;
    const offset = this.bytes.length;
    this.bytes.push(...textBytes(name));
    this.offsets.set(name, offset);
    return offset;
  }
}

function writeNode(out: number[], strings: StringTable, name: string, node: TreeNode): void {
  writeCell(out, BEGIN_NODE);
  out.push(...textBytes(name));
  align(out);
  for (const [key, value] of Object.entries(node.properties)) {
    const bytes = propertyBytes(value);
    writeCell(out, PROPERTY);
    writeCell(out, bytes.length);
    writeCell(out, strings.offset(key));
    for (const byte of bytes) out.push(byte);
    align(out);
  }
  for (const [childName, child] of Object.entries(node.children)) writeNode(out, strings, childName, child);
  writeCell(out, END_NODE);
}

function propertyBytes(value: Property): ArrayLike<number> & Iterable<number> {
  if (value === true) return [];
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return textBytes(value);
  const out: number[] = [];
  for (const item of typeof value === 'number' ? [value] : value) {
    if (typeof item === 'string') out.push(...textBytes(item));
    else writeCell(out, item);
  }
  return out;
}

function textBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text + '\0');
}

function writeCell(out: number[], value: number): void {
  out.push((value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}

function align(out: number[]): void {
  while (out.length % 4 !== 0) out.push(0);
}
