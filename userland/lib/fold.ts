/**
 * Text laid out anew for a narrow terminal. Lines that were broken because they were full are joined and broken
 * between words again; behind a gap, as what an option means, lines go on below themselves.
 *
 *     folded('    -x   a long line that says what it does', 24)
 *         →  '    -x   a long line'
 *            '         that says what'
 *            '         it does'
 */

import { trimmed } from './text.ts';
import { columnsOf } from './width.ts';

/** A line is full if the next word would have made it longer. */
const FULL: i32 = 100;
const GAP = '  ';
/** Before a second option on the same line. */
const OPTION_GAP = '   -';

/** `text` and the result end with a newline, or are empty. */
export function folded(text: string, width: i32): string {
  const lines = text.split('\n');
  let result = '';
  for (let index = 0; index < lines.length - 1; index++) {
    const first = lines[index];
    const column = columnOf(first);
    let words = first.substring(column);
    while (index + 2 < lines.length && goesOn(lines[index], lines[index + 1], column)) {
      index++;
      words += ' ' + trimmed(lines[index]);
    }
    const start = first.substring(0, column);
    result += start.length + words.length <= width ? `${start}${words}\n` : broken(start, words, width);
  }
  return result;
}

/** Where the text of a line begins, or what is behind its first gap. */
function columnOf(line: string): i32 {
  const text = behindBlanks(line, 0);
  const gap = line.indexOf(GAP, text);
  return gap < 0 ? text : behindBlanks(line, gap);
}

function behindBlanks(line: string, from: i32): i32 {
  let at = from;
  while (at < line.length && line.charAt(at) === ' ') at++;
  return at;
}

/** Whether the next line is below the text of this one, which was full. */
function goesOn(line: string, next: string, column: i32): bool {
  const text = behindBlanks(next, 0);
  if (text !== column || text === next.length || next.indexOf(GAP, text) >= 0) return false;
  return line.length + next.substring(text).split(' ')[0].length >= FULL;
}

function broken(start: string, text: string, width: i32): string {
  const option = text.indexOf(OPTION_GAP);
  if (option > 0) {
    const indent = ' '.repeat(behindBlanks(start, 0));
    return folded(
      `${start}${text.substring(0, option).trimEnd()}\n${indent}${trimmed(text.substring(option))}\n`,
      width,
    );
  }
  const words = text.split(' ');
  let result = '';
  let line = start + words[0];
  for (let index = 1; index < words.length; index++) {
    if (columnsOf(line) + 1 + columnsOf(words[index]) > width) {
      result += line + '\n';
      line = ' '.repeat(start.length) + words[index];
    } else line += ' ' + words[index];
  }
  return result + line + '\n';
}
