/**
 * The processes of the whole cluster, as the system itself tells them: `ps` is typed at every console of a fork
 * of the cluster, and what it prints there is shown here. The cluster that runs goes on as if nobody had asked.
 *
 * A console that is not at its prompt does not answer; it is shown as it is.
 */
import { timeText } from '../../session/duration.ts';
import { type Canvas, shortened } from './canvas.ts';
import type { Key } from './keys.ts';
import { FAINT, FRAME, FRAME_CHOSEN, nodeStyle, STRONG } from './palette.ts';
import { chooseNext, type Stage, type View } from './stage.ts';

interface Answer {
  readonly at: number;
  /** By node. */
  readonly lines: ReadonlyMap<number, readonly string[]>;
}

/** What is asked: every process of the node, services too. */
const QUESTION = 'ps aux';
/** What a person has begun to type is not in the way. */
const CLEAR_LINE = '\x15';
/** How the answer begins. */
const HEADER = /\bPID\b/;
/** Rows of a node that is not chosen. */
const LIST_HEIGHT_SMALL = 6;
/** Simulated, in the fork. */
const PATIENCE = '400ms';

export class ProcessesView implements View {
  readonly name = 'processes';
  readonly keys = [
    ['Enter', 'ask again'],
    ['Tab', 'next node'],
  ] as const;
  private answer: Answer | undefined;
  private isAsking = false;

  draw(canvas: Canvas, stage: Stage): void {
    if (this.answer === undefined && !this.isAsking) this.ask(stage);
    const { boards } = stage.session;
    // the chosen node's list has what the others leave
    const small = Math.max(4, Math.min(LIST_HEIGHT_SMALL, Math.floor(canvas.height / boards.length)));
    const room = canvas.height - small * (boards.length - 1);
    const large = Math.max(small, room);
    const first = Math.max(0, boards.indexOf(stage.node) * small + large - canvas.height);
    let y = -first;
    for (const node of boards) {
      const height = node === stage.node ? large : small;
      if (y >= 0 && y < canvas.height)
        this.drawNode(canvas.region(0, y, canvas.width, Math.min(height, canvas.height - y)), node, stage);
      y += height;
    }
  }

  key(key: Key, stage: Stage): boolean {
    if (key.name === 'tab' || key.name === 'shift-tab') chooseNext(stage, key.name === 'tab' ? 1 : -1);
    else if (key.name === 'enter') this.ask(stage);
    else return false;
    return true;
  }

  private drawNode(canvas: Canvas, node: number, stage: Stage): void {
    const inside = canvas.frame('', node === stage.node ? FRAME_CHOSEN : FRAME);
    canvas.text(2, 0, ` ${stage.session.nameOf(node)} `, nodeStyle(node));
    const { answer } = this;
    if (answer === undefined) {
      inside.text(1, 0, 'asking a fork of the cluster …', FAINT);
      return;
    }
    canvas.textRight(canvas.width - 2, 0, ` at ${timeText(answer.at)} `, FAINT);
    const lines = answer.lines.get(node) ?? ['it is off'];
    lines.slice(0, inside.height).forEach((line, row) => {
      inside.text(1, row, shortened(line, inside.width - 2), row === 0 ? STRONG : {});
    });
  }

  private ask(stage: Stage): void {
    if (this.isAsking) return;
    this.isAsking = true;
    stage.live.enqueue(async () => {
      const fork = stage.session.fork();
      const asked = fork.boards.filter(node => fork.cluster.station(node).power === 'on');
      const before = new Map(asked.map(node => [node, fork.text(node).length]));
      for (const node of asked) fork.type(node, `${CLEAR_LINE}${QUESTION}\n`);
      await fork.run(PATIENCE);
      const said = asked.map(node => [node, answerOf(fork.text(node).slice(before.get(node)))] as const);
      this.answer = { at: stage.session.now, lines: new Map(said) };
      this.isAsking = false;
    });
  }
}

/** Without the question's echo and the prompt after the answer. */
function answerOf(text: string): string[] {
  const lines = text.split('\n').filter(line => line.trim() !== '');
  const header = lines.findIndex(line => HEADER.test(line));
  return header < 0 ? ['no shell answers at its console'] : lines.slice(header, -1);
}
