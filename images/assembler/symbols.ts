/**
 * The names of one source: labels, numeric labels, constants, and what is said about them.
 *
 *     label        a position in a section
 *     numeric 1:   kept as a hidden name a definition, .Lnumeric.1.1, .Lnumeric.1.2 …
 *     constant     an expression (.equ, .set, =); .set may change it
 *     undefined    used, or declared global, but defined elsewhere: for the linker
 *
 * Names that begin with .L are local to the source and leave it only where a relocation needs them.
 */
import { type Expression, evaluate, type Value } from './expression.ts';
import type { Token } from './lexer.ts';
import type { Position } from './section.ts';
import { type Place, SourceFault } from './source-error.ts';

export interface AssemblySymbol {
  readonly name: string;
  definition: Position | Expression | undefined;
  definedAt: Place | undefined;
  isGlobal: boolean;
  isWanted: boolean;
  kind: 'function' | 'object' | 'none';
  size: Expression | undefined;
}

const isPosition = (definition: Position | Expression): definition is Position => 'section' in definition;

export class SymbolTable {
  private readonly symbols = new Map<string, AssemblySymbol>();
  private readonly numericCounts = new Map<string, number>();
  private readonly evaluating = new Set<string>();
  private hiddenCount = 0;

  all(): IterableIterator<AssemblySymbol> {
    return this.symbols.values();
  }

  get(name: string): AssemblySymbol {
    let symbol = this.symbols.get(name);
    if (symbol === undefined) {
      symbol = {
        name,
        definition: undefined,
        definedAt: undefined,
        isGlobal: false,
        isWanted: false,
        kind: 'none',
        size: undefined,
      };
      this.symbols.set(name, symbol);
    }
    return symbol;
  }

  defineLabel(name: string, position: Position, place: Place): void {
    const symbol = this.get(name);
    if (symbol.definition !== undefined) {
      throw new SourceFault(
        place,
        `${name} is defined already in line ${symbol.definedAt?.line}: choose another name`,
      );
    }
    symbol.definition = position;
    symbol.definedAt = place;
  }

  defineNumeric(digits: string, position: Position, place: Place): void {
    const count = (this.numericCounts.get(digits) ?? 0) + 1;
    this.numericCounts.set(digits, count);
    this.defineLabel(numericName(digits, count), position, place);
  }

  defineConstant(name: string, expression: Expression, place: Place): void {
    const symbol = this.get(name);
    if (symbol.definition !== undefined && isPosition(symbol.definition)) {
      throw new SourceFault(
        place,
        `${name} is a label already in line ${symbol.definedAt?.line}: choose another name`,
      );
    }
    const constant = this.constantNow(expression);
    const { line, column } = expression;
    symbol.definition =
      constant === undefined ? expression : { kind: 'number', value: constant, line, column };
    symbol.definedAt = place;
  }

  /** A hidden label at the position: what `.` means there. */
  hidden(position: Position, place: Place): string {
    this.hiddenCount += 1;
    const name = `.Lhere.${this.hiddenCount}`;
    this.defineLabel(name, position, place);
    return name;
  }

  /** The full name behind 1b or 1f at this moment. */
  numericReference(token: Token): string {
    const digits = token.text.slice(0, -1);
    const count = this.numericCounts.get(digits) ?? 0;
    if (token.text.endsWith('f')) return numericName(digits, count + 1);
    if (count === 0) {
      throw new SourceFault(
        token,
        `there is no label ${digits}: before this: write ${digits}f for one that comes after`,
      );
    }
    return numericName(digits, count);
  }

  /** The value with sections and undefined symbols as bases. */
  relative(expression: Expression): Value {
    return evaluate(expression, (name, place) => {
      const symbol = this.get(name);
      const { definition } = symbol;
      if (definition === undefined) {
        this.requireNumeric(symbol, place);
        return { base: symbol, constant: 0n };
      }
      if (isPosition(definition)) {
        return { base: definition.section, constant: BigInt(definition.section.offsetOf(definition)) };
      }
      return this.guarded(name, place, () => this.relative(definition));
    });
  }

  /** The value as an address, every section having one. */
  absolute(expression: Expression, sectionAddress: (section: object) => bigint): bigint {
    const { base, constant } = evaluate(expression, (name, place) => {
      const symbol = this.get(name);
      const { definition } = symbol;
      if (definition === undefined) {
        this.requireNumeric(symbol, place);
        throw new SourceFault(place, `${name} is not defined: define it, or correct the name`);
      }
      if (isPosition(definition)) {
        const offset = BigInt(definition.section.offsetOf(definition));
        return { base: undefined, constant: sectionAddress(definition.section) + offset };
      }
      const constant = this.guarded(name, place, () => this.absolute(definition, sectionAddress));
      return { base: undefined, constant };
    });
    if (base !== undefined) throw new Error('an absolute value has no base');
    return constant;
  }

  /** The value if it can be known at this point of the source: numbers and constants defined before. */
  constantNow(expression: Expression): bigint | undefined {
    switch (expression.kind) {
      case 'number':
        return expression.value;
      case 'symbol': {
        const definition = this.symbols.get(expression.name)?.definition;
        if (definition === undefined || isPosition(definition) || definition.kind !== 'number')
          return undefined;
        return definition.value;
      }
      case 'one':
        if (this.constantNow(expression.operand) === undefined) return undefined;
        return this.relative(expression).constant;
      case 'two':
        if (this.constantNow(expression.left) === undefined) return undefined;
        if (this.constantNow(expression.right) === undefined) return undefined;
        return this.relative(expression).constant;
    }
  }

  /** The first symbol in the expression that stands on the base: what a relocation can name. */
  nameOn(base: object | undefined, expression: Expression): string | undefined {
    switch (expression.kind) {
      case 'number':
        return undefined;
      case 'symbol':
        return this.relative(expression).base === base ? expression.name : undefined;
      case 'one':
        return this.nameOn(base, expression.operand);
      case 'two':
        return this.nameOn(base, expression.left) ?? this.nameOn(base, expression.right);
    }
  }

  private requireNumeric({ name }: AssemblySymbol, place: Place): void {
    const digits = /^\.Lnumeric\.(\d+)\./.exec(name)?.[1];
    if (digits === undefined) return;
    throw new SourceFault(
      place,
      `there is no label ${digits}: after this: write ${digits}b for one that came before`,
    );
  }

  private guarded<T>(name: string, place: Place, action: () => T): T {
    if (this.evaluating.has(name)) {
      throw new SourceFault(place, `${name} is defined by itself: give it a value that does not need it`);
    }
    this.evaluating.add(name);
    try {
      return action();
    } finally {
      this.evaluating.delete(name);
    }
  }
}

const numericName = (digits: string, count: number) => `.Lnumeric.${BigInt(digits)}.${count}`;
