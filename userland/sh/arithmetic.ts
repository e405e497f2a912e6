/**
 * Arithmetic expressions, as in $((…)): whole numbers of 64 bits with the operators of C.
 *
 *     , · = *= /= %= += -= <<= >>= &= ^= |= · ?: · || && | ^ & · == != · < <= > >= · << >> · + - · * / % ·
 *     ! ~ + - ++ -- · (…) · numbers (decimal, 0octal, 0xhexadecimal) · variables, with or without $
 *
 * What && || ?: pass over is read but has no effect. The first error stands, worded as dash does.
 */

import { digitValue } from '../lib/escape.ts';
import { isAt, trimmed } from '../lib/text.ts';
import { WholeNumber } from '../lib/whole-number.ts';
import { isDigit, nameEnd } from './lexer.ts';
import type { Variables } from './variables.ts';

/** Binary operators by precedence, each level's longest first; the last binds most. */
const LEVELS: StaticArray<StaticArray<string>> = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];
const ASSIGNMENTS: StaticArray<string> = ['<<=', '>>=', '*=', '/=', '%=', '+=', '-=', '&=', '^=', '|=', '='];

export class Arithmetic {
  /** '' where all went well. */
  error: string = '';
  private position: i32 = 0;
  /** Above 0 while what is read has no effect. */
  private skipped: i32 = 0;

  /** Where `isStrict`, a variable that is not set is an error. */
  constructor(
    private variables: Variables,
    private text: string,
    private isStrict: bool,
  ) {}

  evaluate(): i64 {
    this.skipBlanks();
    if (this.position === this.text.length) return 0;
    const value = this.sequence();
    if (this.position < this.text.length) this.fail('expecting EOF');
    return value;
  }

  private fail(message: string): i64 {
    if (this.error === '') this.error = `arithmetic expression: ${message}: "${this.text}"`;
    this.position = this.text.length;
    return 0;
  }

  private skipBlanks(): void {
    while (this.position < this.text.length && this.text.charCodeAt(this.position) <= 0x20) this.position++;
  }

  /** Takes the operator if it is next. */
  private take(operator: string): bool {
    if (!isAt(this.text, operator, this.position)) return false;
    this.position += operator.length;
    this.skipBlanks();
    return true;
  }

  private sequence(): i64 {
    let value = this.assignment();
    while (this.take(',')) value = this.assignment();
    return value;
  }

  private assignment(): i64 {
    const start = this.position;
    const end = nameEnd(this.text, start);
    if (end === start) return this.conditional();
    this.position = end;
    this.skipBlanks();
    for (let i = 0; i < ASSIGNMENTS.length; i++) {
      const operator = ASSIGNMENTS[i];
      if (!isAt(this.text, operator, this.position)) continue;
      if (operator === '=' && isAt(this.text, '==', this.position)) break;
      this.take(operator);
      const name = this.text.substring(start, end);
      const right = this.assignment();
      if (operator === '=') return this.assign(name, right);
      return this.assign(
        name,
        this.apply(operator.substring(0, operator.length - 1), this.value(name), right),
      );
    }
    this.position = start;
    return this.conditional();
  }

  private assign(name: string, value: i64): i64 {
    if (this.skipped > 0 || this.error !== '') return value;
    if (!this.variables.set(name, value.toString()) && this.error === '')
      this.error = `${name}: is read only`;
    return value;
  }

  private conditional(): i64 {
    const condition = this.binary(0);
    if (!this.take('?')) return condition;
    const isTrue = condition !== 0;
    const first = this.skippedUnless(isTrue);
    if (!this.take(':')) return this.fail("expecting ':'");
    const second = this.skippedUnless(!isTrue);
    return isTrue ? first : second;
  }

  private skippedUnless(isTaken: bool): i64 {
    if (!isTaken) this.skipped++;
    const value = this.assignment();
    if (!isTaken) this.skipped--;
    return value;
  }

  private binary(level: i32): i64 {
    if (level === LEVELS.length) return this.unary();
    let left = this.binary(level + 1);
    while (true) {
      const operator = this.operatorOf(level);
      if (operator === '') return left;
      const isPassed = (operator === '&&' && left === 0) || (operator === '||' && left !== 0);
      if (isPassed) this.skipped++;
      const right = this.binary(level + 1);
      if (isPassed) this.skipped--;
      left = this.apply(operator, left, right);
    }
  }

