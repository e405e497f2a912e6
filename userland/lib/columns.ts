/**
 * Text as a terminal shows it: columns that characters take, and steps from one to the next.
 *
 *     columnsOf('héllo')       5; control characters count as the two of `^X`
 *     nextIndex(text, at)      behind the character at `at`, with what combines with it
 *     previousIndex(text, at)  where the one before begins
 */
import { widthOf } from '../../os/lib/width.ts';

export function columnsOf(text: string): i32 {
  let columns = 0;
  for (let at = 0; at < text.length; at += unitsOf(text, at)) columns += columnsAt(text, at);
  return columns;
}

/** Of the code point there. */
export function columnsAt(text: string, at: i32): i32 {
  const code = text.codePointAt(at);
  return code < 0x20 || code === 0x7f ? 2 : widthOf(code);
}

/** 16-bit units of the code point there. */
export function unitsOf(text: string, at: i32): i32 {
  return (text.charCodeAt(at) & 0xfc00) === 0xd800 && at + 1 < text.length ? 2 : 1;
}

export function nextIndex(text: string, at: i32): i32 {
  if (at >= text.length) return text.length;
  let next = at + unitsOf(text, at);
  while (next < text.length && columnsAt(text, next) === 0) next += unitsOf(text, next);
  return next;
}

export function previousIndex(text: string, at: i32): i32 {
  let previous = at;
  while (previous > 0) {
    previous--;
    if (previous > 0 && (text.charCodeAt(previous) & 0xfc00) === 0xdc00) previous--;
    if (columnsAt(text, previous) > 0) break;
  }
  return previous;
}
