/**
 * Shell patterns: `*` any text, `?` any character, `[a-z]` `[!a-z]` `[[:alpha:]]` one of a set, `\c` c itself.
 *
 *     matches('*.ts', 'a.ts')        the whole text
 *     hasWildcards('a\\*b')          false: it can only match one text
 *     escapePattern('a*b')           a pattern for exactly this text
 */
import { isAt } from './text.ts';

const STAR: i32 = 0x2a;
const QUESTION: i32 = 0x3f;
const OPEN: i32 = 0x5b;
const CLOSE: i32 = 0x5d;
const BACKSLASH: i32 = 0x5c;
/** What means something in a pattern, in a set or outside. */
const SPECIAL = '*?[]\\!^-';

/** By going back to the last star only: no pattern takes longer than its length times the text's. */
export function matches(pattern: string, text: string): bool {
  let p = 0;
  let t = 0;
  let starPattern = -1;
  let starText = 0;
  while (t < text.length) {
    const code = p < pattern.length ? pattern.charCodeAt(p) : -1;
    if (code === STAR) {
      starPattern = ++p;
      starText = t;
      continue;
    }
    const width = characterWidth(text, t);
    const next = code < 0 ? -1 : matchOne(pattern, p, text, t);
    if (next >= 0) {
      p = next;
      t += width;
      continue;
    }
    if (starPattern < 0) return false;
    starText += characterWidth(text, starText);
    t = starText;
    p = starPattern;
  }
  while (p < pattern.length && pattern.charCodeAt(p) === STAR) p++;
  return p === pattern.length;
}

export function hasWildcards(pattern: string): bool {
  for (let i = 0; i < pattern.length; i++) {
    const code = pattern.charCodeAt(i);
    if (code === BACKSLASH) i++;
    else if (code === STAR || code === QUESTION) return true;
    else if (code === OPEN && setEnd(pattern, i) > 0) return true;
  }
  return false;
}

export function escapePattern(text: string): string {
  let result = '';
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (SPECIAL.indexOf(text.charAt(i)) < 0) continue;
    result += text.substring(start, i) + '\\';
    start = i;
  }
  return start === 0 && result === '' ? text : result + text.substring(start);
}

/** The text that a pattern without wildcards matches. */
export function unescapePattern(pattern: string): string {
  if (pattern.indexOf('\\') < 0) return pattern;
  let result = '';
  for (let i = 0; i < pattern.length; i++) {
    if (pattern.charCodeAt(i) === BACKSLASH && i + 1 < pattern.length) i++;
    result += pattern.charAt(i);
  }
  return result;
}

/** Characters beyond 16 bits are two units. */
function characterWidth(text: string, at: i32): i32 {
  const unit = text.charCodeAt(at) & 0xfc00;
  return unit === 0xd800 && at + 1 < text.length ? 2 : 1;
}

/** Where the pattern goes on if its element at `p` matches the character at `t`; else −1. */
function matchOne(pattern: string, p: i32, text: string, t: i32): i32 {
  const code = pattern.charCodeAt(p);
  if (code === QUESTION) return p + 1;
  if (code === OPEN) {
    const end = setEnd(pattern, p);
    if (end > 0) return isInSet(pattern, p, end, text.codePointAt(t)) ? end + 1 : -1;
  }
  let at = p;
  if (code === BACKSLASH && p + 1 < pattern.length) at++;
  return pattern.codePointAt(at) === text.codePointAt(t) ? at + characterWidth(pattern, at) : -1;
}

/** Where the `]` of the set that begins at the position is; 0 where none is: then the `[` means itself. */
function setEnd(pattern: string, open: i32): i32 {
  let at = open + 1;
  if (at < pattern.length && isNegation(pattern.charCodeAt(at))) at++;
  if (at < pattern.length && pattern.charCodeAt(at) === CLOSE) at++;
  while (at < pattern.length) {
    const code = pattern.charCodeAt(at);
    if (code === CLOSE) return at;
    if (code === BACKSLASH) at++;
    else if (code === OPEN) at = classEnd(pattern, at);
    at++;
  }
  return 0;
}

function isNegation(code: i32): bool {
  return code === 0x21 || code === 0x5e;
}

/** Where the last character of `[:name:]` is; the position itself where none begins there. */
function classEnd(pattern: string, open: i32): i32 {
  if (!isAt(pattern, '[:', open)) return open;
  const end = pattern.indexOf(':]', open + 2);
  return end < 0 ? open : end + 1;
}

function isInSet(pattern: string, open: i32, end: i32, code: i32): bool {
  let at = open + 1;
  const isNegated = isNegation(pattern.charCodeAt(at));
  if (isNegated) at++;
  let isFound = false;
  while (at < end) {
    const classLast = pattern.charCodeAt(at) === OPEN ? classEnd(pattern, at) : at;
    if (classLast > at) {
      if (isInClass(pattern.substring(at + 2, classLast - 1), code)) isFound = true;
      at = classLast + 1;
      continue;
    }
    if (pattern.charCodeAt(at) === BACKSLASH && at + 1 < end) at++;
    const low = pattern.codePointAt(at);
    at += characterWidth(pattern, at);
    let high = low;
    if (at + 1 < end && pattern.charCodeAt(at) === 0x2d) {
      at++;
      if (pattern.charCodeAt(at) === BACKSLASH && at + 1 < end) at++;
      high = pattern.codePointAt(at);
      at += characterWidth(pattern, at);
    }
    if (low <= code && code <= high) isFound = true;
  }
  return isFound !== isNegated;
}

/** The classes of POSIX, for ASCII; other letters are alpha. */
export function isInClass(name: string, code: i32): bool {
  const isLower = code >= 0x61 && code <= 0x7a;
  const isUpper = code >= 0x41 && code <= 0x5a;
  const isDigit = code >= 0x30 && code <= 0x39;
  const isAlpha = isLower || isUpper || code > 0x7f;
  const isGraph = code > 0x20 && code !== 0x7f;
  if (name === 'alpha') return isAlpha;
  if (name === 'digit') return isDigit;
  if (name === 'alnum') return isAlpha || isDigit;
  if (name === 'lower') return isLower;
  if (name === 'upper') return isUpper;
  if (name === 'space') return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  if (name === 'blank') return code === 0x20 || code === 0x09;
  if (name === 'punct') return isGraph && !isAlpha && !isDigit;
  if (name === 'print') return isGraph || code === 0x20;
  if (name === 'graph') return isGraph;
  if (name === 'cntrl') return code < 0x20 || code === 0x7f;
  if (name === 'xdigit') return isDigit || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x66);
  return false;
}
