/**
 * A person's keyboard and screen at a node that runs the whole system, on our board: every key counts.
 *
 *     const console = await boardKeyboard();
 *     await console.prompt();
 *     expect(await console.run('echo hi')).toBe('hi\n');      what the command wrote
 *     console.type('cat\r'); await console.until('cat\r\n');  anything else, key by key
 *     console.rest();                                         lets programs go on for 20 ms
 *     await console.screen()                                  what the terminal shows, row by row
 */
import headless from '@xterm/headless';
import { Board } from '../../hw/board.ts';
import { loadCore } from '../../hw/cpu/load-core.ts';
import { buildSystem, clusterManifest, type SystemImages } from '../../images/boot/system.ts';

/** What the shell writes before it waits for a line. */
const PROMPT = '\r$ \x1b[J';
const RAM_SIZE = 0x400_0000;
const MILLISECOND = 1_000_000;
const REST_MILLISECONDS = 20;
/** Simulated, that a step of a test may take. */
const PATIENCE_MILLISECONDS = 20_000;
const COLUMNS = 80;
const ROWS = 24;

let images: Promise<SystemImages> | undefined;

/** Everything of images/cluster/one.json. */
export function systemImages(): Promise<SystemImages> {
  images ??= buildSystem(clusterManifest('one'));
  return images;
}

export class Keyboard {
  /** Since power on. */
  nanoseconds = 0;
  private readonly board: Board;
  /** In Latin-1: a character for each byte. */
  private output = '';
  /** How much of the output has been met. */
  private met = 0;

  constructor(board: Board) {
    this.board = board;
    board.onSerial(byte => {
      this.output += String.fromCharCode(byte);
    });
    board.powerOn();
  }

  type(keys: string): void {
    this.board.uart.receive(new TextEncoder().encode(keys));
  }

  rest(milliseconds = REST_MILLISECONDS): void {
    this.nanoseconds += milliseconds * MILLISECOND;
    this.board.runUntil(this.nanoseconds);
  }

  /** What comes before the text. */
  async until(text: string): Promise<string> {
    const start = this.met;
    for (let waited = 0; !this.output.includes(text, start); waited++) {
      if (waited === PATIENCE_MILLISECONDS)
        throw new Error(
          `waited in vain for ${JSON.stringify(text)} in ${JSON.stringify(this.output.slice(start))}`,
        );
      this.rest(1);
    }
    this.met = this.output.indexOf(text, start) + text.length;
    return this.output.slice(start, this.met - text.length);
  }

  prompt(): Promise<string> {
    return this.until(PROMPT);
  }

  /** Types a line at the prompt and waits for the next: what was written between them. */
  async run(line: string): Promise<string> {
    this.type(`${line}\r`);
    await this.until(`${Buffer.from(line).toString('latin1')}\r\n`);
    const written = (await this.prompt()).replaceAll('\r\n', '\n');
    return Buffer.from(written, 'latin1').toString();
  }

  /** Rows without blanks at their ends; none behind the last that has anything. */
  async screen(): Promise<readonly string[]> {
    const terminal = new headless.Terminal({
      cols: COLUMNS,
      rows: ROWS,
      allowProposedApi: true,
      logLevel: 'off',
    });
    await new Promise<void>(resolve => terminal.write(Buffer.from(this.output, 'latin1'), resolve));
    const { active } = terminal.buffer;
    const rows = Array.from({ length: ROWS }, (_, row) =>
      active
        .getLine(active.baseY + row)!
        .translateToString(true)
        .trimEnd(),
    );
    return rows.slice(0, rows.findLastIndex(row => row !== '') + 1);
  }
}

export async function boardKeyboard(): Promise<Keyboard> {
  const { firmware, kernel, archive } = await systemImages();
  const description = { name: 'test', seed: 1, ramSize: RAM_SIZE, serialLine: 'fast' } as const;
  return new Keyboard(
    new Board({ ...description, images: { firmware, kernel, initrd: archive } }, await loadCore()),
  );
}
