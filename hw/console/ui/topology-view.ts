/**
 * Who is wired to whom, drawn: boards, and nodes outside, around a circle, switches and hubs in the middle; wires as
 * lines whose sign and colour tell their state and load. The panel beside it tells all about what is chosen.
 *
 *     ━ carries frames    ┄ cut, with ✂ in the middle    · dark: an end is off
 */
import { isBoard } from '../../lab/intervene.ts';
import { isComputer, type TopologyLink } from '../../lab/topology.ts';
import type { DirectionSettings } from '../../lab/wire.ts';
import { briefTime } from '../../session/duration.ts';
import { type Canvas, type Style, shortened } from './canvas.ts';
import type { Key } from './keys.ts';
import {
  ACCENT,
  BAD,
  CHOSEN,
  FAINT,
  FRAME,
  FRAME_CHOSEN,
  GOOD,
  heat,
  nodeStyle,
  STRONG,
  TITLE,
  WARNING,
} from './palette.ts';
import { Plot, type Point } from './plot.ts';
import { chooseNext, type Stage, type View } from './stage.ts';

const BOX_WIDTH = 15;
const BOX_HEIGHT = 4;
const PANEL_WIDTH = 38;

type WireState = 'up' | 'cut' | 'dark';

export class TopologyView implements View {
  readonly name = 'topology';
  readonly keys = [
    ['Tab', 'next node'],
    ['w', "next of the node's wires"],
    ['c', 'cut or heal it'],
    ['x', 'lose 10 % on it, or none'],
    ['p', 'power off or on'],
    ['r', 'reset'],
    ['f', 'freeze 10 ms'],
    ['s', 'half speed, or full'],
  ] as const;
  /** Which of the chosen node's wires. */
  private wire = 0;

  draw(canvas: Canvas, stage: Stage): void {
    const panelWidth = canvas.width >= 80 ? PANEL_WIDTH : 0;
    const picture = canvas.region(0, 0, canvas.width - panelWidth, canvas.height);
    const places = placesOf(stage, picture);
    this.drawWires(picture, places, stage);
    places.forEach((place, node) => {
      drawNode(picture, place, node, stage);
    });
    if (panelWidth > 0)
      this.drawPanel(canvas.region(canvas.width - panelWidth, 0, panelWidth, canvas.height), stage);
  }

  key(key: Key, stage: Stage): boolean {
    const { session } = stage;
    const name = session.nameOf(stage.node);
    const link = this.chosenLink(stage);
    switch (key.name) {
      case 'tab':
      case 'right':
      case 'down':
      case 'l':
      case 'j':
        chooseNext(stage, 1);
        break;
      case 'shift-tab':
      case 'left':
      case 'up':
      case 'h':
      case 'k':
        chooseNext(stage, -1);
        break;
      case 'w':
        this.wire += 1;
        break;
      case 'c':
        if (link !== undefined)
          stage.command(`${stateOf(stage, link) === 'cut' ? 'heal' : 'cut'} ${ends(stage, link)}`);
        break;
      case 'x':
        if (link !== undefined) {
          const loss = settingsOf(stage, link).lossPpm > 0 ? 0 : 10;
          stage.command(`loss ${ends(stage, link)} ${loss}`);
        }
        break;
      case 'p':
        stage.command(
          `${session.cluster.station(stage.node).power === 'on' ? 'power-off' : 'power-on'} ${name}`,
        );
        break;
      case 'r':
        stage.command(`reset ${name}`);
        break;
      case 'f':
        stage.command(`freeze ${name} 10ms`);
        break;
      case 's':
        stage.command(`slow ${name} ${isSlow(stage) ? 100 : 50}`);
        break;
      default:
        return false;
    }
    return true;
  }

  private chosenLink(stage: Stage): number | undefined {
    const links = linksOf(stage, stage.node);
    return links.length === 0 ? undefined : links[this.wire % links.length];
  }

  private drawWires(canvas: Canvas, places: readonly Point[], stage: Stage): void {
    const { links } = stage.session.cluster.topology;
    const chosen = this.chosenLink(stage);
    const plot = new Plot(canvas);
    links.forEach(({ a, b }, link) => {
      const state = stateOf(stage, link);
      const dash =
        state === 'up' ? { shown: 1, of: 1 } : state === 'cut' ? { shown: 2, of: 6 } : { shown: 1, of: 4 };
      plot.line(places[a]!, places[b]!, wireStyle(stage, link, link === chosen), dash);
    });
    plot.draw();
    links.forEach((each, link) => {
      drawLabel(canvas, labelPlace(places, each), link, stage, link === chosen);
    });
  }

