/**
 * The host interface of the public RISC-V tests: two 64-bit words in RAM, `tohost` and `fromhost`.
 *
 *     tohost = 1                 the test passed
 *     tohost = 2·n + 1           test n failed
 *     device 1, command 1        a character for the console: 0x0101_0000_0000_00cc
 *
 * Nobody is told when the guest writes there, so the words are looked at between slices of a fixed number
 * of cycles; the guest waits, as it does with the hardware that this comes from. The two halves of a word
 * may be written one after the other: a first half is given time for its second.
 */
import type { Ram } from '../bus/device.ts';
import type { SymbolTable } from '../lab/symbols.ts';

/** How often to look. */
export const HTIF_POLL_CYCLES = 4096;

const CONSOLE_WRITE = 0x0101_0000;

export class Htif {
  private readonly ram: Ram;
  private readonly tohost: number;
  private readonly fromhost: number | undefined;
  private readonly print: (byte: number) => void;
  /** A value was there at the last look. */
  private seen = false;

  private constructor(ram: Ram, tohost: number, fromhost: number | undefined, print: (byte: number) => void) {
    this.ram = ram;
    this.tohost = tohost;
    this.fromhost = fromhost;
    this.print = print;
  }

  /** Undefined where the guest has no such symbol in RAM. */
  static find(ram: Ram, symbols: SymbolTable, print: (byte: number) => void): Htif | undefined {
    const tohost = symbols.address('tohost');
    if (tohost === undefined || ram.read(tohost, 8) === undefined) return undefined;
    return new Htif(ram, tohost, symbols.address('fromhost'), print);
  }

  /** The value with which the guest ends, 1 for passed; undefined while it goes on. */
  look(): number | undefined {
    const [low, high] = this.words(this.tohost);
    if (low === 0 && high === 0) return undefined;
    if (!this.seen) {
      this.seen = true;
      return undefined;
    }
    this.seen = false;
    if (high === CONSOLE_WRITE) {
      this.print(low & 0xff);
      this.ram.write(this.tohost, new Uint8Array(8));
      if (this.fromhost !== undefined) this.ram.write(this.fromhost, Uint8Array.of(1, 0, 0, 0, 0, 0, 1, 1));
      return undefined;
    }
    return low;
  }

  private words(address: number): [number, number] {
    const bytes = this.ram.read(address, 8)!;
    const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
    return [view.getUint32(0, true), view.getUint32(4, true)];
  }
}
