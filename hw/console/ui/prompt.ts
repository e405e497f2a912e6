/**
 * The line on which a person writes: a command after `:`, a filter after `/`. Tab completes, ↑ and ↓ bring back
 * what was written before, Escape gives it up.
 */
import type { Canvas } from './canvas.ts';
import type { Key } from './keys.ts';
import { FAINT, KEY, STRONG } from './palette.ts';

export interface PromptEnd {
  readonly kind: 'command' | 'filter';
  /** Undefined where it was given up. */
  readonly text: string | undefined;
}

export class Prompt {
  readonly kind: PromptEnd['kind'];
  private readonly complete: (text: string) => readonly string[];
  private readonly history: readonly string[];
  private text: string;
  private at: number;
  private historyAt: number;
  private offered: readonly string[] = [];

  constructor(
    kind: PromptEnd['kind'],
    history: readonly string[],
    complete: (text: string) => readonly string[],
    text = '',
  ) {
    this.kind = kind;
    this.history = history;
    this.complete = complete;
    this.text = text;
    this.at = text.length;
    this.historyAt = history.length;
  }

  /** What the person has decided, or undefined while they write. */
  key(key: Key): PromptEnd | undefined {
    this.offered = [];
    switch (key.name) {
      case 'enter':
        return { kind: this.kind, text: this.text };
      case 'escape':
      case 'ctrl-c':
        return { kind: this.kind, text: undefined };
      case 'backspace':
        if (this.text === '') return { kind: this.kind, text: undefined };
        this.edit(this.at - 1, this.at, '');
        break;
      case 'delete':
        this.edit(this.at, this.at + 1, '');
        break;
      case 'ctrl-u':
        this.edit(0, this.at, '');
        break;
      case 'ctrl-w':
        this.edit(this.text.slice(0, this.at).search(/\S*\s*$/), this.at, '');
        break;
      case 'tab':
        this.completeWord();
        break;
      case 'up':
      case 'down':
        this.recall(key.name === 'up' ? -1 : 1);
        break;
      default:
        this.move(key);
    }
    return undefined;
  }

  draw(canvas: Canvas): { readonly x: number; readonly y: number } {
    canvas.fill({});
    const sign = this.kind === 'command' ? ':' : '/';
    const start = canvas.text(1, 0, sign, KEY);
    const end = canvas.text(start, 0, this.text, STRONG);
    if (this.offered.length > 0) canvas.text(end + 3, 0, this.offered.join('  '), FAINT);
    return { x: start + this.at, y: 0 };
  }

  private move({ name, text }: Key): void {
    const places: Readonly<Record<string, number>> = {
      left: this.at - 1,
      right: this.at + 1,
      home: 0,
      'ctrl-a': 0,
      end: this.text.length,
      'ctrl-e': this.text.length,
    };
    const place = places[name];
    if (place !== undefined) this.at = Math.max(0, Math.min(this.text.length, place));
    else if (text >= ' ' && name !== 'unknown') this.edit(this.at, this.at, text);
  }

  private edit(from: number, to: number, text: string): void {
    const start = Math.max(0, from);
    this.text = this.text.slice(0, start) + text + this.text.slice(to);
    this.at = start + text.length;
  }

  private completeWord(): void {
    const before = this.text.slice(0, this.at);
    const found = this.complete(before);
    const typed = /\S*$/.exec(before)![0];
    const common = commonStart(found);
    if (common.length > typed.length) this.edit(this.at - typed.length, this.at, common);
    if (found.length === 1) this.edit(this.at, this.at, ' ');
    else this.offered = found;
  }

  private recall(step: number): void {
    this.historyAt = Math.max(0, Math.min(this.history.length, this.historyAt + step));
    this.text = this.history[this.historyAt] ?? '';
    this.at = this.text.length;
  }
}

function commonStart(words: readonly string[]): string {
  const [first = '', ...others] = words;
  let size = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, size))) size -= 1;
  return first.slice(0, size);
}
