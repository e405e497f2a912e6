/**
 * Backslash escapes as C, `printf`, `echo` and `$'…'` have them.
 *
 *     \a \b \e \f \n \r \t \v \\ \' \" \?    \nnn (octal)    \xhh    \uhhhh    \Uhhhhhhhh    \cx (Control-x)
 *
 * An escape that is none stays as it is, backslash and all.
 */

/** What an escape stands for, and where it ends in its text. */
export class Escape {
  constructor(
    public text: string,
    public end: i32,
  ) {}
}

const LETTERS = 'abefnrtv\\\'"?';
const MEANINGS = '\x07\b\x1b\f\n\r\t\v\\\'"?';

/** The escape that begins with the backslash at `start`. */
export function readEscape(text: string, start: i32): Escape {
  const at = start + 1;
  if (at >= text.length) return new Escape('\\', at);
  const letter = text.charAt(at);
  const index = LETTERS.indexOf(letter);
  if (index >= 0) return new Escape(MEANINGS.charAt(index), at + 1);
  if (letter === 'x') return number(text, start, at + 1, 16, 2);
  if (letter === 'u') return number(text, start, at + 1, 16, 4);
  if (letter === 'U') return number(text, start, at + 1, 16, 8);
  if (letter === 'c' && at + 1 < text.length) {
    return new Escape(String.fromCharCode(text.charCodeAt(at + 1) & 0x1f), at + 2);
  }
  return number(text, start, at, 8, 3);
}

/** A number of at most so many digits; without a digit the text stays. */
function number(text: string, start: i32, from: i32, base: i32, digitsMax: i32): Escape {
  let value = 0;
  let end = from;
  while (end < text.length && end < from + digitsMax) {
    const digit = digitValue(text.charCodeAt(end));
    if (digit >= base) break;
    value = value * base + digit;
    end++;
  }
  if (end === from) return new Escape(text.substring(start, from + 1), min(from + 1, text.length));
  return new Escape(String.fromCodePoint(base === 8 ? value & 0xff : value), end);
}

/** 36 and more for what is no digit. */
export function digitValue(code: i32): i32 {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a ? lower - 0x61 + 10 : 36;
}
