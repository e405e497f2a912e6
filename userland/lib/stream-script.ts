/**
 * sed's scripts, read: a list of commands with their addresses, in order; braces and labels are made places in
 * the list.
 *
 *     const script = new StreamScript(text, isExtended);    fault is '' or what is wrong, place where it is
 */

import { readEscape } from './escape.ts';
import { RegularExpression } from './regular-expression.ts';
import { trimmed } from './text.ts';

export const NO_ADDRESS: i32 = 0;
export const BY_LINE: i32 = 1;
export const BY_LAST: i32 = 2;
export const BY_PATTERN: i32 = 3;
export const BY_STEP: i32 = 4;
/** Only as the second: so many lines more. */
export const BY_COUNT: i32 = 5;

export class Address {
  kind: i32 = NO_ADDRESS;
  line: i32 = 0;
  step: i32 = 0;
  pattern: RegularExpression | null = null;
}

export class Command {
  first: Address = new Address();
  second: Address = new Address();
  isNegated: bool = false;
  /** Between its two addresses, and up to which line if that is known. */
  isInside: bool = false;
  until: i32 = 0;
  letter: string = '';
  /** Of a, i, c: what to write; of s and y: the replacement; of b, t, T, :, r and w: a name. */
  text: string = '';
  pattern: RegularExpression | null = null;
  from: string = '';
  isGlobal: bool = false;
  prints: bool = false;
  file: string = '';
  /** Of s: which match; of q: the exit status; of {, b, t, T: where to go on. */
  number: i32 = 0;
}

const BLANKS = ' \t';

export class StreamScript {
  fault: string = '';
  place: i32 = 0;
  commands: Command[] = [];
  private at: i32 = 0;
  private open: i32[] = [];
  /** The pattern that an empty one means. */
  private lastPattern: RegularExpression | null = null;

  constructor(
    private source: string,
    private isExtended: bool,
  ) {
    while (this.fault === '' && this.skipTo()) this.readCommand();
    if (this.fault === '' && this.open.length > 0) this.fail("unmatched `{'", 0);
    if (this.fault === '') this.resolveLabels();
  }

  private fail(text: string, place: i32): void {
    if (this.fault !== '') return;
    this.fault = text;
    this.place = place;
  }

  private peek(): string {
    return this.source.charAt(this.at);
  }

  private skipBlanks(): void {
    while (this.at < this.source.length && BLANKS.indexOf(this.peek()) >= 0) this.at++;
  }

  /** To the next command, if there is one. */
  private skipTo(): bool {
    while (this.at < this.source.length && ' \t\n;'.indexOf(this.peek()) >= 0) this.at++;
    if (this.peek() !== '#') return this.at < this.source.length;
    const end = this.source.indexOf('\n', this.at);
    this.at = end < 0 ? this.source.length : end + 1;
    return this.skipTo();
  }

  private readCommand(): void {
    const command = new Command();
    this.readAddress(command.first, false);
    this.skipBlanks();
    if (this.peek() === ',' && command.first.kind !== NO_ADDRESS) {
      this.at++;
      this.skipBlanks();
      this.readAddress(command.second, true);
      if (command.second.kind === NO_ADDRESS) this.fail("unexpected `,'", this.at);
    }
    this.skipBlanks();
    while (this.peek() === '!') {
      command.isNegated = true;
      this.at++;
      this.skipBlanks();
    }
    if (this.at >= this.source.length) this.fail('missing command', this.at);
    if (this.fault !== '') return;
    command.letter = this.peek();
    this.at++;
    if (command.letter === '}') {
      this.closeBrace();
      return;
    }
    this.commands.push(command);
    this.readRest(command);
  }

  private closeBrace(): void {
    if (this.open.length === 0) this.fail("unexpected `}'", this.at);
    else this.commands[this.open.pop()].number = this.commands.length;
    this.readEnd();
  }

