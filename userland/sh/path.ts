/**
 * Programs by name: where PATH has them, and why one cannot be run.
 *
 *     findProgram(shell, 'ls')    '/bin/ls', or ''
 */
import { KIND_FILE } from '../../os/abi/file.ts';
import { trimmed } from '../lib/text.ts';
import type { Shell } from './shell.ts';
import { fileKind, fileMode, readFile } from './system.ts';

const DEFAULT_PATH = '/bin:/boot/bin';
const EXECUTE: i32 = 0o111;

export function searchPath(shell: Shell): string[] {
  return (shell.variables.has('PATH') ? shell.variables.get('PATH') : DEFAULT_PATH).split(':');
}

export function findProgram(shell: Shell, name: string): string {
  if (name === '') return '';
  const folders = searchPath(shell);
  for (let i = 0; i < folders.length; i++) {
    const path = folders[i] === '' ? name : folders[i] + '/' + name;
    if (isExecutable(path)) return path;
  }
  return '';
}

export function isExecutable(path: string): bool {
  return fileKind(path) === KIND_FILE && (fileMode(path) & EXECUTE) !== 0;
}

/** Tells why the name cannot be run: the status for that. */
export function notRunnable(shell: Shell, name: string, path: string): i32 {
  if (path === '' || fileKind(path) <= 0) {
    shell.complain(`${name}: not found`);
    return 127;
  }
  shell.complain(`${name}: Permission denied`);
  return 126;
}

/** What `#!` names, with its argument if it has one; /bin/sh where the file does not begin so. */
export function interpreterOf(shell: Shell, path: string): string[] {
  const text = readFile(path);
  if (!text.startsWith('#!')) return [findProgram(shell, 'sh')];
  const end = text.indexOf('\n');
  const line = trimmed(text.substring(2, end < 0 ? text.length : end));
  const blank = line.indexOf(' ');
  return blank < 0 ? [line] : [line.substring(0, blank), trimmed(line.substring(blank))];
}
