/**
 * The builtins by name: what each is called with, how `help` sums it up, and how it is looked up.
 *
 *     special    found before functions; its assignments stay, its errors end a script (POSIX 2.14)
 *     pure       changes nothing in the shell: it may run in place of a subshell, or as the program of its name
 */
import type { Shell } from '../shell.ts';
import { alias, command, commands, evaluate, exec, type_, unalias } from './command.ts';
import { bracket, test } from './condition.ts';
import { cd, pwd, umask } from './directory.ts';
import { break_, colon, continue_, exit, false_, return_, true_ } from './flow.ts';
import { getopts } from './getopts.ts';
import { help, history } from './history.ts';
import { bg, fg, jobs, kill, wait } from './jobs.ts';
import { echo, printf } from './output.ts';
import { read } from './read.ts';
import { trap } from './trap.ts';
import { export_, local, readonly, set, shift, unset } from './variables.ts';
import { bind, ns, unbind } from './view.ts';

/** `args[0]` is the name; gives the status. */
export type Builtin = (shell: Shell, args: string[]) => i32;

class Entry {
  constructor(
    public run: Builtin,
    public kind: i32,
    public summary: string,
  ) {}
}

const ORDINARY: i32 = 0;
const SPECIAL: i32 = 1;
const PURE: i32 = 2;

const entries: Map<string, Entry> = new Map<string, Entry>();

export function builtinNamed(name: string): Builtin | null {
  prepare();
  return entries.has(name) ? entries.get(name).run : null;
}

export function isSpecialBuiltin(name: string): bool {
  prepare();
  return entries.has(name) && entries.get(name).kind === SPECIAL;
}

export function isPureBuiltin(name: string): bool {
  prepare();
  return entries.has(name) && entries.get(name).kind === PURE;
}

/** Sorted. */
export function builtinNames(): string[] {
  prepare();
  return entries.keys().sort();
}

export function builtinSummary(name: string): string {
  return entries.get(name).summary;
}

function add(name: string, kind: i32, run: Builtin, summary: string): void {
  entries.set(name, new Entry(run, kind, summary));
}

function prepare(): void {
  if (entries.size > 0) return;
  add(':', SPECIAL, colon, ': [argument ...]');
  add('.', SPECIAL, commands, '. file [argument ...]');
  add('break', SPECIAL, break_, 'break [n]');
  add('continue', SPECIAL, continue_, 'continue [n]');
  add('eval', SPECIAL, evaluate, 'eval [argument ...]');
  add('exec', SPECIAL, exec, 'exec [command [argument ...]]');
  add('exit', SPECIAL, exit, 'exit [n]');
  add('export', SPECIAL, export_, 'export [-p] [name[=value] ...]');
  add('readonly', SPECIAL, readonly, 'readonly [-p] [name[=value] ...]');
  add('return', SPECIAL, return_, 'return [n]');
  add('set', SPECIAL, set, 'set [-aCefnuvx] [-o option] [--] [argument ...]');
  add('shift', SPECIAL, shift, 'shift [n]');
  add('trap', SPECIAL, trap, 'trap [action signal ...]');
  add('unset', SPECIAL, unset, 'unset [-fv] name ...');
  add('[', PURE, bracket, '[ expression ]');
  add('alias', ORDINARY, alias, 'alias [name[=value] ...]');
  add('bg', ORDINARY, bg, 'bg [job ...]');
  add('bind', ORDINARY, bind, 'bind [-b | -a] target path');
  add('cd', ORDINARY, cd, 'cd [directory | -]');
  add('command', ORDINARY, command, 'command [-vV] name [argument ...]');
  add('echo', PURE, echo, 'echo [-n] [argument ...]');
  add('false', PURE, false_, 'false');
  add('fg', ORDINARY, fg, 'fg [job]');
  add('getopts', ORDINARY, getopts, 'getopts options name [argument ...]');
  add('help', ORDINARY, help, 'help [name]');
  add('history', ORDINARY, history, 'history [-c] [n]');
  add('jobs', ORDINARY, jobs, 'jobs [-lp] [job ...]');
  add('kill', ORDINARY, kill, 'kill [-s signal | -signal] process | job ...');
  add('local', ORDINARY, local, 'local [name[=value] ...]');
  add('ns', ORDINARY, ns, 'ns');
  add('printf', PURE, printf, 'printf format [argument ...]');
  add('pwd', PURE, pwd, 'pwd [-LP]');
  add('read', ORDINARY, read, 'read [-r] [-p prompt] name ...');
  add('test', PURE, test, 'test expression');
  add('true', PURE, true_, 'true');
  add('type', ORDINARY, type_, 'type name ...');
  add('umask', ORDINARY, umask, 'umask [mode]');
  add('unalias', ORDINARY, unalias, 'unalias [-a] name ...');
  add('unbind', ORDINARY, unbind, 'unbind path ...');
  add('wait', ORDINARY, wait, 'wait [process | job ...]');
}
