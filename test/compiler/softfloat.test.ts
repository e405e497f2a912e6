/**
 * Our float and i64 arithmetic against the host's own: the same WebAssembly instruction in a module of one
 * instruction a function, on the same bits. Both run in Node here; test/compiler/codegen runs ours on the CPU.
 */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import wabt from 'wabt';
import { compileGuest } from '../../images/guest/compile.ts';
import { RUNTIME_FUNCTIONS, type RuntimeFunction } from '../../images/riscv/runtime-symbols.ts';

type Bits = number | bigint;
type Operation = (...operands: Bits[]) => Bits;

const NAMES = (Object.keys(RUNTIME_FUNCTIONS) as RuntimeFunction[]).filter(name =>
  /^[if](32|64)_/.test(name),
);
let ours: Record<string, Operation>;
let host: Record<string, Operation>;

beforeAll(async () => {
  const trap = () => {
    throw new Error('trap');
  };
  const imports = { runtime: { trap_invalid_conversion: trap, trap_integer_overflow: trap } };
  const { wasm } = await compileGuest({ entry: 'images/runtime/arithmetic.ts', profile: 'kernel' });
  ours = exportsOf(wasm, imports);
  const parsed = (await wabt()).parseWat('host.wat', `(module ${NAMES.map(hostFunction).join('\n')})`);
  host = exportsOf(parsed.toBinary({}).buffer, {});
});

function exportsOf(wasm: Uint8Array, imports: WebAssembly.Imports): Record<string, Operation> {
  const module = new WebAssembly.Module(new Uint8Array(wasm));
  return new WebAssembly.Instance(module, imports).exports as Record<string, Operation>;
}

/** `f64_promote_f32` → the instruction f64.promote_f32 between reinterpretations of its operands and result. */
function hostFunction(name: RuntimeFunction): string {
  const { operands, result } = typesOf(name);
  const instruction = name.replace('_', '.');
  const loads = operands.map((type, index) => `(local.get ${index})${reinterpret(type, 'in')}`).join(' ');
  const parameters = operands.map(type => `(param ${bitsType(type)})`).join(' ');
  return `(func (export "${name}") ${parameters} (result ${bitsType(result)}) ${loads} ${instruction}${reinterpret(result, 'out')})`;
}

const bitsType = (type: string) => type.replace('f', 'i');

function reinterpret(type: string, way: 'in' | 'out'): string {
  if (type.startsWith('i')) return '';
  return way === 'in' ? ` ${type}.reinterpret_${bitsType(type)}` : ` ${bitsType(type)}.reinterpret_${type}`;
}

/** The names say the types: own type first, operand's type last where it differs; comparisons give an i32. */
function typesOf(name: RuntimeFunction): { operands: string[]; result: string } {
  const [own = '', ...rest] = name.split('_');
  const other = rest.find(part => /^[if](32|64)$/.test(part)) ?? own;
  const count = RUNTIME_FUNCTIONS[name].split(':')[0]!.length;
  const compares = own.startsWith('f') && /^(eq|lt|le)$/.test(rest[0]!);
  return { operands: new Array<string>(count).fill(other), result: compares ? 'i32' : own };
}

const NAN_BOUND = { f32: 0xff00_0000n, f64: 0xffe0_0000_0000_0000n };
const CANONICAL = { f32: 0x7fc0_0000n, f64: 0x7ff8_0000_0000_0000n };

/** Unsigned bits, every NaN as the canonical one; or the word for a trap. */
function outcome(operation: Operation, operands: readonly Bits[], type: string): bigint | 'trap' {
  let result: Bits;
  try {
    result = operation(...operands);
  } catch {
    return 'trap';
  }
  const width = type.endsWith('32') ? 32 : 64;
  const bits = BigInt.asUintN(width, BigInt(result));
  if (type !== 'f32' && type !== 'f64') return bits;
  return BigInt.asUintN(width, bits << 1n) > NAN_BOUND[type] ? CANONICAL[type] : bits;
}

