/**
 * Sets of characters in order, as tr has them: abc, a-z, [:digit:], [=e=], [x*3], [x*], escapes.
 *
 *     const set = new CharacterSet('a-z\\n');      set.fault is '' or what is wrong with it
 *     set.codes                                    code points, as they stand there
 *     set.fillAt                                   where a [x*] stands that fills up; −1
 */
import { readEscape } from './escape.ts';

export class CharacterSet {
  codes: i32[] = [];
  fault: string = '';
  fillAt: i32 = -1;
  private fillCode: i32 = 0;

  constructor(text: string) {
    let at = 0;
    while (at < text.length && this.fault === '') at = this.take(text, at);
  }

  has(code: i32): bool {
    return this.codes.includes(code);
  }

  /** As long as another set: by its [x*], or by repeating its last. */
  lengthen(length: i32, repeatsLast: bool): void {
    if (this.fillAt >= 0) {
      const rest = this.codes.splice(this.fillAt);
      const missing = length - this.codes.length - rest.length;
      for (let index = 0; index < missing; index++) this.codes.push(this.fillCode);
      this.codes = this.codes.concat(rest);
    }
    while (repeatsLast && this.codes.length > 0 && this.codes.length < length)
      this.codes.push(this.codes[this.codes.length - 1]);
  }

  private take(text: string, start: i32): i32 {
    if (text.charAt(start) === '[') {
      const end = this.takeBracket(text, start);
      if (end > start) return end;
    }
    const first = new Unit(text, start);
    if (first.end + 1 >= text.length || text.charAt(first.end) !== '-') {
      this.codes.push(first.code);
      return first.end;
    }
    const last = new Unit(text, first.end + 1);
    if (last.code < first.code) {
      const range = text.substring(start, last.end);
      this.fault = `range-endpoints of '${range}' are in reverse collating sequence order`;
    }
    for (let code = first.code; code <= last.code; code++) this.codes.push(code);
    return last.end;
  }

  /** Where it ends; `start` where it is no bracket after all. */
  private takeBracket(text: string, start: i32): i32 {
    const kind = text.charAt(start + 1);
    if (kind === ':' || kind === '=') {
      const end = text.indexOf(kind + ']', start + 2);
      if (end < 0) return start;
      const name = text.substring(start + 2, end);
      if (kind === '=') this.codes.push(name.codePointAt(0));
      else this.addClass(name);
      return end + 2;
    }
    if (start + 1 >= text.length) return start;
    const unit = new Unit(text, start + 1);
    const end = text.indexOf(']', unit.end);
    if (end < 0 || text.charAt(unit.end) !== '*') return start;
    const number = text.substring(unit.end + 1, end);
    const count = number === '' ? 0 : <i32>parseInt(number, number.startsWith('0') ? 8 : 10);
    if (count === 0) {
      this.fillAt = this.codes.length;
      this.fillCode = unit.code;
    }
    for (let index = 0; index < count; index++) this.codes.push(unit.code);
    return end + 1;
  }

  private addClass(name: string): void {
    if (CLASSES.indexOf(`,${name},`) < 0) {
      this.fault = `invalid character class ‘${name}’`;
      return;
    }
    for (let code = 0; code < 0x80; code++) if (isInClass(code, name)) this.codes.push(code);
  }
}

/** A character or an escape. */
class Unit {
  code: i32;
  end: i32;

  constructor(text: string, start: i32) {
    if (text.charAt(start) === '\\' && start + 1 < text.length) {
      const found = readEscape(text, start);
      const isKnown = !found.text.startsWith('\\') || text.charAt(start + 1) === '\\';
      this.code = isKnown ? found.text.codePointAt(0) : text.codePointAt(start + 1);
      this.end = isKnown ? found.end : start + 2;
    } else {
      this.code = text.codePointAt(start);
      this.end = start + (this.code >= 0x1_0000 ? 2 : 1);
    }
  }
}

const CLASSES = ',alnum,alpha,blank,cntrl,digit,graph,lower,print,punct,space,upper,xdigit,';

/** Of ASCII; everything beyond is a letter. */
export function isInClass(code: i32, name: string): bool {
  const isUpper = code >= 0x41 && code <= 0x5a;
  const isLower = code >= 0x61 && code <= 0x7a;
  const isDigit = code >= 0x30 && code <= 0x39;
  const isLetter = isUpper || isLower || code >= 0xa0;
  const isGraph = (code > 0x20 && code < 0x7f) || code >= 0xa0;
  switch (name) {
    case 'alnum':
      return isLetter || isDigit;
    case 'alpha':
      return isLetter;
    case 'blank':
      return code === 0x20 || code === 9;
    case 'cntrl':
      return code < 0x20 || code === 0x7f;
    case 'digit':
      return isDigit;
    case 'graph':
      return isGraph;
    case 'lower':
      return isLower;
    case 'print':
      return isGraph || code === 0x20;
    case 'punct':
      return isGraph && !isLetter && !isDigit;
    case 'space':
      return code === 0x20 || (code >= 9 && code <= 13);
    case 'upper':
      return isUpper;
    case 'xdigit':
      return isDigit || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x66);
    default:
      return false;
  }
}

export function isClass(name: string): bool {
  return CLASSES.indexOf(`,${name},`) >= 0;
}
