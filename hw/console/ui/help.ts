/**
 * The sheet that `?` lays over a view: its own keys, those that are the same everywhere, and the commands. It
 * scrolls where it is longer than the window.
 */
import { COMMANDS, usage } from '../commands.ts';
import { type Canvas, type Style, shortened } from './canvas.ts';
import { ACCENT, FAINT, FRAME_CHOSEN, KEY, STRONG, TITLE } from './palette.ts';
import type { View } from './stage.ts';

const EVERYWHERE = [
  ['1 … 9', 'views'],
  ['space', 'pause, run'],
  ['. ,', 'an instruction forward, back'],
  ['[ ]', 'slower, faster'],
  [':', 'command, with completion'],
  ['/', 'filter'],
  ['Ctrl-L', 'draw all anew'],
  ['q', 'quit'],
] as const;
const KEY_WIDTH = 15;
const USAGE_WIDTH = 25;
/** Where there is so much room, commands stand beside the keys. */
const TWO_COLUMNS_FROM = 112;
const SECOND_COLUMN = 48;

type Row = readonly (readonly [x: number, text: string, style: Style])[];

/** `scrolled` rows are above the sheet's edge. Gives how many can be. */
export function drawHelp(canvas: Canvas, view: View, scrolled: number): number {
  const isWide = canvas.width >= TWO_COLUMNS_FROM;
  const keys = [
    ...section(`in ${view.name}`, view.keys, KEY_WIDTH, KEY),
    ...(view.name === 'consoles' ? [[[0, 'after Ctrl-A, for all else is typed:', FAINT] as const]] : []),
    ...section('everywhere', EVERYWHERE, KEY_WIDTH, KEY),
  ];
  const commands = section(
    'commands, after :',
    COMMANDS.map(command => [usage(command), command.help]),
    USAGE_WIDTH,
    ACCENT,
  );
  const columns = isWide ? [keys, commands] : [[...keys, ...commands]];
  const rows = Math.max(...columns.map(({ length }) => length));
  const [width, height] = [Math.min(canvas.width, 126), Math.min(canvas.height, rows + 1)];
  const sheet = canvas.region((canvas.width - width) >> 1, (canvas.height - height) >> 1, width, height);
  sheet.fill({});
  const inside = sheet.frame(`help: ${view.name}`, FRAME_CHOSEN, TITLE);
  const most = Math.max(0, rows - 1 - inside.height);
  const from = Math.min(scrolled, most);
  columns.forEach((column, at) => {
    const part = inside.region(1 + at * SECOND_COLUMN, 0, inside.width, inside.height);
    for (const [y, row] of column.slice(from, from + inside.height).entries())
      for (const [x, text, style] of row) part.text(x, y, shortened(text, part.width - x - 1), style);
  });
  if (most > 0)
    sheet.textRight(width - 2, height - 1, ` ↑ ↓ ${most - from} more · any other key closes `, FAINT);
  return most;
}

function section(
  title: string,
  lines: readonly (readonly [string, string])[],
  width: number,
  style: Style,
): Row[] {
  return [
    [[0, title, STRONG]],
    ...lines.map(
      ([what, help]): Row => [
        [0, what, style],
        [width, help, {}],
      ],
    ),
    [],
  ];
}
