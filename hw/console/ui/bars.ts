/**
 * The three lines that every view has: the views' names above, and below what was last done with the keys that
 * matter, and the state of everything.
 *
 *      Gossamer  1 consoles  2 topology  3 packets  …
 *      session.cut('node0', 'node1');                                  c cut or heal it   w next wire
 *      ▶ running ×1   12.345 s   mesh:3   seed 1   2 done   ● sound                         ? help
 */
import { timeText } from '../../session/duration.ts';
import { type Canvas, shortened, textWidth } from './canvas.ts';
import {
  ACCENT,
  BAD,
  BAR,
  BAR_BAD,
  BAR_CHOSEN,
  BAR_FAINT,
  BAR_GOOD,
  BAR_WARNING,
  FAINT,
  KEY,
} from './palette.ts';
import type { Stage, Told, View } from './stage.ts';

export function drawTabs(canvas: Canvas, views: readonly View[], active: View): void {
  canvas.fill(BAR);
  let x = canvas.text(1, 0, 'Gossamer ', { ...BAR, bold: true });
  // every number is shown, the active view's name, and of the others the first ones as far as there is room
  let room = canvas.width - x - 3 * views.length - active.name.length - 1;
  views.forEach((view, at) => {
    if (view !== active) room -= view.name.length + 1;
    const name = view === active || room >= 0 ? `${view.name} ` : '';
    x = canvas.text(x, 0, ` ${at + 1} ${name}`, view === active ? BAR_CHOSEN : BAR_FAINT);
  });
}

/** The last thing told, and the view's keys as far as there is room. */
export function drawHints(canvas: Canvas, view: View, last: Told | undefined, isPrefixed: boolean): void {
  const style = last?.kind === 'error' ? BAD : last?.kind === 'script' ? ACCENT : {};
  const hints = isPrefixed ? PREFIXED : view.keys;
  const text = last === undefined || isPrefixed ? '' : shortened(last.text, canvas.width - 2);
  canvas.text(1, 0, text, style);
  let x = canvas.width - 1;
  const least = textWidth(text) + 4;
  for (const [key, what] of [...hints].reverse()) {
    const width = textWidth(key) + textWidth(what) + 3;
    if (x - width < least) break;
    x -= width;
    canvas.text(canvas.text(x, 0, key, KEY) + 1, 0, what, FAINT);
  }
}

const PREFIXED = [
  ['2…9', 'view'],
  ['Tab', 'next console'],
  ['z', 'zoom'],
  ['b', 'back'],
  ['space', 'pause'],
  [':', 'command'],
  ['?', 'help'],
  ['q', 'quit'],
] as const;

const NO_FAULTS: readonly string[] = ['type', 'power-on', 'frame'];

export function drawStatus(canvas: Canvas, { session, live }: Stage, isBroken: string | undefined): void {
  canvas.fill(BAR);
  const isPast = session.now < session.knownUntil;
  let x = live.isRunning
    ? canvas.text(1, 0, `▶ running ×${factorText(live.speed)}`, BAR_GOOD)
    : canvas.text(1, 0, '⏸ paused', BAR_WARNING);
  if (live.isRunning && live.speedReached < 0.8 * live.speed)
    x = canvas.text(x, 0, ` (host: ×${factorText(live.speedReached)})`, BAR_FAINT);
  const part = (text: string, style = BAR) => {
    x = canvas.text(x + 3, 0, text, style);
  };
  part(live.isRunning ? `${(session.now / 1e9).toFixed(1)} s` : timeText(session.now), {
    ...BAR,
    bold: true,
  });
  if (isPast) part('in the past', BAR_WARNING);
  part(session.cluster.topology.name);
  part(`seed ${session.seed}`);
  const { journal } = session.cluster.agenda;
  const faults = journal.filter(({ intervention }) => !NO_FAULTS.includes(intervention.do)).length;
  part(`${faults} ${faults === 1 ? 'fault' : 'faults'}`, faults > 0 ? BAR_WARNING : BAR_FAINT);
  if (isBroken === undefined) part('● sound', BAR_GOOD);
  else part(`✗ ${isBroken}`, BAR_BAD);
  if (x < canvas.width - 10) canvas.textRight(canvas.width - 1, 0, '? help', BAR_FAINT);
}

export function factorText(factor: number): string {
  return factor >= 10 ? String(Math.round(factor)) : String(Number(factor.toPrecision(2)));
}
