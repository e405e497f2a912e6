/**
 * Builtins about commands: how they are found, and running them by another way.
 *
 *     eval · . file · exec · command [-v | -V] · type · alias · unalias
 */
import { KIND_FILE } from '../../../os/abi/file.ts';
import { foregroundProgram } from '../launch.ts';
import { isReserved, TIME } from '../parser.ts';
import { findProgram, isExecutable, notRunnable, searchPath } from '../path.ts';
import { quoted } from '../print.ts';
import { evaluateText } from '../run.ts';
import { FLOW_EXIT, FLOW_NEXT, FLOW_RETURN, type Shell } from '../shell.ts';
import { fileKind, readFile } from '../system.ts';
import { complain } from './arguments.ts';
import { builtinNamed, isSpecialBuiltin } from './table.ts';

export function evaluate(shell: Shell, args: string[]): i32 {
  evaluateText(shell, args.slice(1).join(' '), shell.line);
  return shell.status;
}

/** The commands of a file, in this shell. */
export function commands(shell: Shell, args: string[]): i32 {
  if (args.length < 2) return 0;
  const path = sourcePath(shell, args[1]);
  if (path === '') {
    shell.fail(`.: cannot open ${args[1]}: No such file`);
    return 2;
  }
  const positional = shell.positional;
  if (args.length > 2) shell.positional = args.slice(2);
  shell.callDepth++;
  evaluateText(shell, readFile(path), 1);
  shell.callDepth--;
  if (args.length > 2) shell.positional = positional;
  if (shell.flow === FLOW_RETURN) shell.flow = FLOW_NEXT;
  return shell.status;
}

function sourcePath(shell: Shell, name: string): string {
  if (name.includes('/')) return fileKind(name) === KIND_FILE ? name : '';
  const folders = searchPath(shell);
  for (let i = 0; i < folders.length; i++) {
    const path = folders[i] + '/' + name;
    if (fileKind(path) === KIND_FILE) return path;
  }
  return '';
}

/** No process can become another here: the shell waits for the command and ends with its status. */
export function exec(shell: Shell, args: string[]): i32 {
  if (args.length === 1) return 0;
  const path = programPath(shell, args[1]);
  const status =
    path === '' ? notRunnable(shell, 'exec: ' + args[1], args[1]) : foregroundProgram(shell, args.slice(1));
  shell.status = status;
  if (!shell.isInteractive || status < 126 || status > 127) shell.flow = FLOW_EXIT;
  return status;
}

/** Without its functions. */
export function command(shell: Shell, args: string[]): i32 {
  if (args.length > 1 && args[1] === '-v') return describeAll(shell, args, 2, false);
  if (args.length > 1 && args[1] === '-V') return describeAll(shell, args, 2, true);
  const first = args.length > 1 && (args[1] === '-p' || args[1] === '--') ? 2 : 1;
  if (first >= args.length) return 0;
  const rest = args.slice(first);
  const builtin = builtinNamed(rest[0]);
  return builtin === null ? foregroundProgram(shell, rest) : builtin(shell, rest);
}

export function type_(shell: Shell, args: string[]): i32 {
  return describeAll(shell, args, 1, true);
}

function describeAll(shell: Shell, args: string[], first: i32, isLong: bool): i32 {
  let status = 0;
  for (let i = first; i < args.length; i++) {
    const text = isLong ? description(shell, args[i]) : shortDescription(shell, args[i]);
    if (text !== '') shell.out(text + '\n');
    else {
      if (isLong) shell.out(args[i] + ': not found\n');
      status = 127;
    }
  }
  return status;
}

function description(shell: Shell, name: string): string {
  if (isReserved(name) || name === TIME) return name + ' is a shell keyword';
  if (shell.aliases.has(name)) return `${name} is an alias for ${shell.aliases.get(name)}`;
  if (isSpecialBuiltin(name)) return name + ' is a special shell builtin';
  if (shell.functions.has(name)) return name + ' is a shell function';
  if (builtinNamed(name) !== null) return name + ' is a shell builtin';
  const path = programPath(shell, name);
  return path === '' ? '' : `${name} is ${path}`;
}

/** As `command -v` has it: what could be typed for it. */
function shortDescription(shell: Shell, name: string): string {
  if (shell.aliases.has(name)) return `alias ${name}=${quoted(shell.aliases.get(name))}`;
  if (isReserved(name) || name === TIME || shell.functions.has(name) || builtinNamed(name) !== null)
    return name;
  return programPath(shell, name);
}

function programPath(shell: Shell, name: string): string {
  if (name.includes('/')) return isExecutable(name) ? name : '';
  return findProgram(shell, name);
}

export function alias(shell: Shell, args: string[]): i32 {
  let status = 0;
  const names = args.length > 1 ? args.slice(1) : shell.aliases.keys().sort();
  for (let i = 0; i < names.length; i++) {
    const equals = names[i].indexOf('=', 1);
    if (equals > 0) shell.aliases.set(names[i].substring(0, equals), names[i].substring(equals + 1));
    else if (shell.aliases.has(names[i])) shell.out(`${names[i]}=${quoted(shell.aliases.get(names[i]))}\n`);
    else status = complain(shell, args, `${names[i]} not found`, 1);
  }
  return status;
}

export function unalias(shell: Shell, args: string[]): i32 {
  let status = 0;
  for (let i = 1; i < args.length; i++) {
    if (args[i] === '-a') shell.aliases.clear();
    else if (!shell.aliases.delete(args[i])) status = complain(shell, args, `${args[i]} not found`, 1);
  }
  return status;
}
