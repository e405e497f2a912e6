/**
 * Everything that can be done to the cluster from outside, on the chosen node or wire; and everything that
 * was done, or is planned. Enter does the chosen one; `e` puts it into the command line to be changed first.
 */
import type { Intervention } from '../../lab/fault.ts';
import { timeText } from '../../session/duration.ts';
import { type Canvas, shortened } from './canvas.ts';
import { eventsOf } from './events.ts';
import type { Key } from './keys.ts';
import { ACCENT, CHOSEN, FAINT, FRAME, GOOD, nodeStyle, TITLE, WARNING } from './palette.ts';
import { chooseNext, listMove, type Stage, type View } from './stage.ts';

interface Offer {
  readonly what: string;
  readonly command: (node: string, number: number, link: number, stage: Stage) => string;
}

const fault = (intervention: Intervention): string => `fault ${JSON.stringify(intervention)}`;
const MILLISECONDS = 1_000_000;
const RAM_BASE = 0x8000_0000;
/** A register that programs use much: a0. */
const A0 = 10;
const UART_LINE = 10;

// biome-ignore format: a table
const OFFERS: readonly Offer[] = [
  { what: 'pull the plug',                     command: node => `power-off ${node}` },
  { what: 'switch it on',                      command: node => `power-on ${node}` },
  { what: 'press reset',                       command: node => `reset ${node}` },
  { what: 'freeze it for 10 ms',               command: node => `freeze ${node} 10ms` },
  { what: 'run its clock at half speed',       command: node => `slow ${node} 50` },
  { what: 'run its clock at full speed',       command: node => `slow ${node} 100` },
  { what: 'let its clock drift by 100 ppm',    command: (_, node) => fault({ do: 'drift', node, ppm: 100 }) },
  { what: 'flip a bit of its RAM',             command: (_, node) => fault({ do: 'flip-ram', node, address: RAM_BASE + 16 * MILLISECONDS, bit: 0 }) },
  { what: 'flip a bit of register a0',         command: (_, node) => fault({ do: 'flip-register', node, register: A0, bit: 0 }) },
  { what: 'lose its next UART interrupt',      command: (_, node) => fault({ do: 'lose-interrupt', node, source: UART_LINE }) },
  { what: 'raise a UART interrupt for nothing', command: (_, node) => fault({ do: 'spurious-interrupt', node, source: UART_LINE }) },
  { what: 'cut its first wire',                command: (_, _node, link, stage) => `cut ${stage.session.endsOf(2 * link).join(' ')}` },
  { what: 'heal its first wire',               command: (_, _node, link, stage) => `heal ${stage.session.endsOf(2 * link).join(' ')}` },
  { what: 'lose 10 % on its first wire',       command: (_, _node, link, stage) => `loss ${stage.session.endsOf(2 * link).join(' ')} 10` },
  { what: 'drop the next frame on it',         command: (_, _node, link) => fault({ do: 'strike', link, way: 'forward', what: 'drop' }) },
  { what: 'double the next frame on it',       command: (_, _node, link) => fault({ do: 'strike', link, way: 'forward', what: 'duplicate' }) },
  { what: 'corrupt the next frame on it',      command: (_, _node, link) => fault({ do: 'strike', link, way: 'forward', what: 'corrupt' }) },
  { what: 'lose the next write to its disk',   command: (_, node) => fault({ do: 'disk-lost', node, disk: 0 }) },
  { what: 'tear the next write to its disk',   command: (_, node) => fault({ do: 'disk-torn', node, disk: 0 }) },
  { what: 'make its disk ten times slower',    command: (_, node) => fault({ do: 'disk-slow', node, disk: 0, factor: 10 }) },
  { what: 'let its disk hang',                 command: (_, node) => fault({ do: 'disk-hang', node, disk: 0 }) },
  { what: 'let its disk go on',                command: (_, node) => fault({ do: 'disk-resume', node, disk: 0 }) },
  { what: 'twenty faults by chance in 1 s',    command: () => 'trouble 20 1s' },
];

const OFFERS_WIDTH = 44;

export class FaultsView implements View {
  readonly name = 'faults';
  readonly keys = [
    ['↑ ↓', 'choose'],
    ['Tab', 'next node'],
    ['Enter', 'do it now'],
    [':', 'anything else'],
  ] as const;
  private at = 0;

  draw(canvas: Canvas, stage: Stage): void {
    const width = Math.min(OFFERS_WIDTH, canvas.width);
    const name = stage.session.nameOf(stage.node);
    const left = canvas.region(0, 0, width, canvas.height);
    const offers = left.frame('', FRAME);
    left.text(left.text(2, 0, ' do to ', TITLE), 0, `${name} `, nodeStyle(stage.node));
    const first = Math.max(0, Math.min(this.at - offers.height + 2, OFFERS.length - offers.height));
    OFFERS.slice(first, first + offers.height).forEach(({ what }, row) => {
      const isChosen = first + row === this.at;
      if (isChosen) offers.region(0, row, offers.width, 1).fill(CHOSEN);
      offers.text(0, row, `${isChosen ? '▸' : ' '} ${what}`, isChosen ? CHOSEN : {});
    });
    if (canvas.width - width >= 20)
      drawHistory(canvas.region(width, 0, canvas.width - width, canvas.height), stage);
  }

  key(key: Key, stage: Stage): boolean {
    if (key.name === 'tab' || key.name === 'shift-tab') {
      chooseNext(stage, key.name === 'tab' ? 1 : -1);
      return true;
    }
    if (key.name === 'enter') {
      stage.command(commandOf(OFFERS[this.at]!, stage));
      return true;
    }
    const moved = listMove(key.name, this.at, OFFERS.length, 10);
    if (moved !== undefined) this.at = moved;
    return moved !== undefined;
  }
}

function commandOf({ command }: Offer, stage: Stage): string {
  const { links } = stage.session.cluster.topology;
  const link = links.findIndex(({ a, b }) => a === stage.node || b === stage.node);
  return command(stage.session.nameOf(stage.node), stage.node, Math.max(0, link), stage);
}

function drawHistory(canvas: Canvas, { session }: Stage): void {
  const inside = canvas.frame('done and planned', FRAME, TITLE);
  const events = eventsOf(session);
  if (events.length === 0) inside.text(1, 0, 'nothing was done yet', FAINT);
  events.slice(-inside.height).forEach(({ at, isDone, text }, row) => {
    inside.text(1, row, isDone ? '✓' : '○', isDone ? GOOD : WARNING);
    inside.textRight(18, row, at === undefined ? 'at a cycle' : timeText(at), FAINT);
    inside.text(20, row, shortened(text, inside.width - 21), isDone ? {} : ACCENT);
  });
  const { length } = session.cluster.agenda.toCome;
  if (length > 0) canvas.textRight(canvas.width - 2, 0, ` ${length} to come `, WARNING);
}
