/**
 * Where every part goes: output sections in the order of the memory map, each on pages of its own.
 *
 *     .text     rx      the entry's section first, then those that the description names; far-jump islands where
 *                       jumps would not reach
 *     .rodata   r
 *     .data     rw      what is addressed through gp first; gp = start + 2 KiB, reach ±2 KiB
 *     .bss      rw      directly behind .data
 *     .memoryN  rw      WebAssembly memory, one per run of sections that touch or share a page; whole
 *                       pages of zeros are runs of their own, so that the file does not hold them
 *
 * The linker defines __global_pointer$, __text_start, __text_end, __rodata_start, __rodata_end,
 * __data_start, __data_end, __bss_start, __bss_end and __memory_end.
 */
import { type LinkDescription, PAGE_SIZE, type Region } from './description.ts';
import { type Island, islandsFor, placeInOrder } from './island.ts';
import { type Definition, LinkError, type Part, type SymbolTable } from './symbols.ts';

export interface OutputSection {
  readonly name: string;
  readonly access: 'rx' | 'r' | 'rw';
  readonly address: number;
  readonly size: number;
  readonly physicalOffset: number;
  /** Whether it has contents in the file. */
  readonly loaded: boolean;
  readonly parts: readonly Part[];
}

export interface Layout {
  readonly sections: readonly OutputSection[];
  readonly addresses: ReadonlyMap<Part, number>;
  readonly boundaries: ReadonlyMap<string, number>;
  readonly islands: readonly Island[];
  addressOf(definition: Definition): number;
}

const BOUNDARIES = ['text', 'rodata', 'data', 'bss'].flatMap(name => [`__${name}_start`, `__${name}_end`]);
export const LINKER_SYMBOLS: readonly string[] = ['__global_pointer$', ...BOUNDARIES, '__memory_end'];

/** Throws LinkError where a part outgrows its size limit or two of them overlap. */
export function layOut(parts: readonly Part[], table: SymbolTable, description: LinkDescription): Layout {
  const addresses = new Map<Part, number>();
  const boundaries = new Map<string, number>();
  const sections: OutputSection[] = [];
  let next = 0;
  const place = (name: string, region: Region, list: readonly Part[], start: number | undefined) => {
    const address = start ?? region.start ?? pageUp(next);
    const end = placeInOrder(list, address, addresses);
    next = end;
    boundaries.set(`__${name}_start`, address);
    boundaries.set(`__${name}_end`, end);
    const access = list[0]?.section.access ?? 'rw';
    const { physicalOffset } = region;
    const loaded = name !== 'bss';
    if (end > address) {
      sections.push({
        name: `.${name}`,
        access,
        address,
        size: end - address,
        physicalOffset,
        loaded,
        parts: list,
      });
    }
    return end - address;
  };

  const free = parts.filter(part => part.section.address === undefined);
  const text = inOrder(ofAccess(free, 'rx'), table, description);
  const islands = islandsFor(text, table, description.rx.start ?? 0);
  const withIslands = text.flatMap(part => [part, ...islands.filter(i => i.after === part).map(i => i.part)]);
  const { data, bss } = splitData(ofAccess(free, 'rw'), gpTargets(free, table));
  const sizes = [
    sized(description.rx, place('text', description.rx, withIslands, undefined), text),
    sized(description.r, place('rodata', description.r, ofAccess(free, 'r'), undefined), ofAccess(free, 'r')),
  ];
  const dataSize = place('data', description.rw, data, undefined);
  boundaries.set('__global_pointer$', (boundaries.get('__data_start') ?? 0) + GP_BIAS);
  sizes.push(sized(description.rw, dataSize + place('bss', description.rw, bss, next), [...data, ...bss]));

  const memory = placeMemory(parts, description.linear, addresses);
  sections.push(...memory);
  const memoryEnd = Math.max(description.linear.start ?? 0, ...memory.map(s => s.address + s.size));
  boundaries.set('__memory_end', memoryEnd);
  sizes.push(
    sized(
      description.linear,
      memoryEnd - (description.linear.start ?? 0),
      memory.flatMap(s => s.parts),
    ),
  );
  checkSizes(sizes, description);
  checkOverlaps(sections);
  return {
    sections,
    addresses,
    boundaries,
    islands,
    addressOf: definition =>
      definition.part === undefined
        ? (boundaries.get(definition.symbol.name) ?? definition.offset)
        : (addresses.get(definition.part) ?? 0) + definition.offset,
  };
}

/** gp points this far into the data, so that signed 12-bit offsets reach 4 KiB of it. */
const GP_BIAS = 0x800;

function pageUp(address: number): number {
  return Math.ceil(address / PAGE_SIZE) * PAGE_SIZE;
}

function ofAccess(parts: readonly Part[], access: string): readonly Part[] {
  return parts.filter(part => part.section.access === access);
}

function inOrder(text: readonly Part[], table: SymbolTable, description: LinkDescription): readonly Part[] {
  const entry = table.find(description.entry, undefined)?.part;
  if (entry?.section.access !== 'rx') {
    throw new LinkError([`the entry ${description.entry} is not in an executable section`]);
  }
  const places = new Map((description.first ?? []).map((name, place) => [`.text.${name}`, place]));
  const placeOf = (part: Part) => (part === entry ? -1 : (places.get(part.section.name) ?? places.size));
  return [...text].sort((one, other) => placeOf(one) - placeOf(other));
}

