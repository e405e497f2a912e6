/**
 * The prompt and the line on the terminal, over as many rows as they need.
 *
 * A redraw goes to the first of its rows, writes all anew, clears what is left below, and goes to the cursor.
 * A character put in at the end is only written, if it does not come to the edge. Escape sequences in the
 * prompt take no room.
 */
import { columnsAt, unitsOf } from '../../lib/columns.ts';

export class Screen {
  /** What is to be written. */
  output: string = '';
  /** The row of the cursor, from the prompt's first. */
  private row: i32 = 0;
  private column: i32 = 0;

  constructor(public columns: i32) {}

  draw(prompt: string, text: string, cursor: i32): void {
    if (this.row > 0) this.output += `\x1b[${this.row}A`;
    this.output += '\r';
    this.row = 0;
    this.column = 0;
    this.put(prompt);
    this.put(text.substring(0, cursor));
    this.settle();
    const row = this.row;
    const column = this.column;
    this.put(text.substring(cursor));
    this.settle();
    this.output += '\x1b[J';
    this.moveTo(row, column);
  }

  /** A character behind all others, where the cursor is; false where only a redraw will do. */
  append(character: string): bool {
    const width = columnsAt(character, 0);
    if (width === 0 || this.column + width >= this.columns) return false;
    this.put(character);
    return true;
  }

  /** The cursor goes below the line: output of others follows. */
  leave(text: string, cursor: i32): void {
    this.put(text.substring(cursor));
    this.output += '\n';
    this.forget();
  }

  /** What is on the screen is not its own any more. */
  forget(): void {
    this.row = 0;
    this.column = 0;
  }

  clear(): void {
    this.output += '\x1b[H\x1b[2J';
    this.forget();
  }

  private put(text: string): void {
    for (let at = 0; at < text.length; ) {
      const code = text.charCodeAt(at);
      if (code === 0x1b) {
        const end = sequenceEnd(text, at);
        this.output += text.substring(at, end);
        at = end;
      } else if (code === 0x0a) {
        this.output += '\n';
        this.row++;
        this.column = 0;
        at++;
      } else {
        const units = unitsOf(text, at);
        this.advance(columnsAt(text, at));
        if (code < 0x20 || code === 0x7f) this.output += '^' + String.fromCharCode(code ^ 0x40);
        else this.output += text.substring(at, at + units);
        at += units;
      }
    }
  }

  private advance(width: i32): void {
    if (this.column + width > this.columns) {
      this.row++;
      this.column = 0;
    }
    this.column += width;
  }

  /** Behind the last column the terminal has not wrapped yet: it is made to. */
  private settle(): void {
    if (this.column < this.columns) return;
    this.output += ' \r';
    this.row++;
    this.column = 0;
  }

  private moveTo(row: i32, column: i32): void {
    if (this.row === row && this.column === column) return;
    if (this.row > row) this.output += `\x1b[${this.row - row}A`;
    this.output += column > 0 ? `\r\x1b[${column}C` : '\r';
    this.row = row;
    this.column = column;
  }
}

/** Where the escape sequence ends that begins there. */
function sequenceEnd(text: string, start: i32): i32 {
  let at = start + 1;
  if (at < text.length && text.charCodeAt(at) === 0x5b) {
    at++;
    while (at < text.length && text.charCodeAt(at) < 0x40) at++;
  }
  return min(text.length, at + 1);
}
