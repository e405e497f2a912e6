/**
 * Source maps (revision 3), from bytes of a WebAssembly module to file, line and column. The module is a
 * source map's one generated line; a segment's column is a byte offset.
 */

export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export class SourceMap {
  private readonly offsets: number[] = [];
  private readonly places: SourcePlace[] = [];

  /** Throws SyntaxError for text that is no source map. */
  constructor(text: string) {
    const map = JSON.parse(text) as { sources?: unknown; mappings?: unknown };
    if (!Array.isArray(map.sources) || typeof map.mappings !== 'string') {
      throw new SyntaxError('the source map has no list of sources or no mappings');
    }
    const sources = map.sources.map(String);
    const [offset, source, line, column] = [0, 1, 2, 3];
    const state = [0, 0, 0, 0];
    for (const segment of (map.mappings.split(';')[0] ?? '').split(',')) {
      const numbers = decodeSegment(segment);
      numbers.slice(0, 4).forEach((delta, field) => {
        state[field]! += delta;
      });
      if (numbers.length < 4) continue;
      this.offsets.push(state[offset]!);
      this.places.push({
        file: sources[state[source]!] ?? '',
        line: state[line]! + 1,
        column: state[column]! + 1,
      });
    }
  }

  /** The place of the last segment at or before `offset`. */
  find(offset: number): SourcePlace | undefined {
    let low = 0;
    let high = this.offsets.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.offsets[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    return this.places[low - 1];
  }
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Numbers as base64 digits, low ones first, five bits each; the lowest bit of a number is its sign. */
function decodeSegment(segment: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const letter of segment) {
    const digit = DIGITS.indexOf(letter);
    if (digit < 0) throw new SyntaxError(`${JSON.stringify(letter)} is no digit of a source map`);
    value += (digit & 31) * 2 ** shift;
    shift += 5;
    if (digit & 32) continue;
    numbers.push(value & 1 ? -Math.floor(value / 2) : value / 2);
    value = 0;
    shift = 0;
  }
  return numbers;
}
