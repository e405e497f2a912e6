/**
 * Redirections: opens what they name and changes the shell's descriptors.
 *
 *     < file   > file   >> file   >| file   <> file   <& n   >& n   <& -   << here-document
 *
 * The caller has taken the descriptors' mark before, and restores or keeps what was done.
 */
import {
  ERROR_ACCESS,
  ERROR_IS_DIRECTORY,
  ERROR_NOT_DIRECTORY,
  ERROR_NOT_FOUND,
} from '../../os/abi/errors.ts';
import {
  KIND_FILE,
  OPEN_APPEND,
  OPEN_CREATE,
  OPEN_READ,
  OPEN_TRUNCATE,
  OPEN_WRITE,
} from '../../os/abi/file.ts';
import { errorText } from '../lib/error.ts';
import { CLOSED, DESCRIPTORS_MAX } from './descriptors.ts';
import { expandText } from './expand.ts';
import { isDigit } from './lexer.ts';
import { FLOW_NEXT, type Shell } from './shell.ts';
import type { Redirection } from './syntax.ts';
import { fileKind, makeTextSource, openFile } from './system.ts';

const FILE_MODE: u32 = 0o666;

/** False where one of them failed; that has been told. */
export function redirect(shell: Shell, redirections: Redirection[]): bool {
  for (let i = 0; i < redirections.length; i++) {
    const redirection = redirections[i];
    const text = expandText(shell, redirection.word);
    if (shell.flow !== FLOW_NEXT || !redirectOne(shell, redirection, text)) return false;
  }
  return true;
}

function redirectOne(shell: Shell, redirection: Redirection, text: string): bool {
  const descriptor = redirection.descriptor;
  const operator = redirection.operator;
  if (descriptor >= DESCRIPTORS_MAX) return refused(shell, 'Bad fd number');
  if (operator === '<&' || operator === '>&') return duplicate(shell, descriptor, text);
  const object = operator.startsWith('<<') ? makeTextSource(text) : openTarget(shell, operator, text);
  if (object < 0) return false;
  shell.descriptors.set(descriptor, object);
  return true;
}

function refused(shell: Shell, message: string): bool {
  shell.complain(message);
  return false;
}

function duplicate(shell: Shell, descriptor: i32, text: string): bool {
  if (text === '-') {
    shell.descriptors.set(descriptor, CLOSED);
    return true;
  }
  if (text.length !== 1 || !isDigit(text.charCodeAt(0))) return refused(shell, `Bad fd number: ${text}`);
  const object = shell.descriptors.table[text.charCodeAt(0) - 0x30];
  if (object === CLOSED) return refused(shell, `${text}: Bad file descriptor`);
  shell.descriptors.set(descriptor, object);
  return true;
}

function openTarget(shell: Shell, operator: string, path: string): i32 {
  if (operator === '<') return opened(shell, 'open', path, openFile(path, OPEN_READ, 0));
  if (operator === '<>') {
    return opened(shell, 'create', path, openFile(path, OPEN_READ | OPEN_WRITE | OPEN_CREATE, FILE_MODE));
  }
  if (operator === '>' && shell.options.has('C') && fileKind(path) === KIND_FILE) {
    refused(shell, `cannot create ${path}: File exists`);
    return CLOSED;
  }
  const how = operator === '>>' ? OPEN_APPEND : OPEN_TRUNCATE;
  return opened(shell, 'create', path, openFile(path, OPEN_WRITE | OPEN_CREATE | how, FILE_MODE));
}

function opened(shell: Shell, action: string, path: string, object: i32): i32 {
  if (object >= 0) return object;
  refused(shell, `cannot ${action} ${path}: ${reasonOf(action, object)}`);
  return CLOSED;
}

/** As dash words it. */
function reasonOf(action: string, error: i32): string {
  const isMissing = error === ERROR_NOT_FOUND || error === ERROR_NOT_DIRECTORY;
  if (isMissing) return action === 'create' ? 'Directory nonexistent' : 'No such file';
  if (error === ERROR_IS_DIRECTORY) return 'Is a directory';
  return error === ERROR_ACCESS ? 'Permission denied' : errorText(error);
}
