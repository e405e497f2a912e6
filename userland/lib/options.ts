/**
 * A command line's options and operands, as the usual commands take them.
 *
 *     const options = new Options('cat [-bnsETv] [FILE]…', 'bnsETv', 'number=n,squeeze-blank=s');
 *     while (options.next()) {
 *       switch (options.letter) { case 'n': … options.value … }
 *     }
 *     options.operands
 *
 * A letter with a `:` behind takes a value, from the same argument or the next; with a `?` from the same only. Options may stand behind
 * operands, up to a `--`; with a `+` before all letters they end at the first operand. With a `#` among them -12
 * is an option # whose value is 12. A long option stands for its letter, may be shortened, and has its value
 * behind a `=` or next. What is wrong ends the program with a
 * message and `failure`; --help prints the usage.
 */
import { programArguments, programName } from './arguments.ts';
import { writeError } from './complaint.ts';
import { end } from './finish.ts';
import { print } from './output.ts';

export class Options {
  letter: string = '';
  value: string = '';
  operands: string[] = [];
  private args: string[];
  private at: i32 = 1;
  /** Where in a cluster of letters; 0 between arguments. */
  private inside: i32 = 0;
  private isOver: bool = false;

  constructor(
    private usage: string,
    private letters: string,
    private long: string = '',
    private failure: i32 = 1,
  ) {
    this.args = programArguments();
  }

  /** Whether there is another option: its letter and value, then. */
  next(): bool {
    while (this.at < this.args.length) {
      const argument = this.args[this.at];
      if (this.inside > 0) return this.take(argument);
      if (this.isOver || argument.length < 2 || argument.charCodeAt(0) !== 0x2d) {
        this.operands.push(argument);
        this.at++;
        if (this.letters.startsWith('+')) this.isOver = true;
        continue;
      }
      if (argument === '--') {
        this.isOver = true;
        this.at++;
        continue;
      }
      if (argument.charCodeAt(1) === 0x2d) return this.takeLong(argument.substring(2));
      if (this.letters.indexOf('#') >= 0 && isNumeric(argument.charCodeAt(1))) {
        this.letter = '#';
        this.value = argument.substring(1);
        this.at++;
        return true;
      }
      this.inside = 1;
    }
    return false;
  }

  /** The value as a number from `least` up; anything else ends the program: "invalid number of lines: ‘x’". */
  number(what: string, least: i64 = 0): i64 {
    const value = parseNumber(this.value);
    if (value === i64.MIN_VALUE || value < least) this.fail(`invalid ${what}: ‘${this.value}’`);
    return value;
  }

  /** Ends the program: what is wrong with its command line. */
  fail(text: string): void {
    writeError(`${programName()}: ${text}\nTry '${programName()} --help' for more information.\n`);
    end(this.failure);
  }

  /** At least so many operands there must be. */
  need(count: i32, missing: string = 'missing operand'): void {
    if (this.operands.length >= count) return;
    const last = this.operands.length;
    this.fail(last === 0 ? missing : `missing operand after ‘${this.operands[last - 1]}’`);
  }

  /** At most so many. */
  allow(count: i32): void {
    if (this.operands.length > count) this.fail(`extra operand ‘${this.operands[count]}’`);
  }

  private take(argument: string): bool {
    this.letter = argument.charAt(this.inside++);
    const place = ':+#?'.indexOf(this.letter) >= 0 ? -1 : this.letters.indexOf(this.letter);
    if (place < 0) this.fail(`invalid option -- '${this.letter}'`);
    const isLast = this.inside === argument.length;
    const mark = this.letters.charAt(place + 1);
    if (mark === '?') {
      this.value = argument.substring(this.inside);
      this.inside = 0;
      this.at++;
    } else if (mark === ':') {
      this.value = isLast ? '' : argument.substring(this.inside);
      this.inside = 0;
      this.at++;
      if (isLast) {
        if (this.at === this.args.length) this.fail(`option requires an argument -- '${this.letter}'`);
        this.value = this.args[this.at++];
      }
    } else if (isLast) {
      this.inside = 0;
      this.at++;
    }
    return true;
  }

  private takeLong(text: string): bool {
    this.at++;
    const equals = text.indexOf('=');
    const name = equals < 0 ? text : text.substring(0, equals);
    if (name === 'help') {
      print(`Usage: ${this.usage}\n`);
      end(0);
    }
    this.letter = this.letterOf(name);
    const mark = this.letters.charAt(this.letters.indexOf(this.letter) + 1);
    if (mark === '?') {
      this.value = equals < 0 ? '' : text.substring(equals + 1);
      return true;
    }
    if (mark !== ':') {
      if (equals >= 0) this.fail(`option '--${name}' doesn't allow an argument`);
      return true;
    }
    if (equals < 0 && this.at === this.args.length) this.fail(`option '--${name}' requires an argument`);
    this.value = equals < 0 ? this.args[this.at++] : text.substring(equals + 1);
    return true;
  }

  private letterOf(name: string): string {
    const all = this.long.split(',');
    let letter = '';
    for (let index = 0; index < all.length; index++) {
      const equals = all[index].indexOf('=');
      if (equals < 0 || !all[index].startsWith(name)) continue;
      const found = all[index].substring(equals + 1);
      if (equals === name.length) return found;
      if (letter !== '' && letter !== found) this.fail(`option '--${name}' is ambiguous`);
      letter = found;
    }
    if (letter === '') this.fail(`unrecognized option '--${name}'`);
    return letter;
  }
}

function isNumeric(code: i32): bool {
  return (code >= 0x30 && code <= 0x39) || code === 0x2e;
}

/** A whole decimal number, with the units that sizes have (b, K, M, G, and kB and the like); i64.MIN_VALUE if it is none. */
export function parseNumber(text: string): i64 {
  let at = text.startsWith('-') || text.startsWith('+') ? 1 : 0;
  const first = at;
  let value: i64 = 0;
  while (at < text.length && text.charCodeAt(at) >= 0x30 && text.charCodeAt(at) <= 0x39) {
    if (value > i64.MAX_VALUE / 10 - 10) return i64.MIN_VALUE;
    value = value * 10 + text.charCodeAt(at++) - 0x30;
  }
  if (at === first) return i64.MIN_VALUE;
  const unit = unitOf(text.substring(at));
  if (unit === 0) return i64.MIN_VALUE;
  return text.startsWith('-') ? -value * unit : value * unit;
}

function unitOf(text: string): i64 {
  if (text === '') return 1;
  if (text === 'b') return 512;
  const power = 'KMGT'.indexOf(text.charAt(0).toUpperCase()) + 1;
  if (power === 0 || text.length > 3) return 0;
  const rest = text.substring(1);
  const base: i64 = rest === '' || rest === 'iB' ? 1024 : rest === 'B' ? 1000 : 0;
  let unit: i64 = 1;
  for (let step = 0; step < power; step++) unit *= base;
  return unit;
}
