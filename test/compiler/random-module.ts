/**
 * Random valid WebAssembly modules, as text, by seed: every numeric instruction, memory, globals, calls and
 * indirect calls, blocks with results, loops, br_table. Every run ends: loops and calls use up fuel.
 *
 * What another engine may do otherwise is left out: NaNs are made canonical where they arise, addresses are
 * masked to the first 4 KiB, and memory is never grown.
 */

type Type = 'i32' | 'i64' | 'f32' | 'f64';
const TYPES: readonly Type[] = ['i32', 'i64', 'f32', 'f64'];

export interface RandomFunction {
  readonly name: string;
  readonly parameters: readonly Type[];
  readonly results: readonly Type[];
}

export interface RandomModule {
  readonly text: string;
  readonly functions: readonly RandomFunction[];
}

export function randomModule(seed: number, types: readonly Type[] = TYPES): RandomModule {
  return new Generator(seed, types).module();
}

const INTEGER_BINARY = 'add sub mul and or xor shl shr_s shr_u rotl rotr div_s div_u rem_s rem_u'.split(' ');
const INTEGER_COMPARE = 'eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u'.split(' ');
const INTEGER_UNARY = 'clz ctz popcnt extend8_s extend16_s'.split(' ');
const FLOAT_BINARY = 'add sub mul div min max copysign'.split(' ');
const FLOAT_COMPARE = 'eq ne lt gt le ge'.split(' ');
const FLOAT_UNARY = 'abs neg ceil floor trunc nearest sqrt'.split(' ');
const EDGES = [
  0, 1, -1, 2, 3, 5, 7, 8, 31, 32, 127, 128, 255, 256, 2047, 2048, 4095, 65535, -128, -2048, -2049,
];

class Generator {
  private state: number;
  private readonly types: readonly Type[];
  private functions: RandomFunction[] = [];
  private locals: Type[] = [];
  /** Result types of the labels around, innermost last; a loop's are none. */
  private labels: (readonly Type[])[] = [];
  private current = 0;

  constructor(seed: number, types: readonly Type[]) {
    this.state = (seed * 2654435761) >>> 0 || 1;
    this.types = types;
  }

