/**
 * NAME
 *     sh: the shell
 * SYNOPSIS
 *     sh [-aCefimnsuvx] [-o option] [file [argument ...]]
 *     sh [options] -c commands [name [argument ...]]
 * DESCRIPTION
 *     Reads commands from the file, from -c's argument, or from its input, and runs them. Where the input is
 *     a terminal it prompts, edits lines, completes names with Tab, and keeps a history; ENV names a file of
 *     commands to begin with; one that begins a session, with a dash before its name, reads /etc/profile and
 *     ~/.profile before. The language is POSIX's, with local and $'...'.
 *     The status is the last command's: 126 not executable, 127 not found, 128 and more ended by a signal, 2 for
 *     an error of the shell's own.
 * SEE ALSO
 *     test(1), printf(1), kill(1); help lists what is built in
 */
import { CLOSED, DESCRIPTORS_MAX } from './descriptors.ts';
import { runInteractive } from './interactive.ts';
import { isName } from './parser.ts';
import { evaluateText } from './run.ts';
import { runInput } from './script.ts';
import { FLOW_NEXT, Shell } from './shell.ts';
import { restoreState } from './state.ts';
import {
  environment,
  fileKind,
  inheritedObject,
  isTerminal,
  processId,
  programArguments,
  readAll,
  readFile,
  SUBSHELL_OPTION,
  workingDirectory,
} from './system.ts';
import { runExitTrap } from './traps.ts';

export function main(): i32 {
  const shell = new Shell();
  for (let i = 0; i < DESCRIPTORS_MAX; i++) shell.descriptors.table[i] = inheritedObject(i);
  const args = programArguments();
  if (args.length > 1 && args[1] === SUBSHELL_OPTION) runSubshell(shell, <i32>parseInt(args[2], 10));
  else runProgram(shell, args);
  runExitTrap(shell);
  return shell.status;
}

/** The state comes from a descriptor behind those that the shell has. */
function runSubshell(shell: Shell, descriptor: i32): void {
  const table = shell.descriptors.table;
  const source = readAll(inheritedObject(descriptor));
  if (descriptor < table.length) table[descriptor] = CLOSED;
  evaluateText(shell, restoreState(shell, source), shell.line);
}

function runProgram(shell: Shell, args: string[]): void {
  shell.processId = processId();
  takeEnvironment(shell);
  const first = takeOptions(shell, args);
  if (shell.flow !== FLOW_NEXT) return;
  if (shell.options.has('c')) {
    runText(shell, args, first);
    return;
  }
  const rest = args.slice(first);
  if (rest.length > 0 && !shell.options.has('s')) {
    runFile(shell, rest);
    return;
  }
  shell.positional = rest;
  if (isAtTerminal(shell)) shell.options.set('i', true);
  if (args[0].startsWith('-')) readProfiles(shell);
  if (shell.isInteractive) runInteractive(shell);
  else runInput(shell);
}

/** A shell that begins a session, whose name has a dash before it. */
function readProfiles(shell: Shell): void {
  const profiles = ['/etc/profile', shell.variables.get('HOME') + '/.profile'];
  for (let i = 0; i < profiles.length && shell.flow === FLOW_NEXT; i++) {
    if (fileKind(profiles[i]) > 0) evaluateText(shell, readFile(profiles[i]), 1);
  }
}

function isAtTerminal(shell: Shell): bool {
  const table = shell.descriptors.table;
  return table[0] >= 0 && table[2] >= 0 && isTerminal(table[0]) && isTerminal(table[2]);
}

/** Variables that the environment has; PWD is where the process really is. */
function takeEnvironment(shell: Shell): void {
  const list = environment();
  for (let i = 0; i < list.length; i++) {
    const equals = list[i].indexOf('=');
    const name = list[i].substring(0, max(0, equals));
    if (!isName(name)) continue;
    shell.variables.set(name, list[i].substring(equals + 1));
    shell.variables.setExported(name, true);
  }
  shell.variables.set('PWD', workingDirectory());
  shell.variables.set('IFS', ' \t\n');
  shell.variables.set('OPTIND', '1');
}

/** Which argument is the first that is no option. */
function takeOptions(shell: Shell, args: string[]): i32 {
  let i = 1;
  for (; i < args.length; i++) {
    const argument = args[i];
    if (argument === '--') return i + 1;
    const isOn = argument.startsWith('-');
    if (argument.length < 2 || !(isOn || argument.startsWith('+'))) return i;
    for (let k = 1; k < argument.length; k++) {
      const letter = argument.charAt(k);
      const isKnown =
        letter === 'o'
          ? ++i < args.length && shell.options.setNamed(args[i], isOn)
          : shell.options.set(letter, isOn);
      if (!isKnown) shell.fail(`Illegal option ${argument.charAt(0)}${letter}`);
    }
  }
  return i;
}

/** `-c commands [name [argument …]]`. */
function runText(shell: Shell, args: string[], first: i32): void {
  if (first >= args.length) {
    shell.fail('-c requires an argument');
    return;
  }
  if (first + 1 < args.length) {
    shell.name = args[first + 1];
    shell.positional = args.slice(first + 2);
  }
  evaluateText(shell, args[first], 1);
}

function runFile(shell: Shell, args: string[]): void {
  const path = args[0];
  if (fileKind(path) <= 0) {
    shell.fail(`cannot open ${path}: No such file`);
    return;
  }
  shell.name = path;
  shell.positional = args.slice(1);
  evaluateText(shell, readFile(path), 1);
}
