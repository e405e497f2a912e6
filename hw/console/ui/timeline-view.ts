/**
 * The whole known time as a bar that can be scrubbed: where the present is, how far the future is known, what
 * was done when, bookmarks, and from where going back is quick. Going back forgets nothing; doing something
 * in the past begins another future.
 */
import { briefTime, timeText } from '../../session/duration.ts';
import { type Canvas, type Style, shortened } from './canvas.ts';
import { eventsOf } from './events.ts';
import type { Key } from './keys.ts';
import { ACCENT, CHOSEN, FAINT, FRAME, GOOD, KEY, STRONG, TITLE, WARNING } from './palette.ts';
import { listMove, type Stage, type View } from './stage.ts';

interface Moment {
  readonly at: number;
  readonly sign: string;
  readonly style: Style;
  readonly text: string;
}

const FINE = 0.01;
const COARSE = 0.1;
const BAR_ROW = 4;

export class TimelineView implements View {
  readonly name = 'timeline';
  readonly keys = [
    ['← →', 'a hundredth back or forth'],
    ['H L', 'a tenth'],
    ['Home End', 'beginning, end of what is known'],
    ['↑ ↓ Enter', 'go to an event'],
    ['b', 'bookmark'],
    ['R', 'forget the future'],
  ] as const;
  /** The chosen event. */
  private at = 0;
  /** Where keys have asked to go since it was last drawn: the next one counts from there. */
  private aim: number | undefined;

  draw(canvas: Canvas, stage: Stage): void {
    const { session } = stage;
    const { now, knownUntil, history } = session;
    this.aim = undefined;
    const top = canvas.region(0, 0, canvas.width, 10);
    const inside = top.frame('time', FRAME, TITLE);
    inside.text(2, 1, timeText(now), STRONG);
    const ahead = knownUntil - now;
    inside.textRight(
      inside.width - 2,
      1,
      ahead > 0 ? `${briefTime(ahead)} of the future are known` : 'the present',
      ahead > 0 ? WARNING : GOOD,
    );
    const bar = inside.region(2, BAR_ROW - 2, inside.width - 4, 5);
    const end = Math.max(1, knownUntil);
    const column = (time: number) => Math.min(bar.width - 1, Math.floor((time / end) * bar.width));
    for (const { time } of history.checkpoints) bar.put(column(time), 3, '·', FAINT);
    const here = column(now);
    for (let x = 0; x < bar.width; x += 1) bar.put(x, 2, x <= here ? '━' : '─', x <= here ? ACCENT : FRAME);
    const moments = momentsOf(stage);
    for (const { at, sign, style } of moments) bar.put(column(at), 1, sign, style);
    bar.put(here, 2, '●', KEY);
    bar.text(0, 4, briefTime(history.beginning), FAINT);
    bar.textRight(bar.width, 4, briefTime(end), FAINT);
    bar.text(
      Math.max(8, Math.min(bar.width - 30, here - 8)),
      4,
      `${history.checkpoints.length} snapshots (·)`,
      FAINT,
    );
    this.drawEvents(canvas.region(0, 10, canvas.width, canvas.height - 10), moments, stage);
  }

  key(key: Key, stage: Stage): boolean {
    const { session } = stage;
    const moments = momentsOf(stage);
    const jumps: Readonly<Record<string, number>> = {
      left: -FINE,
      h: -FINE,
      right: FINE,
      l: FINE,
      H: -COARSE,
      L: COARSE,
    };
    const jump = jumps[key.name];
    if (jump !== undefined)
      this.goTo(stage, (this.aim ?? session.now) + Math.round(jump * session.knownUntil));
    else if (key.name === 'home') this.goTo(stage, session.history.beginning);
    else if (key.name === 'end') this.goTo(stage, session.knownUntil);
    else if (key.name === 'b') stage.command(`bookmark mark${session.bookmarks.size + 1}`);
    else if (key.name === 'R') stage.command(`rewind ${session.now}ns`);
    else if (key.name === 'enter') {
      const moment = moments[this.at];
      if (moment !== undefined) this.goTo(stage, moment.at);
    } else {
      const moved = listMove(key.name, this.at, moments.length, 10);
      if (moved === undefined) return false;
      this.at = moved;
    }
    return true;
  }

  private goTo(stage: Stage, time: number): void {
    const { history, knownUntil } = stage.session;
    this.aim = Math.max(history.beginning, Math.min(knownUntil, time));
    stage.command('pause');
    stage.command(`goto ${this.aim}ns`);
  }

  private drawEvents(canvas: Canvas, moments: readonly Moment[], { session }: Stage): void {
    const inside = canvas.frame('events', FRAME, TITLE);
    if (moments.length === 0) inside.text(1, 0, 'nothing was done yet; b names this moment', FAINT);
    this.at = Math.max(0, Math.min(this.at, moments.length - 1));
    const first = Math.max(
      0,
      Math.min(this.at - Math.floor(inside.height / 2), moments.length - inside.height),
    );
    moments.slice(first, first + inside.height).forEach(({ at, sign, style, text }, row) => {
      const isChosen = first + row === this.at;
      const isPast = at <= session.now;
      if (isChosen) inside.region(0, row, inside.width, 1).fill(CHOSEN);
      const over = (own: Style): Style => (isChosen ? { ...own, bg: CHOSEN.bg } : own);
      inside.text(0, row, isChosen ? '▸' : ' ', over(ACCENT));
      inside.text(2, row, sign, over(style));
      inside.textRight(19, row, timeText(at), over(FAINT));
      inside.text(21, row, shortened(text, inside.width - 22), over(isPast ? {} : FAINT));
    });
  }
}

function momentsOf({ session }: Stage): Moment[] {
  const done = eventsOf(session).flatMap(({ at, isTyped, text }): Moment[] =>
    at === undefined ? [] : [{ at, sign: isTyped ? '╵' : '▼', style: isTyped ? FAINT : WARNING, text }],
  );
  const marks = [...session.bookmarks].map(
    ([name, at]): Moment => ({ at, sign: '◆', style: KEY, text: `bookmark ${name}` }),
  );
  return [...done, ...marks].sort((one, other) => one.at - other.at);
}
