/**
 * The operator's console on a whole terminal: one view at a time, the bars around it, keys to views and
 * commands, and the session running meanwhile. Nothing is drawn but after a change, and never more often than
 * a person can see.
 *
 *     keys ─→ prompt, or the focused console (all but Ctrl-A), or the view, or what is the same everywhere
 *     commands ─→ hw/console/commands.ts ─→ session          session ─→ canvas ─→ host-terminal.ts
 */

import type { BootImages } from '../../boot-plan.ts';
import { readElf } from '../../elf.ts';
import { type LineTable, readLineTable } from '../../line-table.ts';
import type { Origin } from '../../session/recording.ts';
import type { Session } from '../../session/session.ts';
import { completions, perform } from '../commands.ts';
import { Live } from '../live.ts';
import { drawHints, drawStatus, drawTabs } from './bars.ts';
import { Canvas } from './canvas.ts';
import { drawHelp } from './help.ts';
import { HostTerminal } from './host-terminal.ts';
import type { Key } from './keys.ts';
import { Measures } from './measures.ts';
import { WARNING } from './palette.ts';
import { Prompt } from './prompt.ts';
import { HEIGHT_MIN, WIDTH_MIN } from './size.ts';
import { listMove, type Stage, type Told, type View } from './stage.ts';
import { makeViews } from './views.ts';

export interface UiOptions {
  readonly session: Session;
  readonly origin: Origin;
  readonly images: BootImages;
  /** What the person is to know from the beginning. */
  readonly notes: readonly string[];
}

const SPEEDS = [0.001, 0.01, 0.1, 0.25, 0.5, 1, 2, 4, 10, 100];
const TOLD_MAX = 2000;
const PREFIX = 'ctrl-a';
const HELP_PAGE = 10;
/** Of the host: how often the clock in the status bar moves, and what is measured, while nothing else does. */
const CLOCK_MS = 500;

export class Ui {
  readonly live: Live;
  private readonly terminal: HostTerminal;
  private readonly stage: Stage;
  private readonly told: Told[] = [];
  private readonly views = makeViews();
  private view: View = this.views.consoles;
  private prompt: Prompt | undefined;
  private readonly commandHistory: string[] = [];
  /** Keys for a console that wait for their turn. */
  private typing: { readonly node: number; text: string } | undefined;
  /** Rows that help is scrolled by, and can be; undefined where it is not shown. */
  private help: { at: number; most: number } | undefined;
  private isPrefixed = false;
  private isDirty = true;
  private drawn = new Canvas(0, 0);
  private drawnAtMs = 0;
  private seen = 0;

  constructor({ session, origin, images, notes }: UiOptions) {
    this.live = new Live({
      session,
      origin,
      isPaced: true,
      changed: () => this.changed(),
      tell: text => this.tell('note', text),
    });
    this.live.viewNames = this.views.all.map(view => view.name);
    this.live.screenText = () => `${this.drawn.lines().join('\n')}\n`;
    this.live.onView = name => this.show(this.views.all.find(view => view.name === name)!);
    const sources = lazyLineTable(images);
    this.stage = {
      session,
      live: this.live,
      measures: new Measures(session),
      told: this.told,
      node: session.boards[0]!,
      filter: '',
      sourceOf: address => sources()?.at(address),
      command: text => this.command(text),
      tell: text => this.tell('note', text),
      copy: text => this.terminal.copy(text),
    };
    this.terminal = new HostTerminal({
      key: key => {
        this.isDirty = true;
        this.key(key);
        this.live.enqueue(() => {});
      },
      resized: () => this.redraw(),
    });
    for (const note of notes) this.tell('note', note);
  }

  async run(): Promise<void> {
    try {
      await this.live.run();
    } finally {
      this.close();
    }
  }

  /** Gives the terminal back. */
  close(): void {
    this.terminal.close();
  }

  private changed(): void {
    const { session, measures } = this.stage;
    measures.look();
    const seen = session.boards.reduce((sum, node) => sum + session.transcript(node).length, 0);
    if (seen !== this.seen) this.isDirty = true;
    this.seen = seen;
    const isClockDue = this.live.isRunning && performance.now() - this.drawnAtMs >= CLOCK_MS;
    if (!this.isDirty && !isClockDue) return;
    const behind = session.boards.map(node => session.terminal(node)).filter(screen => screen.isBehind);
    Promise.all(behind.map(screen => screen.follow())).then(() => this.redraw());
  }

  private redraw(): void {
    this.isDirty = false;
    this.drawnAtMs = performance.now();
    const { width, height } = this.terminal;
    const canvas = new Canvas(width, height);
    this.drawn = canvas;
    this.terminal.draw(canvas, this.drawAll(canvas));
  }

