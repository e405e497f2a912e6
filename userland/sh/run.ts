/**
 * Text to execution: parses a complete command, runs it, takes the next, until the text or the shell ends.
 *
 *     evaluateText(shell, text, line)    eval, traps, sourced files, `sh -c`, files of commands
 */
import { execute } from './execute.ts';
import { Lexer } from './lexer.ts';
import { Parser } from './parser.ts';
import { FLOW_NEXT, type Shell } from './shell.ts';

export function evaluateText(shell: Shell, text: string, firstLine: i32): void {
  const lexer = new Lexer(text, firstLine);
  const parser = new Parser(lexer, shell.aliases);
  let isEmpty = true;
  while (shell.flow === FLOW_NEXT) {
    const list = parser.completeCommand();
    if (lexer.error !== '') {
      shell.line = lexer.line;
      shell.fail(lexer.error);
      return;
    }
    if (list !== null) {
      isEmpty = false;
      if (!shell.options.has('n')) execute(shell, list);
    }
    if (parser.isAtEnd) break;
  }
  if (isEmpty) shell.status = 0;
}