  private below(limit: number): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) % limit;
  }

  private pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  private someTypes(most: number): Type[] {
    return Array.from({ length: this.below(most + 1) }, () => this.pick(this.types));
  }

  module(): RandomModule {
    const count = 2 + this.below(3);
    for (let i = 0; i < count; i++) {
      const parameters = this.someTypes(this.below(4) === 0 ? 11 : 4);
      const results = this.below(4) === 0 ? this.someTypes(4) : [this.pick(this.types)];
      this.functions.push({ name: `f${i}`, parameters, results });
    }
    const bodies = this.functions.map((fn, i) => this.fn(fn, i));
    const globals = TYPES.map(
      type => `(global $g_${type} (mut ${type}) (${type}.const ${this.below(1000)}))`,
    );
    const text = `(module (memory (export "memory") 1)
      (global $fuel (export "fuel") (mut i32) (i32.const 0))
      ${globals.join(' ')}
      (table ${count + 1} funcref) (elem (i32.const 0) ${this.functions.map(f => `$${f.name}`).join(' ')})
      (data (i32.const 64) "${'abcdefgh\\ff\\80\\00\\7f'.repeat(4)}")
      (func (export "refuel") (param i32) (global.set $fuel (local.get 0)))
      ${CANONICAL}
      ${bodies.join('\n')})`;
    return { text, functions: this.functions };
  }

  private fn(fn: RandomFunction, index: number): string {
    const extra = this.someTypes(5);
    this.locals = [...fn.parameters, ...extra];
    this.labels = [fn.results];
    this.current = index;
    const body = [...this.statements(3), ...fn.results.map(type => this.value(type, 3))];
    const signature = `${list('param', fn.parameters)} ${list('result', fn.results)}`;
    const spend = '(if (i32.lt_s (global.get $fuel) (i32.const 0)) (then unreachable))';
    return `(func $${fn.name} (export "${fn.name}") ${signature} ${list('local', extra)} ${spend} ${body.join('\n')})`;
  }

  private statements(depth: number): string[] {
    return Array.from({ length: 1 + this.below(4) }, () => this.statement(depth));
  }

  private statement(depth: number): string {
    switch (this.below(depth > 0 ? 9 : 4)) {
      case 0:
      case 1:
        return this.setLocal(depth);
      case 2: {
        const type = this.pick(this.types);
        return `(global.set $g_${type} ${this.value(type, depth)})`;
      }
      case 3:
        return this.store(depth);
      case 4:
        return `(if ${this.value('i32', depth - 1)} (then ${this.nested([], depth)}) (else ${this.nested([], depth)}))`;
      case 5:
        return this.loop(depth);
      case 6:
        return `(block ${this.nested([], depth)})`;
      case 7:
        return this.branchTable(depth);
      default:
        return this.callStatement(depth);
    }
  }

  /** Statements inside a label with these results. */
  private nested(results: readonly Type[], depth: number): string {
    this.labels.push(results);
    const text = this.statements(depth - 1).join(' ');
    const branch = this.below(3) === 0 ? `(br_if ${this.target([])} ${this.value('i32', 1)})` : '';
    this.labels.pop();
    return `${text} ${branch}`;
  }

  /** The depth of some label around that takes what is given. */
  private target(results: readonly Type[]): number {
    const fitting = this.labels.map((label, i) => ({ label, depth: this.labels.length - 1 - i }));
    const usable = fitting.filter(({ label }) => label.length === results.length);
    return this.pick(usable).depth;
  }

  private loop(depth: number): string {
    this.labels.push([]);
    const body = this.statements(depth - 1).join(' ');
    this.labels.pop();
    const spend = '(global.set $fuel (i32.sub (global.get $fuel) (i32.const 1)))';
    const again = `(br_if 0 (i32.and (i32.gt_s (global.get $fuel) (i32.const 0)) ${this.value('i32', 1)}))`;
    return `(loop ${body.replaceAll('(br_if', '(;in loop;) (br_if')} ${spend} ${again})`.replace(
      /\(;in loop;\)/g,
      `${spend} (if (i32.lt_s (global.get $fuel) (i32.const 0)) (then unreachable))`,
    );
  }

  private branchTable(depth: number): string {
    const index = this.value('i32', depth - 1);
    const count = 1 + this.below(6);
    const targets = Array.from({ length: count + 1 }, () => this.below(3));
    const inner = `(block (block (block (br_table ${targets.join(' ')} (i32.and ${index} (i32.const 7)))) ${this.setLocal(1)}) ${this.setLocal(1)})`;
    return inner;
  }

  private setLocal(depth: number): string {
    if (this.locals.length === 0) return `(drop ${this.value(this.pick(this.types), depth)})`;
    const index = this.below(this.locals.length);
    return `(local.set ${index} ${this.value(this.locals[index]!, depth)})`;
  }

  private callStatement(depth: number): string {
    const call = this.call(depth);
    return `${call.text} ${call.results.map(() => '(drop)').join(' ')}`;
  }

  /** A call of a later function, or an indirect one with fuel. */
  private call(depth: number): { text: string; results: readonly Type[] } {
    const later = this.functions.slice(this.current + 1);
    const indirect = this.below(3) === 0;
    const fn = indirect || later.length === 0 ? this.pick(this.functions) : this.pick(later);
    const args = fn.parameters.map(type => this.value(type, depth - 1)).join(' ');
    if (!indirect && later.length > 0) return { text: `(call $${fn.name} ${args})`, results: fn.results };
    const spend = '(global.set $fuel (i32.sub (global.get $fuel) (i32.const 20)))';
    const index = this.below(4) === 0 ? this.value('i32', 1) : `(i32.const ${this.functions.indexOf(fn)})`;
    const type = `${list('param', fn.parameters)} ${list('result', fn.results)}`;
    return { text: `${spend} (call_indirect ${type} ${args} ${index})`, results: fn.results };
  }

  private address(depth: number): string {
    return `(i32.and ${this.value('i32', depth - 1)} (i32.const 4095))`;
  }

  private offset(): string {
    return this.below(2) === 0 ? '' : `offset=${this.pick([1, 4, 8, 100, 2047, 4096, 5000])}`;
  }

  private store(depth: number): string {
    const type = this.pick(this.types);
    const sizes = type === 'i32' ? ['', '8', '16'] : type === 'i64' ? ['', '8', '16', '32'] : [''];
    return `(${type}.store${this.pick(sizes)} ${this.offset()} align=1 ${this.address(depth)} ${this.value(type, depth - 1)})`;
  }

  private load(type: Type, depth: number): string {
    const integer =
      type === 'i32'
        ? ['', '8_s', '8_u', '16_s', '16_u']
        : ['', '8_s', '8_u', '16_s', '16_u', '32_s', '32_u'];
    const text = `(${type}.load${type[0] === 'f' ? '' : this.pick(integer)} ${this.offset()} align=1 ${this.address(depth)})`;
    return type[0] === 'f' ? canonical(type, text) : text;
  }

  private leaf(type: Type): string {
    const fitting = this.locals.flatMap((local, i) => (local === type ? [i] : []));
    if (fitting.length > 0 && this.below(3) > 0) return `(local.get ${this.pick(fitting)})`;
    if (this.below(4) === 0) return `(global.get $g_${type})`;
    return this.constant(type);
  }

  private constant(type: Type): string {
    const number = this.below(3) === 0 ? this.below(2 ** 32) | 0 : this.pick(EDGES);
    if (type === 'i32') return `(i32.const ${number})`;
    if (type === 'i64') {
      const shift = this.pick([0n, 0n, 16n, 31n, 32n, 40n]);
      return `(i64.const ${BigInt.asIntN(64, BigInt(number) << shift)})`;
    }
    const specials = [
      '0',
      '-0',
      'inf',
      '-inf',
      'nan',
      '1.5',
      '-0.75',
      '1e-40',
      '3e9',
      '-2147483648',
      '1e19',
      '0.1',
    ];
    return `(${type}.const ${this.below(2) === 0 ? this.pick(specials) : number})`;
  }

  private value(type: Type, depth: number): string {
    if (depth <= 0) return this.leaf(type);
    switch (this.below(10)) {
      case 0:
        return this.leaf(type);
      case 1:
        return this.load(type, depth);
      case 2:
        return `(select ${this.value(type, depth - 1)} ${this.value(type, depth - 1)} ${this.value('i32', depth - 1)})`;
      case 3:
        return this.blockValue(type, depth);
      case 4:
        return this.conversion(type, depth);
      case 5: {
        const fitting = this.locals.flatMap((local, i) => (local === type ? [i] : []));
        if (fitting.length > 0) return `(local.tee ${this.pick(fitting)} ${this.value(type, depth - 1)})`;
        return this.arithmetic(type, depth);
      }
      default:
        return this.arithmetic(type, depth);
    }
  }

  private blockValue(type: Type, depth: number): string {
    this.labels.push([type]);
    const early = `(br_if 0 ${this.value(type, depth - 1)} ${this.value('i32', 1)}) (drop)`;
    const text =
      this.below(2) === 0
        ? `(block (result ${type}) ${early} ${this.value(type, depth - 1)})`
        : `(if (result ${type}) ${this.value('i32', depth - 1)} (then ${this.value(type, depth - 1)}) (else ${early} ${this.value(type, depth - 1)}))`;
    this.labels.pop();
    return text;
  }

  private arithmetic(type: Type, depth: number): string {
    const operand = () => this.value(type, depth - 1);
    if (type[0] === 'f') {
      const text =
        this.below(3) === 0
          ? `(${type}.${this.pick(FLOAT_UNARY)} ${operand()})`
          : `(${type}.${this.pick(FLOAT_BINARY)} ${operand()} ${operand()})`;
      return canonical(type, text);
    }
    if (type === 'i32' && this.below(3) === 0) return this.comparison(depth);
    if (this.below(5) === 0) return `(${type}.${this.pick(INTEGER_UNARY)} ${operand()})`;
    const op = this.pick(this.below(3) === 0 ? INTEGER_BINARY : INTEGER_BINARY.slice(0, 11));
    return `(${type}.${op} ${operand()} ${this.below(2) === 0 ? this.constant(type) : operand()})`;
  }

  private comparison(depth: number): string {
    const of = this.pick(this.types);
    const op = this.pick(of[0] === 'f' ? FLOAT_COMPARE : INTEGER_COMPARE);
    if (of[0] === 'i' && this.below(4) === 0) return `(${of}.eqz ${this.value(of, depth - 1)})`;
    return `(${of}.${op} ${this.value(of, depth - 1)} ${this.value(of, depth - 1)})`;
  }

  private conversion(type: Type, depth: number): string {
    const from = this.pick(this.types);
    const value = this.value(from, depth - 1);
    const sign = this.pick(['s', 'u']);
    if (from === type) return value;
    if (type[0] === 'i' && from[0] === 'i')
      return type === 'i32' ? `(i32.wrap_i64 ${value})` : `(i64.extend_i32_${sign} ${value})`;
    if (type[0] === 'f' && from[0] === 'f') {
      return canonical(type, type === 'f32' ? `(f32.demote_f64 ${value})` : `(f64.promote_f32 ${value})`);
    }
    if (type.slice(1) === from.slice(1) && this.below(3) === 0) {
      const text = `(${type}.reinterpret_${from} ${value})`;
      return type[0] === 'f' ? canonical(type, text) : text;
    }
    if (type[0] === 'f') return `(${type}.convert_${from}_${sign} ${value})`;
    return `(${type}.trunc_${this.below(6) === 0 ? '' : 'sat_'}${from}_${sign} ${value})`;
  }
}

/** All NaNs become one. */
function canonical(type: Type, text: string): string {
  return `(call $canonical_${type} ${text})`;
}

const CANONICAL = (['f32', 'f64'] as const)
  .map(
    type => `(func $canonical_${type} (param ${type}) (result ${type})
      (select (local.get 0) (${type}.const nan) (${type}.eq (local.get 0) (local.get 0))))`,
  )
  .join('\n');

function list(what: string, types: readonly Type[]): string {
  return types.length === 0 ? '' : `(${what} ${types.join(' ')})`;
}
