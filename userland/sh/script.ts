/**
 * Commands from the standard input, which is no terminal: a line at a time, so that a command of the script
 * finds what follows it there.
 */
import { execute } from './execute.ts';
import { Lexer } from './lexer.ts';
import { Parser } from './parser.ts';
import { FLOW_NEXT, type Shell } from './shell.ts';
import type { List } from './syntax.ts';
import { readByte, textOfBytes } from './system.ts';

export function runInput(shell: Shell): void {
  let text = '';
  let line = 1;
  let isAtEnd = false;
  while (shell.flow === FLOW_NEXT && !isAtEnd) {
    const more = readLine(shell.descriptors.table[0]);
    isAtEnd = !more.endsWith('\n');
    text += more;
    const lexer = new Lexer(text, line);
    const lists = parsed(shell, lexer);
    if (lexer.isIncomplete && !isAtEnd) continue;
    if (lexer.error !== '') {
      shell.line = lexer.line;
      shell.fail(lexer.error);
      return;
    }
    line = lexer.line;
    text = '';
    for (let i = 0; i < lists.length && shell.flow === FLOW_NEXT; i++) execute(shell, lists[i]);
  }
}

/** All complete commands of the text; the lexer says what is wrong with it. */
export function parsed(shell: Shell, lexer: Lexer): List[] {
  const parser = new Parser(lexer, shell.aliases);
  const lists: List[] = [];
  while (!parser.isAtEnd && lexer.error === '') {
    const list = parser.completeCommand();
    if (list !== null) lists.push(list);
  }
  return lists;
}

/** With its newline; without where the input ends first. */
function readLine(object: i32): string {
  const bytes: u8[] = [];
  while (true) {
    const byte = object >= 0 ? readByte(object) : -1;
    if (byte < 0) break;
    bytes.push(<u8>byte);
    if (byte === 0x0a) break;
  }
  return textOfBytes(bytes);
}
