/**
 * Writes WebAssembly: the body of one function, and a module that holds it.
 *
 *     const kind = new ModuleKind({ … });
 *     const code = new Code();
 *     code.get(0).constant(1).op(I32_ADD).set(0);
 *     new WebAssembly.Module(kind.encode([], code))
 *
 * Only what the translator needs: one exported function over an imported memory and an imported table, calling
 * imported functions. Whoever opens a block closes it; labels are counted by the caller.
 */

export const I32 = 0x7f;
export const I64 = 0x7e;
export const V128 = 0x7b;
const VOID = 0x40;

export const I32_EQZ = 0x45;
export const I32_EQ = 0x46;
export const I32_NE = 0x47;
export const I32_LT_S = 0x48;
export const I32_LT_U = 0x49;
export const I32_GT_S = 0x4a;
export const I32_GT_U = 0x4b;
export const I32_LE_S = 0x4c;
export const I32_GE_S = 0x4e;
export const I32_GE_U = 0x4f;
export const I64_EQ = 0x51;
export const I64_LT_S = 0x53;
export const I32_CLZ = 0x67;
export const I32_CTZ = 0x68;
export const I32_POPCNT = 0x69;
export const I32_ADD = 0x6a;
export const I32_SUB = 0x6b;
export const I32_MUL = 0x6c;
export const I32_DIV_S = 0x6d;
export const I32_DIV_U = 0x6e;
export const I32_REM_S = 0x6f;
export const I32_REM_U = 0x70;
export const I32_AND = 0x71;
export const I32_OR = 0x72;
export const I32_XOR = 0x73;
export const I32_SHL = 0x74;
export const I32_SHR_S = 0x75;
export const I32_SHR_U = 0x76;
export const I32_ROTL = 0x77;
export const I32_ROTR = 0x78;
export const I64_ADD = 0x7c;
export const I64_MUL = 0x7e;
export const I64_OR = 0x84;
export const I64_SHR_U = 0x88;
export const I32_WRAP_I64 = 0xa7;
export const I64_EXTEND_I32_S = 0xac;
export const I64_EXTEND_I32_U = 0xad;
export const I32_EXTEND8_S = 0xc0;
export const I32_EXTEND16_S = 0xc1;
export const SELECT = 0x1b;
export const DROP = 0x1a;
export const RETURN = 0x0f;
export const UNREACHABLE = 0x00;
// Of vectors, behind the prefix.
export const I32_LANE = 0x1b;
export const I64_LANE = 0x1d;

// Loads and stores: opcode and the alignment's exponent.
export const I32_LOAD = [0x28, 2] as const;
export const I64_LOAD = [0x29, 3] as const;
export const I32_LOAD8_S = [0x2c, 0] as const;
export const I32_LOAD8_U = [0x2d, 0] as const;
export const I32_LOAD16_S = [0x2e, 1] as const;
export const I32_LOAD16_U = [0x2f, 1] as const;
export const I32_STORE = [0x36, 2] as const;
export const I64_STORE = [0x37, 3] as const;
export const I32_STORE8 = [0x3a, 0] as const;
export const I32_STORE16 = [0x3b, 1] as const;

type Access = readonly [opcode: number, alignment: number];

export class Code {
  private bytes: Uint8Array<ArrayBuffer>;
  private size = 0;
  /** Offsets of `if` and `br_if` that are rarely taken. */
  readonly unlikely: number[] = [];

  /** `room`: bytes that are expected. */
  constructor(room = 64) {
    this.bytes = new Uint8Array(room);
  }

  get length(): number {
    return this.size;
  }

  get contents(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.size);
  }

  byte(value: number): this {
    if (this.size === this.bytes.length) this.makeRoom(1);
    this.bytes[this.size++] = value;
    return this;
  }

  op(opcode: number): this {
    return this.byte(opcode);
  }

  unsigned(value: number): this {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest = Math.floor(rest / 128);
    }
    return this.byte(rest);
  }

  /** Any integer that a number holds exactly. */
  signed(value: number): this {
    let rest = value;
    for (;;) {
      const low = ((rest % 128) + 128) % 128;
      rest = (rest - low) / 128;
      if ((rest === 0 && low < 64) || (rest === -1 && low >= 64)) return this.byte(low);
      this.byte(low | 0x80);
    }
  }

  raw(bytes: ArrayLike<number>): this {
    if (this.size + bytes.length > this.bytes.length) this.makeRoom(bytes.length);
    this.bytes.set(bytes, this.size);
    this.size += bytes.length;
    return this;
  }

  constant(value: number): this {
    return this.byte(0x41).signed(value | 0);
  }

  constant64(value: number): this {
    return this.byte(0x42).signed(value);
  }

  /** The 64-bit constant low + high · 2^32, both of 32 bits without sign, high of 31. */
  constantPair(low: number, high: number): this {
    this.byte(0x42);
    for (let shift = 0; shift < 28; shift += 7) this.byte((low >>> shift) | 0x80);
    this.byte((low >>> 28) | (high << 4) | 0x80);
    for (let shift = 3; shift < 31; shift += 7) this.byte((high >>> shift) | 0x80);
    return this.byte(0);
  }

  get(local: number): this {
    return this.byte(0x20).unsigned(local);
  }

  set(local: number): this {
    return this.byte(0x21).unsigned(local);
  }

  tee(local: number): this {
    return this.byte(0x22).unsigned(local);
  }

  memory([opcode, alignment]: Access, offset: number): this {
    return this.byte(opcode).byte(alignment).unsigned(offset);
  }

  /** A lane of the vector on the stack. */
  lane(opcode: number, index: number): this {
    return this.byte(0xfd).byte(opcode).byte(index);
  }

  block(): this {
    return this.byte(0x02).byte(VOID);
  }

  loop(): this {
    return this.byte(0x03).byte(VOID);
  }

  if(type = VOID): this {
    return this.byte(0x04).byte(type);
  }

  ifUnlikely(): this {
    this.unlikely.push(this.size);
    return this.if();
  }

  else(): this {
    return this.byte(0x05);
  }

  end(): this {
    return this.byte(0x0b);
  }

  branch(depth: number): this {
    return this.byte(0x0c).unsigned(depth);
  }

  /** Rarely taken. */
  branchIf(depth: number): this {
    this.unlikely.push(this.size);
    return this.byte(0x0d).unsigned(depth);
  }

  branchTable(depths: readonly number[], otherwise: number): this {
    this.byte(0x0e).unsigned(depths.length);
    for (const depth of depths) this.unsigned(depth);
    return this.unsigned(otherwise);
  }

  call(index: number): this {
    return this.byte(0x10).unsigned(index);
  }

  returnCall(index: number): this {
    return this.byte(0x12).unsigned(index);
  }

  returnCallIndirect(type: number): this {
    return this.byte(0x13).unsigned(type).byte(0);
  }

  private makeRoom(size: number): void {
    const larger = new Uint8Array(2 * (this.size + size));
    larger.set(this.contents);
    this.bytes = larger;
  }
}

