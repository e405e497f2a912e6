/**
 * The document on the screen: as many of its lines as there are rows, a line about the file, and a message.
 *
 * Only rows that have changed are written. The view follows the cursor, down and across; a line that goes on
 * to the right of the screen ends with a >.
 */
import { nextIndex } from '../lib/columns.ts';
import { print } from '../lib/output.ts';
import type { Window } from '../lib/terminal.ts';
import { columnOf, columnsOfCharacter, type Document } from './document.ts';

const REVERSED = '\x1b[7m';
const PLAIN = '\x1b[m';
const OTHER_ROWS: i32 = 2;

export class View {
  private rows: i32;
  private columns: i32;
  /** The document's first line and column that are shown. */
  private top: i32 = 0;
  private leftmost: i32 = 0;
  /** What each row shows. */
  private shown: string[] = [];

  constructor(window: Window) {
    this.rows = max(window.rows, OTHER_ROWS + 1);
    this.columns = max(window.columns, 2);
  }

  get textRows(): i32 {
    return this.rows - OTHER_ROWS;
  }

  /** Draws everything anew, in a window that may have changed. */
  forget(window: Window): void {
    this.rows = max(window.rows, OTHER_ROWS + 1);
    this.columns = max(window.columns, 2);
    this.shown = [];
    print('\x1b[2J');
  }

  draw(document: Document, title: string, message: string): void {
    const column = columnOf(document.text, document.cursor);
    this.follow(document.line, column);
    print('\x1b[?25l');
    for (let row = 0; row < this.textRows; row++) {
      const line = this.top + row;
      this.drawRow(row, line < document.lines.length ? this.visible(document.lines[line]) : '~');
    }
    const place = `${document.line + 1}:${column + 1} `;
    const room = max(0, this.columns - place.length - 1);
    const head = ` ${title}`.substring(0, room).padEnd(room) + ' ' + place;
    this.drawRow(this.rows - 2, REVERSED + head.substring(0, this.columns) + PLAIN);
    this.drawRow(this.rows - 1, message.substring(0, this.columns - 1));
    print(`\x1b[${document.line - this.top + 1};${column - this.leftmost + 1}H\x1b[?25h`);
  }

  /** In the last row, where a question is asked. */
  placeCursor(column: i32): void {
    print(`\x1b[${this.rows};${min(column, this.columns - 1) + 1}H`);
  }

  leave(): void {
    print(`\x1b[${this.rows};1H\x1b[K`);
  }

  private follow(line: i32, column: i32): void {
    if (line < this.top) this.top = line;
    if (line >= this.top + this.textRows) this.top = line - this.textRows + 1;
    const width = this.columns - 1;
    if (column < this.leftmost) this.leftmost = max(0, column - width / 2);
    if (column >= this.leftmost + width) this.leftmost = column - width / 2;
  }

  private drawRow(row: i32, text: string): void {
    if (row < this.shown.length && this.shown[row] === text) return;
    while (this.shown.length <= row) this.shown.push('');
    this.shown[row] = text;
    print(`\x1b[${row + 1};1H${text}\x1b[K`);
  }

  /** The columns of the line that are on the screen. */
  private visible(line: string): string {
    let text = '';
    let column = 0;
    const end = this.leftmost + this.columns;
    for (let at = 0; at < line.length; ) {
      const next = nextIndex(line, at);
      const width = columnsOfCharacter(line, at, column);
      const isLast = next === line.length;
      if (column + width > end - (isLast ? 0 : 1)) return text + '>';
      if (column >= this.leftmost) text += shownAs(line, at, next, width);
      else if (column + width > this.leftmost) text += ' '.repeat(column + width - this.leftmost);
      column += width;
      at = next;
    }
    return text;
  }
}

function shownAs(line: string, at: i32, end: i32, width: i32): string {
  const code = line.charCodeAt(at);
  if (code === 9) return ' '.repeat(width);
  if (code < 0x20 || code === 0x7f) return '^' + String.fromCharCode(code ^ 0x40);
  return line.substring(at, end);
}
