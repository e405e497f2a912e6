/**
 * Everything that was told, and the script that does the same as all that was done by hand: `s` shows only its
 * lines, ready to be copied.
 */
import { timeText } from '../../session/duration.ts';
import { type Canvas, shortened } from './canvas.ts';
import type { Key } from './keys.ts';
import { ACCENT, BAD, FAINT, FRAME, TITLE } from './palette.ts';
import { listMove, type Stage, suits, type Told, type View } from './stage.ts';

const SIGNS = { note: '·', script: '›', error: '✗' } as const;
const STYLES = { note: {}, script: ACCENT, error: BAD } as const;

export class LogView implements View {
  readonly name = 'log';
  readonly keys = [
    ['↑ ↓', 'scroll'],
    ['s', 'the script alone, or all'],
    ['y', 'copy the script'],
    ['/', 'filter'],
  ] as const;
  private isScript = false;
  /** Lines scrolled back from the end. */
  private back = 0;

  draw(canvas: Canvas, stage: Stage): void {
    const inside = canvas.frame(this.isScript ? 'script' : 'log', FRAME, TITLE);
    const lines = this.linesOf(stage);
    if (lines.length === 0) inside.text(1, 0, 'nothing was told yet', FAINT);
    const end = Math.max(Math.min(inside.height, lines.length), lines.length - this.back);
    lines.slice(Math.max(0, end - inside.height), end).forEach(({ at, kind, text }, row) => {
      inside.textRight(17, row, timeText(at), FAINT);
      inside.text(19, row, SIGNS[kind], STYLES[kind]);
      inside.text(21, row, shortened(text, inside.width - 22), STYLES[kind]);
    });
  }

  key(key: Key, stage: Stage): boolean {
    const lines = this.linesOf(stage);
    if (key.name === 's') {
      this.isScript = !this.isScript;
    } else if (key.name === 'y') {
      stage.copy(scriptOf(stage.told));
      stage.tell('copied the script');
    } else {
      const moved = listMove(key.name, lines.length - 1 - this.back, lines.length, 10);
      if (moved === undefined) return false;
      this.back = Math.max(0, lines.length - 1 - moved);
    }
    return true;
  }

  private linesOf({ told, filter }: Stage): Told[] {
    return told.filter(({ kind, text }) => (!this.isScript || kind === 'script') && suits(text, filter));
  }
}

function scriptOf(told: readonly Told[]): string {
  return told
    .filter(({ kind }) => kind === 'script')
    .map(({ text }) => `  ${text}`)
    .join('\n');
}
