/**
 * What sort compares lines by: whole lines or keys of them, as text, numbers, months, versions.
 *
 *     rules.flags = 'nr'; rules.keys.push(SortKey.parse('2,2')!); rules.prepare(lines);
 *     rules.compare(0, 1)        below 0, 0, above 0: two of the lines, by their numbers
 *
 * Lines whose keys are equal are compared as a whole, unless the order is stable. The first key of each line, as
 * text or number, is made once.
 */

const MONTHS = 'JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC';
const BLANKS = ' \t';
const UNITS = 'KMGTPEZY';

export class SortKey {
  firstField: i32 = 1;
  firstCharacter: i32 = 1;
  /** 0: to the end of the line. */
  lastField: i32 = 0;
  /** 0: to the end of the field. */
  lastCharacter: i32 = 0;
  flags: string = '';

  /** Null for what is none. */
  static parse(text: string): SortKey | null {
    const key = new SortKey();
    const comma = text.indexOf(',');
    const first = new KeyPlace(comma < 0 ? text : text.substring(0, comma));
    if (!first.isRight || first.field < 1 || (first.hasCharacter && first.character < 1)) return null;
    key.firstField = first.field;
    key.firstCharacter = max(first.character, 1);
    key.flags = first.flags;
    if (comma < 0) return key;
    const last = new KeyPlace(text.substring(comma + 1));
    if (!last.isRight || last.field < 1) return null;
    key.lastField = last.field;
    key.lastCharacter = last.character;
    key.flags += last.flags;
    return key;
  }
}

/** F[.C][OPTIONS] */
class KeyPlace {
  field: i32 = 0;
  character: i32 = 0;
  hasCharacter: bool = false;
  flags: string = '';
  isRight: bool = true;

  constructor(text: string) {
    let at = 0;
    while (at < text.length && isDigit(text.charCodeAt(at)))
      this.field = this.field * 10 + text.charCodeAt(at++) - 0x30;
    if (at < text.length && text.charAt(at) === '.') {
      at++;
      this.hasCharacter = true;
      while (at < text.length && isDigit(text.charCodeAt(at)))
        this.character = this.character * 10 + text.charCodeAt(at++) - 0x30;
    }
    this.flags = text.substring(at);
    for (let index = 0; index < this.flags.length; index++) {
      if ('bdfghiMnRrV'.indexOf(this.flags.charAt(index)) < 0) this.isRight = false;
    }
  }
}

export class SortRules {
  keys: SortKey[] = [];
  flags: string = '';
  separator: string = '';
  isStable: bool = false;
  private lines: string[] = [];
  private texts: string[] = [];
  private numbers: f64[] = [];
  private hasNumbers: bool = false;

  /** Keys without options of their own have the global ones. */
  prepare(lines: string[]): void {
    this.lines = lines;
    if (this.keys.length === 0) {
      const whole = new SortKey();
      whole.flags = this.flags;
      this.keys.push(whole);
    }
    for (let index = 0; index < this.keys.length; index++) {
      if (this.keys[index].flags === '') this.keys[index].flags = this.flags;
    }
    const first = this.keys[0];
    this.hasNumbers = isNumeric(first.flags);
    for (let index = 0; index < lines.length; index++) {
      const part = this.partOf(lines[index], first);
      if (this.hasNumbers) this.numbers.push(keyNumber(part, first.flags));
      else this.texts.push(comparable(part, first.flags));
    }
  }

  compare(i: i32, j: i32): i32 {
    const order = this.compareKeys(i, j);
    if (order !== 0 || this.isStable) return order;
    const last = orderedTexts(this.lines[i], this.lines[j]);
    return this.flags.indexOf('r') >= 0 ? -last : last;
  }

  compareKeys(i: i32, j: i32): i32 {
    const flags = this.keys[0].flags;
    const order = this.hasNumbers
      ? comparedNumbers(this.numbers[i], this.numbers[j])
      : ordered(this.texts[i], this.texts[j], flags);
    if (order !== 0) return flags.indexOf('r') >= 0 ? -order : order;
    for (let index = 1; index < this.keys.length; index++) {
      const key = this.keys[index];
      const more = this.compareParts(
        this.partOf(this.lines[i], key),
        this.partOf(this.lines[j], key),
        key.flags,
      );
      if (more !== 0) return more;
    }
    return 0;
  }

  private compareParts(a: string, b: string, flags: string): i32 {
    const order = isNumeric(flags)
      ? comparedNumbers(keyNumber(a, flags), keyNumber(b, flags))
      : ordered(comparable(a, flags), comparable(b, flags), flags);
    return flags.indexOf('r') >= 0 ? -order : order;
  }

  private partOf(line: string, key: SortKey): string {
    let start = this.startOf(line, key.firstField);
    if (key.flags.indexOf('b') >= 0) start = behindBlanks(line, start);
    start = min(start + key.firstCharacter - 1, line.length);
    let end = line.length;
    if (key.lastField > 0) {
      const last = this.startOf(line, key.lastField);
      const behind = key.flags.indexOf('b') >= 0 ? behindBlanks(line, last) : last;
      end = key.lastCharacter === 0 ? this.endOf(line, last) : min(behind + key.lastCharacter, line.length);
    }
    return end <= start ? '' : line.substring(start, end);
  }

