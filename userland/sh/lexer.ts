/**
 * Source text to tokens: operators, numbers before redirections, words, newlines.
 *
 * The parser takes one token at a time, so that the source may change behind it (an alias takes the place of
 * its name). At a newline the bodies of the here-documents that the line began are read. What is wrong is
 * said once, in `error`; from there on every token is the end. `isIncomplete` says that more text may mend it.
 */
import { isAt } from '../lib/text.ts';
import type { Redirection, Word } from './syntax.ts';
import { readHereDocument, readWord } from './word.ts';

/** Kinds of tokens. */
export const TOKEN_END: i32 = 0;
export const TOKEN_NEWLINE: i32 = 1;
export const TOKEN_OPERATOR: i32 = 2;
export const TOKEN_NUMBER: i32 = 3;
export const TOKEN_WORD: i32 = 4;

export class Token {
  word: Word | null = null;
  constructor(
    public kind: i32,
    public text: string,
    public start: i32,
    public line: i32,
  ) {}

  /** The reserved word, name or alias that it may be. */
  get bare(): string {
    return this.word !== null ? this.word!.bare : '';
  }
}

/** A here-document whose body is still to be read. */
export class HereDocument {
  constructor(
    public redirection: Redirection,
    public delimiter: string,
    public isLiteral: bool,
  ) {}
}

/** Longest first. */
const OPERATORS: StaticArray<string> = [
  '<<-',
  '&&',
  '||',
  ';;',
  '<<',
  '>>',
  '<&',
  '>&',
  '<>',
  '>|',
  ';',
  '&',
  '|',
  '(',
  ')',
  '<',
  '>',
];

export function isBlank(code: i32): bool {
  return code === 0x20 || code === 0x09;
}

export function isDigit(code: i32): bool {
  return code >= 0x30 && code <= 0x39;
}

export function isNameStart(code: i32): bool {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f;
}

export function isNamePart(code: i32): bool {
  return isNameStart(code) || isDigit(code);
}

/** Characters that end an unquoted word. */
export function endsWord(code: i32): bool {
  return isBlank(code) || code === 0x0a || '&|;<>()'.indexOf(String.fromCharCode(code)) >= 0;
}

/** Where the name that starts at the position ends; the position itself where none does. */
export function nameEnd(text: string, position: i32): i32 {
  if (position >= text.length || !isNameStart(text.charCodeAt(position))) return position;
  let end = position + 1;
  while (end < text.length && isNamePart(text.charCodeAt(end))) end++;
  return end;
}

export class Lexer {
  position: i32 = 0;
  error: string = '';
  isIncomplete: bool = false;
  /** In the order of their delimiters on the line. */
  pending: HereDocument[] = [];
  private countedLine: i32;
  private countedTo: i32 = 0;

  constructor(
    public source: string,
    firstLine: i32,
  ) {
    this.countedLine = firstLine;
  }

  /** The line that the position is on. */
  get line(): i32 {
    while (this.countedTo < this.position) {
      if (this.source.charCodeAt(this.countedTo) === 0x0a) this.countedLine++;
      this.countedTo++;
    }
    return this.countedLine;
  }

  /** −1 at the end. */
  peek(ahead: i32 = 0): i32 {
    const at = this.position + ahead;
    return at < this.source.length ? this.source.charCodeAt(at) : -1;
  }

  /** The first thing wrong is what counts. */
  fail(message: string, isIncomplete: bool): void {
    if (this.error !== '') return;
    this.error = message;
    this.isIncomplete = isIncomplete;
  }

  next(): Token {
    this.skipBlanks();
    const start = this.position;
    const line = this.line;
    if (this.error !== '') return new Token(TOKEN_END, '', start, line);
    const code = this.peek();
    if (code < 0) {
      if (this.pending.length > 0) this.readHereDocuments();
      return new Token(TOKEN_END, '', start, line);
    }
    if (code === 0x0a) {
      this.position++;
      this.readHereDocuments();
      return new Token(TOKEN_NEWLINE, '\n', start, line);
    }
    if (isDigit(code) && this.isNumberOfRedirection()) {
      return new Token(TOKEN_NUMBER, this.source.substring(start, this.position), start, line);
    }
    const operator = this.operatorHere();
    if (operator !== '') {
      this.position += operator.length;
      return new Token(TOKEN_OPERATOR, operator, start, line);
    }
    const token = new Token(TOKEN_WORD, '', start, line);
    token.word = readWord(this);
    token.text = this.source.substring(start, this.position);
    return token;
  }

  /** Puts text in the place of what is between `start` and the position, and goes back to its start. */
  substitute(start: i32, text: string): void {
    this.source = this.source.substring(0, start) + text + this.source.substring(this.position);
    this.position = start;
    if (this.countedTo > start) this.countedTo = start;
  }

  private skipBlanks(): void {
    while (true) {
      const code = this.peek();
      if (isBlank(code)) this.position++;
      else if (code === 0x5c && this.peek(1) === 0x0a) this.position += 2;
      else if (code === 0x23) {
        const end = this.source.indexOf('\n', this.position);
        this.position = end < 0 ? this.source.length : end;
      } else return;
    }
  }

  private isNumberOfRedirection(): bool {
    let end = this.position;
    while (end < this.source.length && isDigit(this.source.charCodeAt(end))) end++;
    const code = end < this.source.length ? this.source.charCodeAt(end) : -1;
    if (code !== 0x3c && code !== 0x3e) return false;
    this.position = end;
    return true;
  }

  private operatorHere(): string {
    for (let i = 0; i < OPERATORS.length; i++) {
      if (isAt(this.source, OPERATORS[i], this.position)) return OPERATORS[i];
    }
    return '';
  }

  private readHereDocuments(): void {
    const documents = this.pending;
    this.pending = [];
    for (let i = 0; i < documents.length; i++) readHereDocument(this, documents[i]);
  }
}
