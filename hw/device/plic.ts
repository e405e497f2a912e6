/**
 * The PLIC: gathers the devices' interrupt lines into meip and seip (registers and rules:
 * hw/manual/plic.ts).
 *
 *     source(n).set(level) ─→ gateway ─→ pending ─→ enable, priority, threshold ─→ contexts[c].set(level)
 *                                claim clears pending, complete opens the gateway again
 */
import type { AccessSize, Device, Line } from '../bus/device.ts';
import {
  PLIC_CLAIM,
  PLIC_CONTEXT,
  PLIC_CONTEXT_STRIDE,
  PLIC_CONTEXTS,
  PLIC_ENABLE,
  PLIC_ENABLE_STRIDE,
  PLIC_PENDING,
  PLIC_PRIORITY,
  PLIC_PRIORITY_MAX,
  PLIC_SOURCES,
  PLIC_THRESHOLD,
} from '../manual/plic.ts';
import type { StatePort } from '../state.ts';

const WORDS = PLIC_SOURCES / 32;

export class Plic implements Device {
  readonly name = 'plic';
  readonly deadline = Infinity;
  /** What each context drives: [meip, seip]. */
  private readonly contexts: readonly Line[];
  private readonly priority = new Uint8Array(PLIC_SOURCES);
  private readonly threshold = new Uint8Array(PLIC_CONTEXTS);
  private readonly enable = new Uint32Array(PLIC_CONTEXTS * WORDS);
  /** Requests forwarded and not yet claimed. */
  private readonly pending = new Uint32Array(WORDS);
  /** Sources whose gateway waits for a completion: pending or claimed. */
  private readonly busy = new Uint32Array(WORDS);
  /** What the lines say now. */
  private readonly level = new Uint32Array(WORDS);
  /** Sources whose next request the lab takes away. */
  private readonly doomed = new Uint32Array(WORDS);

  constructor(contexts: readonly [machine: Line, supervisor: Line]) {
    this.contexts = contexts;
  }

  /** The line of source 1 … 95, level-triggered. */
  source(source: number): Line {
    if (source < 1 || source >= PLIC_SOURCES) throw new Error(`interrupt source ${source} is not 1 to 95`);
    return { set: level => this.drive(source, level) };
  }

  /** A fault: this source asks for service although its line did not. */
  raiseSpurious(source: number): void {
    setBit(this.pending, source);
    setBit(this.busy, source);
    this.update();
  }

  /** A fault: the next rising edge of this source's line is not seen; a later one is. */
  loseNext(source: number): void {
    setBit(this.doomed, source);
  }

  read(offset: number, size: AccessSize): number | undefined {
    if (size !== 4) return undefined;
    if (offset < PLIC_PENDING) return this.priority[(offset - PLIC_PRIORITY) / 4] ?? 0;
    if (offset < PLIC_ENABLE) return this.pending[(offset - PLIC_PENDING) / 4] ?? 0;
    if (offset < PLIC_CONTEXT) return this.readEnable(enableIndex(offset));
    const context = Math.floor((offset - PLIC_CONTEXT) / PLIC_CONTEXT_STRIDE);
    const register = (offset - PLIC_CONTEXT) % PLIC_CONTEXT_STRIDE;
    if (context >= PLIC_CONTEXTS) return 0;
    if (register === PLIC_THRESHOLD) return this.threshold[context]!;
    return register === PLIC_CLAIM ? this.claim(context) : 0;
  }

  write(offset: number, size: AccessSize, value: number): boolean {
    if (size !== 4) return false;
    if (offset < PLIC_PENDING) this.setPriority((offset - PLIC_PRIORITY) / 4, value);
    else if (offset >= PLIC_CONTEXT) this.writeContext(offset - PLIC_CONTEXT, value);
    else if (offset >= PLIC_ENABLE) this.setEnable(enableIndex(offset), value);
    this.update();
    return true;
  }

  advance(): void {}