function differences(name: RuntimeFunction, operands: readonly bigint[]): string[] {
  const { operands: types, result } = typesOf(name);
  const given = operands
    .slice(0, types.length)
    .map((bits, index) => (types[index]!.endsWith('32') ? Number(BigInt.asIntN(32, bits)) : bits));
  if (/^i64_(div|rem)/.test(name) && (operands[1] === 0n || (operands[1] === -1n && name.endsWith('s'))))
    return [];
  const got = outcome(ours[name]!, given, result);
  const wanted = outcome(host[name]!, given, result);
  if (got === wanted) return [];
  const hex = (value: bigint | string) => (typeof value === 'string' ? value : value.toString(16));
  const shown = given.map(value => hex(BigInt.asUintN(64, BigInt(value)))).join(', ');
  return [`${name}(${shown}) is ${hex(got)}, must be ${hex(wanted)}`];
}

/** Bits around every boundary of a format: exponents of interest × fractions of interest × signs. */
function boundaries(exponents: readonly number[], exponentBits: number, fractionBits: number): bigint[] {
  const ones = (1n << BigInt(fractionBits)) - 1n;
  const half = 1n << BigInt(fractionBits - 1);
  const fractions = [0n, 1n, 2n, half - 1n, half, half + 1n, ones - 1n, ones];
  return exponents.flatMap(exponent =>
    fractions.flatMap(fraction => {
      const magnitude = (BigInt(exponent) << BigInt(fractionBits)) | fraction;
      return [magnitude, magnitude | (1n << BigInt(exponentBits + fractionBits))];
    }),
  );
}

const F32 = boundaries(
  [0, 1, 2, 24, 103, 126, 127, 128, 149, 150, 151, 157, 158, 159, 189, 190, 191, 230, 253, 254, 255],
  8,
  23,
);
const F64 = boundaries(
  [
    0, 1, 2, 53, 874, 897, 1022, 1023, 1024, 1053, 1054, 1055, 1074, 1075, 1076, 1085, 1086, 1087, 1150, 1151,
    2045, 2046, 2047,
  ],
  11,
  52,
);
const INTEGERS = [
  0n,
  1n,
  2n,
  3n,
  10n,
  0xffffn,
  0x1_0000n,
  0xffffffn,
  0x1000001n,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_ffffn,
  0x1_0000_0000n,
  (1n << 53n) + 1n,
  (1n << 54n) - 1n,
  (1n << 62n) - 1n,
  (1n << 63n) - 1n,
]
  .flatMap(n => [n, -n])
  .concat([-(1n << 63n)]);

const edgesOf = (type: string) => (type === 'f32' ? F32 : type === 'f64' ? F64 : INTEGERS);

describe('every operation equals the host’s own', () => {
  it.each(NAMES)('%s at every boundary of its format', name => {
    const { operands } = typesOf(name);
    const edges = edgesOf(operands[0]!);
    const seconds = operands.length === 2 ? edges : [0n];
    const wrong = edges.flatMap(a => seconds.flatMap(b => differences(name, [a, b])));
    expect(wrong.slice(0, 10)).toEqual([]);
  });

  it.each(NAMES)('%s on random bits', name => {
    const { operands } = typesOf(name);
    const width = operands[0]!.endsWith('32') ? 32 : 64;
    const anyBits = fc.bigInt({ min: 0n, max: (1n << BigInt(width)) - 1n });
    const fewBits = fc
      .tuple(anyBits, fc.integer({ min: 0, max: width - 1 }))
      .map(([bits, count]) => bits >> BigInt(count));
    const operand = fc.oneof(anyBits, fewBits, fc.constantFrom(...edgesOf(operands[0]!)));
    // Neighbours: exponents close enough for the fractions to meet, and cancel.
    const neighbour = fc
      .tuple(operand, fc.integer({ min: -3, max: 3 }), fc.integer({ min: -4, max: 4 }))
      .map(([bits, exponent, unit]): [bigint, bigint] => [
        bits,
        BigInt.asUintN(width, bits + (BigInt(exponent) << (width === 32 ? 23n : 52n)) + BigInt(unit)),
      ]);
    const pair = fc.oneof(fc.tuple(operand, operand), neighbour);
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const signed = (bits: bigint) => BigInt.asIntN(width, bits);
        expect(differences(name, [signed(a), signed(b)])).toEqual([]);
      }),
      { seed: 20_001, numRuns: 2_000 },
    );
  });
});
