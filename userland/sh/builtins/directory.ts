/**
 * Builtins about the working directory and the file mode mask.
 *
 *     cd [-L] [directory | -] · pwd [-L | -P] · umask [-S] [mode]
 *
 * `cd` is logical: `..` takes away the last name of $PWD, whatever link led there.
 */
import { KIND_DIRECTORY } from '../../../os/abi/file.ts';
import { normalPath } from '../../lib/path.ts';
import type { Shell } from '../shell.ts';
import { changeDirectory, fileKind, modeMask, setModeMask, workingDirectory } from '../system.ts';
import { complain, illegal } from './arguments.ts';

export function cd(shell: Shell, args: string[]): i32 {
  let i = 1;
  while (i < args.length && (args[i] === '-L' || args[i] === '-P' || args[i] === '--')) i++;
  let target = i < args.length ? args[i] : shell.variables.get('HOME');
  if (target === '') return i < args.length ? 0 : complain(shell, args, 'HOME not set', 2);
  const isBack = target === '-';
  if (isBack) {
    if (!shell.variables.has('OLDPWD')) return complain(shell, args, 'OLDPWD not set', 2);
    target = shell.variables.get('OLDPWD');
  }
  const path = destination(shell, target);
  if (path === '') return complain(shell, args, `can't cd to ${target}`, 2);
  const before = workingDirectory();
  if (changeDirectory(path) < 0) return complain(shell, args, `can't cd to ${target}`, 2);
  shell.assign('OLDPWD', before);
  shell.assign('PWD', path);
  const isElsewhere = isBack || path !== normalPath(before, target);
  return isElsewhere ? shell.out(path + '\n') : 0;
}

/** Where the target is: in the working directory, or in one of CDPATH; '' where it is no directory. */
function destination(shell: Shell, target: string): string {
  const isFixed =
    target.startsWith('/') || target === '.' || target.startsWith('./') || target.startsWith('..');
  const folders: string[] = isFixed ? [] : shell.variables.get('CDPATH').split(':');
  folders.push('');
  for (let i = 0; i < folders.length; i++) {
    const base = normalPath(workingDirectory(), folders[i]);
    const path = normalPath(base, target);
    if (fileKind(path) === KIND_DIRECTORY) return path;
  }
  return '';
}

export function pwd(shell: Shell, _args: string[]): i32 {
  return shell.out(workingDirectory() + '\n');
}

export function umask(shell: Shell, args: string[]): i32 {
  const isSymbolic = args.length > 1 && args[1] === '-S';
  const first = isSymbolic ? 2 : 1;
  if (first >= args.length) return shell.out((isSymbolic ? symbolic(modeMask()) : octal(modeMask())) + '\n');
  if (args[first].startsWith('-')) return illegal(shell, args, args[first].substring(1));
  let mask = 0;
  for (let i = 0; i < args[first].length; i++) {
    const digit = args[first].charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 7) return complain(shell, args, `Illegal number: ${args[first]}`, 2);
    mask = mask * 8 + digit;
  }
  setModeMask(mask & 0o777);
  return 0;
}

function octal(mask: i32): string {
  return mask.toString(8).padStart(4, '0');
}

/** What is allowed, as `u=rwx,g=rx,o=rx`. */
function symbolic(mask: i32): string {
  const who = 'ugo';
  const parts: string[] = [];
  for (let i = 0; i < 3; i++) {
    const bits = ~(mask >> (6 - 3 * i)) & 7;
    const letters =
      ((bits & 4) !== 0 ? 'r' : '') + ((bits & 2) !== 0 ? 'w' : '') + ((bits & 1) !== 0 ? 'x' : '');
    parts.push(who.charAt(i) + '=' + letters);
  }
  return parts.join(',');
}
