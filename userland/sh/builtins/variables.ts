/**
 * Builtins about variables, options and positional parameters.
 *
 *     export [-p] [name[=value] …] · readonly [-p] [name[=value] …] · local [name[=value] …]
 *     set [±letters] [±o option] [--] [argument …] · shift [n] · unset [-f | -v] name …
 */

import { LETTERS, NAMES } from '../options.ts';
import { isName } from '../parser.ts';
import { quoted } from '../print.ts';
import { FLOW_NEXT, type Shell } from '../shell.ts';
import { complain, illegal, wholeNumber } from './arguments.ts';

export function export_(shell: Shell, args: string[]): i32 {
  return mark(shell, args, true);
}

export function readonly(shell: Shell, args: string[]): i32 {
  return mark(shell, args, false);
}

function mark(shell: Shell, args: string[], isExport: bool): i32 {
  if (args.length === 1 || args[1] === '-p') return listMarked(shell, args[0], isExport);
  for (let i = 1; i < args.length; i++) {
    if (args[i] === '--') continue;
    const name = assigned(shell, args, args[i]);
    if (name === '') return 2;
    if (isExport) shell.variables.setExported(name, true);
    else shell.variables.setReadOnly(name);
  }
  return 0;
}

function listMarked(shell: Shell, word: string, isExport: bool): i32 {
  const names = shell.variables.names();
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    const isMarked = isExport ? shell.variables.isExported(name) : shell.variables.isReadOnly(name);
    if (!isMarked) continue;
    const value = shell.variables.has(name) ? '=' + quoted(shell.variables.get(name)) : '';
    shell.out(`${word} ${name}${value}\n`);
  }
  return 0;
}

/** Does `name=value`, or nothing for a mere name: the name, or '' after a complaint. */
function assigned(shell: Shell, args: string[], argument: string): string {
  const equals = argument.indexOf('=');
  const name = equals < 0 ? argument : argument.substring(0, equals);
  if (!isName(name)) {
    shell.fail(`${args[0]}: ${name}: bad variable name`);
    return '';
  }
  if (equals >= 0 && !shell.assign(name, argument.substring(equals + 1))) return '';
  return name;
}

export function local(shell: Shell, args: string[]): i32 {
  if (shell.variables.depth === 0) {
    shell.fail('local: not in a function');
    return 2;
  }
  for (let i = 1; i < args.length; i++) {
    const equals = args[i].indexOf('=');
    shell.variables.makeLocal(equals < 0 ? args[i] : args[i].substring(0, equals));
    if (assigned(shell, args, args[i]) === '') return 2;
  }
  return 0;
}

export function unset(shell: Shell, args: string[]): i32 {
  let isFunction = false;
  let isVariable = false;
  let i = 1;
  for (; i < args.length && args[i].startsWith('-'); i++) {
    if (args[i] === '-f') isFunction = true;
    else if (args[i] === '-v') isVariable = true;
    else if (args[i] !== '--') return illegal(shell, args, args[i].substring(1));
  }
  for (; i < args.length; i++) {
    const name = args[i];
    if (isFunction || (!isVariable && !shell.variables.has(name))) shell.functions.delete(name);
    if (!isFunction && !shell.variables.unset(name)) {
      shell.fail(`unset: ${name}: is read only`);
      return 2;
    }
  }
  return 0;
}

export function shift(shell: Shell, args: string[]): i32 {
  const count = args.length > 1 ? wholeNumber(args[1]) : 1;
  if (count < 0) shell.fail(`shift: Illegal number: ${args[1]}`);
  else if (count > shell.positional.length) shell.fail("shift: can't shift that many");
  else shell.positional = shell.positional.slice(count);
  return shell.flow === FLOW_NEXT ? 0 : 2;
}

export function set(shell: Shell, args: string[]): i32 {
  if (args.length === 1) return listVariables(shell);
  let i = 1;
  for (; i < args.length; i++) {
    const argument = args[i];
    if (argument === '--' || argument === '-') {
      i++;
      shell.positional = args.slice(i);
      return 0;
    }
    if (argument.length < 2 || !(argument.startsWith('-') || argument.startsWith('+'))) break;
    const isOn = argument.startsWith('-');
    if (argument.substring(1) !== 'o') {
      if (!setLetters(shell, args, argument, isOn)) return 2;
    } else if (++i === args.length) return listOptions(shell, isOn);
    else if (!shell.options.setNamed(args[i], isOn))
      return complain(shell, args, `Illegal option -o ${args[i]}`, 2);
  }
  if (i < args.length) shell.positional = args.slice(i);
  return 0;
}

function setLetters(shell: Shell, args: string[], argument: string, isOn: bool): bool {
  for (let i = 1; i < argument.length; i++) {
    if (shell.options.set(argument.charAt(i), isOn)) continue;
    shell.fail(`${args[0]}: Illegal option ${argument.charAt(0)}${argument.charAt(i)}`);
    return false;
  }
  return true;
}

function listVariables(shell: Shell): i32 {
  const names = shell.variables.names();
  for (let i = 0; i < names.length; i++) {
    if (shell.variables.has(names[i])) shell.out(`${names[i]}=${quoted(shell.variables.get(names[i]))}\n`);
  }
  return 0;
}

/** A table, or the commands that set them so. */
function listOptions(shell: Shell, isTable: bool): i32 {
  if (isTable) shell.out('Current option settings\n');
  for (let i = 0; i < NAMES.length; i++) {
    const isOn = shell.options.has(LETTERS.charAt(i));
    if (isTable) shell.out(`${NAMES[i].padEnd(16)}${isOn ? 'on' : 'off'}\n`);
    else shell.out(`set ${isOn ? '-' : '+'}o ${NAMES[i]}\n`);
  }
  return 0;
}
