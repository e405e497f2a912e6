/**
 * Assembly text to tokens, a line at a time, each with its column.
 *
 * Syntax is GNU as's: comments are # …, // … and slash-star (over lines too), statements end with the
 * line or a semicolon, numbers are decimal, 0x…, 0b…, 0… (octal) or a character ('a', '\n'), labels
 * may be numbers that are meant as 1b (the last) or 1f (the next), %hi and its kin are one token.
 */
import { type Place, SourceFault } from './source-error.ts';

export type Token = Place &
  (
    | { readonly kind: 'name'; readonly text: string }
    | { readonly kind: 'number'; readonly text: string; readonly value: bigint }
    /** 1b or 1f: the numeric label before or after this place. */
    | { readonly kind: 'labelReference'; readonly text: string }
    | { readonly kind: 'string'; readonly text: string; readonly bytes: readonly number[] }
    | { readonly kind: 'mark'; readonly text: string }
  );

const MARK = /%(?:hi|lo|pcrel_hi|pcrel_lo)\b|<<|>>|==|!=|<=|>=|&&|\|\||[-+*/%&|^~!<>=(),:;@[\]{}]/y;
const NAME = /[A-Za-z_.$][\w.$]*/y;
const LABEL_REFERENCE = /\d+[bf](?![\w.$])/y;
const NUMBER = /0[xX][0-9a-fA-F]+|0[bB][01]+|\d+/y;
const ESCAPES: Readonly<Record<string, number>> = {
  n: 10,
  t: 9,
  r: 13,
  b: 8,
  f: 12,
  '\\': 92,
  '"': 34,
  "'": 39,
};

/** The lines of a source with its comments blanked, so that columns stay as they were. */
export function sourceLines(source: string): string[] {
  const comment = /"(?:\\.|[^"\\\n])*"|'(?:\\[^\n]|[^\n])'?|\/\*[\s\S]*?(?:\*\/|$)|(?:\/\/|#)[^\n]*/g;
  const blanked = source.replace(comment, found =>
    found.startsWith('"') || found.startsWith("'") ? found : found.replace(/[^\n]/g, ' '),
  );
  return blanked.split(/\r?\n/);
}

/** The tokens of a line whose comments are blanked. */
export function tokenize(text: string, line: number): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  while (true) {
    while (/\s/.test(text.charAt(at))) at += 1;
    if (at >= text.length) return tokens;
    const place = { line, column: at + 1 };
    const quote = text.charAt(at);
    if (quote === '"' || quote === "'") {
      const { end, bytes } = quoted(text, at, place);
      const found = text.slice(at, end);
      tokens.push(
        quote === '"'
          ? { ...place, kind: 'string', text: found, bytes }
          : { ...place, kind: 'number', text: found, value: BigInt(bytes[0] ?? 0) },
      );
      at = end;
      continue;
    }
    const token = plainToken(take, place);
    if (token === undefined) {
      throw new SourceFault(place, `the character ${JSON.stringify(quote)} means nothing here: remove it`);
    }
    tokens.push(token);
    at += token.text.length;
  }
}

function plainToken(take: (pattern: RegExp) => string | undefined, place: Place): Token | undefined {
  const name = take(NAME);
  if (name !== undefined) return { ...place, kind: 'name', text: name };
  const reference = take(LABEL_REFERENCE);
  if (reference !== undefined) return { ...place, kind: 'labelReference', text: reference };
  const number = take(NUMBER);
  if (number !== undefined)
    return { ...place, kind: 'number', text: number, value: numberValue(number, place) };
  const mark = take(MARK);
  return mark === undefined ? undefined : { ...place, kind: 'mark', text: mark };
}

function numberValue(text: string, place: Place): bigint {
  if (!/^0\d/.test(text)) return BigInt(text);
  if (/[89]/.test(text)) {
    throw new SourceFault(place, `${text} begins with 0 and is octal, but has an 8 or 9: remove the 0`);
  }
  return BigInt(`0o${text.slice(1)}`);
}

/** The bytes between quotes. Characters beyond ASCII become their UTF-8. */
function quoted(text: string, start: number, place: Place): { end: number; bytes: number[] } {
  const quote = text.charAt(start);
  const bytes: number[] = [];
  let at = start + 1;
  while (at < text.length && text.charAt(at) !== quote) {
    if (text.charAt(at) !== '\\') {
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
      bytes.push(...new TextEncoder().encode(character));
      at += character.length;
      continue;
    }
    const numeric = /^(?:[0-7]{1,3}|x[0-9a-fA-F]{1,2})/.exec(text.slice(at + 1))?.[0];
    const letter = text.charAt(at + 1);
    if (numeric !== undefined) {
      bytes.push((numeric.startsWith('x') ? parseInt(numeric.slice(1), 16) : parseInt(numeric, 8)) & 255);
    } else {
      bytes.push(escaped(letter, { line: place.line, column: at + 1 }));
    }
    at += 1 + (numeric ?? letter).length;
  }
  const isCharacter = quote === "'";
  if (text.charAt(at) !== quote) {
    throw new SourceFault(place, `the closing ${quote} is missing: put it before the end of the line`);
  }
  if (isCharacter && bytes.length !== 1) {
    throw new SourceFault(
      place,
      `a character constant holds one byte, this one ${bytes.length}: use .ascii "…"`,
    );
  }
  return { end: at + 1, bytes };
}

function escaped(letter: string, place: Place): number {
  const value = ESCAPES[letter];
  if (value === undefined) {
    throw new SourceFault(
      place,
      `there is no escape \\${letter}: known are \\n \\t \\r \\b \\f \\\\ \\" \\' \\0 \\x41`,
    );
  }
  return value;
}