  private drawPanel(canvas: Canvas, stage: Stage): void {
    const inside = canvas.frame('', FRAME);
    const { session, measures } = stage;
    const rates = measures.latest(stage.node);
    const station = session.cluster.station(stage.node);
    canvas.text(2, 0, ` ${session.nameOf(stage.node)} `, nodeStyle(stage.node));
    let row = 1;
    const line = (name: string, value: string, style: Style = STRONG) => {
      inside.text(1, row, name, FAINT);
      inside.text(14, row, shortened(value, inside.width - 15), style);
      row += 1;
    };
    line('power', station.power === 'on' ? '● on' : '○ off', station.power === 'on' ? GOOD : BAD);
    line('busy', `${Math.round(100 * rates.busy)} %`, heat(rates.busy));
    line('instructions', `${millions(rates.instructions)} million/s`);
    line('traps', `${Math.round(rates.traps)} /s`);
    line('frames', `${Math.round(rates.frames)} /s`);
    row += 1;
    const chosen = this.chosenLink(stage);
    for (const link of linksOf(stage, stage.node)) {
      const { a, b } = session.cluster.topology.links[link]!;
      const other = session.nameOf(a === stage.node ? b : a);
      const state = stateOf(stage, link);
      const text = ` ${STATE_SIGNS[state]} wire to ${other.padEnd(9)} ${stateText(stage, link, state)}`;
      inside.text(
        0,
        row,
        text.padEnd(inside.width),
        link === chosen ? CHOSEN : wireStyle(stage, link, false),
      );
      row += 1;
    }
    row += 1;
    if (chosen !== undefined)
      drawWirePanel(inside.region(0, row, inside.width, inside.height - row), stage, chosen);
  }
}

const STATE_SIGNS: Readonly<Record<WireState, string>> = { up: '─', cut: '✂', dark: '·' };

function drawWirePanel(canvas: Canvas, stage: Stage, link: number): void {
  const { session } = stage;
  const { scheduler } = session.cluster.share;
  let row = 0;
  for (const direction of [2 * link, 2 * link + 1]) {
    if (row + 6 > canvas.height) return;
    const [from, to] = session.endsOf(direction);
    const settings = scheduler.settings(direction);
    const [outlet, inlet] = [scheduler.outlet(direction)!, scheduler.inlet(direction)!];
    canvas.text(1, row, `${from} → ${to}`, TITLE);
    canvas.text(
      1,
      row + 1,
      `${rateText(settings.rate)}, ${briefTime(settings.delayNs)}${misfortunes(settings)}`,
      FAINT,
    );
    canvas.text(1, row + 2, `sent ${outlet.sent}  delivered ${inlet.delivered}`);
    const lost = outlet.lost + outlet.cut + outlet.overflowed + inlet.damaged + inlet.cut + inlet.unheard;
    canvas.text(1, row + 3, `lost ${lost}  under way ${inlet.framesUnderWay}`, lost > 0 ? WARNING : {});
    canvas.text(1, row + 4, `${Math.round(stage.measures.wireRate(direction))} frames/s`, ACCENT);
    row += 6;
  }
}

/** Middles of the nodes' boxes. */
function placesOf({ session }: Stage, { width, height }: Canvas): Point[] {
  const { nodes } = session.cluster.topology;
  const around = nodes.flatMap((node, at) => (isComputer(node) ? [at] : []));
  const inside = nodes.flatMap((node, at) => (isComputer(node) ? [] : [at]));
  const [x, y] = [Math.floor(width / 2), Math.floor(height / 2)];
  const [radiusX, radiusY] = [width / 2 - BOX_WIDTH / 2 - 1, height / 2 - BOX_HEIGHT / 2];
  const places: Point[] = [];
  around.forEach((node, at) => {
    const angle = (2 * Math.PI * at) / around.length - Math.PI / 2;
    places[node] = {
      x: Math.round(x + radiusX * Math.cos(angle)),
      y: Math.round(y + radiusY * Math.sin(angle)),
    };
  });
  inside.forEach((node, at) => {
    places[node] = { x: x + Math.round((at - (inside.length - 1) / 2) * (BOX_WIDTH + 2)), y };
  });
  if (around.length === 1) places[around[0]!] = { x, y };
  return places.map(place => ({
    x: Math.max(BOX_WIDTH >> 1, Math.min(width - (BOX_WIDTH >> 1) - 1, place.x)),
    y: Math.max(BOX_HEIGHT >> 1, Math.min(height - (BOX_HEIGHT >> 1), place.y)),
  }));
}

