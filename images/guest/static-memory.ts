/**
 * The part of WebAssembly memory that no data segment fills but the module relies on: zeros. It becomes
 * sections of an object like any other, so that the linker sees the whole of it, reserves it, and finds
 * overlaps. Whole pages of zeros take no room in the file.
 */
import { PAGE_SIZE } from '../link/description.ts';
import type { ObjectFile, Section } from '../object.ts';

/** The object with sections for what it leaves open of [start, end). */
export function withZeroMemory(object: ObjectFile, start: number, end: number): ObjectFile {
  const filled = object.sections
    .flatMap(({ address, size }) => (address === undefined ? [] : [{ address, size }]))
    .sort((a, b) => a.address - b.address);
  const sections: Section[] = [];
  let at = start;
  for (const { address, size } of [...filled, { address: end, size: 0 }]) {
    for (const [from, to] of splitAtPages(at, Math.min(address, end), address === end)) {
      sections.push(zeros(`.memory.zero.${sections.length}`, from, to - from));
    }
    at = Math.max(at, address + size);
  }
  return { ...object, sections: [...object.sections, ...sections] };
}

/** [from, to) as the rest of a page, whole pages, the beginning of a page. */
function splitAtPages(from: number, to: number, isLast: boolean): readonly (readonly [number, number])[] {
  const firstPage = Math.ceil(from / PAGE_SIZE) * PAGE_SIZE;
  const lastPage = isLast ? to : Math.floor(to / PAGE_SIZE) * PAGE_SIZE;
  const pieces: [number, number][] =
    firstPage < lastPage
      ? [
          [from, firstPage],
          [firstPage, lastPage],
          [lastPage, to],
        ]
      : [[from, to]];
  return pieces.filter(([start, end]) => start < end);
}

function zeros(name: string, address: number, size: number): Section {
  return {
    name,
    access: 'rw',
    alignment: 1,
    bytes: new Uint8Array(0),
    size,
    address,
    relocations: [],
    lines: [],
  };
}
