/**
 * One random module on the emulated CPU and in Node's own engine: every export with a few arguments, then
 * memory.
 */
import { assembleText, load, type Outcome } from './codegen-rig.ts';
import { type RandomFunction, randomModule } from './random-module.ts';

const FUEL = 300;

function wordsOf(type: string, value: number | bigint): number[] {
  const buffer = new DataView(new ArrayBuffer(8));
  if (type === 'i32') buffer.setInt32(0, Number(value), true);
  else if (type === 'f32') buffer.setFloat32(0, Number(value), true);
  else if (type === 'f64') buffer.setFloat64(0, Number(value), true);
  else buffer.setBigInt64(0, BigInt(value), true);
  const low = buffer.getInt32(0, true);
  return type === 'i64' || type === 'f64' ? [low, buffer.getInt32(4, true)] : [low];
}

const ARGUMENTS: Readonly<Record<string, readonly (number | bigint)[]>> = {
  i32: [0, 1, -1, 7, -0x8000_0000, 0x7fff_ffff, 12345, -99],
  i64: [0n, 1n, -1n, 1n << 40n, -(1n << 63n), 0x1234_5678_9abc_def0n, 3n, -7n],
  f32: [0, 1.5, -2.25, 1e10, -0.1, Number.POSITIVE_INFINITY, 3, 1e-42],
  f64: [0, 1.5, -2.25, 1e100, -0.1, Number.NEGATIVE_INFINITY, 3, 5e-320],
};

const TRAPS: readonly (readonly [RegExp, string])[] = [
  [/unreachable/, 'unreachable'],
  [/divide by zero|remainder by zero/, 'divide by zero'],
  [/divide result unrepresentable/, 'overflow'],
  [/float unrepresentable/, 'conversion'],
  [/table index is out of bounds/, 'table'],
  [/null function|signature mismatch/, 'type'],
  [/memory access out of bounds/, 'memory'],
];

function inNode(
  instance: WebAssembly.Instance,
  { name, results }: RandomFunction,
  args: readonly (number | bigint)[],
): Outcome {
  try {
    (instance.exports['refuel'] as (fuel: number) => void)(FUEL);
    const value = (instance.exports[name] as (...args: unknown[]) => unknown)(...args);
    const list =
      results.length === 1 ? [value] : results.length === 0 ? [] : [...(value as Iterable<unknown>)];
    return { words: list.flatMap((item, i) => wordsOf(results[i]!, item as number)) };
  } catch (error) {
    const { message } = error as Error;
    const known = TRAPS.find(([pattern]) => pattern.test(message));
    if (known === undefined) throw error;
    return { trap: known[1] };
  }
}

/** Our two names of a bad conversion are one in Node. */
function merged(outcome: Outcome): Outcome {
  return 'trap' in outcome && outcome.trap === 'overflow' ? { trap: 'conversion' } : outcome;
}

/** Runs every function of the module in both; gives the first difference. */
export async function differs(
  seed: number,
  target: { zba: boolean; zbb: boolean },
  types?: readonly ('i32' | 'i64')[],
) {
  const module = types === undefined ? randomModule(seed) : randomModule(seed, types);
  const wasm = assembleText(module.text);
  const node = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(wasm)));
  const ours = await load(wasm, { profile: 'strict', ...target });
  for (const fn of module.functions) {
    for (let round = 0; round < 3; round++) {
      const args = fn.parameters.map((type, i) => ARGUMENTS[type]![(seed + 3 * round + i) % 8]!);
      const expected = inNode(node, fn, args);
      ours.call('refuel', [FUEL], 0);
      const words = fn.parameters.flatMap((type, i) => wordsOf(type, args[i]!));
      const size = fn.results.reduce((sum, type) => sum + (type.endsWith('64') ? 2 : 1), 0);
      const actual = ours.call(fn.name, words, size);
      if (JSON.stringify(merged(actual)) !== JSON.stringify(merged(expected))) {
        return { seed, fn: fn.name, args, expected, actual };
      }
    }
  }
  const expected = new Uint8Array((node.exports['memory'] as WebAssembly.Memory).buffer, 0, 16384);
  return Buffer.compare(expected, ours.memory(0, 16384)) === 0 ? undefined : { seed, memory: 'differs' };
}
