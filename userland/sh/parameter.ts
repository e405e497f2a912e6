/**
 * Parameters: variables, $1 and the like, the special ones, and what the operators in braces make of them.
 *
 *     ${name}     ${#name}     ${name:-word} ${name:=word} ${name:?word} ${name:+word}, also without the colon
 *     ${name%pattern} ${name%%pattern}     shortest, longest end that matches taken away
 *     ${name#pattern} ${name##pattern}     shortest, longest beginning
 */
import { matches } from '../lib/pattern.ts';
import { expandParts, expandPattern, expandText } from './expand.ts';
import type { Fields } from './fields.ts';
import { isDigit, isNameStart } from './lexer.ts';
import type { Shell } from './shell.ts';
import type { Part } from './syntax.ts';

export function expandParameter(shell: Shell, part: Part, fields: Fields): void {
  const name = part.text;
  const operator = part.operator;
  if (operator === 'bad') {
    shell.fail('Bad substitution');
    return;
  }
  if (operator === 'length') {
    add(part, fields, lengthOf(shell, name).toString());
    return;
  }
  const isMany = name === '@' || name === '*';
  const isSet = isMany ? shell.positional.length > 0 : isParameterSet(shell, name);
  const isKind = operator.startsWith(':');
  const action = isKind ? operator.charAt(1) : operator;
  if (action === '-' || action === '+' || action === '=' || action === '?') {
    const isPresent = isSet && !(isKind && parameterValue(shell, name) === '');
    if (action === '+') {
      if (isPresent) expandParts(shell, part.word!, fields, false, false);
      else if (part.isQuoted) fields.addQuoted('');
      return;
    }
    if (!isPresent) {
      substitute(shell, part, action, fields);
      return;
    }
  } else if (!isSet && !isMany && shell.options.has('u')) {
    shell.fail(`${name}: parameter not set`);
    return;
  }
  if (action === '%' || action === '%%' || action === '#' || action === '##') {
    add(part, fields, trimmed(parameterValue(shell, name), action, expandPattern(shell, part.word!)));
    return;
  }
  if (isMany) addPositional(shell, part, fields);
  else add(part, fields, parameterValue(shell, name));
}

/** '' where it is not set. */
export function parameterValue(shell: Shell, name: string): string {
  const code = name.charCodeAt(0);
  if (isNameStart(code)) return name === 'LINENO' ? shell.line.toString() : shell.variables.get(name);
  if (isDigit(code)) {
    const index = <i32>parseInt(name, 10);
    if (index === 0) return shell.name;
    return index <= shell.positional.length ? shell.positional[index - 1] : '';
  }
  if (name === '?') return shell.status.toString();
  if (name === '#') return shell.positional.length.toString();
  if (name === '$') return shell.processId.toString();
  if (name === '!') return shell.lastBackground === 0 ? '' : shell.lastBackground.toString();
  if (name === '-') return shell.options.letters;
  return shell.positional.join(firstSeparator(shell));
}

function isParameterSet(shell: Shell, name: string): bool {
  const code = name.charCodeAt(0);
  if (isNameStart(code)) return name === 'LINENO' || shell.variables.has(name);
  if (isDigit(code)) return <i32>parseInt(name, 10) <= shell.positional.length;
  return name !== '!' || shell.lastBackground !== 0;
}

function add(part: Part, fields: Fields, text: string): void {
  if (part.isQuoted) fields.addQuoted(text);
  else fields.addExpansion(text);
}

/** Between the parameters in "$*". */
function firstSeparator(shell: Shell): string {
  return shell.variables.has('IFS') ? shell.variables.get('IFS').substring(0, 1) : ' ';
}

/** $@ and $*: "$@" is a field each, "$*" one; without quotes both are a field each, split further. */
function addPositional(shell: Shell, part: Part, fields: Fields): void {
  if (fields.isWhole || (part.isQuoted && part.text === '*')) {
    add(part, fields, parameterValue(shell, part.text));
    return;
  }
  for (let i = 0; i < shell.positional.length; i++) {
    if (i > 0) fields.part();
    add(part, fields, shell.positional[i]);
  }
}

/** The word of - = ? in the place of a value that is not there. */
function substitute(shell: Shell, part: Part, action: string, fields: Fields): void {
  if (action === '-') {
    if (part.isQuoted && part.word!.parts.length === 0) fields.addQuoted('');
    expandParts(shell, part.word!, fields, false, false);
    return;
  }
  const text = expandText(shell, part.word!);
  if (action === '?') {
    const isKind = part.operator.startsWith(':');
    const reason = text !== '' ? text : isKind ? 'parameter not set or null' : 'parameter not set';
    shell.fail(`${part.text}: ${reason}`);
    return;
  }
  if (!isNameStart(part.text.charCodeAt(0))) {
    shell.fail('Bad substitution');
    return;
  }
  if (shell.assign(part.text, text)) add(part, fields, text);
}

/** In characters. */
function lengthOf(shell: Shell, name: string): i32 {
  if (name === '@' || name === '*') return shell.positional.length;
  if (!isParameterSet(shell, name) && shell.options.has('u')) shell.fail(`${name}: parameter not set`);
  const value = parameterValue(shell, name);
  let count = value.length;
  for (let i = 0; i < value.length; i++) if ((value.charCodeAt(i) & 0xfc00) === 0xdc00) count--;
  return count;
}

function trimmed(text: string, action: string, pattern: string): string {
  const isLong = action.length === 2;
  if (action.startsWith('#')) {
    for (let i = 0; i <= text.length; i++) {
      const size = isLong ? text.length - i : i;
      if (matches(pattern, text.substring(0, size))) return text.substring(size);
    }
    return text;
  }
  for (let i = 0; i <= text.length; i++) {
    const start = isLong ? i : text.length - i;
    if (matches(pattern, text.substring(start))) return text.substring(0, start);
  }
  return text;
}