  /** The operator of this level that is next, taken; '' if there is none. */
  private operatorOf(level: i32): string {
    const operators = LEVELS[level];
    for (let i = 0; i < operators.length; i++) {
      const operator = operators[i];
      if (!isAt(this.text, operator, this.position)) continue;
      const after = this.position + operator.length;
      const next = after < this.text.length ? this.text.charAt(after) : '';
      // not the beginning of a longer one
      if (operator.length === 1 && next === operator && '|&<>'.indexOf(operator) >= 0) continue;
      if (next === '=' && '|^&+-*/%<<>>'.indexOf(operator) >= 0) continue;
      this.take(operator);
      return operator;
    }
    return '';
  }

  private apply(operator: string, left: i64, right: i64): i64 {
    if (operator === '+') return left + right;
    if (operator === '-') return left - right;
    if (operator === '*') return left * right;
    if (operator === '/' || operator === '%') return this.divide(operator, left, right);
    if (operator === '<<') return left << right;
    if (operator === '>>') return left >> right;
    if (operator === '&') return left & right;
    if (operator === '|') return left | right;
    if (operator === '^') return left ^ right;
    if (operator === '&&') return i64(left !== 0 && right !== 0);
    if (operator === '||') return i64(left !== 0 || right !== 0);
    if (operator === '==') return i64(left === right);
    if (operator === '!=') return i64(left !== right);
    if (operator === '<') return i64(left < right);
    if (operator === '<=') return i64(left <= right);
    if (operator === '>') return i64(left > right);
    return i64(left >= right);
  }

  private divide(operator: string, left: i64, right: i64): i64 {
    if (right === 0) return this.skipped > 0 ? 0 : this.fail('division by zero');
    // the one quotient that has no place
    if (right === -1) return operator === '/' ? -left : 0;
    return operator === '/' ? left / right : left % right;
  }

  private unary(): i64 {
    const isUp = isAt(this.text, '++', this.position);
    if (isUp || isAt(this.text, '--', this.position)) {
      const name = this.nameAt(this.position + 2);
      if (name !== '') {
        this.position = this.text.indexOf(name, this.position) + name.length;
        this.skipBlanks();
        return this.assign(name, this.value(name) + (isUp ? 1 : -1));
      }
    }
    if (this.take('!')) return i64(this.unary() === 0);
    if (this.take('~')) return ~this.unary();
    if (this.take('-')) return -this.unary();
    if (this.take('+')) return this.unary();
    return this.primary();
  }

  /** The name that begins there or behind blanks; '' if none does. */
  private nameAt(position: i32): string {
    while (position < this.text.length && this.text.charCodeAt(position) <= 0x20) position++;
    return this.text.substring(position, nameEnd(this.text, position));
  }

  private primary(): i64 {
    if (this.take('(')) {
      const value = this.sequence();
      if (!this.take(')')) return this.fail("expecting ')'");
      return value;
    }
    if (this.position >= this.text.length) return this.fail('expecting primary');
    if (isDigit(this.text.charCodeAt(this.position))) return this.literal();
    const name = this.nameAt(this.position);
    if (name === '') return this.fail('expecting primary');
    this.position += name.length;
    this.skipBlanks();
    const value = this.value(name);
    if (this.take('++')) this.assign(name, value + 1);
    else if (this.take('--')) this.assign(name, value - 1);
    return value;
  }

  private literal(): i64 {
    const start = this.position;
    while (this.position < this.text.length && digitValue(this.text.charCodeAt(this.position)) < 36)
      this.position++;
    const digits = this.text.substring(start, this.position);
    this.skipBlanks();
    const number = new WholeNumber(digits);
    return number.isWhole ? number.value : this.fail('expecting EOF');
  }

  private value(name: string): i64 {
    if (!this.variables.has(name)) {
      if (this.isStrict && this.skipped === 0 && this.error === '') this.error = `${name}: parameter not set`;
      return 0;
    }
    const text = trimmed(this.variables.get(name));
    if (text === '') return 0;
    const number = new WholeNumber(text);
    if (!number.isWhole && this.error === '') this.error = `Illegal number: ${text}`;
    return number.value;
  }
}
