/**
 * Checks of data from outside, as JSON.parse gives it: each function gives the value in the type asked for, or
 * throws an error of one line that begins with the value's place and ends with the mend.
 */
import { meant, quoted } from '../../hw/lab/suggestion.ts';

type Data = Readonly<Record<string, unknown>>;

/** An object; with no other keys than `keys` where they are given. */
export function record(data: unknown, place: string, keys?: readonly string[]): Data {
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    throw new Error(`${place}: not an object: write { … }`);
  for (const key of Object.keys(data)) {
    if (keys !== undefined && !keys.includes(key))
      throw new Error(`${place}: nobody knows the key ${quoted(key)}: ${meant(key, keys)}`);
  }
  return data as Data;
}

export function list(data: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(data)) throw new Error(`${place}: not a list: write [ … ]`);
  return data;
}

export function text(data: unknown, place: string): string {
  if (typeof data !== 'string') throw new Error(`${place}: not a text: write "…"`);
  if (data.includes('\0')) throw new Error(`${place}: has a zero byte in it: take it out`);
  return data;
}

export function texts(data: unknown, place: string): readonly string[] {
  return list(data, place).map((each, index) => text(each, `${place}[${index}]`));
}

/** A whole number from `least` to `most`. */
export function number(data: unknown, place: string, least: number, most: number): number {
  if (!Number.isInteger(data) || (data as number) < least || (data as number) > most)
    throw new Error(`${place}: ${quoted(String(data))} is not a whole number from ${least} to ${most}`);
  return data as number;
}

/** One of the known texts. */
export function member(data: string, place: string, known: readonly string[]): string {
  if (!known.includes(data)) throw new Error(`${place}: ${quoted(data)} is not known: ${meant(data, known)}`);
  return data;
}

/** What one of the known words stands for. */
export function word(data: string, place: string, meanings: Readonly<Record<string, number>>): number {
  return meanings[member(data, place, Object.keys(meanings))]!;
}
