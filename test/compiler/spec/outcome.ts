/**
 * What a step came to, and whether that is what the script expects.
 */
import type { Step } from './instance.ts';
import type { Value } from './script.ts';

export type Outcome =
  | { readonly kind: 'returned'; readonly words: readonly number[] }
  | {
      readonly kind: 'trapped';
      readonly cause: number;
      readonly pc: number;
      readonly value: number;
      readonly a0: number;
    }
  /** The machine stopped before. */
  | { readonly kind: 'missing' };

/** What bare/invoke.s sent, step by step. */
export function readOutcomes(output: Uint8Array, steps: readonly Step[]): readonly Outcome[] {
  const view = new DataView(output.buffer, output.byteOffset, output.byteLength);
  let at = 0;
  const word = () => {
    at += 4;
    return view.getUint32(at - 4, true);
  };
  return steps.map(({ resultWords }): Outcome => {
    if (at + 4 > output.length) return { kind: 'missing' };
    const trapped = word() === 1;
    if (at + 4 * (trapped ? 4 : resultWords) > output.length) return { kind: 'missing' };
    if (trapped) return { kind: 'trapped', cause: word(), pc: word(), value: word(), a0: word() };
    return { kind: 'returned', words: Array.from({ length: resultWords }, word) };
  });
}

export function returnProblem(
  outcome: Outcome,
  expected: readonly Value[],
  trapOf: TrapNames,
): string | undefined {
  if (outcome.kind === 'missing') return 'the machine stopped before';
  if (outcome.kind === 'trapped') return `trapped: ${trapOf(outcome)}`;
  const words = [...outcome.words];
  for (const value of expected) {
    const got = words.splice(0, value.type.endsWith('64') ? 2 : 1);
    if (!matches(got, value))
      return `gave ${value.type} ${shown(got)}, expected ${'nan' in value ? `nan:${value.nan}` : shown(value.words)}`;
  }
  return words.length === 0 ? undefined : 'gave more results than expected';
}

export type TrapNames = (outcome: Outcome & { readonly kind: 'trapped' }) => string;

export function trapProblem(outcome: Outcome, message: string, trapOf: TrapNames): string | undefined {
  if (outcome.kind === 'missing') return 'the machine stopped before';
  if (outcome.kind === 'returned') return `returned ${shown(outcome.words)}, expected the trap: ${message}`;
  const name = trapOf(outcome);
  return sameTrap(name, message) ? undefined : `trapped: ${name}, expected: ${message}`;
}

/**
 * The specification's messages are prefixes, and some causes have several. To us an index outside the table
 * is one trap whatever asked for it, and a null entry is one of the wrong type.
 */
function sameTrap(name: string, message: string): boolean {
  const table = [
    'undefined element',
    'uninitialized element',
    'indirect call type mismatch',
    'out of bounds table access',
    'undefined',
  ];
  const isTable = (text: string) => table.some(each => text.startsWith(each));
  if (name === 'indirect call type mismatch' && message.startsWith('uninit')) return true;
  if (isTable(name) && isTable(message)) return !message.startsWith('indirect call') || name === message;
  return (
    name.startsWith(message) || message.startsWith(name) || (isTable(name) && message === 'out of bounds')
  );
}

/** Faults by what they mean to WebAssembly. `symbolAt` names the function of an address. */
export function trapNames(symbolAt: (address: number) => string | undefined): TrapNames {
  return ({ cause, pc, value }) => {
    const symbol = symbolAt(pc)?.split('+')[0] ?? '';
    const known = RUNTIME_TRAPS[symbol];
    if (known !== undefined) return known;
    if (cause === 2) return 'unreachable';
    if (cause === 12) return 'uninitialized element';
    if (cause === 13 || cause === 15)
      return value >= STACK_LOWEST && value < STACK_TOP
        ? 'call stack exhausted'
        : 'out of bounds memory access';
    return `cause ${cause} at 0x${pc.toString(16)} (${symbol}), value 0x${value.toString(16)}`;
  };
}

/** Where a stack that outgrew its pages faults: no frame is larger than this range. */
const STACK_LOWEST = 0x4800_0000;
const STACK_TOP = 0x5000_0000;

const RUNTIME_TRAPS: Readonly<Record<string, string>> = {
  'runtime.trap_divide_by_zero': 'integer divide by zero',
  'runtime.trap_integer_overflow': 'integer overflow',
  'runtime.trap_invalid_conversion': 'invalid conversion to integer',
  'runtime.trap_indirect_type': 'indirect call type mismatch',
  'runtime.trap_memory_bounds': 'out of bounds memory access',
  'runtime.trap_table_bounds': 'undefined element',
};

function matches(words: readonly number[], value: Value): boolean {
  if ('words' in value)
    return words.length === value.words.length && words.every((word, i) => word === value.words[i]);
  const upper = words.at(-1)! & 0x7fff_ffff;
  const lower = words.length === 2 ? words[0]! : 0;
  const canonical = value.type === 'f32' ? 0x7fc0_0000 : 0x7ff8_0000;
  return value.nan === 'canonical' ? upper === canonical && lower === 0 : (upper & canonical) === canonical;
}

function shown(words: readonly number[]): string {
  return [...words]
    .reverse()
    .map(word => `0x${word.toString(16).padStart(8, '0')}`)
    .join(' ');
}
