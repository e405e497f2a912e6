/**
 * Command lines from one table of options: splitting, suggestions and `--help` come from it.
 *
 *     const { values, operands } = splitWords(words, OPTIONS);      values.get('seed') → ['7']
 *
 * Whatever is wrong is thrown as a `BadInput` of one line that names the thing and says the mend.
 */
import { nearestWord } from '../lab/suggestion.ts';
import { BadInput } from './bad-input.ts';

export interface OptionRow {
  /** How its value is called in the help; '' for an option without one. */
  readonly value: string;
  readonly help: string;
  readonly repeats?: true;
}

export type OptionTable = Readonly<Record<string, OptionRow>>;

export interface SplitWords {
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly operands: readonly string[];
}

/** Every table has `help`. */
export function splitWords(words: readonly string[], table: OptionTable): SplitWords {
  const values = new Map<string, string[]>();
  const operands: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    if (!word.startsWith('-') || word === '-') {
      operands.push(word);
      continue;
    }
    const [name = '', joined] = splitOnce(word.replace(/^--?/, ''), '=');
    const row = word === '-h' ? table['help'] : Object.hasOwn(table, name) ? table[name] : undefined;
    if (row === undefined) throw new BadInput(`there is no option ${word}: ${suggestion(name, table)}`);
    const key = word === '-h' ? 'help' : name;
    if (row.value === '' && joined !== undefined)
      throw new BadInput(`--${key} takes no value: write --${key}`);
    const value = row.value === '' ? '' : (joined ?? words[(at += 1)]);
    if (value === undefined) throw new BadInput(`--${key} lacks its value: write --${key} ${row.value}`);
    if (values.has(key) && row.repeats !== true) throw new BadInput(`--${key} is given twice: give it once`);
    values.set(key, [...(values.get(key) ?? []), value]);
  }
  return { values, operands };
}

/** The options of `--help`, one or more lines each. */
export function tableHelp(table: OptionTable): string {
  return Object.entries(table)
    .map(([name, row]) => {
      const help = row.repeats === true ? `${row.help}. May be repeated` : row.help;
      return `  ${`--${name} ${row.value}`.padEnd(25)} ${wrap(help, 70, 28)}\n`;
    })
    .join('');
}

export function parseSize(option: string, text: string): number {
  const match = /^(\d{1,10})([KMG]?)i?B?$/i.exec(text);
  if (match === null) throw new BadInput(`--${option} ${text} is not a size: write for example 128M`);
  return Number(match[1]) * 1024 ** ' KMG'.indexOf((match[2] || ' ').toUpperCase());
}

export function parseCount(option: string, text: string): number {
  const value = /^(\d{1,16}|0x[0-9a-f]{1,13})$/i.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw new BadInput(`--${option} ${text} is not a whole number: write for example --${option} 4`);
}

export function oneOf<T extends string>(option: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find(word => word === text);
  if (found !== undefined) return found;
  throw new BadInput(`--${option} ${text} is not known: give ${allowed.join(' or ')}`);
}

export function optional<T>(text: string | undefined, parse: (text: string) => T): T | undefined {
  return text === undefined ? undefined : parse(text);
}

export function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function suggestion(name: string, table: OptionTable): string {
  const near = nearestWord(name, Object.keys(table));
  return near === undefined ? '--help lists them' : `did you mean --${near}?`;
}

function wrap(text: string, width: number, indent: number): string {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join('\n' + ' '.repeat(indent));
}