  /** The lines keep their levels: they belong to the devices. */
  reset(): void {
    for (const table of [this.priority, this.threshold, this.enable, this.pending, this.busy, this.doomed]) {
      table.fill(0);
    }
    for (let source = 1; source < PLIC_SOURCES; source += 1) this.forward(source);
    this.update();
  }

  state(port: StatePort): void {
    port.bytes(this.priority);
    port.bytes(this.threshold);
    for (const table of [this.enable, this.pending, this.busy, this.level, this.doomed]) {
      for (let at = 0; at < table.length; at += 1) table[at] = port.u32(table[at]!);
    }
  }

  private drive(source: number, level: boolean): void {
    if (bit(this.level, source) === level) return;
    if (!level) {
      clearBit(this.level, source);
      return;
    }
    setBit(this.level, source);
    if (bit(this.doomed, source)) {
      clearBit(this.doomed, source);
      return;
    }
    this.forward(source);
    this.update();
  }

  /** The gateway: a high level becomes a request unless an earlier one is still in service. */
  private forward(source: number): void {
    if (!bit(this.level, source) || bit(this.busy, source)) return;
    setBit(this.pending, source);
    setBit(this.busy, source);
  }

  private setPriority(source: number, value: number): void {
    if (source >= 1 && source < PLIC_SOURCES) this.priority[source] = value & PLIC_PRIORITY_MAX;
  }

  private readEnable(index: number | undefined): number {
    return index === undefined ? 0 : this.enable[index]!;
  }

  private setEnable(index: number | undefined, value: number): void {
    if (index === undefined) return;
    this.enable[index] = index % WORDS === 0 ? value & ~1 : value;
  }

  private writeContext(offset: number, value: number): void {
    const context = Math.floor(offset / PLIC_CONTEXT_STRIDE);
    const register = offset % PLIC_CONTEXT_STRIDE;
    if (context >= PLIC_CONTEXTS) return;
    if (register === PLIC_THRESHOLD) this.threshold[context] = value & PLIC_PRIORITY_MAX;
    else if (register === PLIC_CLAIM) this.complete(context, value);
  }

  private claim(context: number): number {
    const source = this.best(context);
    clearBit(this.pending, source);
    this.update();
    return source;
  }

  private complete(context: number, source: number): void {
    if (source < 1 || source >= PLIC_SOURCES || !this.enabled(context, source)) return;
    if (bit(this.pending, source)) return;
    clearBit(this.busy, source);
    this.forward(source);
  }

  private enabled(context: number, source: number): boolean {
    return ((this.enable[context * WORDS + (source >>> 5)]! >>> (source & 31)) & 1) === 1;
  }

  /** The source that a claim would give, or 0. */
  private best(context: number): number {
    let best = 0;
    let highest = 0;
    for (let word = 0; word < WORDS; word += 1) {
      let waiting = this.pending[word]! & this.enable[context * WORDS + word]!;
      while (waiting !== 0) {
        const source = word * 32 + 31 - Math.clz32(waiting & -waiting);
        waiting &= waiting - 1;
        if (this.priority[source]! > highest) {
          best = source;
          highest = this.priority[source]!;
        }
      }
    }
    return best;
  }

  private update(): void {
    this.contexts.forEach((line, context) => {
      line.set(this.priority[this.best(context)]! > this.threshold[context]!);
    });
  }
}

function enableIndex(offset: number): number | undefined {
  const context = Math.floor((offset - PLIC_ENABLE) / PLIC_ENABLE_STRIDE);
  const word = ((offset - PLIC_ENABLE) % PLIC_ENABLE_STRIDE) / 4;
  return context < PLIC_CONTEXTS && word < WORDS ? context * WORDS + word : undefined;
}

function bit(table: Uint32Array, source: number): boolean {
  return ((table[source >>> 5]! >>> (source & 31)) & 1) === 1;
}

function setBit(table: Uint32Array, source: number): void {
  table[source >>> 5]! |= 1 << (source & 31);
}

function clearBit(table: Uint32Array, source: number): void {
  table[source >>> 5]! &= ~(1 << (source & 31));
}
