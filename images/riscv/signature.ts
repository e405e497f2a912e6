/**
 * Function types as numbers and as text. The number stands beside the code's address in tables, and must be
 * the same for the same type in every module: each value is a digit 1–4, −1 … the result's beginning a 5,
 * in base 6, as long as that fits 31 bits. Longer types are hashed (FNV-1a, top bit set); two types of one
 * module with one hash are refused. 0 is no type: an empty entry.
 */
import { F32, F64, type FunctionType, I32, I64, type WasmModule } from '../wasm/module.ts';

const LETTERS: Readonly<Record<number, string>> = { [I32]: 'i', [I64]: 'I', [F32]: 'f', [F64]: 'F' };
const DIGITS: Readonly<Record<string, number>> = { i: 1, I: 2, f: 3, F: 4, ':': 5 };

export function signatureText({ parameters, results }: FunctionType): string {
  const letters = (types: readonly number[]) => types.map(type => LETTERS[type]).join('');
  return `${letters(parameters)}:${letters(results)}`;
}

export function typeId(type: FunctionType): number {
  const text = signatureText(type);
  let id = 0;
  for (const letter of text) {
    id = id * 6 + DIGITS[letter]!;
    if (id >= 2 ** 31) return hash(text);
  }
  return id;
}

function hash(text: string): number {
  let value = 0x811c_9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x0100_0193);
  return value | 0x8000_0000;
}

/** The texts of two types of the module that have one number, if there are such. */
export function collidingTypes(module: WasmModule): readonly [string, string] | undefined {
  const seen = new Map<number, string>();
  for (const type of module.types) {
    const id = typeId(type);
    const text = signatureText(type);
    const before = seen.get(id);
    if (before !== undefined && before !== text) return [before, text];
    seen.set(id, text);
  }
  return undefined;
}
