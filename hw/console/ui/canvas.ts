/**
 * A rectangle of character cells to draw on. Views draw on one and know nothing of terminals; the host
 * terminal (host-terminal.ts) and the tests read it.
 *
 *     canvas.text(2, 0, 'node0', { bold: true });
 *     const inside = canvas.frame('consoles', { fg: FRAME });     a part with its own 0, 0, clipped
 *
 * A wide character takes two cells, of which the second is empty text.
 */
export interface Style {
  /** Of 256 colours; the terminal's own where left out. */
  readonly fg?: number | undefined;
  readonly bg?: number | undefined;
  readonly bold?: boolean | undefined;
  readonly underline?: boolean | undefined;
  readonly inverse?: boolean | undefined;
}

export interface Cell {
  readonly text: string;
  readonly style: Style;
}

const PLAIN: Style = {};
const BLANK: Cell = { text: ' ', style: PLAIN };
/** Characters of two cells: East Asian wide and emoji (Unicode, UAX 11), the blocks that matter. */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

export class Canvas {
  readonly width: number;
  readonly height: number;
  private readonly rows: Cell[][];
  private readonly left: number;
  private readonly top: number;

  constructor(width: number, height: number, rows?: Cell[][], left = 0, top = 0) {
    this.width = Math.max(0, width);
    this.height = Math.max(0, height);
    this.rows = rows ?? Array.from({ length: height }, () => new Array<Cell>(width).fill(BLANK));
    this.left = left;
    this.top = top;
  }

  /** A part of this canvas; what is drawn beyond its edges is lost. */
  region(x: number, y: number, width: number, height: number): Canvas {
    const [left, top] = [Math.max(0, x), Math.max(0, y)];
    return new Canvas(
      Math.min(width, this.width - left),
      Math.min(height, this.height - top),
      this.rows,
      this.left + left,
      this.top + top,
    );
  }

  cell(x: number, y: number): Cell {
    return this.rows[this.top + y]?.[this.left + x] ?? BLANK;
  }

  put(x: number, y: number, text: string, style: Style = PLAIN): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    this.rows[this.top + y]![this.left + x] = { text, style };
  }

  /** Gives the x after the text. */
  text(x: number, y: number, text: string, style: Style = PLAIN): number {
    let at = x;
    for (const character of text) {
      const size = widthOf(character);
      if (at + size > this.width) break;
      this.put(at, y, character, style);
      if (size === 2) this.put(at + 1, y, '', style);
      at += size;
    }
    return at;
  }

  /** The same, ending before x. */
  textRight(x: number, y: number, text: string, style: Style = PLAIN): void {
    this.text(x - textWidth(text), y, text, style);
  }

  fill(style: Style, character = ' '): void {
    for (let y = 0; y < this.height; y += 1)
      for (let x = 0; x < this.width; x += 1) this.put(x, y, character, style);
  }

  /** Gives the inside. */
  frame(title: string, style: Style = PLAIN, titleStyle: Style = style): Canvas {
    const [right, bottom] = [this.width - 1, this.height - 1];
    for (let x = 1; x < right; x += 1) {
      this.put(x, 0, '─', style);
      this.put(x, bottom, '─', style);
    }
    for (let y = 1; y < bottom; y += 1) {
      this.put(0, y, '│', style);
      this.put(right, y, '│', style);
    }
    const corners = [
      [0, 0, '╭'],
      [right, 0, '╮'],
      [0, bottom, '╰'],
      [right, bottom, '╯'],
    ] as const;
    for (const [x, y, corner] of corners) this.put(x, y, corner, style);
    if (title !== '') this.text(2, 0, ` ${shortened(title, this.width - 6)} `, titleStyle);
    return this.region(1, 1, this.width - 2, this.height - 2);
  }

  /** What stands there, for tests and captures. */
  lines(): string[] {
    return Array.from({ length: this.height }, (_, y) =>
      Array.from({ length: this.width }, (_, x) => this.cell(x, y).text)
        .join('')
        .trimEnd(),
    );
  }
}

export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

/** At most so many cells, with an ellipsis where something was left out. */
export function shortened(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let short = '';
  for (const character of text) {
    if (textWidth(short) + widthOf(character) >= width) break;
    short += character;
  }
  return width <= 0 ? '' : `${short}…`;
}

function widthOf(character: string): 1 | 2 {
  return WIDE.test(character) ? 2 : 1;
}