  private readAddress(address: Address, isSecond: bool): void {
    const letter = this.peek();
    if (letter === '$') {
      address.kind = BY_LAST;
      this.at++;
    } else if (isDigit(letter) || (isSecond && letter === '+')) {
      if (letter === '+') this.at++;
      address.kind = letter === '+' ? BY_COUNT : BY_LINE;
      address.line = this.readNumber();
      if (this.peek() !== '~' || isSecond) return;
      this.at++;
      address.kind = BY_STEP;
      address.step = this.readNumber();
    } else if (letter === '/' || letter === '\\') {
      if (letter === '\\') this.at++;
      const source = this.readPart(true);
      const ignoresCase = this.peek() === 'I';
      if (ignoresCase) this.at++;
      address.kind = BY_PATTERN;
      address.pattern = this.patternOf(source, ignoresCase);
    }
  }

  private readNumber(): i32 {
    let value = 0;
    while (isDigit(this.peek())) value = value * 10 + this.source.charCodeAt(this.at++) - 0x30;
    return value;
  }

  /** Up to the next delimiter, which is what stands here. In a pattern, brackets may have it in them. */
  private readPart(isPattern: bool): string {
    const delimiter = this.peek();
    let text = '';
    let isInBracket = false;
    for (this.at++; this.at < this.source.length; this.at++) {
      const letter = this.peek();
      if (letter === delimiter && !isInBracket) {
        this.at++;
        return text;
      }
      if (letter === '\\' && this.at + 1 < this.source.length && !isInBracket) {
        const next = this.source.charAt(++this.at);
        text += next === delimiter && (isPattern || next !== '&') ? next : '\\' + next;
        continue;
      }
      if (isPattern && letter === '[' && !isInBracket) {
        isInBracket = true;
        let head = letter;
        if (this.source.charAt(this.at + 1) === '^') head += this.source.charAt(++this.at);
        if (this.source.charAt(this.at + 1) === ']') head += this.source.charAt(++this.at);
        text += head;
        continue;
      }
      if (letter === ']') isInBracket = false;
      if (letter === '\n' && isPattern) break;
      text += letter;
    }
    this.fail('unterminated address regex', this.at);
    return text;
  }

  private patternOf(source: string, ignoresCase: bool): RegularExpression | null {
    if (source === '') {
      if (this.lastPattern === null) this.fail('no previous regular expression', this.at);
      return this.lastPattern;
    }
    const expression = new RegularExpression(source, this.isExtended, ignoresCase);
    if (expression.fault !== '') this.fail(expression.fault, this.at);
    this.lastPattern = expression;
    return expression;
  }

  private readRest(command: Command): void {
    switch (command.letter) {
      case '{':
        this.open.push(this.commands.length - 1);
        return;
      case '=':
      case 'd':
      case 'D':
      case 'g':
      case 'G':
      case 'h':
      case 'H':
      case 'l':
      case 'n':
      case 'N':
      case 'p':
      case 'P':
      case 'x':
      case 'z':
        this.readEnd();
        return;
      case 'a':
      case 'i':
      case 'c':
        this.readText(command);
        return;
      case ':':
      case 'b':
      case 't':
      case 'T':
        this.readLabel(command);
        return;
      case 'r':
      case 'w':
        this.skipBlanks();
        command.file = this.restOfLine();
        if (command.file === '') this.fail('missing filename in r/R/w/W commands', this.at);
        return;
      case 'q':
      case 'Q':
        this.skipBlanks();
        command.number = this.readNumber();
        this.readEnd();
        return;
      case 's':
        this.readSubstitution(command);
        return;
      case 'y':
        this.readExchange(command);
        return;
      default:
        this.fail(`unknown command: \`${command.letter}'`, this.at);
    }
  }

  private readEnd(): void {
    this.skipBlanks();
    if (this.at < this.source.length && '\n;}#'.indexOf(this.peek()) < 0)
      this.fail('extra characters after command', this.at + 1);
  }

  private restOfLine(): string {
    const end = this.source.indexOf('\n', this.at);
    const text = end < 0 ? this.source.substring(this.at) : this.source.substring(this.at, end);
    this.at = end < 0 ? this.source.length : end;
    return text;
  }

