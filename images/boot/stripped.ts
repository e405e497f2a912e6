/**
 * An executable without what only a person's tools want: section headers, symbols, lines. What is loaded stays
 * where it is in the file.
 */
import { readElf } from '../../hw/elf.ts';

const SECTIONS_OFFSET = 32;
const SECTIONS_COUNT = 48;
const SECTIONS_NAMES = 50;

export function stripped(elf: Uint8Array): Uint8Array {
  const ends = readElf(elf).segments.map(({ bytes }) => bytes.byteOffset - elf.byteOffset + bytes.length);
  const file = elf.slice(0, Math.max(...ends));
  const header = new DataView(file.buffer);
  header.setUint32(SECTIONS_OFFSET, 0, true);
  header.setUint16(SECTIONS_COUNT, 0, true);
  header.setUint16(SECTIONS_NAMES, 0, true);
  return file;
}
