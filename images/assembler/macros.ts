/**
 * The lines of a source in the order in which they are assembled: macros and repetitions unrolled.
 *
 *     .macro name first, second=8      \first is replaced, \@ counts the uses, \() ends a name
 *     .endm
 *     .rept count                      the lines to .endr, that many times
 *     .endr
 *
 * Lines keep the number they have in the source, so faults inside a macro point into its text.
 */
import { type Place, SourceFault } from './source-error.ts';

export interface Line {
  readonly text: string;
  readonly number: number;
}

interface Macro {
  readonly parameters: readonly { readonly name: string; readonly value: string | undefined }[];
  readonly body: readonly Line[];
}

/** More lines than this come of one source only by mistake: a macro that uses itself. */
const LINES_MAX = 1_000_000;

export class LineFeed {
  private readonly waiting: Line[];
  private readonly macros = new Map<string, Macro>();
  private useCount = 0;
  private lineCount = 0;

  constructor(lines: readonly string[]) {
    this.waiting = lines.map((text, index) => ({ text, number: index + 1 })).reverse();
  }

  next(): Line | undefined {
    this.lineCount += 1;
    const line = this.waiting.pop();
    if (line !== undefined && this.lineCount > LINES_MAX) {
      this.waiting.length = 0;
      throw new SourceFault(
        { line: line.number, column: 1 },
        'the source unrolls without end: let no macro use itself',
      );
    }
    return line;
  }

  /** Takes the lines up to `.endm` as a macro. `heading` is the text behind `.macro`. */
  defineMacro(heading: string, place: Place): void {
    const body = this.block('.macro', '.endm', place);
    const [, name, parameters = ''] = /^\s*([A-Za-z_.$][\w.$]*)[\s,]*(.*)$/.exec(heading) ?? [];
    if (name === undefined)
      throw new SourceFault(place, 'a macro needs a name: write .macro name first, second');
    this.macros.set(name, {
      body,
      parameters: parameters
        .split(/\s*,\s*|\s+(?!=)/)
        .filter(parameter => parameter !== '')
        .map(parameter => {
          const [key = '', value] = parameter.split('=');
          return { name: key.trim(), value };
        }),
    });
  }

  hasMacro(name: string): boolean {
    return this.macros.has(name);
  }

  /** Puts the macro's text next. `operands` is the text behind its name. */
  useMacro(name: string, operands: string, place: Place): void {
    const { parameters, body } = this.macros.get(name)!;
    const given = splitArguments(operands);
    if (given.length > parameters.length) {
      throw new SourceFault(
        place,
        `the macro ${name} takes ${parameters.length} operands, not ${given.length}`,
      );
    }
    const replacements = new Map<string, string>([['@', String(this.useCount)]]);
    this.useCount += 1;
    for (const [index, parameter] of parameters.entries()) {
      const value = given[index] || parameter.value;
      if (value === undefined)
        throw new SourceFault(place, `the macro ${name} needs a value for ${parameter.name}`);
      replacements.set(parameter.name, value);
    }
    const substitute = (text: string) =>
      text.replace(/\\(?:\(\)|@|[A-Za-z_.$][\w$]*)/g, found =>
        found === '\\()' ? '' : (replacements.get(found.slice(1)) ?? found),
      );
    this.putNext(body.map(line => ({ text: substitute(line.text), number: line.number })));
  }

  /** Puts the lines up to `.endr` next, `count` times. */
  repeat(count: number, place: Place): void {
    const body = this.block('.rept', '.endr', place);
    if (count * body.length > LINES_MAX)
      throw new SourceFault(place, `${count} repetitions are too many: use .zero or .fill`);
    for (let index = 0; index < count; index += 1) this.putNext(body);
  }

  private putNext(lines: readonly Line[]): void {
    for (let index = lines.length - 1; index >= 0; index -= 1) this.waiting.push(lines[index]!);
  }

  private block(opening: string, closing: string, place: Place): Line[] {
    const body: Line[] = [];
    let depth = 1;
    while (true) {
      const line = this.waiting.pop();
      if (line === undefined)
        throw new SourceFault(
          place,
          `${opening} has no ${closing}: put it behind the last line of the block`,
        );
      const word = /^\s*(\.\w+)/.exec(line.text)?.[1];
      if (word === opening) depth += 1;
      if (word === closing) depth -= 1;
      if (depth === 0) return body;
      body.push(line);
    }
  }
}

/** Operands at commas outside quotes and parentheses. */
function splitArguments(text: string): string[] {
  const found = text.match(/(?:"(?:\\.|[^"\\])*"|\([^()]*\)|[^,"(]|[("])+|(?<=,)\s*(?=,|$)/g) ?? [];
  return found.map(argument => argument.trim()).filter((argument, index) => argument !== '' || index > 0);
}
