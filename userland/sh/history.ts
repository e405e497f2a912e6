/**
 * The lines typed so far, kept in a file from one shell to the next: $HISTFILE, else ~/.sh_history.
 *
 * A line is added to the file at once, so that a shell that is killed loses none. Empty lines, repetitions, and
 * lines that begin with a blank are not kept.
 */
import { OPEN_APPEND, OPEN_CREATE, OPEN_TRUNCATE, OPEN_WRITE } from '../../os/abi/file.ts';
import { trimmed } from '../lib/text.ts';
import { closeObject, openFile, readFile, writeText } from './system.ts';

const LINES_MAX: i32 = 1000;
const FILE_MODE: u32 = 0o600;

export class History {
  lines: string[] = [];
  /** '' where there is none. */
  private path: string = '';

  load(path: string): void {
    this.path = path;
    const lines = readFile(path).split('\n');
    if (lines.length > 0 && lines[lines.length - 1] === '') lines.pop();
    this.lines = lines.slice(max(0, lines.length - LINES_MAX));
    if (lines.length > LINES_MAX) this.write(this.lines, OPEN_TRUNCATE);
  }

  add(line: string): void {
    const isRepeated = this.lines.length > 0 && this.lines[this.lines.length - 1] === line;
    if (trimmed(line) === '' || line.startsWith(' ') || isRepeated) return;
    this.lines.push(line);
    if (this.lines.length > LINES_MAX) this.lines.shift();
    this.write([line], OPEN_APPEND);
  }

  clear(): void {
    this.lines = [];
    this.write([], OPEN_TRUNCATE);
  }

  private write(lines: string[], how: u32): void {
    if (this.path === '') return;
    const object = openFile(this.path, OPEN_WRITE | OPEN_CREATE | how, FILE_MODE);
    if (object < 0) return;
    if (lines.length > 0) writeText(object, lines.join('\n') + '\n');
    closeObject(object);
  }
}
