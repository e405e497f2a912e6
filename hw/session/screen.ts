/**
 * A console as a terminal shows it: the transcript's bytes through a terminal of fixed size (@xterm/headless),
 * whose cells are then read and drawn elsewhere. No byte of a guest goes any further than here.
 *
 *     await screen.follow();       everything that the transcript has is on the screen
 *     screen.lines()               the rows as text
 *
 * A program may ask the terminal something (where the cursor is, what it can do); what the terminal
 * answers is handed to `answer`, and is input like any other.
 */
import headless, { type Terminal } from '@xterm/headless';
import type { Transcript } from './transcript.ts';

export const SCREEN_COLUMNS = 80;
export const SCREEN_ROWS = 24;
const SCROLLBACK_LINES = 2000;
/** No question has more bytes. */
const QUESTION_MAX = 16;

export class Screen {
  readonly terminal: Terminal;
  private readonly transcript: Transcript;
  private fed = 0;
  /** Up to here nothing was asked. */
  private looked = 0;
  private generation = 0;

  constructor(transcript: Transcript, answer: (text: string) => void = () => {}) {
    this.transcript = transcript;
    this.terminal = new headless.Terminal({
      cols: SCREEN_COLUMNS,
      rows: SCREEN_ROWS,
      scrollback: SCROLLBACK_LINES,
      allowProposedApi: true,
      // as a terminal behind a serial line: kernels and firmware end lines with a newline alone
      convertEol: true,
      logLevel: 'off',
    });
    this.terminal.onData(answer);
  }

  /** Whether the transcript has something that is not on the screen. */
  get isBehind(): boolean {
    return this.generation !== this.transcript.generation || this.fed < this.transcript.length;
  }

  /** Whether what is not on the screen yet asks the terminal something. */
  isAsked(question: RegExp): boolean {
    if (!this.isBehind) return false;
    const from = this.generation === this.transcript.generation ? Math.max(this.fed, this.looked) : 0;
    this.looked = Math.max(0, this.transcript.length - QUESTION_MAX);
    return question.test(new TextDecoder('latin1').decode(this.transcript.bytes(from)));
  }

  /** Resolves when all that the transcript has now has been drawn. */
  follow(): Promise<void> {
    if (!this.isBehind) return Promise.resolve();
    if (this.generation !== this.transcript.generation) {
      this.terminal.reset();
      this.generation = this.transcript.generation;
      this.fed = 0;
    }
    const bytes = this.transcript.bytes(this.fed).slice();
    this.fed = this.transcript.length;
    return new Promise(resolve => this.terminal.write(bytes, resolve));
  }

  /** The rows that are shown, without trailing blanks; rows after the last with text are left out. */
  lines(): string[] {
    const { active } = this.terminal.buffer;
    const rows = Array.from({ length: SCREEN_ROWS }, (_, row) =>
      (active.getLine(active.baseY + row)?.translateToString(true) ?? '').trimEnd(),
    );
    return rows.slice(0, rows.findLastIndex(row => row !== '') + 1);
  }
}
