/**
 * The nodes' consoles: all in a grid, or the chosen one alone. The chosen one has the keyboard: every byte is
 * typed at it but for the prefix Ctrl-A, which ui.ts takes.
 *
 * A console is 80 by 24 wherever it is shown; a smaller pane shows the part around its cursor. What a guest
 * draws is drawn anew here from the cells of its terminal (hw/session/screen.ts), and in scrollback older
 * rows can be looked at and copied.
 */
import type { IBufferCell } from '@xterm/headless';
import { isBoard } from '../../lab/intervene.ts';
import { briefTime } from '../../session/duration.ts';
import { whereabouts } from '../../session/failure.ts';
import { SCREEN_COLUMNS, SCREEN_ROWS } from '../../session/screen.ts';
import type { Canvas, Style } from './canvas.ts';
import type { Key } from './keys.ts';
import { BAD, FAINT, FRAME, FRAME_CHOSEN, GOOD, heat, nodeStyle, WARNING } from './palette.ts';
import { chooseNext, type Stage, type View } from './stage.ts';

/** Where the panes of all would be lower, the chosen one is shown alone. */
const PANE_HEIGHT_MIN = 6;
/** Simulated: a console that has said nothing so long after its board was switched on is diagnosed. */
const MUTE_NS = 500_000_000;

export class ConsolesView implements View {
  readonly name = 'consoles';
  readonly keys = [
    ['any key', 'typed at the console'],
    ['Ctrl-A Tab', 'next console'],
    ['Ctrl-A z', 'one console or all'],
    ['Ctrl-A b', 'scroll back'],
    ['Ctrl-A 2…9', 'other views'],
    ['Ctrl-A Ctrl-A', 'type Ctrl-A'],
  ] as const;
  private isZoomed = false;
  /** Rows scrolled back; 0 shows the present. */
  private scrolled = 0;
  private isScrolling = false;
  private cursorAt: { x: number; y: number } | undefined;

  get takesText(): boolean {
    return !this.isScrolling;
  }

  draw(canvas: Canvas, stage: Stage): void {
    this.cursorAt = undefined;
    const all = this.isZoomed ? [] : panes(stage.session.boards, canvas.width, canvas.height);
    const fits = all.length > 0 && all.every(({ height }) => height >= PANE_HEIGHT_MIN);
    if (fits) {
      for (const { node, x, y, width, height } of all)
        this.drawPane(canvas.region(x, y, width, height), { x, y }, node, stage);
      return;
    }
    const top = stage.session.boards.length > 1 ? 1 : 0;
    if (top > 0) drawNames(canvas, stage);
    this.drawPane(
      canvas.region(0, top, canvas.width, canvas.height - top),
      { x: 0, y: top },
      stage.node,
      stage,
    );
  }

  cursor(): { readonly x: number; readonly y: number } | undefined {
    return this.isScrolling ? undefined : this.cursorAt;
  }

  /** Keys after Ctrl-A, and all keys while scrolling back. */
  key(key: Key, stage: Stage): boolean {
    if (this.isScrolling) return this.scrollKey(key, stage);
    switch (key.name) {
      case 'tab':
      case 'right':
      case 'down':
        chooseNext(stage, 1);
        return true;
      case 'shift-tab':
      case 'left':
      case 'up':
        chooseNext(stage, -1);
        return true;
      case 'z':
        this.isZoomed = !this.isZoomed;
        return true;
      case 'b':
      case 'pageup':
        this.isScrolling = true;
        this.scrolled = 0;
        return this.scrollKey({ name: 'pageup', text: '' }, stage);
      default:
        return false;
    }
  }

  private scrollKey(key: Key, stage: Stage): boolean {
    const { active } = stage.session.terminal(stage.node).terminal.buffer;
    const moves: Readonly<Record<string, number>> = {
      up: 1,
      k: 1,
      down: -1,
      j: -1,
      pageup: SCREEN_ROWS - 2,
      pagedown: 2 - SCREEN_ROWS,
      home: active.baseY,
      end: -active.baseY,
    };
    const move = moves[key.name];
    if (move !== undefined) {
      this.scrolled = Math.max(0, Math.min(active.baseY, this.scrolled + move));
    } else if (key.name === 'y') {
      const from = Math.max(0, active.baseY - this.scrolled);
      const rows = Array.from(
        { length: SCREEN_ROWS },
        (_, row) => active.getLine(from + row)?.translateToString(true) ?? '',
      );
      stage.copy(rows.join('\n').trimEnd());
      stage.tell('copied what is shown of the console');
    } else if (key.name === 'q' || key.name === 'escape' || key.name === 'enter') {
      this.isScrolling = false;
      this.scrolled = 0;
    }
    return true;
  }

  private drawPane(pane: Canvas, place: { x: number; y: number }, node: number, stage: Stage): void {
    const isChosen = node === stage.node;
    const style = isChosen ? FRAME_CHOSEN : FRAME;
    const { session } = stage;
    const inside = pane.frame('', style);
    const sign = isChosen ? '▸ ' : '';
    pane.text(
      2,
      0,
      ` ${sign}${session.nameOf(node)} `,
      isChosen ? nodeStyle(node) : { fg: nodeStyle(node).fg },
    );
    this.drawState(pane, node, stage);
    const silent = muteText(stage, node)?.flatMap(text => folded(text, inside.width - 2));
    if (silent !== undefined) {
      silent.forEach((line, row) => {
        inside.text(1, 1 + row, line, row === 0 ? WARNING : FAINT);
      });
      return;
    }
    const cursor = this.drawScreen(inside, node, stage);
    if (isChosen && cursor !== undefined)
      this.cursorAt = { x: place.x + 1 + cursor.x, y: place.y + 1 + cursor.y };
  }

