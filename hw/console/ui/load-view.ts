/**
 * How busy every node is: for each a row of sparklines over the last seconds of simulated time. What is
 * counted is counted by the machine itself (hw/cpu/counters.ts), exactly. Where room is scarce, each node has
 * fewer rows, so that as many nodes as possible are seen.
 */
import { type Canvas, shortened } from './canvas.ts';
import type { Key } from './keys.ts';
import type { NodeRates } from './measures.ts';
import { ACCENT, FAINT, FRAME, FRAME_CHOSEN, heat, nodeStyle, STRONG } from './palette.ts';
import { sparkline } from './plot.ts';
import { chooseNext, type Stage, type View } from './stage.ts';

interface Row {
  readonly rate: keyof NodeRates;
  readonly name: string;
  readonly text: (value: number) => string;
  /** What fills the height; the largest that was seen where left out. */
  readonly max?: number;
}

const ROWS: readonly Row[] = [
  { rate: 'busy', name: 'processor', text: value => `${Math.round(100 * value)} %`, max: 1 },
  { rate: 'instructions', name: 'instructions', text: perSecond },
  { rate: 'traps', name: 'calls, traps', text: perSecond },
  { rate: 'frames', name: 'frames', text: perSecond },
  { rate: 'disk', name: 'disk, bytes', text: perSecond },
  { rate: 'device', name: 'device access', text: perSecond },
  { rate: 'dataMisses', name: 'D$ misses', text: perSecond },
  { rate: 'instructionMisses', name: 'I$ misses', text: perSecond },
];

export class LoadView implements View {
  readonly name = 'load';
  readonly keys = [['Tab', 'next node']] as const;

  draw(canvas: Canvas, stage: Stage): void {
    const { boards } = stage.session;
    const columns = canvas.width >= 150 && boards.length > 2 ? 2 : 1;
    const width = Math.floor(canvas.width / columns);
    const share = Math.floor(canvas.height / Math.ceil(boards.length / columns));
    const height = Math.max(3, Math.min(ROWS.length + 2, share));
    const perColumn = Math.max(1, Math.floor(canvas.height / height));
    const chosenAt = boards.indexOf(stage.node);
    const first = Math.max(
      0,
      Math.min(chosenAt - columns * perColumn + 1, boards.length - columns * perColumn),
    );
    boards.slice(first, first + columns * perColumn).forEach((node, at) => {
      const [x, y] = [(at % columns) * width, Math.floor(at / columns) * height];
      drawNode(canvas.region(x, y, width, Math.min(height, canvas.height - y)), node, stage);
    });
  }

  key(key: Key, stage: Stage): boolean {
    const isNext = ['tab', 'down', 'right', 'j', 'l'].includes(key.name);
    if (!isNext && !['shift-tab', 'up', 'left', 'k', 'h'].includes(key.name)) return false;
    chooseNext(stage, isNext ? 1 : -1);
    return true;
  }
}

function drawNode(canvas: Canvas, node: number, stage: Stage): void {
  const inside = canvas.frame('', node === stage.node ? FRAME_CHOSEN : FRAME);
  const history = stage.measures.history(node);
  canvas.text(2, 0, ` ${node === stage.node ? '▸ ' : ''}${stage.session.nameOf(node)} `, nodeStyle(node));
  ROWS.slice(0, inside.height).forEach(({ rate, name, text, max }, row) => {
    const values = history.map(rates => rates[rate]);
    const latest = values.at(-1) ?? 0;
    const width = Math.max(0, inside.width - 42);
    const top = max ?? Math.max(...values.slice(-width), 1);
    inside.text(1, row, shortened(name, 14), FAINT);
    inside.textRight(26, row, text(latest), STRONG);
    if (width === 0) return;
    inside.text(28, row, sparkline(values, width, top), rate === 'busy' ? heat(latest) : ACCENT);
    if (values.some(value => value > 0)) inside.textRight(inside.width - 1, row, `≤ ${text(top)}`, FAINT);
  });
}

function perSecond(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} M/s`;
  return value >= 1e4 ? `${(value / 1e3).toFixed(1)} k/s` : `${Math.round(value)} /s`;
}
