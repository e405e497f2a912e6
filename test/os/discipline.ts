/**
 * The terminal's line discipline without a machine: the service's pure parts as a module in Node, and a
 * terminal's screen that shows what it sends.
 *
 *     const line = await openDiscipline();
 *     line.type('abc\x7f\r'); line.read(100) → 'ab\n'; await line.screen() → 'ab'
 */
import headless from '@xterm/headless';
import { compile } from '../../hw/cpu/asc.ts';
import { typedManual } from '../../images/guest/compile.ts';
import { compilerOptions } from '../../images/guest/profile.ts';

const PARTS = ['typing', 'output', 'attributes'].map(part => `os/service/terminal/${part}.ts`);
/** Below it is static memory. */
const SCRATCH = 0xf000;
const SCRATCH_SIZE = 0x1000;
const PROGRAM_BASE = 4096;
const COLUMNS = 80;

interface Exports {
  readonly memory: WebAssembly.Memory;
  makeSane(): void;
  typeByte(byte: number): void;
  takeSignals(): number;
  copyTyped(to: number, size: number): number;
  consumeTyped(): void;
  canonicalChanged(): void;
  put(byte: number): void;
  nextOutput(to: number, size: number): number;
  outputTaken(): void;
  attributes: WebAssembly.Global;
}

let module: Promise<WebAssembly.Module> | undefined;

async function compiled(): Promise<WebAssembly.Module> {
  const options = compilerOptions('service', PROGRAM_BASE);
  const result = await compile({ entries: PARTS, options, transform: typedManual });
  if (!result.ok) throw new Error(result.diagnostics.map(each => each.message).join('\n'));
  return new WebAssembly.Module(result.wasm as Uint8Array<ArrayBuffer>);
}

export class Discipline {
  private readonly guest: Exports;
  private readonly terminal = new headless.Terminal({ cols: COLUMNS, rows: 24, allowProposedApi: true });
  /** All that has gone to the screen. */
  sent: number[] = [];

  constructor(guest: Exports) {
    this.guest = guest;
    guest.makeSane();
  }

  type(text: string): void {
    for (const byte of new TextEncoder().encode(text)) {
      this.guest.typeByte(byte);
      this.collect();
    }
  }

  /** A program writes. */
  write(text: string): void {
    for (const byte of new TextEncoder().encode(text)) this.guest.put(byte);
    this.collect();
  }

  /** What a read of so many bytes gets; undefined where it has to wait. */
  read(size: number): string | undefined {
    const count = this.guest.copyTyped(SCRATCH, Math.min(size, SCRATCH_SIZE));
    if (count < 0) return undefined;
    this.guest.consumeTyped();
    return this.text(count);
  }

  /** Signals typed since it was last asked, by number. */
  signals(): number[] {
    const bits = this.guest.takeSignals();
    return Array.from({ length: 32 }, (_, signal) => signal).filter(signal => (bits >>> signal) & 1);
  }

  /** Changes one of the flag words at an offset of the attributes. */
  setFlags(offset: number, change: (flags: number) => number): void {
    const view = new DataView(this.guest.memory.buffer, this.guest.attributes.value as number, 36);
    view.setUint32(offset, change(view.getUint32(offset, true)), true);
    this.guest.canonicalChanged();
  }

  /** The rows of the screen that have something on them. */
  async screen(): Promise<string> {
    await new Promise<void>(resolve => this.terminal.write(Uint8Array.from(this.sent), resolve));
    this.sent = [];
    const { active } = this.terminal.buffer;
    const rows = Array.from({ length: active.length }, (_, row) =>
      active.getLine(row)!.translateToString(true),
    );
    return rows.join('\n').trimEnd();
  }

  /** In which column the cursor is. */
  async cursor(): Promise<number> {
    await this.screen();
    return this.terminal.buffer.active.cursorX;
  }

  private collect(): void {
    for (;;) {
      const count = this.guest.nextOutput(SCRATCH, SCRATCH_SIZE);
      if (count === 0) return;
      this.sent.push(...new Uint8Array(this.guest.memory.buffer, SCRATCH, count));
      this.guest.outputTaken();
    }
  }

  private text(count: number): string {
    return new TextDecoder().decode(new Uint8Array(this.guest.memory.buffer, SCRATCH, count).slice());
  }
}

export async function openDiscipline(): Promise<Discipline> {
  module ??= compiled();
  const instance = new WebAssembly.Instance(await module, {});
  return new Discipline(instance.exports as unknown as Exports);
}