function gpTargets(parts: readonly Part[], table: SymbolTable): ReadonlySet<Part> {
  const targets = new Set<Part>();
  for (const { object, section } of parts) {
    for (const { kind, symbol } of section.relocations) {
      if (kind !== 'GPREL_I' && kind !== 'GPREL_S') continue;
      const target = table.find(symbol, object)?.part;
      if (target !== undefined) targets.add(target);
    }
  }
  return targets;
}

/** Near data first; data with contents before zero-filled data, except that what gp reaches stays together. */
function splitData(
  rw: readonly Part[],
  near: ReadonlySet<Part>,
): { data: readonly Part[]; bss: readonly Part[] } {
  const filled = (part: Part) => part.section.bytes.length > 0;
  const isNear = (part: Part) => near.has(part);
  const data = [...rw.filter(p => filled(p) && isNear(p)), ...rw.filter(p => filled(p) && !isNear(p))];
  const bss = [...rw.filter(p => !filled(p) && isNear(p)), ...rw.filter(p => !filled(p) && !isNear(p))];
  const farSize = data.filter(p => !isNear(p)).reduce((sum, p) => sum + p.section.size, 0);
  if (farSize <= GP_BIAS || !bss.some(isNear)) return { data, bss };
  const nearBss = bss.filter(isNear);
  const rest = data.filter(p => !isNear(p));
  return { data: [...data.filter(isNear), ...nearBss, ...rest], bss: bss.filter(p => !isNear(p)) };
}

/** Runs of fixed-address sections that touch or share a page become one output section each. */
function placeMemory(
  parts: readonly Part[],
  region: Region,
  addresses: Map<Part, number>,
): readonly OutputSection[] {
  const fixed = parts
    .flatMap(part => (part.section.address === undefined ? [] : [{ part, address: part.section.address }]))
    .sort((a, b) => a.address - b.address);
  const sections: OutputSection[] = [];
  const problems: string[] = [];
  let run: Part[] = [];
  let runStart = 0;
  let end = 0;
  const close = () => {
    if (run.length === 0) return;
    const loaded = run.some(part => part.section.bytes.length > 0);
    sections.push({
      name: `.memory${sections.length}`,
      access: 'rw',
      address: runStart,
      size: end - runStart,
      physicalOffset: region.physicalOffset,
      loaded,
      parts: run,
    });
  };
  for (const { part, address } of fixed) {
    if (run.length > 0 && address < end) {
      problems.push(`${nameOf(part)} at ${hex(address)} overlaps what ends at ${hex(end)}`);
    }
    const zeroPages = wholeZeroPages(part) || (run.length === 1 && wholeZeroPages(run[0]!));
    if (run.length > 0 && (address > pageUp(end) || (zeroPages && address >= pageUp(end)))) {
      close();
      run = [];
    }
    if (run.length === 0) runStart = address;
    run.push(part);
    addresses.set(part, address);
    end = address + part.section.size;
  }
  close();
  const first = fixed[0];
  if (first !== undefined && first.address < (region.start ?? 0)) {
    problems.push(
      `${nameOf(first.part)} at ${hex(first.address)} lies below the memory's start, ${hex(region.start ?? 0)}`,
    );
  }
  if (problems.length > 0) throw new LinkError(problems);
  return sections;
}

/** Zeros that begin on a page and that no contents follow in their last page. */
function wholeZeroPages({ section }: Part): boolean {
  return section.bytes.length === 0 && section.address !== undefined && section.address % PAGE_SIZE === 0;
}

interface Sized {
  readonly region: Region;
  readonly size: number;
  readonly parts: readonly Part[];
}

function sized(region: Region, size: number, parts: readonly Part[]): Sized {
  return { region, size, parts };
}

function checkSizes(sizes: readonly Sized[], description: LinkDescription): void {
  const names = ['text', 'read-only data', 'data', 'memory'];
  const problems = sizes.flatMap(({ region, size, parts }, index) => {
    if (size <= region.sizeMax) return [];
    const largest = [...parts].sort((a, b) => b.section.size - a.section.size).slice(0, 10);
    return [
      `${description.name}: ${names[index]} takes ${size} bytes, ${size - region.sizeMax} more than its limit of ${region.sizeMax}; the largest in it:`,
      ...largest.map(part => `  ${String(part.section.size).padStart(9)}  ${nameOf(part)}`),
    ];
  });
  if (problems.length > 0) throw new LinkError(problems);
}

function checkOverlaps(sections: readonly OutputSection[]): void {
  const sorted = [...sections].sort((a, b) => a.address - b.address);
  const problems = sorted.flatMap((section, index) => {
    const before = sorted[index - 1];
    if (before === undefined) return [];
    const sharedPage =
      before.access !== section.access && pageUp(before.address + before.size) > section.address;
    if (before.address + before.size <= section.address && !sharedPage) return [];
    return [
      `${section.name} at ${hex(section.address)} and ${before.name} at ${hex(before.address)} share memory`,
    ];
  });
  const last = sorted.at(-1);
  if (last !== undefined && last.address + last.size > 2 ** 32) problems.push(`${last.name} ends past 4 GiB`);
  if (problems.length > 0) throw new LinkError(problems);
}

function nameOf(part: Part): string {
  return `${part.section.name} of ${part.object.name}`;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