function drawNode(canvas: Canvas, place: Point, node: number, stage: Stage): void {
  const { session, measures } = stage;
  const { kind } = session.cluster.topology.nodes[node]!;
  const isChosen = node === stage.node;
  const [left, top] = [place.x - (BOX_WIDTH >> 1), place.y - (BOX_HEIGHT >> 1)];
  const box = canvas.region(left, top, BOX_WIDTH, BOX_HEIGHT);
  box.fill({});
  const inside = box.frame('', isChosen ? FRAME_CHOSEN : FRAME);
  inside.text(
    1,
    0,
    `${isChosen ? '▸' : ' '}${session.nameOf(node)}`,
    kind === 'board' ? nodeStyle(node) : STRONG,
  );
  if (kind !== 'board') {
    inside.text(2, 1, kind, FAINT);
    if (kind === 'outside') drawConnection(inside, session.cluster.station(node).power);
    return;
  }
  if (session.cluster.station(node).power === 'off') {
    inside.text(2, 1, '○ off', BAD);
    return;
  }
  const { busy } = measures.latest(node);
  const full = Math.round(busy * 5);
  inside.text(2, 1, `${'█'.repeat(full)}${'·'.repeat(5 - full)}`, heat(busy));
  inside.textRight(inside.width - 1, 1, `${Math.round(100 * busy)}%`, FAINT);
}

/** Whether somebody stands there. */
function drawConnection(canvas: Canvas, power: 'on' | 'off'): void {
  canvas.textRight(canvas.width - 1, 1, power === 'on' ? '●' : '○', power === 'on' ? GOOD : BAD);
}

function drawLabel(canvas: Canvas, at: Point, link: number, stage: Stage, isChosen: boolean): void {
  const state = stateOf(stage, link);
  const { lossPpm } = settingsOf(stage, link);
  const rate = Math.round(stage.measures.wireRate(2 * link) + stage.measures.wireRate(2 * link + 1));
  const load = rate > 0 ? `${rate}/s` : isChosen ? 'quiet' : '';
  const text =
    state === 'cut'
      ? '✂ cut'
      : state === 'dark'
        ? ''
        : `${load}${lossPpm > 0 ? ` −${lossPpm / 10_000}%` : ''}`;
  if (text === '') return;
  const shown = ` ${text} `;
  canvas.text(
    at.x - Math.floor(shown.length / 2),
    at.y,
    shown,
    isChosen ? CHOSEN : state === 'cut' ? BAD : FAINT,
  );
}

function labelPlace(places: readonly Point[], { a, b }: TopologyLink): Point {
  const [from, to] = [places[a]!, places[b]!];
  return { x: Math.round((from.x + to.x) / 2), y: Math.round((from.y + to.y) / 2) };
}

function wireStyle(stage: Stage, link: number, isChosen: boolean): Style {
  const state = stateOf(stage, link);
  if (state === 'cut') return BAD;
  if (state === 'dark') return FRAME;
  const busiest = Math.max(stage.measures.wireShare(2 * link), stage.measures.wireShare(2 * link + 1));
  if (busiest >= 0.01) return heat(busiest);
  return isChosen ? ACCENT : FAINT;
}

function stateOf({ session }: Stage, link: number): WireState {
  const { scheduler } = session.cluster.share;
  if (scheduler.settings(2 * link).cut || scheduler.settings(2 * link + 1).cut) return 'cut';
  return scheduler.carrier(2 * link) && scheduler.carrier(2 * link + 1) ? 'up' : 'dark';
}

function stateText(stage: Stage, link: number, state: WireState): string {
  if (state !== 'up') return state;
  const percent = 100 * Math.max(stage.measures.wireShare(2 * link), stage.measures.wireShare(2 * link + 1));
  return percent < 1 ? 'quiet' : `${Math.round(percent)} % full`;
}

function settingsOf({ session }: Stage, link: number): DirectionSettings {
  return session.cluster.share.scheduler.settings(2 * link);
}

function linksOf({ session }: Stage, node: number): number[] {
  return session.cluster.topology.links.flatMap(({ a, b }, link) => (a === node || b === node ? [link] : []));
}

function ends({ session }: Stage, link: number): string {
  return session.endsOf(2 * link).join(' ');
}

function isSlow({ session, node }: Stage): boolean {
  const station = session.cluster.station(node);
  if (!isBoard(station)) return false;
  const { numerator, denominator } = station.hart.clock;
  return Math.round((1_000_000_000 * denominator) / numerator) < station.clockHz;
}

function misfortunes({
  lossPpm,
  duplicatePpm,
  reorderPpm,
  damagePpm,
  corruptPpm,
  jitterNs,
}: DirectionSettings): string {
  const parts = Object.entries({ lossPpm, duplicatePpm, reorderPpm, damagePpm, corruptPpm })
    .filter(([, ppm]) => ppm > 0)
    .map(([name, ppm]) => `, ${name.replace('Ppm', '')} ${ppm / 10_000} %`);
  return parts.join('') + (jitterNs > 0 ? `, jitter ${briefTime(jitterNs)}` : '');
}

function rateText(rate: number): string {
  return rate >= 1e9 ? `${rate / 1e9} Gbit/s` : `${rate / 1e6} Mbit/s`;
}

function millions(count: number): string {
  return (count / 1e6).toFixed(count < 10e6 ? 2 : 1);
}
