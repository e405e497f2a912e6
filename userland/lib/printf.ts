/**
 * The formats of `printf`: text, escapes, and directives that each take an argument.
 *
 *     %s text   %b text with escapes   %c first character   %d %i whole number   %u %o %x %X   %f   %%
 *     between: flags - + blank 0 #, a width and a .precision, either a number or * for an argument
 *
 * The format is used again while arguments are left; an absent argument is '' or 0. What was wrong with
 * arguments is in `faults`; the output is made all the same.
 */

import { Unescaped } from './echo.ts';
import { digitValue, readEscape } from './escape.ts';
import { isAt } from './text.ts';

export class Format {
  faults: string[] = [];
  private output: string = '';
  private isCut: bool = false;
  private next: i32;

  /** `args[first]` is the format. */
  constructor(
    private args: string[],
    first: i32,
  ) {
    this.next = first + 1;
    this.source = args[first];
  }

  private source: string = '';

  whole(): string {
    while (true) {
      const before = this.next;
      this.once();
      if (this.isCut || this.next === before || this.next >= this.args.length) return this.output;
    }
  }

  private once(): void {
    const source = this.source;
    let at = 0;
    while (at < source.length && !this.isCut) {
      const code = source.charCodeAt(at);
      if (code === 0x5c) {
        const meant = readEscape(source, at);
        this.output += meant.text;
        at = meant.end;
      } else if (code === 0x25) at = this.directive(at + 1);
      else {
        const start = at++;
        while (at < source.length && source.charCodeAt(at) !== 0x5c && source.charCodeAt(at) !== 0x25) at++;
        this.output += source.substring(start, at);
      }
    }
  }

  private argument(): string {
    return this.next < this.args.length ? this.args[this.next++] : '';
  }

  /** From behind the %; where it ends. */
  private directive(start: i32): i32 {
    let at = start;
    const source = this.source;
    while (at < source.length && '-+ 0#'.indexOf(source.charAt(at)) >= 0) at++;
    let flags = source.substring(start, at);
    let width = 0;
    let precision = -1;
    if (source.charAt(at) === '*') {
      width = <i32>this.number(this.argument());
      at++;
    }
    while (at < source.length && digitValue(source.charCodeAt(at)) < 10)
      width = width * 10 + digitValue(source.charCodeAt(at++));
    if (source.charAt(at) === '.') {
      at++;
      precision = 0;
      if (source.charAt(at) === '*') {
        precision = <i32>this.number(this.argument());
        at++;
      }
      while (at < source.length && digitValue(source.charCodeAt(at)) < 10) {
        precision = precision * 10 + digitValue(source.charCodeAt(at++));
      }
    }
    if (width < 0) {
      width = -width;
      flags += '-';
    }
    if (at >= source.length) {
      this.fault(`%${source.substring(start)}: invalid directive`);
      return at;
    }
    this.convert(source.charAt(at), flags, width, precision);
    return at + 1;
  }

  private convert(letter: string, flags: string, width: i32, precision: i32): void {
    if (letter === '%') this.output += '%';
    else if (letter === 's') this.pad(cut(this.argument(), precision), '', flags, width, false);
    else if (letter === 'c') this.pad(this.argument().substring(0, 1), '', flags, width, false);
    else if (letter === 'b') {
      const unescaped = new Unescaped(this.argument());
      this.isCut = unescaped.isCut;
      this.pad(cut(unescaped.text, precision), '', flags, width, false);
    } else if ('diuoxX'.indexOf(letter) >= 0) this.integer(letter, flags, width, precision);
    else if (letter === 'f' || letter === 'F') this.fixed(flags, width, precision);
    else this.fault(`%${letter}: invalid directive`);
  }

  private integer(letter: string, flags: string, width: i32, precision: i32): void {
    const value = this.number(this.argument());
    const isSigned = letter === 'd' || letter === 'i';
    const isNegative = isSigned && value < 0;
    let digits = '';
    let prefix = isNegative
      ? '-'
      : isSigned && flags.includes('+')
        ? '+'
        : isSigned && flags.includes(' ')
          ? ' '
          : '';
    if (isSigned) digits = (isNegative ? u64(-value) : u64(value)).toString();
    else if (letter === 'u') digits = u64(value).toString();
    else digits = u64(value).toString(letter === 'o' ? 8 : 16);
    if (letter === 'X') digits = digits.toUpperCase();
    if (flags.includes('#') && value !== 0) {
      if (letter === 'o') digits = '0' + digits;
      else if (letter === 'x' || letter === 'X') prefix = '0' + letter;
    }
    if (precision >= 0) digits = precision === 0 && value === 0 ? '' : digits.padStart(precision, '0');
    this.pad(digits, prefix, flags, width, precision < 0);
  }

  /** As many digits behind the point as asked, 6 otherwise; rounded half away from zero. */
  private fixed(flags: string, width: i32, precision: i32): void {
    const places = precision < 0 ? 6 : min(precision, 15);
    const text = this.argument();
    const value = text === '' ? 0 : parseFloat(text);
    if (Number.isNaN(value)) this.fault(`${text}: expected numeric value`);
    let scale: f64 = 1;
    for (let i = 0; i < places; i++) scale *= 10;
    const units = Number.isNaN(value) ? 0 : <u64>(Math.abs(value) * scale + 0.5);
    const whole = (units / <u64>scale).toString();
    const rest = (units % <u64>scale).toString().padStart(places, '0');
    const prefix = value < 0 ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
    this.pad(places === 0 ? whole : whole + '.' + rest, prefix, flags, width, true);
  }

  /** To the width: zeros go between prefix and digits. */
  private pad(text: string, prefix: string, flags: string, width: i32, mayBeZeros: bool): void {
    const missing = width - text.length - prefix.length;
    if (missing <= 0) this.output += prefix + text;
    else if (flags.includes('-')) this.output += prefix + text + ' '.repeat(missing);
    else if (mayBeZeros && flags.includes('0')) this.output += prefix + '0'.repeat(missing) + text;
    else this.output += ' '.repeat(missing) + prefix + text;
  }

  private fault(text: string): void {
    this.faults.push(text);
  }

  /** Decimal, 0octal, 0xhexadecimal, or a quote and the character whose code is meant. */
  private number(text: string): i64 {
    if (text === '') return 0;
    if (text.startsWith("'") || text.startsWith('"')) return text.length > 1 ? text.codePointAt(1) : 0;
    let at = 0;
    while (at < text.length && text.charCodeAt(at) === 0x20) at++;
    const isNegative = text.charAt(at) === '-';
    if (isNegative || text.charAt(at) === '+') at++;
    let base = 10;
    if (isAt(text, '0x', at) || isAt(text, '0X', at)) {
      base = 16;
      at += 2;
    } else if (text.charAt(at) === '0') base = 8;
    const first = at;
    let value: i64 = 0;
    while (at < text.length && digitValue(text.charCodeAt(at)) < base) {
      value = value * base + digitValue(text.charCodeAt(at++));
    }
    if (at === first) this.fault(`${text}: expected numeric value`);
    else if (at < text.length) this.fault(`${text}: not completely converted`);
    return isNegative ? -value : value;
  }
}

function cut(text: string, precision: i32): string {
  return precision < 0 ? text : text.substring(0, precision);
}
