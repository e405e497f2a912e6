/**
 * The operator's console without a screen: consoles as prefixed lines, input as lines.
 *
 *     text           typed at the console that was last chosen, with Enter
 *     @node1         chooses a console        @node1 text    chooses it and types there
 *     :cut 0 1       a command (hw/console/commands.ts); :help lists them
 *
 * Where input is a person's, time follows the host's. Where it is a file or a pipe, time flies: each line
 * waits until its console has been silent for a while, and after the last one the session ends when all are.
 */
import { createInterface } from 'node:readline';
import { EXIT_CODES } from '../session/failure.ts';
import type { Origin } from '../session/recording.ts';
import type { Session } from '../session/session.ts';
import { COMMANDS, perform, usage } from './commands.ts';
import { Live } from './live.ts';
import type { Narrator } from './narrator.ts';

export interface PlainOptions {
  readonly session: Session;
  readonly origin: Origin;
  readonly narrator: Narrator;
  /** Simulated time after which it ends in any case. */
  readonly forNs: number | undefined;
}

export interface PlainEnd {
  readonly code: number;
  /** What went wrong, where something did. */
  readonly words?: string;
}

/** Simulated: a console that is silent so long waits for input. */
const SILENCE_NS = 100_000_000;
/** When every console has been silent so long after the last input, the session is over. */
const END_SILENCE_NS = 2_000_000_000;

export class Plain {
  readonly live: Live;
  private readonly options: PlainOptions;
  private readonly isInteractive = process.stdin.isTTY === true;
  private readonly input: string[] = [];
  private chosen: number;
  private inputEnded = false;
  private lastInputNs = 0;
  /** Lines that were taken and have had no effect yet. */
  private obeying = 0;
  private end: PlainEnd = { code: EXIT_CODES.passed };

  constructor(options: PlainOptions) {
    this.options = options;
    const { session, origin, narrator } = options;
    this.chosen = session.boards[0]!;
    this.live = new Live({
      session,
      origin,
      isPaced: this.isInteractive,
      changed: () => this.look(),
      tell: text => narrator.note(text),
    });
  }

  async run(): Promise<PlainEnd> {
    if (this.isInteractive)
      this.options.narrator.note(
        'type a line for node0, @node1 for another, :help for commands, :quit to end',
      );
    const reader = createInterface({ input: process.stdin, terminal: false });
    reader.on('line', line => {
      this.input.push(line);
      this.live.enqueue(() => {});
    });
    reader.on('close', () => {
      this.inputEnded = true;
      this.live.enqueue(() => {});
    });
    await this.live.run();
    reader.close();
    return this.end;
  }

  private look(): void {
    this.takeInput();
    const end = this.ended();
    if (end === undefined) return;
    this.end = end;
    this.live.quit();
  }

  private takeInput(): void {
    const { isInteractive } = this;
    while (this.input.length > 0 && (isInteractive || this.isSilent(this.nextNode(), SILENCE_NS))) {
      const line = this.input.shift()!;
      this.lastInputNs = this.options.session.now;
      this.obeying += 1;
      this.live.enqueue(async () => {
        try {
          await this.obey(line);
        } finally {
          this.obeying -= 1;
        }
      });
      if (!isInteractive) return;
    }
  }

  /** The console that the next line is for. */
  private nextNode(): number {
    const name = /^@(\S+)/.exec(this.input[0]!)?.[1];
    try {
      return name === undefined ? this.chosen : this.options.session.node(name);
    } catch {
      return this.chosen;
    }
  }

  private async obey(line: string): Promise<void> {
    const { session, narrator } = this.options;
    if (line === ':help') {
      for (const command of COMMANDS) narrator.note(`${usage(command).padEnd(24)} ${command.help}`);
      return;
    }
    if (line.startsWith(':')) {
      const { note } = await perform(line.slice(1), this.live);
      if (note !== undefined) narrator.note(note);
      return;
    }
    const [, name, text] = /^@(\S+)(?: (.*))?$/.exec(line) ?? [undefined, undefined, line];
    if (name !== undefined) this.chosen = session.node(name);
    if (text !== undefined) session.type(this.chosen, `${text}\n`);
  }

  /** Silent since it last spoke or was last spoken to, and for at least so long. */
  private isSilent(node: number, ns: number): boolean {
    const { session } = this.options;
    const transcript = session.transcript(node);
    if (session.isStuck) return true;
    const spoke = transcript.length === 0 ? 0 : transcript.timeOf(transcript.length - 1);
    return session.now - Math.max(spoke, this.lastInputNs) > ns;
  }

  /** How it ended, once nothing more is to be expected. */
  private ended(): PlainEnd | undefined {
    const { session, forNs } = this.options;
    const { broken, panic } = session;
    const passed = { code: EXIT_CODES.passed };
    const isLeft = this.inputEnded || !this.isInteractive;
    if (broken !== undefined)
      return { code: EXIT_CODES.invariant, words: `an invariant is broken: ${broken}` };
    if (panic !== undefined && isLeft)
      return { code: EXIT_CODES.panic, words: `${session.nameOf(panic.node)}: ${panic.words}` };
    if (forNs !== undefined && session.now >= forNs) return passed;
    if (session.boards.every(node => session.cluster.station(node).power === 'off')) return passed;
    if (!this.inputEnded || this.input.length + this.obeying > 0) return undefined;
    const isQuiet = session.boards.every(node => this.isSilent(node, END_SILENCE_NS));
    if (!isQuiet || (forNs !== undefined && !session.isStuck)) return undefined;
    if (session.boards.some(node => session.transcript(node).length > 0)) return passed;
    return { code: EXIT_CODES['no-progress'], words: 'no console said a word, and none will' };
  }
}
