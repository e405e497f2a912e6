/**
 * The full screen as a person has it: `npm start` in a terminal of tmux, keys pressed, the screen read.
 *
 *     const ui = await UiRig.open({ width: 100, height: 30, words: ['--nodes', '2'] });
 *     ui.press('hello');                  named keys: Enter, Tab, C-a, Up …
 *     await ui.sees('│hello');
 *     ui.close();
 *
 * Waiting looks again and again until it is so; what is never so fails with the screen.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ECHO, START, writeEcho } from './start-rig.ts';

export const hasTmux = spawnSync('tmux', ['-V']).status === 0;

const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 100;
const LOAD_SPANS = 4;
const LOAD_SPAN_MS = 4000;
/** Linux counts processor time in these. */
const TICK_MS = 10;

export interface UiOptions {
  readonly width?: number;
  readonly height?: number;
  readonly words?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** In the folder where the command starts. */
  readonly files?: Readonly<Record<string, string>>;
  /** Boards that echo unless stated: they are there at once. */
  readonly boots?: 'the system';
}

export class UiRig {
  private readonly folder = mkdtempSync(join(tmpdir(), 'gossamer-'));

  /** Starts it and waits for its first picture. */
  static async open(options: UiOptions = {}): Promise<UiRig> {
    const { width = 100, height = 30, words = [], environment = {}, files = {}, boots } = options;
    const rig = new UiRig();
    await writeEcho(rig.folder);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(rig.folder, name), text);
    const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    const command = [
      ...variables,
      process.execPath,
      ...START,
      ...(boots === undefined ? ECHO : []),
      ...words,
    ].join(' ');
    const shell = `export GOSSAMER="${START.join(' ')}"; cd ${rig.folder}; trap : INT; stty -a > before; env ${command}; ended=$?; stty -a > after; echo "ended with $ended"; exec sh`;
    rig.tmux('-f', '/dev/null', 'new-session', '-d', '-x', String(width), '-y', String(height), shell);
    rig.tmux('set-option', '-s', 'set-clipboard', 'on');
    return rig;
  }

  press(...keys: string[]): void {
    this.tmux('send-keys', ...keys);
  }

  resize(width: number, height: number): void {
    this.tmux('resize-window', '-x', String(width), '-y', String(height));
  }

  screen(): string {
    return this.tmux('capture-pane', '-p');
  }

  /** What tmux knows of the terminal, by its format. */
  fact(format: string): string {
    return this.tmux('display-message', '-p', format).trim();
  }

  async sees(wanted: string | RegExp): Promise<string> {
    for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_EVERY_MS) {
      const screen = this.screen();
      if (typeof wanted === 'string' ? screen.includes(wanted) : wanted.test(screen)) return screen;
      await setTimeout(LOOK_EVERY_MS);
    }
    throw new Error(`the screen never showed ${wanted}:\n${this.screen()}`);
  }

  /** What programs in the terminal have last put there (OSC 52). */
  clipboard(): string {
    return this.tmux('show-buffer');
  }

  /** The number of the command's process. */
  process(): string {
    return execFileSync('pgrep', ['-P', this.fact('#{pane_pid}')], { encoding: 'utf8' }).trim();
  }

  /** The share of a core that the command takes: the least of some spans, for other work makes caches cold. */
  async load(): Promise<number> {
    const shares: number[] = [];
    for (let span = 0; span < LOAD_SPANS; span += 1) {
      const before = this.processorMs();
      await setTimeout(LOAD_SPAN_MS);
      shares.push((this.processorMs() - before) / LOAD_SPAN_MS);
    }
    return Math.min(...shares);
  }

  /** Processor time that the command has had. */
  private processorMs(): number {
    const fields = readFileSync(`/proc/${this.process()}/stat`, 'utf8').split(' ');
    return (Number(fields[13]) + Number(fields[14])) * TICK_MS;
  }

  /** Sends the command a signal. */
  signal(name: string): void {
    execFileSync('kill', [`-${name}`, this.process()]);
  }

  /** Takes the terminal away, and waits until the command is gone. */
  async hangUp(): Promise<void> {
    const process = this.process();
    this.tmux('kill-window');
    for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_EVERY_MS) {
      if (spawnSync('kill', ['-0', process]).status !== 0) return;
      await setTimeout(LOOK_EVERY_MS);
    }
    throw new Error('the command lives on without its terminal');
  }

  /** A file that the command wrote. */
  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  /** Whether the terminal's mode is what it was before, and the cursor is to be seen. */
  isRestored(): boolean {
    const modes = spawnSync('cmp', [join(this.folder, 'before'), join(this.folder, 'after')]);
    return modes.status === 0 && this.fact('#{alternate_on} #{cursor_flag}') === '0 1';
  }

  close(): void {
    spawnSync('tmux', ['-S', join(this.folder, 'tmux'), 'kill-server']);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private tmux(...words: string[]): string {
    const environment = { ...process.env, LC_ALL: 'C.UTF-8', TERM: 'xterm-256color' };
    const socket = join(this.folder, 'tmux');
    return execFileSync('tmux', ['-u', '-S', socket, ...words], { encoding: 'utf8', env: environment });
  }
}
