/**
 * Source maps as compilers write them (revision 3): which byte of the module came from which place.
 *
 * `mappings` is one line of segments between commas, each of base-64 VLQ numbers: bytes since the segment
 * before, and, as differences too, file, line and column.
 */

export interface MappedPlace {
  /** Byte offset in the module. */
  readonly offset: number;
  readonly file: string;
  /** Counted from 1, both. */
  readonly line: number;
  readonly column: number;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The places in ascending order of their offsets. */
export function readSourceMap(text: string): readonly MappedPlace[] {
  const { sources, mappings } = JSON.parse(text) as { sources: string[]; mappings: string };
  const places: MappedPlace[] = [];
  let [offset, file, line, column] = [0, 0, 0, 0];
  for (const segment of mappings.split(',')) {
    const [offsetStep = 0, fileStep, lineStep = 0, columnStep = 0] = vlq(segment);
    offset += offsetStep;
    if (fileStep === undefined) continue;
    file += fileStep;
    line += lineStep;
    column += columnStep;
    places.push({ offset, file: sources[file]!, line: line + 1, column: column + 1 });
  }
  return places;
}

/** The place that byte `offset` belongs to: the last one at or before it. */
export function placeAt(places: readonly MappedPlace[], offset: number): MappedPlace | undefined {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle]!.offset <= offset) low = middle + 1;
    else high = middle;
  }
  return places[low - 1];
}

function vlq(segment: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const digit of segment) {
    const bits = DIGITS.indexOf(digit);
    value |= (bits & 31) << shift;
    shift += 5;
    if (bits & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return numbers;
}
