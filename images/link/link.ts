/**
 * The linker: relocatable objects and a link description to one executable.
 *
 *     collect symbols → keep what the entry and roots reach → lay out → relocate → check the stack → write
 *
 * Every step refuses with a LinkError whose message names all that is wrong; nothing is written then.
 * The same objects in the same order give the same bytes.
 */
import type { ObjectFile } from '../object.ts';
import type { LinkDescription } from './description.ts';
import { debugSections, type FunctionRange, type LineRow } from './dwarf.ts';
import { type ElfSymbol, writeElf } from './elf.ts';
import { type Layout, LINKER_SYMBOLS, layOut, type OutputSection } from './layout.ts';
import { reachableParts } from './reach.ts';
import { relocateAll } from './relocate.ts';
import { deepestStack, type StackUse } from './stack.ts';
import { collectSymbols, LinkError, type Part, type SymbolTable } from './symbols.ts';

export interface LinkedImage {
  readonly elf: Uint8Array;
  readonly entry: number;
  /** Addresses and values of all symbols of the image, the linker's own too; of equal names the first. */
  readonly symbols: ReadonlyMap<string, number>;
  /** Bytes of memory that each output section takes. */
  readonly sizes: ReadonlyMap<string, number>;
  /** The deepest stack below the entry and each root that is a function. */
  readonly stacks: ReadonlyMap<string, StackUse>;
}

/** What the code may use beyond RV32IMAC_Zicsr_Zifencei: stated in the file, for disassemblers. */
export interface Extensions {
  readonly zba: boolean;
  readonly zbb: boolean;
}

/** Throws LinkError. */
export function link(
  objects: readonly ObjectFile[],
  description: LinkDescription,
  extensions: Extensions = { zba: true, zbb: true },
): LinkedImage {
  const table = collectSymbols([descriptionObject(description), ...objects]);
  const roots = [description.entry, ...description.roots];
  const parts = reachableParts(table, roots);
  const layout = layOut(parts, table, description);
  const contents = relocateAll(layout, table);
  const stacks = new Map(roots.map(root => [root, deepestStack(table, root)]));
  checkStack(stacks, table, description);
  const symbols = elfSymbols(layout, table, namesWanted(parts));
  const entry = layout.addressOf(table.find(description.entry, undefined)!);
  const elf = writeElf({
    entry,
    sections: layout.sections,
    contents: new Map(layout.sections.map(section => [section, sectionBytes(section, layout, contents)])),
    symbols,
    debug: debugOf(layout, symbols),
    architecture: architectureOf(extensions),
  });
  return {
    elf,
    entry,
    symbols: addressesByName(layout, table, symbols),
    sizes: new Map(layout.sections.map(section => [section.name, section.size])),
    stacks,
  };
}

function architectureOf({ zba, zbb }: Extensions): string {
  return `rv32i2p1_m2p0_a2p1_c2p0_zicsr2p0_zifencei2p0${zba ? '_zba1p0' : ''}${zbb ? '_zbb1p0' : ''}`;
}

/** The description's values and the linker's own symbols, as one more object. */
function descriptionObject({ values }: LinkDescription): ObjectFile {
  const named = [...Object.entries(values), ...LINKER_SYMBOLS.map((name): [string, number] => [name, 0])];
  return {
    name: 'the link description',
    sections: [],
    symbols: named.map(([name, value]) => ({
      name,
      binding: 'global',
      kind: 'none',
      place: { value },
      size: 0,
    })),
  };
}

function checkStack(
  stacks: ReadonlyMap<string, StackUse>,
  table: SymbolTable,
  description: LinkDescription,
): void {
  const limit = description.stack;
  if (limit === undefined) return;
  const problems = limit.from.flatMap(name => {
    const use = stacks.get(name) ?? deepestStack(table, name);
    const way = use.path.join(' → ');
    if (use.size !== 'unbounded' && use.size <= limit.sizeMax) return [];
    return use.size === 'unbounded'
      ? [`${description.name}: the stack below ${name} has no bound: recursion through ${way}`]
      : [
          `${description.name}: the stack below ${name} takes ${use.size} bytes, limit ${limit.sizeMax}: ${way}`,
        ];
  });
  if (problems.length > 0) throw new LinkError(problems);
}

function namesWanted(parts: readonly Part[]): ReadonlySet<string> {
  return new Set(parts.flatMap(part => part.section.relocations.map(relocation => relocation.symbol)));
}

/** Everything placed that has a name for people, and of the plain values those that somebody uses. */
function elfSymbols(layout: Layout, table: SymbolTable, wanted: ReadonlySet<string>): readonly ElfSymbol[] {
  const sectionOf = new Map<Part, OutputSection>();
  for (const section of layout.sections) for (const part of section.parts) sectionOf.set(part, section);
  const symbols = table.definitions.flatMap((definition): ElfSymbol[] => {
    const { symbol, part } = definition;
    const section = part && sectionOf.get(part);
    if (part !== undefined && section === undefined) return [];
    if (part === undefined && !wanted.has(symbol.name)) return [];
    if (symbol.name.startsWith('.L')) return [];
    const { name, size, binding, kind } = symbol;
    return [{ name, size, binding, kind, address: layout.addressOf(definition), section }];
  });
  const islands = layout.islands.map((island, index): ElfSymbol => {
    const address = layout.addresses.get(island.part)!;
    const size = island.part.section.size;
    const section = sectionOf.get(island.part);
    return { name: `far-jumps-${index}`, address, size, binding: 'local', kind: 'function', section };
  });
  return [...symbols, ...islands];
}

function addressesByName(
  layout: Layout,
  table: SymbolTable,
  symbols: readonly ElfSymbol[],
): ReadonlyMap<string, number> {
  const plain = table.definitions.filter(definition => definition.part === undefined);
  const named = plain.map((d): [string, number] => [d.symbol.name, layout.addressOf(d)]);
  return new Map([...named, ...symbols.map((s): [string, number] => [s.name, s.address]).reverse()]);
}

function sectionBytes(
  section: OutputSection,
  layout: Layout,
  contents: ReadonlyMap<Part, Uint8Array>,
): Uint8Array {
  if (!section.loaded) return new Uint8Array(0);
  const bytes = new Uint8Array(section.size);
  for (const part of section.parts) {
    bytes.set(contents.get(part)!, layout.addresses.get(part)! - section.address);
  }
  return bytes;
}

function debugOf(layout: Layout, symbols: readonly ElfSymbol[]): ReadonlyMap<string, Uint8Array> {
  const text = layout.sections.find(section => section.name === '.text')!;
  const rows: LineRow[] = text.parts.flatMap(part => {
    const base = layout.addresses.get(part)!;
    const lines = part.section.lines.map(({ offset, ...place }) => ({ address: base + offset, ...place }));
    const lead = lines[0]?.address === base ? [] : [{ address: base, file: '', line: 0, column: 0 }];
    return [...lead, ...lines];
  });
  const functions: FunctionRange[] = symbols
    .filter(symbol => symbol.kind === 'function' && symbol.section === text && symbol.size > 0)
    .sort((a, b) => a.address - b.address);
  return debugSections({ textStart: text.address, textEnd: text.address + text.size, rows, functions });
}
