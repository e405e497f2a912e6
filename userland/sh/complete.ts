/**
 * Completion of the word before the cursor: commands where one begins, variables behind a `$`, else files.
 *
 *     const completion = complete(shell, line, cursor);
 *     completion.start · completion.text      what takes the place of the word up to the cursor
 *     completion.names                        all that it could be, sorted
 *
 * What all of them begin with is filled in. A single one is completed with a blank, a directory with a slash;
 * characters that mean something get a backslash, in quotes none do.
 */
import { KIND_DIRECTORY, KIND_FILE } from '../../os/abi/file.ts';
import { columnsOf } from '../lib/columns.ts';
import { builtinNames } from './builtins/table.ts';
import { isNamePart } from './lexer.ts';
import { isExecutable, searchPath } from './path.ts';
import type { Shell } from './shell.ts';
import { directoryNames, fileKind } from './system.ts';

const OPERATORS = ';|&()<>`\n';
const SPECIAL = ' \t\\\'"$`*?[]#~&;|()<>{}!';

export class Completion {
  names: string[] = [];
  constructor(
    public start: i32,
    public text: string,
  ) {}

  /** The names in columns, read downwards. */
  table(columns: i32): string {
    let width = 0;
    for (let i = 0; i < this.names.length; i++) width = max(width, columnsOf(this.names[i]) + 2);
    const perRow = max(1, columns / width);
    const rows = (this.names.length + perRow - 1) / perRow;
    let text = '';
    for (let row = 0; row < rows; row++) {
      for (let i = row; i < this.names.length; i += rows) {
        const isLast = i + rows >= this.names.length;
        text += this.names[i] + (isLast ? '\n' : ' '.repeat(width - columnsOf(this.names[i])));
      }
    }
    return text;
  }
}

export function complete(shell: Shell, line: string, cursor: i32): Completion {
  const word = new TypedWord(line, cursor);
  const dollar = word.text.lastIndexOf('$');
  if (dollar >= 0 && word.quote !== "'" && isNameFrom(word.text, dollar + 1)) {
    return completeVariable(shell, word, dollar + 1);
  }
  if (word.isCommand && !word.text.includes('/'))
    return completeWith(word, '', word.text, commandNames(shell));
  const slash = word.text.lastIndexOf('/') + 1;
  const folder = word.text.substring(0, slash);
  return completeWith(word, folder, word.text.substring(slash), fileNamesIn(shell, folder, word));
}

/** The word before the cursor, its quotes taken away. */
class TypedWord {
  text: string = '';
  /** Where its first character is, a quote not counted. */
  start: i32 = 0;
  /** The quote that is open at the cursor, or ''. */
  quote: string = '';
  /** Whether a command's name is typed here. */
  isCommand: bool = true;

  constructor(line: string, cursor: i32) {
    let isBehindBlank = true;
    for (let i = 0; i < cursor; i++) {
      const character = line.charAt(i);
      if (this.quote === '' && (character === ' ' || character === '\t' || OPERATORS.includes(character))) {
        this.endWord(character, isBehindBlank, i + 1);
        isBehindBlank = true;
        continue;
      }
      isBehindBlank = false;
      if (character === '\\' && this.quote !== "'" && i + 1 < cursor) this.text += line.charAt(++i);
      else if (character === this.quote) this.quote = '';
      else if (this.quote === '' && (character === '"' || character === "'")) this.quote = character;
      else this.text += character;
    }
  }

  /** What comes behind an operator is a command, and behind one word more it is not; `>` takes a file. */
  private endWord(character: string, isEmpty: bool, next: i32): void {
    const isReserved = ['if', 'then', 'else', 'elif', 'while', 'until', 'do', '!', '{', 'time'].includes(
      this.text,
    );
    const isAssignment = this.text.indexOf('=') > 0;
    if (character === '<' || character === '>') this.isCommand = false;
    else if (OPERATORS.includes(character)) this.isCommand = true;
    else if (!isEmpty && !isReserved && !isAssignment) this.isCommand = false;
    this.text = '';
    this.start = next;
  }
}

function isNameFrom(text: string, start: i32): bool {
  for (let i = start; i < text.length; i++) if (!isNamePart(text.charCodeAt(i))) return false;
  return true;
}

function completeVariable(shell: Shell, word: TypedWord, at: i32): Completion {
  const names = shell.variables.names();
  const prefix = word.text.substring(at);
  const fitting = beginningWith(names, prefix);
  const completion = new Completion(word.start, '');
  completion.names = fitting;
  const common = fitting.length === 0 ? prefix : commonBeginning(fitting);
  completion.text = word.quote + word.text.substring(0, at) + common + (fitting.length === 1 ? ' ' : '');
  return completion;
}

/** `folder` is what stays as it is; the names are of what is in it. */
function completeWith(word: TypedWord, folder: string, prefix: string, names: string[]): Completion {
  const fitting = beginningWith(names, prefix);
  const completion = new Completion(word.start, '');
  completion.names = fitting;
  const isOne = fitting.length === 1;
  const common = fitting.length === 0 ? prefix : commonBeginning(fitting);
  const whole = folder + common;
  const isFolder = isOne && common.endsWith('/');
  const end = isOne && !isFolder ? word.quote + ' ' : '';
  completion.text = word.quote + (word.quote === '' ? escaped(whole) : whole) + end;
  return completion;
}

function beginningWith(names: string[], prefix: string): string[] {
  const fitting: string[] = [];
  for (let i = 0; i < names.length; i++) {
    if (names[i].startsWith(prefix) && !fitting.includes(names[i])) fitting.push(names[i]);
  }
  return fitting.sort();
}

function commonBeginning(names: string[]): string {
  let common = names[0];
  for (let i = 1; i < names.length; i++) {
    let size = 0;
    const name = names[i];
    while (size < common.length && size < name.length && common.charCodeAt(size) === name.charCodeAt(size))
      size++;
    common = common.substring(0, size);
  }
  return common;
}

function escaped(text: string): string {
  let result = '';
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    const isHome = character === '~' && i === 0;
    if (SPECIAL.includes(character) && !isHome) result += '\\';
    result += character;
  }
  return result;
}

function commandNames(shell: Shell): string[] {
  const names = builtinNames().concat(shell.aliases.keys()).concat(shell.functions.keys());
  const folders = searchPath(shell);
  for (let i = 0; i < folders.length; i++) {
    const files = directoryNames(folders[i] === '' ? '.' : folders[i]);
    for (let k = 0; k < files.length; k++) {
      const path = folders[i] + '/' + files[k];
      if (fileKind(path) === KIND_FILE && isExecutable(path)) names.push(files[k]);
    }
  }
  return names;
}

/** Hidden ones only where the name begins with a dot; only what can be run where a command is typed. */
function fileNamesIn(shell: Shell, folder: string, word: TypedWord): string[] {
  const home =
    folder.startsWith('~/') && word.quote === '' ? shell.variables.get('HOME') + folder.substring(1) : folder;
  const all = directoryNames(home === '' ? '.' : home);
  const isHidden = word.text.substring(folder.length).startsWith('.');
  const names: string[] = [];
  for (let i = 0; i < all.length; i++) {
    if (all[i].startsWith('.') && !isHidden) continue;
    const isFolder = fileKind(home + all[i]) === KIND_DIRECTORY;
    if (word.isCommand && !isFolder && !isExecutable(home + all[i])) continue;
    names.push(isFolder ? all[i] + '/' : all[i]);
  }
  return names;
}
