/**
 * Reading a line from a terminal in raw mode, with the keys that bash and emacs have.
 *
 *     ← → ^B ^F   Home End ^A ^E   M-b M-f words   Backspace ^D Delete   ^U ^K ^W M-d cut   ^Y back   ^T exchange
 *     ↑ ↓ ^P ^N history   ^R search it   Tab complete   ^L clear   ^V next key as it is   ^C give up   ^D end
 *
 * `readLine` gives the line; null at the end of the input. `isCancelled` says that it was given up.
 */
import { SIGNAL_WINCH } from '../../../os/proto/process.ts';
import { isCharacter, KeyDecoder } from '../../lib/keys.ts';
import { complete } from '../complete.ts';
import type { Shell } from '../shell.ts';
import { readByte, takeSignals, terminalColumns, writeText } from '../system.ts';
import { Draft } from './draft.ts';
import { Screen } from './screen.ts';
import { Search } from './search.ts';

export class LineEditor {
  isCancelled: bool = false;
  private draft: Draft = new Draft();
  private decoder: KeyDecoder = new KeyDecoder();
  private screen: Screen = new Screen(80);
  private prompt: string = '';
  /** Which line of the history is shown, its length for the new one; and the new one as it was left. */
  private place: i32 = 0;
  private newLine: string = '';
  private lastKey: string = '';

  constructor(
    private shell: Shell,
    private input: i32,
    private output: i32,
  ) {}

  readLine(prompt: string, columns: i32): string | null {
    this.prompt = prompt;
    this.screen.columns = columns;
    this.draft.set('');
    this.isCancelled = false;
    this.place = this.shell.history.lines.length;
    this.draw();
    while (true) {
      const key = this.nextKey();
      if (key === '' || (key === 'C-d' && this.draft.text === '')) return null;
      if (key === 'Enter') return this.finish();
      if (key === 'C-c') {
        this.screen.output += '^C';
        this.isCancelled = true;
        this.finish();
        return '';
      }
      if (key === 'C-r') {
        if (this.search()) return this.finish();
      } else this.act(key);
      this.lastKey = key;
    }
  }

  private finish(): string {
    this.screen.leave(this.draft.text, this.draft.cursor);
    this.flush();
    return this.draft.text;
  }

  /** '' at the end of the input. */
  private nextKey(): string {
    this.flush();
    while (true) {
      const byte = readByte(this.input);
      // a signal ends the wait, not the line
      if (byte < -1) {
        this.noticeWindow();
        continue;
      }
      if (byte < 0) return '';
      const key = this.decoder.feed(byte);
      if (key !== '') return key;
    }
  }

  /** The screen is another, or has another size: the line is written anew below what is there. */
  private noticeWindow(): void {
    if ((takeSignals() & (1 << SIGNAL_WINCH)) === 0) return;
    this.screen.leave(this.draft.text, this.draft.cursor);
    this.screen.columns = terminalColumns(this.output);
    this.draw();
    this.flush();
  }

  private flush(): void {
    if (this.screen.output !== '') writeText(this.output, this.screen.output);
    this.screen.output = '';
  }

  private draw(): void {
    this.screen.draw(this.prompt, this.draft.text, this.draft.cursor);
  }

  private bell(): void {
    this.screen.output += '\x07';
  }

  private act(key: string): void {
    const draft = this.draft;
    if (isCharacter(key)) {
      this.type(key);
      return;
    }
    if (key === 'C-v' || key === 'C-q') {
      this.flush();
      const byte = readByte(this.input);
      if (byte >= 0) draft.insert(String.fromCharCode(byte));
    } else if (key === 'Left' || key === 'C-b') draft.left();
    else if (key === 'Right' || key === 'C-f') draft.right();
    else if (key === 'Home' || key === 'C-a') draft.cursor = 0;
    else if (key === 'End' || key === 'C-e') draft.cursor = draft.text.length;
    else if (key === 'M-b' || key === 'C-Left' || key === 'M-Left') draft.wordLeft();
    else if (key === 'M-f' || key === 'C-Right' || key === 'M-Right') draft.wordRight();
    else if (key === 'Backspace') draft.eraseBefore();
    else if (key === 'Delete' || key === 'C-d') draft.eraseAfter();
    else if (key === 'C-k') draft.killAfter();
    else if (key === 'C-u') draft.killBefore();
    else if (key === 'C-w' || key === 'M-Backspace') draft.killWordBefore();
    else if (key === 'M-d') draft.killWordAfter();
    else if (key === 'C-y') draft.yank();
    else if (key === 'C-t') draft.transpose();
    else if (key === 'C-l') this.screen.clear();
    else if (key === 'Up' || key === 'C-p') this.recall(this.place - 1);
    else if (key === 'Down' || key === 'C-n') this.recall(this.place + 1);
    else if (key === 'Tab') this.complete();
    else {
      this.bell();
      return;
    }
    this.draw();
  }

  private type(character: string): void {
    const isAtEnd = this.draft.cursor === this.draft.text.length;
    this.draft.insert(character);
    if (!isAtEnd || !this.screen.append(character)) this.draw();
  }

  /** Shows another line of the history, or what was typed before the first step back. */
  private recall(place: i32): void {
    const lines = this.shell.history.lines;
    if (place < 0 || place > lines.length) {
      this.bell();
      return;
    }
    if (this.place === lines.length) this.newLine = this.draft.text;
    this.place = place;
    this.draft.set(place === lines.length ? this.newLine : lines[place]);
  }

  /** True where the line that was found shall be run. */
  private search(): bool {
    const search = new Search(this.shell.history.lines, this.draft.text);
    while (true) {
      this.screen.draw(search.prompt, search.line, search.cursor);
      const key = this.nextKey();
      if (search.take(key)) continue;
      const isGivenUp = key === 'C-g' || key === 'C-c';
      if (!isGivenUp && search.line !== '') {
        this.place = search.place;
        this.draft.set(search.line);
        this.draft.cursor = search.cursor;
      }
      this.draw();
      if (key === 'Enter') return true;
      if (!isGivenUp && key !== '' && key !== 'Escape') this.act(key);
      return false;
    }
  }

  private complete(): void {
    const completion = complete(this.shell, this.draft.text, this.draft.cursor);
    if (completion.text !== this.draft.text.substring(completion.start, this.draft.cursor)) {
      this.draft.replace(completion.start, this.draft.cursor, completion.text);
      return;
    }
    this.bell();
    if (completion.names.length < 2 || this.lastKey !== 'Tab') return;
    const cursor = this.draft.cursor;
    this.screen.leave(this.draft.text, cursor);
    this.screen.output += completion.table(this.screen.columns);
  }
}
