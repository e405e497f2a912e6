/**
 * Lines finer than cells: every cell has two by four dots of the braille block (U+2800), so that a wire can
 * go anywhere; and sparklines, a bar of eighths for each value.
 */
import type { Canvas, Style } from './canvas.ts';

/** Bits of the eight dots, by column and row. */
const DOTS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;
const BRAILLE = 0x2800;
/** By eighths; nothing and one eighth look the same, so that a quiet line is still a line. */
const EIGHTHS = '▁▁▂▃▄▅▆▇█';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export class Plot {
  private readonly canvas: Canvas;
  private readonly cells = new Map<number, { bits: number; style: Style }>();

  constructor(canvas: Canvas) {
    this.canvas = canvas;
  }

  /** From the middle of one cell to that of another; of every `of` dots the first `shown` are drawn. */
  line(from: Point, to: Point, style: Style, dash = { shown: 1, of: 1 }): void {
    const [x0, y0, x1, y1] = [2 * from.x + 1, 4 * from.y + 2, 2 * to.x + 1, 4 * to.y + 2];
    const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0), 1);
    for (let step = 0; step <= steps; step += 1) {
      if (step % dash.of >= dash.shown) continue;
      this.dot(
        Math.round(x0 + ((x1 - x0) * step) / steps),
        Math.round(y0 + ((y1 - y0) * step) / steps),
        style,
      );
    }
  }

  /** Puts everything on the canvas. */
  draw(): void {
    for (const [at, { bits, style }] of this.cells) {
      const x = at % this.canvas.width;
      this.canvas.put(x, Math.floor(at / this.canvas.width), String.fromCharCode(BRAILLE + bits), style);
    }
  }

  private dot(x: number, y: number, style: Style): void {
    const [column, row] = [x >> 1, y >> 2];
    if (x < 0 || y < 0 || column >= this.canvas.width || row >= this.canvas.height) return;
    const at = row * this.canvas.width + column;
    const bit = DOTS[x & 1]![y & 3]!;
    this.cells.set(at, { bits: (this.cells.get(at)?.bits ?? 0) | bit, style });
  }
}

/** One character a value, the last `width` of them; `max` fills the cell. */
export function sparkline(values: readonly number[], width: number, max: number): string {
  const shown = values.slice(-width);
  const bars = shown.map(value => {
    const eighths = max <= 0 ? 0 : Math.ceil((8 * value) / max);
    return EIGHTHS[Math.max(0, Math.min(8, eighths))]!;
  });
  return bars.join('').padStart(width, ' ');
}
