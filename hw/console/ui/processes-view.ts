/**
 * What runs in the whole cluster, as the chosen node sees it. The machine knows of no processes, so the system is
 * asked: in a fork of the cluster, `ps aux` is typed at the node's console, and its screen read. The cluster
 * itself notices nothing of it; the answer is as old as the last question.
 */
import { timeText } from '../../session/duration.ts';
import type { Session } from '../../session/session.ts';
import { type Canvas, shortened } from './canvas.ts';
import type { Key } from './keys.ts';
import { FAINT, FRAME, nodeStyle, STRONG } from './palette.ts';
import { chooseNext, listMove, type Stage, suits, type View } from './stage.ts';

interface Answer {
  readonly node: number;
  /** When it was asked, simulated. */
  readonly at: number;
  readonly header: string;
  readonly lines: readonly string[];
}

const QUESTION = 'ps aux';
/** What a person has begun to type is not in the way. */
const CLEAR_LINE = '\x15';
/** How the answer begins. */
const HEADER = /\bPID\b/;
/** Simulated, in the fork. */
const PATIENCE = '400ms';
const PAGE = 10;

export class ProcessesView implements View {
  readonly name = 'processes';
  readonly keys = [
    ['↑ ↓', 'scroll'],
    ['Tab', 'ask the next node'],
    ['Enter', 'ask again'],
    ['/', 'filter, ! for without'],
  ] as const;
  private answer: Answer | undefined;
  private isAsking = false;
  /** Lines scrolled down. */
  private scrolled = 0;
  private most = 0;

  draw(canvas: Canvas, stage: Stage): void {
    if (this.answer?.node !== stage.node) this.ask(stage);
    const inside = canvas.frame('', FRAME);
    canvas.text(2, 0, ` ${stage.session.nameOf(stage.node)} `, nodeStyle(stage.node));
    if (this.answer === undefined) {
      inside.text(1, 0, 'asking a fork of the cluster …', FAINT);
      return;
    }
    const { header, lines, at } = this.answer;
    canvas.textRight(canvas.width - 2, 0, ` at ${timeText(at)} `, FAINT);
    inside.text(1, 0, shortened(header, inside.width - 2), STRONG);
    const found = lines.filter(line => suits(line, stage.filter));
    this.most = Math.max(0, found.length - inside.height + 1);
    this.scrolled = Math.min(this.scrolled, this.most);
    found.slice(this.scrolled, this.scrolled + inside.height - 1).forEach((line, row) => {
      inside.text(1, 1 + row, shortened(line, inside.width - 2), {});
    });
  }

  key(key: Key, stage: Stage): boolean {
    const scrolled = listMove(key.name, this.scrolled, this.most + 1, PAGE);
    if (scrolled !== undefined) this.scrolled = scrolled;
    else if (key.name === 'tab' || key.name === 'shift-tab') chooseNext(stage, key.name === 'tab' ? 1 : -1);
    else if (key.name === 'enter') this.ask(stage);
    else return false;
    return true;
  }

  private ask({ session, live, node }: Stage): void {
    if (this.isAsking) return;
    this.isAsking = true;
    live.enqueue(async () => {
      this.answer = await askFork(session, node);
      this.isAsking = false;
    });
  }
}

async function askFork(session: Session, node: number): Promise<Answer> {
  const asked = { node, at: session.now };
  if (session.cluster.station(node).power === 'off') return { ...asked, header: 'it is off', lines: [] };
  const fork = session.fork();
  const before = fork.text(node).length;
  fork.type(node, `${CLEAR_LINE}${QUESTION}\n`);
  await fork.run(PATIENCE);
  const said = fork.text(node).slice(before).split('\n');
  const from = said.findIndex(line => HEADER.test(line));
  if (from < 0) return { ...asked, header: 'no shell answers at its console', lines: [] };
  // the prompt comes after the answer
  const lines = said.slice(from, -1).filter(line => line.trim() !== '');
  return { ...asked, header: lines[0]!, lines: lines.slice(1) };
}