  private drawState(pane: Canvas, node: number, stage: Stage): void {
    const station = stage.session.cluster.station(node);
    const right = pane.width - 2;
    if (this.isScrolling && node === stage.node) {
      pane.textRight(right, pane.height - 1, ` ${this.scrolled} rows back · y copies · q returns `, WARNING);
    }
    if (station.power === 'off') {
      pane.textRight(right, 0, ' ○ off ', BAD);
      return;
    }
    const { busy } = stage.measures.latest(node);
    const percent = `${Math.round(100 * busy)} %`.padStart(5);
    pane.textRight(right - 3, 0, ` ${percent} `, heat(busy));
    pane.textRight(right, 0, ' ● ', GOOD);
  }

  /** Gives the cursor's place in the pane. */
  private drawScreen(inside: Canvas, node: number, stage: Stage): { x: number; y: number } | undefined {
    const { terminal } = stage.session.terminal(node);
    const { active } = terminal.buffer;
    const back = this.isScrolling && node === stage.node ? this.scrolled : 0;
    const first = Math.max(0, active.baseY - back);
    const shownFrom = back > 0 ? 0 : firstRow(active.cursorY, inside.height);
    const columnFrom = Math.max(0, Math.min(active.cursorX + 1, SCREEN_COLUMNS) - inside.width);
    const rows = Math.min(SCREEN_ROWS - shownFrom, inside.height);
    const cell = active.getNullCell();
    for (let row = 0; row < rows; row += 1) {
      const line = active.getLine(first + shownFrom + row);
      for (let x = 0; line !== undefined && x < Math.min(inside.width, SCREEN_COLUMNS - columnFrom); x += 1) {
        const found = line.getCell(columnFrom + x, cell);
        if (found !== undefined) inside.put(x, row, textOf(found), styleOf(found));
      }
    }
    const cursor = { x: active.cursorX - columnFrom, y: active.cursorY - shownFrom };
    return back === 0 && cursor.x < inside.width && cursor.y < rows ? cursor : undefined;
  }
}

interface Pane {
  readonly node: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Who there is beside the console that is shown alone. */
function drawNames(canvas: Canvas, { session, node }: Stage): void {
  let x = 1;
  for (const each of session.boards) {
    const isOff = session.cluster.station(each).power === 'off';
    const label = `${each === node ? '▸' : ' '}${session.nameOf(each)}${isOff ? ' ○' : ''} `;
    x = canvas.text(x, 0, label, each === node ? nodeStyle(each) : FAINT) + 1;
  }
}

/** Panes in the grid whose smallest one comes closest to a whole console; the last row shares its width. */
function panes(nodes: readonly number[], width: number, height: number): Pane[] {
  let best = 1;
  let bestWorth = 0;
  for (let columns = 1; columns <= nodes.length; columns += 1) {
    const rows = Math.ceil(nodes.length / columns);
    const wide = Math.min(width / columns / SCREEN_COLUMNS, 1);
    // a line that is cut is worse than a row that has scrolled away
    const worth = wide * Math.sqrt(wide) * Math.min(height / rows / SCREEN_ROWS, 1);
    if (worth > bestWorth) [best, bestWorth] = [columns, worth];
  }
  const rows = Math.ceil(nodes.length / best);
  return nodes.map((node, at) => {
    const row = Math.floor(at / best);
    const inRow = row === rows - 1 ? nodes.length - row * best : best;
    const [x, y] = [edge(at % best, inRow, width), edge(row, rows, height)];
    return {
      node,
      x,
      y,
      width: edge((at % best) + 1, inRow, width) - x,
      height: edge(row + 1, rows, height) - y,
    };
  });
}

function edge(part: number, parts: number, size: number): number {
  return Math.floor((part * size) / parts);
}

/** The first row that is shown: the cursor stays in sight. */
function firstRow(cursorRow: number, height: number): number {
  return Math.max(0, Math.min(cursorRow + 1 - height, SCREEN_ROWS - height));
}

/** What to say of a board that is on and has not said a word for long; undefined for all others. */
function muteText({ session }: Stage, node: number): string[] | undefined {
  const station = session.cluster.station(node);
  if (!isBoard(station) || session.transcript(node).length > 0 || session.now < MUTE_NS) return undefined;
  if (station.power === 'off') return undefined;
  return [
    `not a word in ${briefTime(session.now)}; press a key, or look at it in the view cpu`,
    whereabouts(session, node),
  ];
}

/** In lines of so many characters. */
function folded(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

function textOf(cell: IBufferCell): string {
  if (cell.getWidth() === 0) return '';
  if (cell.isInvisible() !== 0) return ' ';
  return cell.getChars() || ' ';
}

function styleOf(cell: IBufferCell): Style {
  return {
    fg:
      colour(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor()) ??
      (cell.isDim() === 0 ? undefined : FAINT.fg),
    bg: colour(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor()),
    bold: cell.isBold() !== 0,
    underline: cell.isUnderline() !== 0,
    inverse: cell.isInverse() !== 0,
  };
}

/** Of 256 colours the nearest; undefined for the terminal's own. */
function colour(isDefault: boolean, isRgb: boolean, value: number): number | undefined {
  if (isDefault) return undefined;
  if (!isRgb) return value;
  const level = (shift: number) => Math.round((((value >>> shift) & 0xff) * 5) / 255);
  return 16 + 36 * level(16) + 6 * level(8) + level(0);
}