  private drawAll(canvas: Canvas): { readonly x: number; readonly y: number } | undefined {
    const { width, height } = canvas;
    if (width < WIDTH_MIN || height < HEIGHT_MIN) {
      canvas.text(0, 0, `needs ${WIDTH_MIN} × ${HEIGHT_MIN}, has ${width} × ${height}`, WARNING);
      canvas.text(0, 1, 'enlarge the window, or q', {});
      return undefined;
    }
    const body = canvas.region(0, 1, width, height - 3);
    drawTabs(canvas.region(0, 0, width, 1), this.views.all, this.view);
    this.view.draw(body, this.stage);
    drawStatus(canvas.region(0, height - 1, width, 1), this.stage, this.stage.session.broken);
    const line = canvas.region(0, height - 2, width, 1);
    if (this.help !== undefined) this.help.most = drawHelp(body, this.view, this.help.at);
    if (this.prompt !== undefined) {
      const { x } = this.prompt.draw(line);
      return { x, y: height - 2 };
    }
    drawHints(line, this.view, this.told.at(-1), this.isPrefixed);
    const cursor = this.help === undefined ? this.view.cursor?.() : undefined;
    return cursor && { x: cursor.x, y: cursor.y + 1 };
  }

  private key(key: Key): void {
    const { consoles } = this.views;
    if (this.help !== undefined) {
      const at = listMove(key.name, this.help.at, this.help.most + 1, HELP_PAGE);
      this.help = at === undefined ? undefined : { ...this.help, at };
    } else if (this.prompt !== undefined) {
      this.promptKey(key, this.prompt);
    } else if (this.isPrefixed) {
      this.isPrefixed = false;
      if (key.name === PREFIX) this.type(key.text);
      else if (!this.view.key(key, this.stage)) this.commonKey(key);
    } else if (key.name === PREFIX) {
      this.isPrefixed = true;
    } else if (this.view === consoles && consoles.takesText) {
      this.type(key.text);
    } else if (!this.view.key(key, this.stage)) {
      this.commonKey(key);
    }
  }

  /** What is typed in one go is one entry of the journal, also where it was pasted. */
  private type(text: string): void {
    const { session, node } = this.stage;
    if (this.typing?.node === node) {
      this.typing.text += text;
      return;
    }
    const typing = { node, text };
    this.typing = typing;
    this.live.enqueue(() => {
      this.typing = undefined;
      session.type(node, typing.text);
    });
  }

  private promptKey(key: Key, prompt: Prompt): void {
    const end = prompt.key(key);
    if (end === undefined) return;
    this.prompt = undefined;
    if (end.kind === 'filter') this.stage.filter = end.text ?? '';
    else if (end.text !== undefined && end.text.trim() !== '') {
      this.commandHistory.push(end.text);
      this.command(end.text);
    }
  }

  /** What is the same in every view. */
  private commonKey({ name }: Key): void {
    const { stage, live } = this;
    const view = /^[1-9]$/.test(name) ? this.views.all[Number(name) - 1] : undefined;
    if (view !== undefined) this.show(view);
    else if (name === 'q' || name === 'ctrl-c') this.command('quit');
    else if (name === '?') this.help = { at: 0, most: 0 };
    else if (name === 'ctrl-l') this.terminal.refresh();
    else if (name === ':')
      this.prompt = new Prompt('command', this.commandHistory, text => completions(text, live));
    else if (name === '/') this.prompt = new Prompt('filter', [], () => [], stage.filter);
    else if (name === 'space') this.command(live.isRunning ? 'pause' : 'go');
    else if (name === '.') this.stepCommand('step');
    else if (name === ',') this.stepCommand('back');
    else if (name === '[') this.changeSpeed(-1);
    else if (name === ']') this.changeSpeed(1);
    else if (name === 'escape') stage.filter = '';
    else if (name !== 'unknown') this.tell('note', `${name} means nothing here; ? helps`);
  }

  private stepCommand(command: 'step' | 'back'): void {
    if (this.live.isRunning) this.command('pause');
    this.command(`${command} ${this.stage.session.nameOf(this.stage.node)}`);
  }

  private changeSpeed(step: 1 | -1): void {
    const at = SPEEDS.findIndex(speed => speed >= this.live.speed);
    this.command(`speed ${SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at + step))]}`);
  }

  private command(text: string): void {
    this.live.enqueue(async () => {
      this.isDirty = true;
      try {
        const { line, note } = await perform(text, this.live);
        if (line !== '') this.tell('script', line);
        if (note !== undefined) this.tell('note', note);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        this.tell('error', error.message.split('\n')[0]!);
      }
    });
  }

  private show(view: View): void {
    this.view = view;
    this.isDirty = true;
  }

  private tell(kind: Told['kind'], text: string): void {
    this.told.push({ at: this.live.session.now, kind, text });
    if (this.told.length > TOLD_MAX) this.told.shift();
    this.isDirty = true;
  }
}

/** Firmware and kernel run where they are linked, so that one table does for both; read when first asked. */
function lazyLineTable({ firmware, kernel }: BootImages): () => LineTable | undefined {
  let tables: readonly LineTable[] | undefined;
  const at = (address: number) => {
    tables ??= [firmware, kernel].flatMap(image =>
      image === undefined ? [] : [readLineTable(readElf(image))],
    );
    for (const table of tables) {
      const place = table.at(address);
      if (place !== undefined) return place;
    }
    return undefined;
  };
  return () => ({ at });
}
