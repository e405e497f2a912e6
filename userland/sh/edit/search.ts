/**
 * Searching the history backwards while typing, as ^R does: (reverse-i-search)`text': line
 *
 * Characters make the text longer, Backspace shorter, another ^R goes to the next line that has it; any other key
 * ends the search with the line that was found.
 */
import { isCharacter } from '../../lib/keys.ts';

export class Search {
  line: string;
  /** Where in the line the text was found. */
  cursor: i32 = 0;
  /** The line's number in the history. */
  place: i32;
  private text: string = '';
  private isFailed: bool = false;

  constructor(
    private lines: string[],
    line: string,
  ) {
    this.line = line;
    this.cursor = line.length;
    this.place = lines.length;
  }

  get prompt(): string {
    return `(${this.isFailed ? 'failed ' : ''}reverse-i-search)\`${this.text}': `;
  }

  /** False where the key ends the search. */
  take(key: string): bool {
    if (isCharacter(key)) {
      this.text += key;
      this.find(min(this.place, this.lines.length - 1));
    } else if (key === 'Backspace') {
      this.text = this.text.substring(0, max(0, this.text.length - 1));
      this.find(this.lines.length - 1);
    } else if (key === 'C-r') this.find(this.place - 1);
    else return false;
    return true;
  }

  /** The last line up to this one that has the text. */
  private find(from: i32): void {
    this.isFailed = this.text !== '';
    for (let place = from; place >= 0 && this.text !== ''; place--) {
      const at = this.lines[place].indexOf(this.text);
      if (at < 0) continue;
      this.place = place;
      this.line = this.lines[place];
      this.cursor = at;
      this.isFailed = false;
      return;
    }
  }
}