export interface FunctionType {
  readonly parameters: readonly number[];
  readonly results: readonly number[];
}

/** What modules of one kind have in common. */
export interface Surroundings {
  /** By index; the function's own type is the first. */
  readonly types: readonly FunctionType[];
  /** Imported functions of "core", in the order of their indices, with their types. */
  readonly imports: readonly (readonly [name: string, type: number])[];
  /** Imports "env" "memory" of so many pages, or "env" "table". */
  readonly memoryPages?: number;
  readonly importsTable?: boolean;
}

const MAGIC = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
/** The most bytes that the head of a section and what comes before its list may have. */
const SECTION_ROOM = 64;

/** Modules whose only function, of type 0, is exported as "region". */
export class ModuleKind {
  private readonly head: Uint8Array<ArrayBuffer>;
  private readonly functionIndex: number;

  constructor(surroundings: Surroundings) {
    const { types, imports } = surroundings;
    this.functionIndex = imports.length;
    const head = new Code().raw(MAGIC);
    section(head, 1, typesOf(types));
    section(head, 2, importsOf(surroundings));
    section(head, 3, new Code().unsigned(1).unsigned(0));
    section(head, 7, new Code().unsigned(1).raw(name('region')).byte(0).unsigned(imports.length));
    this.head = head.contents;
  }

  encode(locals: readonly (readonly [count: number, type: number])[], body: Code): Uint8Array<ArrayBuffer> {
    const declared = new Code().unsigned(locals.length);
    for (const [count, type] of locals) declared.unsigned(count).byte(type);
    const hints = this.branchHints(body, declared.length);
    const module = new Code(this.head.length + hints.length + body.length + 2 * SECTION_ROOM);
    section(module.raw(this.head), 0, hints);
    const size = declared.length + body.length + 1;
    const sizes = new Code().unsigned(1).unsigned(size);
    module.byte(10).unsigned(sizes.length + size);
    return module.raw(sizes.contents).raw(declared.contents).raw(body.contents).end().contents;
  }

  /** The section "metadata.code.branch_hint": which branches are rarely taken. */
  private branchHints(body: Code, before: number): Code {
    const hints = new Code(SECTION_ROOM + 5 * body.unlikely.length).raw(HINTS).unsigned(1);
    hints.unsigned(this.functionIndex).unsigned(body.unlikely.length);
    for (const at of body.unlikely) {
      hints
        .unsigned(at + before)
        .byte(1)
        .byte(0);
    }
    return hints;
  }
}

function typesOf(types: readonly FunctionType[]): Code {
  const out = new Code().unsigned(types.length);
  for (const { parameters, results } of types) {
    out.byte(0x60).unsigned(parameters.length).raw(parameters).unsigned(results.length).raw(results);
  }
  return out;
}

function importsOf({ imports, memoryPages, importsTable }: Surroundings): Code {
  const out = new Code().unsigned(
    imports.length + (memoryPages === undefined ? 0 : 1) + (importsTable === true ? 1 : 0),
  );
  if (memoryPages !== undefined) {
    out.raw(name('env')).raw(name('memory')).byte(2).byte(1).unsigned(memoryPages).unsigned(memoryPages);
  }
  if (importsTable === true) out.raw(name('env')).raw(name('table')).byte(1).byte(0x70).byte(0).unsigned(0);
  for (const [each, type] of imports) out.raw(name('core')).raw(name(each)).byte(0).unsigned(type);
  return out;
}

function section(module: Code, id: number, contents: Code): void {
  module.byte(id).unsigned(contents.length).raw(contents.contents);
}

function name(text: string): Uint8Array {
  const bytes = Uint8Array.from(text, character => character.charCodeAt(0));
  return new Code().unsigned(bytes.length).raw(bytes).contents;
}

const HINTS = name('metadata.code.branch_hint');
