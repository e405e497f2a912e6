/**
 * What grep looks for, and how it tells of lines that it has found.
 *
 *     Wanted       patterns: where one of them is in a line
 *     LineReport   lines of a file, with numbers, context, counts
 */
import { print, standardOutput } from './output.ts';
import { RegularExpression } from './regular-expression.ts';

export class Wanted {
  /** Where the last find was. */
  start: i32 = 0;
  end: i32 = 0;
  isInverted: bool = false;
  private isExtended: bool = false;
  private isPlain: bool = false;
  private ignoresCase: bool = false;
  private wholeWords: bool = false;
  private wholeLines: bool = false;
  private expressions: RegularExpression[] = [];

  choose(letter: string): void {
    if (letter === 'E' || letter === 'F' || letter === 'G') {
      this.isExtended = letter === 'E';
      this.isPlain = letter === 'F';
    }
    if (letter === 'i' || letter === 'y') this.ignoresCase = true;
    if (letter === 'v') this.isInverted = true;
    if (letter === 'w') this.wholeWords = true;
    if (letter === 'x') this.wholeLines = true;
  }

  /** '' or what is wrong with them. */
  prepare(patterns: string[]): string {
    for (let index = 0; index < patterns.length; index++) {
      const source = this.isPlain ? escaped(patterns[index]) : patterns[index];
      const expression = new RegularExpression(source, this.isExtended, this.ignoresCase);
      if (expression.fault !== '') return expression.fault;
      this.expressions.push(expression);
    }
    return '';
  }

  /** The leftmost of all, and the longest of those, from there on. */
  find(line: string, from: i32): bool {
    let isFound = false;
    for (let index = 0; index < this.expressions.length; index++) {
      if (!this.findOne(this.expressions[index], line, from)) continue;
      const start = this.expressions[index].start(0);
      const end = this.expressions[index].end(0);
      if (isFound && (start > this.start || (start === this.start && end <= this.end))) continue;
      this.start = start;
      this.end = end;
      isFound = true;
    }
    return isFound;
  }

  private findOne(expression: RegularExpression, line: string, from: i32): bool {
    for (let at = from; at <= line.length && expression.find(line, at); at = expression.start(0) + 1) {
      const start = expression.start(0);
      const end = expression.end(0);
      if (this.wholeLines) {
        if (start === 0 && end === line.length) return true;
        continue;
      }
      if (!this.wholeWords) return true;
      const isCut = start > 0 && isWord(line.charCodeAt(start - 1));
      if (!isCut && !(end < line.length && isWord(line.charCodeAt(end)))) return true;
    }
    return false;
  }
}

/** Plain text as a basic regular expression. */
function escaped(text: string): string {
  let result = '';
  for (let at = 0; at < text.length; at++) {
    const letter = text.charAt(at);
    result += '.[*^$\\'.indexOf(letter) >= 0 ? '\\' + letter : letter;
  }
  return result;
}

function isWord(code: i32): bool {
  const lower = code | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x5f || code >= 0xa0;
}

export class LineReport {
  linesMax: i64 = i64.MAX_VALUE;
  before: i32 = 0;
  behind: i32 = 0;
  private letters: string = '';
  private title: string = '';
  private isNamed: bool = false;
  private isQuiet: bool = false;
  private number: i32 = 0;
  private offset: i64 = 0;
  private count: i64 = 0;
  private kept: string[] = [];
  /** Lines behind a match that are still to be shown. */
  private owed: i32 = 0;
  /** The last line that was shown; −1 before the first of all. */
  private last: i32 = -1;

  choose(letter: string): void {
    this.letters += letter;
  }

  private has(letter: string): bool {
    return this.letters.indexOf(letter) >= 0;
  }

  begin(title: string, isNamed: bool, isQuiet: bool): void {
    this.title = title;
    this.isNamed = isNamed;
    this.isQuiet = isQuiet;
    this.number = 0;
    this.offset = 0;
    this.count = 0;
    this.kept = [];
    this.owed = 0;
    if (this.last > 0) this.last = 0;
  }

  /** Whether more lines are wanted. */
  take(line: string, wanted: Wanted): bool {
    this.number++;
    const isFound = this.count < this.linesMax && wanted.find(line, 0);
    if (isFound !== wanted.isInverted && this.count < this.linesMax) {
      this.count++;
      if (this.isQuiet || this.has('l') || this.has('L')) return false;
      if (!this.has('c')) this.show(line, wanted);
    } else if (this.owed > 0) {
      this.owed--;
      this.write(line, '-', this.number);
    } else if (this.before > 0) {
      this.kept.push(line);
      if (this.kept.length > this.before) this.kept.shift();
    }
    this.offset += String.UTF8.byteLength(line) + 1;
    return this.count < this.linesMax || this.owed > 0;
  }

  /** Whether something matched. */
  finish(): bool {
    const hasMatched = this.count > 0;
    if (this.isQuiet) return hasMatched;
    if (this.has('l') || this.has('L')) {
      if (hasMatched === this.has('l')) print(this.title + '\n');
      return hasMatched;
    }
    if (this.has('c')) print(`${this.isNamed ? this.title + ':' : ''}${this.count}\n`);
    return hasMatched;
  }

  private show(line: string, wanted: Wanted): void {
    if (this.has('o')) {
      if (!wanted.isInverted) this.showParts(line, wanted);
      return;
    }
    const hasContext = this.before > 0 || this.behind > 0;
    if (hasContext && this.last >= 0 && this.number - this.kept.length > this.last + 1) print('--\n');
    for (let index = 0; index < this.kept.length; index++)
      this.write(this.kept[index], '-', this.number - this.kept.length + index);
    this.kept = [];
    this.write(line, ':', this.number);
    this.owed = this.behind;
  }

  private showParts(line: string, wanted: Wanted): void {
    let isFound: bool = true;
    while (isFound) {
      const start = wanted.start;
      const end = wanted.end;
      if (end > start) this.write(line.substring(start, end), ':', this.number);
      isFound = false;
      if (end < line.length) isFound = wanted.find(line, end > start ? end : end + 1);
    }
  }

  private write(text: string, mark: string, number: i32): void {
    const output = standardOutput();
    if (this.isNamed) output.write(this.title + mark);
    if (this.has('n')) output.write(number.toString() + mark);
    if (this.has('b')) output.write(this.offset.toString() + mark);
    output.write(text);
    output.write('\n');
    this.last = number;
  }
}
