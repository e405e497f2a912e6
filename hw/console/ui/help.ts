/**
 * The sheet that `?` lays over a view: its own keys, those that are the same everywhere, and the commands.
 */
import { COMMANDS, usage } from '../commands.ts';
import { type Canvas, shortened } from './canvas.ts';
import { ACCENT, FAINT, FRAME_CHOSEN, KEY, STRONG, TITLE } from './palette.ts';
import type { View } from './stage.ts';

const EVERYWHERE = [
  ['1 … 9', 'views'],
  ['space', 'pause, run'],
  ['. ,', 'an instruction forward, back'],
  ['[ ]', 'slower, faster'],
  [':', 'command, with completion'],
  ['/', 'filter'],
  ['q', 'quit'],
] as const;
const KEY_WIDTH = 15;
const COMMANDS_AT = 50;
const USAGE_WIDTH = 25;

export function drawHelp(canvas: Canvas, view: View): void {
  const width = Math.min(canvas.width, 126);
  const height = Math.min(
    canvas.height,
    Math.max(view.keys.length + EVERYWHERE.length + 8, COMMANDS.length + 4),
  );
  const sheet = canvas.region((canvas.width - width) >> 1, (canvas.height - height) >> 1, width, height);
  sheet.fill({});
  const inside = sheet.frame(`help: ${view.name}`, FRAME_CHOSEN, TITLE);
  let row = drawKeys(inside, 1, `in ${view.name}`, view.keys);
  row = drawKeys(inside, row + 1, 'everywhere', EVERYWHERE);
  if (view.name === 'consoles') inside.text(2, row, 'after Ctrl-A, for all else is typed', FAINT);
  if (inside.width < 80) return;
  inside.text(COMMANDS_AT, 0, 'commands, after :', STRONG);
  COMMANDS.slice(0, inside.height - 1).forEach((command, at) => {
    inside.text(COMMANDS_AT, 1 + at, usage(command), ACCENT);
    const x = COMMANDS_AT + USAGE_WIDTH;
    inside.text(x, 1 + at, shortened(command.help, inside.width - x - 1), FAINT);
  });
}

function drawKeys(
  canvas: Canvas,
  top: number,
  title: string,
  keys: readonly (readonly [string, string])[],
): number {
  canvas.text(2, top - 1, title, STRONG);
  keys.forEach(([key, what], at) => {
    canvas.text(2, top + at, key, KEY);
    canvas.text(2 + KEY_WIDTH, top + at, what);
  });
  return top + keys.length + 1;
}
