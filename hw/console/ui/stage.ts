/**
 * What all views share: the session, which node is chosen, what was measured and told. A view reads it to
 * draw, and changes the session by commands only (hw/console/commands.ts), so that whatever a key does has
 * a line of a script.
 */
import type { SourcePlace } from '../../line-table.ts';
import type { Session } from '../../session/session.ts';
import type { Live } from '../live.ts';
import type { Canvas } from './canvas.ts';
import type { Key } from './keys.ts';
import type { Measures } from './measures.ts';

export interface Told {
  /** Simulated. */
  readonly at: number;
  readonly kind: 'note' | 'script' | 'error';
  readonly text: string;
}

export interface Stage {
  readonly session: Session;
  readonly live: Live;
  readonly measures: Measures;
  readonly told: readonly Told[];
  /** The node that keys act on. */
  node: number;
  /** What `/` asked for; see `suits`. */
  filter: string;
  /** The source of an address in firmware or kernel. */
  readonly sourceOf: (address: number) => SourcePlace | undefined;
  /** Has a command carried out when its turn comes. */
  command(text: string): void;
  tell(text: string): void;
  copy(text: string): void;
}

export interface View {
  readonly name: string;
  /** Keys and what they do, for `?` and the line above the status bar. */
  readonly keys: readonly (readonly [key: string, what: string])[];
  draw(canvas: Canvas, stage: Stage): void;
  /** False where the key means nothing here. */
  key(key: Key, stage: Stage): boolean;
  /** Where the cursor of the focused console is, on the view's canvas. */
  cursor?(): { readonly x: number; readonly y: number } | undefined;
}

/** The next board after the chosen one, or the one before. */
export function chooseNext(stage: Stage, step: 1 | -1): void {
  const { boards } = stage.session;
  const at = boards.indexOf(stage.node);
  stage.node = boards[(at + step + boards.length) % boards.length]!;
}

/** Whether the text has every word of the filter, and none that follows a `!` there. */
export function suits(text: string, filter: string): boolean {
  const lower = text.toLowerCase();
  const words = filter.toLowerCase().split(' ');
  return words.every(word => (word.startsWith('!') ? !lower.includes(word.slice(1)) : lower.includes(word)));
}

/** `at` moved by a key of a list, within 0 … count - 1; undefined where it is no such key. */
export function listMove(key: string, at: number, count: number, page: number): number | undefined {
  const moves: Readonly<Record<string, number>> = {
    up: at - 1,
    k: at - 1,
    down: at + 1,
    j: at + 1,
    pageup: at - page,
    pagedown: at + page,
    home: 0,
    end: count - 1,
  };
  const moved = moves[key];
  return moved === undefined ? undefined : Math.max(0, Math.min(count - 1, moved));
}
