/**
 * Expressions: numbers, symbols, `.` and operators, with GNU as's precedence.
 *
 *     highest   - ~ ! (one operand)
 *               * / % << >>
 *               | & ^
 *               + - == != < <= > >=     comparisons give -1 for true
 *               &&
 *     lowest    ||
 *
 * A value is a constant, or a base (a section's beginning, or a symbol of another object) plus a
 * constant. Bases cancel in differences; anything else with a base is refused. Constants have 64 bits.
 */
import type { Token } from './lexer.ts';
import { type Place, SourceFault } from './source-error.ts';

export type Expression = Place &
  (
    | { readonly kind: 'number'; readonly value: bigint }
    | { readonly kind: 'symbol'; readonly name: string }
    | { readonly kind: 'one'; readonly operator: string; readonly operand: Expression }
    | {
        readonly kind: 'two';
        readonly operator: string;
        readonly left: Expression;
        readonly right: Expression;
      }
  );

/** A constant, counted from a base if there is one. Bases are equal when they are the same object. */
export interface Value {
  readonly base: object | undefined;
  readonly constant: bigint;
}

/** What a symbol is worth; throws a SourceFault where it is worth nothing here. */
export type Lookup = (name: string, place: Place) => Value;

const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['+', '-', '==', '!=', '<', '<=', '>', '>='],
  ['|', '&', '^'],
  ['*', '/', '%', '<<', '>>'],
];

/** A reader of tokens that parses expressions; `symbolName` turns names, `.` and 1b into symbols. */
export class TokenReader {
  private readonly tokens: readonly Token[];
  private readonly end: Place;
  private readonly symbolName: (token: Token) => string;
  private at = 0;

  constructor(tokens: readonly Token[], end: Place, symbolName: (token: Token) => string) {
    this.tokens = tokens;
    this.end = end;
    this.symbolName = symbolName;
  }

  get place(): Place {
    return this.tokens[this.at] ?? this.end;
  }

  peek(ahead = 0): Token | undefined {
    return this.tokens[this.at + ahead];
  }

  take(): Token | undefined {
    const token = this.tokens[this.at];
    if (token !== undefined) this.at += 1;
    return token;
  }

  /** Takes the mark if it comes next. */
  mark(text: string): boolean {
    const token = this.tokens[this.at];
    if (token?.kind !== 'mark' || token.text !== text) return false;
    this.at += 1;
    return true;
  }

  expect(text: string): void {
    if (!this.mark(text)) throw new SourceFault(this.place, `expected ${text} but found ${this.found()}`);
  }

  /** Throws unless everything is taken. */
  finish(): void {
    if (this.at < this.tokens.length) {
      throw new SourceFault(this.place, `${this.found()} is too much: end the statement before it`);
    }
  }

  found(): string {
    return this.tokens[this.at]?.text ?? 'the end of the statement';
  }

  /** A symbol's name as a definition or directive wants it. */
  name(): string {
    const token = this.tokens[this.at];
    if (token?.kind !== 'name')
      throw new SourceFault(this.place, `expected a name but found ${this.found()}`);
    this.at += 1;
    return token.text;
  }

  expression(level = 0): Expression {
    const operators = LEVELS[level];
    if (operators === undefined) return this.operand();
    let left = this.expression(level + 1);
    while (true) {
      const token = this.tokens[this.at];
      if (token?.kind !== 'mark' || !operators.includes(token.text)) return left;
      this.at += 1;
      const right = this.expression(level + 1);
      left = { kind: 'two', operator: token.text, left, right, line: token.line, column: token.column };
    }
  }

  private operand(): Expression {
    const place = this.place;
    const { line, column } = place;
    const token = this.tokens[this.at];
    if (token?.kind === 'mark' && ['-', '~', '!', '+'].includes(token.text)) {
      this.at += 1;
      return { kind: 'one', operator: token.text, operand: this.operand(), line, column };
    }
    if (this.mark('(')) {
      const inner = this.expression();
      this.expect(')');
      return inner;
    }
    if (token?.kind === 'number') {
      this.at += 1;
      return { kind: 'number', value: token.value, line, column };
    }
    if (token?.kind === 'name' || token?.kind === 'labelReference') {
      this.at += 1;
      return { kind: 'symbol', name: this.symbolName(token), line, column };
    }
    throw new SourceFault(place, `expected a number or a symbol but found ${this.found()}`);
  }
}

export function evaluate(expression: Expression, lookup: Lookup): Value {
  switch (expression.kind) {
    case 'number':
      return { base: undefined, constant: expression.value };
    case 'symbol':
      return lookup(expression.name, expression);
    case 'one': {
      const { base, constant } = evaluate(expression.operand, lookup);
      if (expression.operator === '+') return { base, constant };
      if (base !== undefined) throw relocatable(expression, expression.operator);
      return { base: undefined, constant: applyOne(expression.operator, constant) };
    }
    case 'two':
      return applyTwo(expression, evaluate(expression.left, lookup), evaluate(expression.right, lookup));
  }
}

function applyOne(operator: string, constant: bigint): bigint {
  if (operator === '-') return wrap(-constant);
  return operator === '~' ? wrap(~constant) : constant === 0n ? 1n : 0n;
}

function applyTwo(expression: Place & { operator: string }, left: Value, right: Value): Value {
  const { operator } = expression;
  if (operator === '+' && (left.base === undefined || right.base === undefined)) {
    return { base: left.base ?? right.base, constant: wrap(left.constant + right.constant) };
  }
  if (operator === '-' && right.base === undefined) {
    return { base: left.base, constant: wrap(left.constant - right.constant) };
  }
  if (left.base !== right.base) throw relocatable(expression, operator);
  if (left.base !== undefined && !['-', '==', '!=', '<', '<=', '>', '>='].includes(operator)) {
    throw relocatable(expression, operator);
  }
  return { base: undefined, constant: wrap(calculate(expression, left.constant, right.constant)) };
}

function calculate(expression: Place & { operator: string }, a: bigint, b: bigint): bigint {
  switch (expression.operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
    case '%':
      if (b === 0n) throw new SourceFault(expression, 'this divides by zero');
      return expression.operator === '/' ? a / b : a % b;
    case '<<':
    case '>>':
      if (b < 0n || b > 63n) throw new SourceFault(expression, `shift by 0 to 63, not by ${b}`);
      return expression.operator === '<<' ? a << b : BigInt.asUintN(64, a) >> b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    default:
      return truth(expression.operator, a, b);
  }
}

function truth(operator: string, a: bigint, b: bigint): bigint {
  const holds: Readonly<Record<string, boolean>> = {
    '==': a === b,
    '!=': a !== b,
    '<': a < b,
    '<=': a <= b,
    '>': a > b,
    '>=': a >= b,
  };
  const comparison = holds[operator];
  if (comparison !== undefined) return comparison ? -1n : 0n;
  const both = operator === '&&' ? a !== 0n && b !== 0n : a !== 0n || b !== 0n;
  return both ? 1n : 0n;
}

const wrap = (value: bigint) => BigInt.asIntN(64, value);

function relocatable(place: Place, operator: string): SourceFault {
  return new SourceFault(
    place,
    `${operator} of an address has no value before linking: only address + number, address - number and the difference of two addresses of one section have`,
  );
}
