/**
 * The person's terminal: blessed draws what has changed of a canvas, and keys come back. Whatever way the
 * process ends (a command, a signal, an error, a hang-up), the terminal gets back its screen, its cursor and
 * its mode; this is the only file that changes any of them.
 */
import { PassThrough } from 'node:stream';
import blessed, { type Widgets } from 'blessed';
import type { Canvas, Style } from './canvas.ts';
import { type Key, keysOf } from './keys.ts';

/** blessed's picture of the terminal, which its types leave out. */
interface ScreenLines {
  readonly lines: ([number, string][] & { dirty: boolean })[];
  draw(start: number, end: number): void;
  alloc(): void;
}

const DEFAULT_COLOUR = 0x1ff;
const BOLD = 1;
const UNDERLINE = 2;
const INVERSE = 8;
/** What stands in for signs where the terminal knows ASCII only. */
const ASCII: Readonly<Record<string, string>> = Object.fromEntries(
  [
    '─-',
    '│|',
    '╭+',
    '╮+',
    '╰+',
    '╯+',
    '├+',
    '┤+',
    '┬+',
    '┴+',
    '┼+',
    '●*',
    '○o',
    '▸>',
    '▶>',
    '◆*',
    '▼v',
    '…~',
    '·.',
    '→>',
    '×x',
    '✂x',
    '⏸=',
    '▁_',
    '▂_',
    '▃-',
    '▄-',
    '▅=',
    '▆=',
    '▇#',
    '█#',
  ].map(pair => [...pair] as [string, string]),
);

export class HostTerminal {
  private readonly screen: Widgets.Screen & ScreenLines;
  private readonly program: Widgets.Screen['program'];
  private readonly hasColours: boolean;
  private readonly hasUnicode: boolean;
  private isOpen = true;
  private readonly restore = () => this.close();

  constructor(events: { readonly key: (key: Key) => void; readonly resized: () => void }) {
    // blessed is given no keys: it would treat some of them on its own
    const program = blessed.program({ input: new PassThrough() as never, output: process.stdout as never });
    this.screen = blessed.screen({
      program,
      fullUnicode: true,
      forceUnicode: true,
      title: 'Gossamer',
    }) as never;
    this.program = this.screen.program;
    // lines are drawn by their own signs, or by ASCII ones: see `sign`
    (this.program as unknown as { tput: { brokenACS: boolean } }).tput.brokenACS = true;
    this.hasColours = (process.env['NO_COLOR'] ?? '') === '';
    this.hasUnicode = /utf-?8/i.test(
      `${process.env['LC_ALL'] || process.env['LC_CTYPE'] || process.env['LANG'] || 'UTF-8'}`,
    );
    process.on('exit', this.restore);
    process.stdin.setRawMode(true);
    process.stdin.setEncoding('utf8');
    process.stdin.on('data', text => {
      for (const key of keysOf(String(text))) events.key(key);
    });
    process.stdin.resume();
    this.screen.on('resize', () => {
      this.refresh();
      events.resized();
    });
    // a shell that stopped us has set the terminal to its own mode
    process.on('SIGCONT', () => {
      process.stdin.setRawMode(true);
      this.program.alternateBuffer();
      this.refresh();
      events.resized();
    });
  }

  /** Everything is drawn anew the next time, whatever stands on the terminal. */
  refresh(): void {
    this.screen.alloc();
  }

  get width(): number {
    return this.screen.width as number;
  }

  get height(): number {
    return this.screen.height as number;
  }

  /** `cursor` is where the focused console's cursor is, or undefined where none is to be seen. */
  draw(canvas: Canvas, cursor: { readonly x: number; readonly y: number } | undefined): void {
    if (!this.isOpen) return;
    const { lines } = this.screen;
    for (let y = 0; y < Math.min(canvas.height, lines.length); y += 1) {
      const line = lines[y]!;
      for (let x = 0; x < Math.min(canvas.width, line.length); x += 1) {
        const { text, style } = canvas.cell(x, y);
        const [attribute, sign] = [this.attribute(style), this.sign(text)];
        const cell = line[x]!;
        if (cell[0] === attribute && cell[1] === sign) continue;
        cell[0] = attribute;
        cell[1] = sign;
        line.dirty = true;
      }
    }
    this.program.hideCursor();
    this.screen.draw(0, lines.length - 1);
    if (cursor !== undefined) {
      this.program.cup(cursor.y, cursor.x);
      this.program.showCursor();
    }
    this.program.flush();
  }

  /** To the person's clipboard, where the terminal lets programs reach it (OSC 52). */
  copy(text: string): void {
    process.stdout.write(`\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`);
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    process.removeListener('exit', this.restore);
    this.program.showCursor();
    this.screen.destroy();
    this.program.flush();
    if (process.stdin.isTTY) process.stdin.setRawMode(false);
    process.stdin.pause();
  }

  private attribute({ fg, bg, bold, underline, inverse }: Style): number {
    let flags =
      (bold === true ? BOLD : 0) | (underline === true ? UNDERLINE : 0) | (inverse === true ? INVERSE : 0);
    if (!this.hasColours) {
      // what stands on a ground of its own is told apart without it
      if (bg !== undefined) flags ^= INVERSE;
      return (flags << 18) | (DEFAULT_COLOUR << 9) | DEFAULT_COLOUR;
    }
    return (flags << 18) | ((fg ?? DEFAULT_COLOUR) << 9) | (bg ?? DEFAULT_COLOUR);
  }

  private sign(text: string): string {
    if (text === '') return ' ';
    if (this.hasUnicode || text <= '~') return text;
    return ASCII[text] ?? (text >= '\u2800' && text <= '\u28ff' ? '.' : '?');
  }
}
