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
import { ConsoleLines, prefixed } from './console-lines.ts';
import { Live } from './live.ts';

export interface PlainOptions {
  readonly session: Session;
  readonly origin: Origin;
  readonly isInteractive: boolean;
  /** Simulated time after which it ends in any case. */
  readonly forNs: number | undefined;
  readonly print: (line: string) => void;
}

/** Simulated: a console that is silent so long waits for input. */
const SILENCE_NS = 100_000_000;
/** When every console has been silent so long after the last input, the session is over. */
const END_SILENCE_NS = 2_000_000_000;

export class Plain {
  readonly live: Live;
  private readonly options: PlainOptions;
  private readonly lines: ConsoleLines;
  private readonly input: string[] = [];
  private chosen: number;
  private inputEnded = false;
  private lastInputNs = 0;
  /** Lines that were taken and have had no effect yet. */
  private obeying = 0;
  private exitCode = 0;

  constructor(options: PlainOptions) {
    this.options = options;
    const { session, origin, isInteractive } = options;
    this.chosen = session.boards[0]!;
    this.lines = new ConsoleLines(session);
    this.live = new Live({
      session,
      origin,
      isPaced: isInteractive,
      changed: () => this.look(),
      tell: text => options.print(`· ${text}`),
    });
  }

  /** Runs to the end, and gives the exit code. */
  async run(): Promise<number> {
    if (this.options.isInteractive)
      this.options.print('· type a line for node0, @node1 for another, :help for commands, :quit to end');
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
    for (const line of this.lines.take('rest')) this.options.print(prefixed(this.options.session, line));
    return this.exitCode;
  }

  private look(): void {
    const { session, print } = this.options;
    for (const line of this.lines.take()) print(prefixed(session, line));
    this.takeInput();
    const code = this.ended();
    if (code === undefined) return;
    this.exitCode = code;
    this.live.quit();
  }

  private takeInput(): void {
    const { isInteractive } = this.options;
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
    const { session, print } = this.options;
    if (line === ':help') {
      for (const command of COMMANDS) print(`· ${usage(command).padEnd(24)} ${command.help}`);
      return;
    }
    if (line.startsWith(':')) {
      const { note } = await perform(line.slice(1), this.live);
      if (note !== undefined) print(`· ${note}`);
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

  /** The exit code, once nothing more is to be expected. */
  private ended(): number | undefined {
    const { session, forNs, print } = this.options;
    if (session.broken !== undefined) {
      print(`· an invariant is broken: ${session.broken}`);
      return EXIT_CODES.invariant;
    }
    if (session.panic !== undefined && (this.inputEnded || !this.options.isInteractive))
      return EXIT_CODES.panic;
    if (forNs !== undefined && session.now >= forNs) return EXIT_CODES.passed;
    if (session.boards.every(node => session.cluster.station(node).power === 'off')) return EXIT_CODES.passed;
    if (this.options.isInteractive && !this.inputEnded) return undefined;
    if (!this.inputEnded || this.input.length + this.obeying > 0) return undefined;
    const isQuiet = session.boards.every(node => this.isSilent(node, END_SILENCE_NS));
    if (!isQuiet || (forNs !== undefined && !session.isStuck)) return undefined;
    return session.boards.some(node => session.transcript(node).length > 0)
      ? EXIT_CODES.passed
      : EXIT_CODES['no-progress'];
  }
}