  /** Blanks belong to the field behind them. */
  private startOf(line: string, field: i32): i32 {
    let at = 0;
    for (let number = 1; number < field; number++) {
      at = this.endOf(line, at);
      if (at === line.length) return at;
      if (this.separator !== '') at++;
    }
    return at;
  }

  private endOf(line: string, start: i32): i32 {
    if (this.separator !== '') {
      const end = line.indexOf(this.separator, start);
      return end < 0 ? line.length : end;
    }
    let at = behindBlanks(line, start);
    while (at < line.length && BLANKS.indexOf(line.charAt(at)) < 0) at++;
    return at;
  }
}

function behindBlanks(line: string, start: i32): i32 {
  let at = start;
  while (at < line.length && BLANKS.indexOf(line.charAt(at)) >= 0) at++;
  return at;
}

function isNumeric(flags: string): bool {
  for (let index = 0; index < flags.length; index++)
    if ('nghM'.indexOf(flags.charAt(index)) >= 0) return true;
  return false;
}

function keyNumber(text: string, flags: string): f64 {
  if (flags.indexOf('n') >= 0) return numberOf(text);
  if (flags.indexOf('h') >= 0) return humanNumberOf(text);
  return flags.indexOf('M') >= 0 ? monthOf(text) : parseFloat(text);
}

/** Of what comparable has made. */
function ordered(a: string, b: string, flags: string): i32 {
  return flags.indexOf('V') >= 0 ? comparedVersions(a, b) : orderedTexts(a, b);
}

function orderedTexts(a: string, b: string): i32 {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What is no number comes first. */
function comparedNumbers(a: f64, b: f64): i32 {
  if (isNaN(a)) return isNaN(b) ? 0 : -1;
  return isNaN(b) ? 1 : a < b ? -1 : a > b ? 1 : 0;
}

/** A number at the beginning, behind blanks; 0 where there is none. */
function numberOf(text: string): f64 {
  const start = behindBlanks(text, 0);
  let end = start < text.length && text.charAt(start) === '-' ? start + 1 : start;
  while (end < text.length && (isDigit(text.charCodeAt(end)) || text.charAt(end) === '.')) end++;
  const value = parseFloat(text.substring(start, end));
  return isNaN(value) ? 0 : value;
}

function humanNumberOf(text: string): f64 {
  const start = behindBlanks(text, 0);
  let end = start;
  while (end < text.length && (isDigit(text.charCodeAt(end)) || '.-'.indexOf(text.charAt(end)) >= 0)) end++;
  let value = numberOf(text);
  const unit = end < text.length ? UNITS.indexOf(text.charAt(end).toUpperCase()) : -1;
  for (let step = 0; step <= unit; step++) value *= 1024;
  return value;
}

/** 0 for what is none. */
function monthOf(text: string): i32 {
  const start = behindBlanks(text, 0);
  const place = MONTHS.indexOf(text.substring(start, start + 3).toUpperCase());
  return text.length - start < 3 || place < 0 || place % 3 !== 0 ? 0 : place / 3 + 1;
}

/** Runs of digits count as numbers. */
export function comparedVersions(a: string, b: string): i32 {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (isDigit(a.charCodeAt(i)) && isDigit(b.charCodeAt(j))) {
      const first = i;
      const second = j;
      while (i < a.length && isDigit(a.charCodeAt(i))) i++;
      while (j < b.length && isDigit(b.charCodeAt(j))) j++;
      const order = comparedNumbers(parseFloat(a.substring(first, i)), parseFloat(b.substring(second, j)));
      if (order !== 0) return order;
      continue;
    }
    const difference = a.charCodeAt(i++) - b.charCodeAt(j++);
    if (difference !== 0) return difference;
  }
  return a.length - i - (b.length - j);
}

/** As -b, -d, -f and -i see it. */
function comparable(text: string, flags: string): string {
  const start = flags.indexOf('b') >= 0 ? behindBlanks(text, 0) : 0;
  let result = start === 0 ? text : text.substring(start);
  if (flags.indexOf('d') >= 0 || flags.indexOf('i') >= 0) {
    let kept = '';
    for (let at = 0; at < result.length; at++) {
      const code = result.charCodeAt(at);
      const isPlain = flags.indexOf('d') >= 0 ? isWordOrBlank(code) : code >= 0x20 && code !== 0x7f;
      if (isPlain) kept += result.charAt(at);
    }
    result = kept;
  }
  return flags.indexOf('f') >= 0 ? result.toUpperCase() : result;
}

function isWordOrBlank(code: i32): bool {
  const lower = code | 0x20;
  return code === 0x20 || code === 9 || isDigit(code) || (lower >= 0x61 && lower <= 0x7a) || code >= 0x80;
}

function isDigit(code: i32): bool {
  return code >= 0x30 && code <= 0x39;
}
