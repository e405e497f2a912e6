/**
 * The line that is being edited: its text, the cursor, and what was cut.
 *
 * Positions are indices into the text; the cursor never stands inside a character, nor between it and what
 * combines with it. Words are letters, digits and `_`; `killWordBefore` goes back to a blank, as a terminal does.
 */
import { nextIndex, previousIndex } from '../../lib/columns.ts';
import { isNamePart } from '../lexer.ts';

export class Draft {
  text: string = '';
  cursor: i32 = 0;
  /** What was cut last, for `yank`. */
  private cut: string = '';

  set(text: string): void {
    this.text = text;
    this.cursor = text.length;
  }

  insert(text: string): void {
    this.replace(this.cursor, this.cursor, text);
  }

  /** The cursor goes behind what comes in. */
  replace(start: i32, end: i32, text: string): void {
    this.text = this.text.substring(0, start) + text + this.text.substring(end);
    this.cursor = start + text.length;
  }

  left(): void {
    this.cursor = previousIndex(this.text, this.cursor);
  }

  right(): void {
    this.cursor = nextIndex(this.text, this.cursor);
  }

  eraseBefore(): void {
    this.replace(previousIndex(this.text, this.cursor), this.cursor, '');
  }

  eraseAfter(): void {
    this.replace(this.cursor, nextIndex(this.text, this.cursor), '');
  }

  killBefore(): void {
    this.kill(0, this.cursor);
  }

  killAfter(): void {
    this.kill(this.cursor, this.text.length);
  }

  killWordBefore(): void {
    let start = this.cursor;
    while (start > 0 && this.text.charAt(start - 1) === ' ') start--;
    while (start > 0 && this.text.charAt(start - 1) !== ' ') start--;
    this.kill(start, this.cursor);
  }

  killWordAfter(): void {
    this.kill(this.cursor, this.wordEnd());
  }

  yank(): void {
    this.insert(this.cut);
  }

  wordLeft(): void {
    while (this.cursor > 0 && !this.isWord(this.cursor - 1)) this.cursor--;
    while (this.cursor > 0 && this.isWord(this.cursor - 1)) this.cursor--;
  }

  wordRight(): void {
    this.cursor = this.wordEnd();
  }

  /** Exchanges the two characters around the cursor; at the end the last two. */
  transpose(): void {
    if (this.cursor === this.text.length) this.left();
    const start = previousIndex(this.text, this.cursor);
    const end = nextIndex(this.text, this.cursor);
    const first = this.text.substring(start, this.cursor);
    this.replace(start, end, this.text.substring(this.cursor, end) + first);
  }

  private kill(start: i32, end: i32): void {
    if (start === end) return;
    this.cut = this.text.substring(start, end);
    this.replace(start, end, '');
  }

  private wordEnd(): i32 {
    let end = this.cursor;
    while (end < this.text.length && !this.isWord(end)) end++;
    while (end < this.text.length && this.isWord(end)) end++;
    return end;
  }

  private isWord(at: i32): bool {
    const code = this.text.charCodeAt(at);
    return isNamePart(code) || code > 0x7f;
  }
}
