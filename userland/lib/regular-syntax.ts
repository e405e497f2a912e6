/**
 * POSIX regular expressions, read: basic ones as grep and sed have them, with \+ \? \|, and extended ones. What
 * comes out is a tree; regular-expression.ts makes a program of it.
 *
 *     basic      . [set] * ^ $ \( \) \{m,n\} \1 … \9      and \+ \? \|
 *     extended   . [set] * + ? | ( ) {m,n} ^ $ \1 … \9
 *     both       \< \> \b \B \w \W \s \S \n \t
 */
import { isClass, isInClass } from './character-set.ts';

export const EMPTY: i32 = 0;
export const CODE: i32 = 1;
export const ANY: i32 = 2;
export const SET: i32 = 3;
export const SEQUENCE: i32 = 4;
export const CHOICE: i32 = 5;
export const REPEAT: i32 = 6;
export const GROUP: i32 = 7;
export const BACK: i32 = 8;
export const START: i32 = 9;
export const END: i32 = 10;
export const WORD_START: i32 = 11;
export const WORD_END: i32 = 12;
export const WORD_EDGE: i32 = 13;
export const WORD_INSIDE: i32 = 14;

/** No upper bound. */
export const UNBOUNDED: i32 = -1;
const REPEATS_MAX: i32 = 255;

export class Part {
  left: Part | null = null;
  right: Part | null = null;
  set: CodeSet | null = null;
  min: i32 = 0;
  max: i32 = 0;

  constructor(
    readonly kind: i32,
    /** A code point, or the number of a group. */
    readonly value: i32 = 0,
  ) {}
}

/** Code points: ranges of them, or all others. */
export class CodeSet {
  isComplement: bool = false;
  private low: i32[] = [];
  private high: i32[] = [];

  add(low: i32, high: i32): void {
    this.low.push(low);
    this.high.push(high);
  }

  addClass(name: string): void {
    for (let code = 0; code < 0x80; code++) if (isInClass(code, name)) this.add(code, code);
    if ('alpha alnum graph print'.indexOf(name) >= 0) this.add(0xa0, 0x10_ffff);
  }

  has(code: i32): bool {
    for (let index = 0; index < this.low.length; index++) {
      if (code >= this.low[index] && code <= this.high[index]) return !this.isComplement;
    }
    return this.isComplement;
  }
}

export class RegularSyntax {
  /** '' or what is wrong with it. */
  fault: string = '';
  groups: i32 = 0;
  hasBack: bool = false;
  private at: i32 = 0;

  constructor(
    private source: string,
    private isExtended: bool,
  ) {}

  read(): Part {
    const part = this.choice();
    if (this.fault === '' && this.at < this.source.length) this.fault = 'Unmatched ) or \\)';
    return part;
  }

  private isAtEnd(): bool {
    return this.at >= this.source.length || this.fault !== '';
  }

  /** Whether an operator stands here: `(` for an extended one is `\(` for a basic one. */
  private isOperator(letter: string): bool {
    const place = this.isExtended ? this.at : this.at + 1;
    if (!this.isExtended && this.source.charAt(this.at) !== '\\') return false;
    return this.source.charAt(place) === letter;
  }

  private skipOperator(): void {
    this.at += this.isExtended ? 1 : 2;
  }

  private choice(): Part {
    let part = this.sequence();
    while (!this.isAtEnd() && this.isOperator('|')) {
      this.skipOperator();
      const both = new Part(CHOICE);
      both.left = part;
      both.right = this.sequence();
      part = both;
    }
    return part;
  }

  private sequence(): Part {
    let part = new Part(EMPTY);
    let isFirst = true;
    while (!this.isAtEnd() && !this.isOperator('|') && !this.isOperator(')')) {
      const next = this.repeated(this.single(isFirst), isFirst);
      isFirst = next.kind === START;
      if (part.kind === EMPTY) part = next;
      else {
        const both = new Part(SEQUENCE);
        both.left = part;
        both.right = next;
        part = both;
      }
    }
    return part;
  }

  private repeated(part: Part, isFirst: bool): Part {
    let result = part;
    while (!this.isAtEnd()) {
      let min = 0;
      let max = UNBOUNDED;
      if (this.source.charAt(this.at) === '*') {
        if (!this.isExtended && isFirst && result.kind === START) return result;
        this.at++;
      } else if (this.isOperator('+')) {
        min = 1;
        this.skipOperator();
      } else if (this.isOperator('?')) {
        max = 1;
        this.skipOperator();
      } else if (this.isOperator('{')) {
        const bounds = this.bounds();
        if (bounds === null) return result;
        min = bounds[0];
        max = bounds[1];
      } else return result;
      const repeat = new Part(REPEAT);
      repeat.left = result;
      repeat.min = min;
      repeat.max = max;
      result = repeat;
    }
    return result;
  }

