/**
 * Words to what they stand for: tilde, parameters, commands, arithmetic; then field splitting, file names.
 *
 *     expandWords(shell, words)     to any number of arguments
 *     expandText(shell, word)       to one text, with no splitting and no file names: assignments, case …
 *     expandPattern(shell, word)    to one pattern, in which what was quoted is escaped
 *
 * An error has been told, and set the shell's flow, when these return: what they return then is not used.
 */
import { hasWildcards } from '../lib/pattern.ts';
import { Arithmetic } from './arithmetic.ts';
import { type Field, Fields } from './fields.ts';
import { fileNames } from './glob.ts';
import { expandParameter } from './parameter.ts';
import type { Shell } from './shell.ts';
import { substitution } from './substitution.ts';
import { ARITHMETIC, COMMANDS, LITERAL, type Part, type Word } from './syntax.ts';

export function expandWords(shell: Shell, words: Word[]): string[] {
  const result: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const fields = new Fields(separators(shell), false);
    expandParts(shell, words[i], fields, true, false);
    const done = fields.finished();
    for (let k = 0; k < done.length; k++) addFileNames(shell, done[k], result);
  }
  return result;
}

export function expandText(shell: Shell, word: Word): string {
  return expandWhole(shell, word, false).text;
}

/** The value of an assignment: a tilde counts behind each colon too. */
export function expandValue(shell: Shell, word: Word): string {
  return expandWhole(shell, word, true).text;
}

export function expandPattern(shell: Shell, word: Word): string {
  return expandWhole(shell, word, false).pattern;
}

export function evaluate(shell: Shell, expression: string): i64 {
  const arithmetic = new Arithmetic(shell.variables, expression, shell.options.has('u'));
  const value = arithmetic.evaluate();
  if (arithmetic.error !== '') shell.fail(arithmetic.error);
  return value;
}

/** Where `isOwn`, the literals are the program's; else they are an expansion's operand, and are split too. */
export function expandParts(shell: Shell, word: Word, fields: Fields, isOwn: bool, isValue: bool): void {
  for (let i = 0; i < word.parts.length; i++) {
    const part = word.parts[i];
    if (part.kind === LITERAL) {
      if (part.isQuoted) {
        fields.addQuoted(part.text);
        continue;
      }
      const isLast = i + 1 === word.parts.length;
      let text = part.text;
      if (i === 0) text = withHome(shell, text, isLast, fields);
      if (isValue && text.indexOf(':~') >= 0) text = withHomes(shell, text, isLast);
      if (isOwn) fields.addLiteral(text);
      else fields.addExpansion(text);
    } else if (part.kind === COMMANDS) {
      add(fields, part, substitution(shell, part.commands!));
    } else if (part.kind === ARITHMETIC) {
      add(fields, part, evaluate(shell, expandText(shell, part.word!)).toString());
    } else expandParameter(shell, part, fields);
  }
}

/** Where a redirection or a builtin wants one text of a file name. */
function expandWhole(shell: Shell, word: Word, isValue: bool): Field {
  const fields = new Fields(separators(shell), true);
  expandParts(shell, word, fields, true, isValue);
  return fields.only;
}

function add(fields: Fields, part: Part, text: string): void {
  if (part.isQuoted) fields.addQuoted(text);
  else fields.addExpansion(text);
}

/** What separates fields: blanks and newlines where IFS is not set. */
function separators(shell: Shell): string {
  return shell.variables.has('IFS') ? shell.variables.get('IFS') : ' \t\n';
}

/** The home directory comes as quoted: nothing in its name means anything. Gives what is left of the text. */
function withHome(shell: Shell, text: string, isLast: bool, fields: Fields): string {
  const home = homeOf(shell, text, isLast);
  if (home === '') return text;
  fields.addQuoted(home);
  return text.substring(1);
}

/** '' where the text does not begin with a tilde that means it. */
function homeOf(shell: Shell, text: string, isLast: bool): string {
  if (!text.startsWith('~')) return '';
  const isAlone = text.length === 1 ? isLast : text.charAt(1) === '/' || text.charAt(1) === ':';
  return isAlone && shell.variables.has('HOME') ? shell.variables.get('HOME') : '';
}

function withHomes(shell: Shell, text: string, isLast: bool): string {
  const pieces = text.split(':');
  for (let i = 1; i < pieces.length; i++) {
    const home = homeOf(shell, pieces[i], isLast || i + 1 < pieces.length);
    if (home !== '') pieces[i] = home + pieces[i].substring(1);
  }
  return pieces.join(':');
}

function addFileNames(shell: Shell, field: Field, into: string[]): void {
  if (shell.options.has('f') || !hasWildcards(field.pattern)) {
    into.push(field.text);
    return;
  }
  const names = fileNames(field.pattern);
  if (names.length === 0) into.push(field.text);
  for (let i = 0; i < names.length; i++) into.push(names[i]);
}
