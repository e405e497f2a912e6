/**
 * From an address to a name a person knows, and back: the symbols of everything that was loaded.
 *
 *     symbols.nearest(0x80001234)  →  'trap_handler+0x14'
 *     symbols.address('tohost')    →  0x80001000
 *
 * The nearest symbol is the last one at or before the address; one that states its size and ends before
 * the address does not count, nor does one further away than FAR.
 */
import type { ElfSymbol } from '../elf.ts';

const FAR = 0x1_0000;

export class SymbolTable {
  /** Ascending by address; at one address the name to be shown comes last. */
  private readonly sorted: readonly ElfSymbol[];
  private readonly addresses = new Map<string, number>();

  constructor(symbols: readonly ElfSymbol[]) {
    this.sorted = symbols
      .filter(symbol => isName(symbol.name))
      .sort((a, b) => a.address - b.address || a.size - b.size);
    for (const { name, address } of symbols) if (!this.addresses.has(name)) this.addresses.set(name, address);
  }

  address(name: string): number | undefined {
    return this.addresses.get(name);
  }

  /** `name` or `name+0x12`; undefined where no symbol is near. */
  nearest(address: number): string | undefined {
    for (let at = this.countUpTo(address) - 1; at >= 0; at -= 1) {
      const symbol = this.sorted[at]!;
      const offset = address - symbol.address;
      if (offset > FAR) return undefined;
      if (symbol.size > 0 && offset >= symbol.size) continue;
      return offset === 0 ? symbol.name : `${symbol.name}+0x${offset.toString(16)}`;
    }
    return undefined;
  }

  /** How many symbols are at or before the address. */
  private countUpTo(address: number): number {
    let low = 0;
    let high = this.sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.sorted[middle]!.address <= address) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Not the assembler's own marks: mapping symbols (psABI, `$x`, `$d`) and local labels. */
function isName(name: string): boolean {
  return name !== '' && !name.startsWith('$') && !name.startsWith('.L');
}