  /** {m}, {m,}, {,n}, {m,n}; null where an extended one means the brace itself. */
  private bounds(): i32[] | null {
    const close = this.source.indexOf(this.isExtended ? '}' : '\\}', this.at);
    const start = this.at + (this.isExtended ? 1 : 2);
    const text = close < 0 ? '' : this.source.substring(start, close);
    const comma = text.indexOf(',');
    const first = comma < 0 ? text : text.substring(0, comma);
    const last = comma < 0 ? text : text.substring(comma + 1);
    const min = first === '' ? 0 : numberOf(first);
    const max = last === '' ? UNBOUNDED : numberOf(last);
    const isRight =
      text !== '' && text !== ',' && min >= 0 && max >= UNBOUNDED && (comma >= 0 || first !== '');
    if (close < 0 || !isRight) {
      if (this.isExtended) return null;
      this.fault = close < 0 ? 'Unmatched \\{' : 'Invalid content of \\{\\}';
      return null;
    }
    if (min > REPEATS_MAX || max > REPEATS_MAX) this.fault = 'Regular expression too big';
    else if (max !== UNBOUNDED && max < min) this.fault = 'Invalid content of \\{\\}';
    this.at = close + (this.isExtended ? 1 : 2);
    return [min, max];
  }

  private single(isFirst: bool): Part {
    const letter = this.source.charAt(this.at);
    if (this.isOperator('(')) return this.group();
    if (letter === '.') {
      this.at++;
      return new Part(ANY);
    }
    if (letter === '[') return this.bracket();
    if (letter === '^' && (this.isExtended || isFirst)) {
      this.at++;
      return new Part(START);
    }
    if (letter === '$' && (this.isExtended || this.isLast())) {
      this.at++;
      return new Part(END);
    }
    if (letter === '\\') return this.escape();
    if (this.isExtended && isFirst && '*+?'.indexOf(letter) >= 0) {
      if (letter !== '*') this.fault = 'Invalid preceding regular expression';
      this.at++;
      return letter === '*' ? new Part(CODE, 0x2a) : new Part(EMPTY);
    }
    return this.literal();
  }

  /** Whether what is here ends a basic expression, or a part of it. */
  private isLast(): bool {
    const rest = this.source.substring(this.at + 1, this.at + 3);
    return rest === '' || rest === '\\)' || rest === '\\|';
  }

  private literal(): Part {
    const code = this.source.codePointAt(this.at);
    this.at += code >= 0x1_0000 ? 2 : 1;
    return new Part(CODE, code);
  }

  private group(): Part {
    this.skipOperator();
    const group = new Part(GROUP, ++this.groups);
    group.left = this.choice();
    if (this.fault !== '') return group;
    if (this.at >= this.source.length || !this.isOperator(')')) this.fault = 'Unmatched ( or \\(';
    else this.skipOperator();
    return group;
  }

  private escape(): Part {
    if (this.at + 1 >= this.source.length) {
      this.fault = 'Trailing backslash';
      return new Part(EMPTY);
    }
    const letter = this.source.charAt(this.at + 1);
    this.at += 2;
    const digit = letter.charCodeAt(0) - 0x30;
    if (digit >= 1 && digit <= 9) {
      if (digit > this.groups) this.fault = 'Invalid back reference';
      this.hasBack = true;
      return new Part(BACK, digit);
    }
    switch (letter) {
      case '<':
        return new Part(WORD_START);
      case '>':
        return new Part(WORD_END);
      case 'b':
        return new Part(WORD_EDGE);
      case 'B':
        return new Part(WORD_INSIDE);
      case 'n':
        return new Part(CODE, 10);
      case 't':
        return new Part(CODE, 9);
      case 'w':
      case 'W':
        return setOf('alnum', letter === 'W', true);
      case 's':
      case 'S':
        return setOf('space', letter === 'S', false);
      default:
        this.at--;
        return this.literal();
    }
  }

  private bracket(): Part {
    const set = new CodeSet();
    let at = this.at + 1;
    if (this.source.charAt(at) === '^') {
      set.isComplement = true;
      at++;
    }
    const first = at;
    while (at < this.source.length && (at === first || this.source.charAt(at) !== ']')) {
      const next = this.element(set, at);
      if (this.fault !== '') return new Part(EMPTY);
      at = next;
    }
    if (at >= this.source.length) this.fault = 'Unmatched [, [^, [:, [., or [=';
    this.at = at + 1;
    const part = new Part(SET);
    part.set = set;
    return part;
  }

  /** A class, a character, or a range of them. → where it ends. */
  private element(set: CodeSet, start: i32): i32 {
    const source = this.source;
    const kind = source.charAt(start) === '[' ? source.charAt(start + 1) : '';
    if (kind === ':' || kind === '=' || kind === '.') {
      const end = source.indexOf(kind + ']', start + 2);
      if (end >= 0) {
        const name = source.substring(start + 2, end);
        if (kind !== ':') set.add(name.codePointAt(0), name.codePointAt(0));
        else if (isClass(name)) set.addClass(name);
        else this.fault = 'Invalid character class name';
        return end + 2;
      }
    }
    const low = source.codePointAt(start);
    let at = start + (low >= 0x1_0000 ? 2 : 1);
    let high = low;
    if (source.charAt(at) === '-' && at + 1 < source.length && source.charAt(at + 1) !== ']') {
      high = source.codePointAt(at + 1);
      at += 1 + (high >= 0x1_0000 ? 2 : 1);
    }
    if (high < low) this.fault = 'Invalid range end';
    set.add(low, high);
    return at;
  }
}

function setOf(name: string, isComplement: bool, withUnderscore: bool): Part {
  const set = new CodeSet();
  set.addClass(name);
  if (withUnderscore) set.add(0x5f, 0x5f);
  set.isComplement = isComplement;
  const part = new Part(SET);
  part.set = set;
  return part;
}

/** Below −1 for what is none. */
function numberOf(text: string): i32 {
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9 || at > 5) return -2;
    value = value * 10 + digit;
  }
  return value;
}
