/**
 * The frames on the wires: a list that follows the present until somebody moves in it, and below it the
 * chosen frame, decoded layer by layer and as bytes. `/` shows only frames whose line has those words, and none
 * of those after a `!`; `h` hides the hellos that nodes greet each other with all the time.
 */
import type { LoggedFrame } from '../../session/frame-log.ts';
import { decodeFrame, hexDump } from '../../session/frame-text.ts';
import type { Session } from '../../session/session.ts';
import { type Canvas, shortened } from './canvas.ts';
import type { Key } from './keys.ts';
import { ACCENT, BAD, CHOSEN, FAINT, FRAME, NAME, STRONG, TITLE } from './palette.ts';
import { listMove, type Stage, suits, type View } from './stage.ts';

const LISTED_MAX = 2000;
const DETAIL_HEIGHT = 12;
const DUMP_WIDTH = 73;
const NO_HELLOS = '!hello';

export class PacketsView implements View {
  readonly name = 'packets';
  readonly keys = [
    ['↑ ↓', 'choose a frame'],
    ['End', 'follow the present'],
    ['h', 'hide hellos'],
    ['/', 'filter, ! for without'],
    ['Enter', 'go to its moment'],
  ] as const;
  /** Undefined while the list follows the present. */
  private chosen: LoggedFrame | undefined;

  draw(canvas: Canvas, stage: Stage): void {
    const frames = listed(stage);
    const detail = canvas.height >= 24 ? DETAIL_HEIGHT : 0;
    const title = stage.filter === '' ? 'frames' : `frames: ${stage.filter}`;
    const list = canvas.region(0, 0, canvas.width, canvas.height - detail).frame(title, FRAME, TITLE);
    if (frames.length === 0) {
      list.text(2, 1, stage.filter === '' ? 'no frame was sent yet' : 'no frame has that', FAINT);
    }
    const at = this.chosen === undefined ? frames.length - 1 : indexOf(frames, this.chosen);
    const first = Math.max(0, Math.min(at - Math.floor(list.height / 2), frames.length - list.height));
    for (let row = 0; row < list.height; row += 1) {
      const frame = frames[first + row];
      if (frame !== undefined) drawRow(list, row, frame, stage, first + row === at);
    }
    if (detail > 0) drawDetail(canvas.region(0, canvas.height - detail, canvas.width, detail), frames[at]);
  }

  key(key: Key, stage: Stage): boolean {
    const frames = listed(stage);
    const at = this.chosen === undefined ? frames.length - 1 : indexOf(frames, this.chosen);
    if (key.name === 'enter') {
      const frame = frames[at];
      if (frame !== undefined) stage.command(`goto ${frame.time}ns`);
      return true;
    }
    if (key.name === 'h') {
      stage.filter = stage.filter === NO_HELLOS ? '' : NO_HELLOS;
      return true;
    }
    const moved = listMove(key.name, at, frames.length, 10);
    if (moved === undefined) return false;
    this.chosen = moved >= frames.length - 1 ? undefined : frames[moved];
    return true;
  }
}

function listed({ session, filter }: Stage): LoggedFrame[] {
  if (filter === '') return session.frames.latest(LISTED_MAX, session.now);
  return session.frames.latest(LISTED_MAX, session.now, frame => suits(lineText(session, frame), filter));
}

/** Of every frame that was ever asked for: a filter looks at thousands, many times a second. */
const lineTexts = new WeakMap<LoggedFrame, string>();

function lineText(session: Session, logged: LoggedFrame): string {
  const known = lineTexts.get(logged);
  if (known !== undefined) return known;
  const { direction, frame, fate } = logged;
  const text = `${session.endsOf(direction).join(' → ')} ${fate} ${decodeFrame(frame).summary}`;
  lineTexts.set(logged, text);
  return text;
}

function drawRow(list: Canvas, row: number, frame: LoggedFrame, stage: Stage, isChosen: boolean): void {
  const style = isChosen ? CHOSEN : {};
  const over = (own: object) => ({ ...own, ...(isChosen ? { bg: CHOSEN.bg } : {}) });
  if (isChosen) list.region(0, row, list.width, 1).fill(style);
  list.text(0, row, isChosen ? '▸' : ' ', over(ACCENT));
  list.textRight(15, row, (frame.time / 1e6).toFixed(6), over(FAINT));
  const [from, to] = stage.session.endsOf(frame.direction);
  list.text(17, row, shortened(`${from} → ${to}`, 18), over(NAME));
  list.textRight(42, row, `${frame.frame.length}`, over(FAINT));
  const fate = frame.fate === 'sent' ? '' : `${frame.fate}! `;
  const x = list.text(44, row, fate, over(BAD));
  list.text(x, row, shortened(decodeFrame(frame.frame).summary, list.width - x - 1), style);
}

function drawDetail(canvas: Canvas, frame: LoggedFrame | undefined): void {
  const inside = canvas.frame(
    frame === undefined ? '' : `at ${(frame.time / 1e6).toFixed(6)} ms`,
    FRAME,
    TITLE,
  );
  if (frame === undefined) return;
  const dumpAt = inside.width - DUMP_WIDTH;
  hexDump(frame.frame)
    .slice(0, inside.height)
    .forEach((line, row) => {
      inside.text(dumpAt, row, line, FAINT);
    });
  const left = inside.region(0, 0, dumpAt - 2, inside.height);
  let row = 0;
  for (const { name, fields } of decodeFrame(frame.frame).layers) {
    let x = left.text(1, row, `${name} `, STRONG);
    for (const [field, value] of fields) {
      if (x + field.length + value.length + 3 > left.width) {
        row += 1;
        x = 4;
      }
      x = left.text(x, row, ` ${field} `, FAINT);
      x = left.text(x, row, value, {});
    }
    row += 1;
  }
  if (frame.fate !== 'sent') left.text(1, row, `this frame was ${frame.fate} on the wire`, BAD);
}

/** The same frame, also where the list was made anew; the one before its time where it is gone. */
function indexOf(frames: readonly LoggedFrame[], wanted: LoggedFrame): number {
  const at = frames.findIndex(
    ({ direction, sequence }) => direction === wanted.direction && sequence === wanted.sequence,
  );
  if (at >= 0) return at;
  return Math.max(
    0,
    frames.findLastIndex(({ time }) => time <= wanted.time),
  );
}
