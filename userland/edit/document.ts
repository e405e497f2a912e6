/**
 * The text that is being edited, as lines, with a cursor, what was cut, and what can be undone.
 *
 * Every change takes some lines away and puts others in their place, and is kept so; undoing is the same the
 * other way round. Characters typed one after another are one change. The cursor stands between characters, never
 * inside one; going up and down keeps to the column it came from.
 */
import { columnsAt, nextIndex, previousIndex } from '../lib/columns.ts';

export const TAB_COLUMNS: i32 = 8;

class Change {
  constructor(
    public line: i32,
    public removed: string[],
    public inserted: string[],
    /** Where the cursor was. */
    public cursorLine: i32,
    public cursor: i32,
  ) {}
}

/** Where a position of a line is on the screen. */
export function columnOf(text: string, index: i32): i32 {
  let column = 0;
  for (let at = 0; at < index; at = nextIndex(text, at)) column += columnsOfCharacter(text, at, column);
  return column;
}

export function columnsOfCharacter(text: string, at: i32, column: i32): i32 {
  return text.charCodeAt(at) === 9 ? TAB_COLUMNS - (column % TAB_COLUMNS) : columnsAt(text, at);
}

export class Document {
  lines: string[] = [''];
  line: i32 = 0;
  cursor: i32 = 0;
  isChanged: bool = false;
  private changes: Change[] = [];
  private isTyping: bool = false;
  private cutText: string[] = [];
  private isCutting: bool = false;
  /** The column that up and down keep to; −1 for the cursor's. */
  private column: i32 = -1;

  get text(): string {
    return this.lines[this.line];
  }

  set(lines: string[]): void {
    this.lines = lines;
    this.isChanged = false;
  }

  moveTo(line: i32, cursor: i32): void {
    this.line = min(max(line, 0), this.lines.length - 1);
    this.cursor = min(cursor, this.text.length);
    this.settle();
  }

  left(): void {
    if (this.cursor > 0) this.cursor = previousIndex(this.text, this.cursor);
    else if (this.line > 0) this.moveTo(this.line - 1, i32.MAX_VALUE);
    this.settle();
  }

  right(): void {
    if (this.cursor < this.text.length) this.cursor = nextIndex(this.text, this.cursor);
    else if (this.line + 1 < this.lines.length) this.moveTo(this.line + 1, 0);
    this.settle();
  }

  vertical(by: i32): void {
    const column = this.column < 0 ? columnOf(this.text, this.cursor) : this.column;
    this.moveTo(this.line + by, 0);
    let at = 0;
    for (let here = 0; here < column && at < this.text.length; ) {
      here += columnsOfCharacter(this.text, at, here);
      if (here > column) break;
      at = nextIndex(this.text, at);
    }
    this.cursor = at;
    this.column = column;
  }

  wordLeft(): void {
    if (this.cursor === 0) this.left();
    while (this.cursor > 0 && !isWord(this.text, this.cursor - 1)) this.cursor--;
    while (this.cursor > 0 && isWord(this.text, this.cursor - 1)) this.cursor--;
    this.settle();
  }

  wordRight(): void {
    if (this.cursor === this.text.length) this.right();
    while (this.cursor < this.text.length && !isWord(this.text, this.cursor)) this.cursor++;
    while (this.cursor < this.text.length && isWord(this.text, this.cursor)) this.cursor++;
    this.settle();
  }

  insert(text: string): void {
    const line = this.text;
    const changed = line.substring(0, this.cursor) + text + line.substring(this.cursor);
    const cursor = this.cursor + text.length;
    if (this.isTyping) {
      this.lines[this.line] = changed;
      this.changes[this.changes.length - 1].inserted = [changed];
    } else this.change(this.line, 1, [changed]);
    this.cursor = cursor;
    this.column = -1;
    this.isTyping = true;
  }

  /** The new line begins as far to the right as this one. */
  breakLine(): void {
    const line = this.text;
    let indent = 0;
    while (indent < this.cursor && (line.charAt(indent) === ' ' || line.charAt(indent) === '\t')) indent++;
    const rest = line.substring(0, indent) + line.substring(this.cursor);
    this.change(this.line, 1, [line.substring(0, this.cursor), rest]);
    this.moveTo(this.line + 1, indent);
  }

  eraseBefore(): void {
    if (this.line === 0 && this.cursor === 0) return;
    this.left();
    this.eraseAfter();
  }

  eraseAfter(): void {
    const line = this.text;
    if (this.cursor < line.length) {
      const end = nextIndex(line, this.cursor);
      this.change(this.line, 1, [line.substring(0, this.cursor) + line.substring(end)]);
    } else if (this.line + 1 < this.lines.length) {
      this.change(this.line, 2, [line + this.lines[this.line + 1]]);
    }
  }

  /** Lines cut one after another are put back together. */
  cutLine(): void {
    if (!this.isCutting) this.cutText = [];
    this.cutText.push(this.text);
    const isOnly = this.lines.length === 1;
    this.change(this.line, 1, isOnly ? [''] : []);
    this.moveTo(this.line, 0);
    this.isCutting = true;
  }

  paste(): void {
    if (this.cutText.length === 0) return;
    this.change(this.line, 0, this.cutText.slice());
    this.moveTo(this.line + this.cutText.length, 0);
  }

  /** False where nothing is left to undo. */
  undo(): bool {
    if (this.changes.length === 0) return false;
    const change = this.changes.pop();
    this.put(change.line, change.inserted.length, change.removed);
    this.moveTo(change.cursorLine, change.cursor);
    this.isChanged = true;
    return true;
  }

  /** Goes to the next place behind the cursor, from the end on to the beginning; false where there is none. */
  find(text: string): bool {
    for (let step = 0; step <= this.lines.length; step++) {
      const line = (this.line + step) % this.lines.length;
      const at = this.lines[line].indexOf(text, step === 0 ? this.cursor + 1 : 0);
      if (at < 0) continue;
      this.moveTo(line, at);
      return true;
    }
    return false;
  }

  /** How many there were. */
  replaceAll(text: string, other: string): i32 {
    let count = 0;
    for (let line = 0; line < this.lines.length; line++) {
      const pieces = this.lines[line].split(text);
      if (pieces.length === 1) continue;
      count += pieces.length - 1;
      this.change(line, 1, [pieces.join(other)]);
    }
    this.moveTo(this.line, this.cursor);
    return count;
  }

  private change(line: i32, count: i32, inserted: string[]): void {
    const removed = this.lines.slice(line, line + count);
    this.changes.push(new Change(line, removed, inserted, this.line, this.cursor));
    this.put(line, count, inserted);
    this.isChanged = true;
    this.settle();
  }

  private put(line: i32, count: i32, inserted: string[]): void {
    if (count === inserted.length) {
      for (let index = 0; index < count; index++) this.lines[line + index] = inserted[index];
      return;
    }
    this.lines = this.lines
      .slice(0, line)
      .concat(inserted)
      .concat(this.lines.slice(line + count));
  }

  /** What is typed next is another change; what is cut next too. */
  private settle(): void {
    this.isTyping = false;
    this.isCutting = false;
    this.column = -1;
  }
}

function isWord(text: string, at: i32): bool {
  const code = text.charCodeAt(at);
  const lower = code | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x5f || code > 0x7f;
}