  private readLabel(command: Command): void {
    this.skipBlanks();
    const start = this.at;
    while (this.at < this.source.length && '\n;}'.indexOf(this.peek()) < 0) this.at++;
    command.text = trimmed(this.source.substring(start, this.at));
    if (command.letter === ':' && command.text === '') this.fail('":" lacks a label', this.at);
  }

  /** The rest of the line, and of the next while a backslash ends them. */
  private readText(command: Command): void {
    this.skipBlanks();
    if (this.peek() === '\\') {
      this.at++;
      this.skipBlanks();
      if (this.peek() === '\n') this.at++;
    }
    if (this.at >= this.source.length) this.fail("expected \\ after `a', `c' or `i'", this.at);
    let text = '';
    while (this.at < this.source.length && this.peek() !== '\n') {
      if (this.peek() === '\\' && this.at + 1 < this.source.length) this.at++;
      text += this.peek();
      this.at++;
    }
    command.text = text + '\n';
  }

  private readSubstitution(command: Command): void {
    const source = this.readPart(true);
    if (this.fault !== '') {
      this.fault = "unterminated `s' command";
      return;
    }
    this.at--;
    command.text = this.readPart(false);
    if (this.fault !== '') {
      this.fault = "unterminated `s' command";
      return;
    }
    let ignoresCase = false;
    command.number = 1;
    while (this.at < this.source.length && '\n;}# \t'.indexOf(this.peek()) < 0) {
      const letter = this.peek();
      if (letter === 'w') {
        this.at++;
        this.skipBlanks();
        command.file = this.restOfLine();
        break;
      }
      if (isDigit(letter)) {
        command.number = this.readNumber();
        if (command.number === 0) this.fail("number option to `s' command may not be zero", this.at);
        continue;
      }
      if (letter === 'g') command.isGlobal = true;
      else if (letter === 'p') command.prints = true;
      else if (letter === 'i' || letter === 'I') ignoresCase = true;
      else this.fail("unknown option to `s'", this.at + 1);
      this.at++;
    }
    command.pattern = this.patternOf(source, ignoresCase);
    const pattern = command.pattern;
    if (pattern !== null) this.checkReferences(command.text, pattern.groups);
  }

  private checkReferences(text: string, groups: i32): void {
    for (let at = text.indexOf('\\'); at >= 0 && at + 1 < text.length; at = text.indexOf('\\', at + 2)) {
      const digit = text.charCodeAt(at + 1) - 0x30;
      if (digit > groups && digit <= 9)
        this.fail(`invalid reference \\${digit} on \`s' command's RHS`, this.at);
    }
  }

  private readExchange(command: Command): void {
    command.from = unescaped(this.readPart(false));
    this.at--;
    command.text = unescaped(this.readPart(false));
    if (this.fault !== '') this.fault = "unterminated `y' command";
    else if (command.from.length !== command.text.length)
      this.fail("strings for `y' command are different lengths", this.at);
    this.readEnd();
  }

  private resolveLabels(): void {
    for (let index = 0; index < this.commands.length; index++) {
      const command = this.commands[index];
      if ('btT'.indexOf(command.letter) < 0) continue;
      command.number = command.text === '' ? this.commands.length : this.labelPlace(command.text);
      if (command.number < 0) this.fail(`can't find label for jump to \`${command.text}'`, 0);
    }
  }

  private labelPlace(name: string): i32 {
    for (let index = 0; index < this.commands.length; index++) {
      if (this.commands[index].letter === ':' && this.commands[index].text === name) return index;
    }
    return -1;
  }
}

function isDigit(letter: string): bool {
  return letter.length === 1 && letter.charCodeAt(0) >= 0x30 && letter.charCodeAt(0) <= 0x39;
}

function unescaped(text: string): string {
  let result = '';
  for (let at = 0; at < text.length; ) {
    if (text.charAt(at) !== '\\') {
      result += text.charAt(at++);
      continue;
    }
    const found = readEscape(text, at);
    result += found.text;
    at = found.end;
  }
  return result;
}
