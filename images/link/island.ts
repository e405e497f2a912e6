/**
 * Far-jump islands. JAL reaches ±1 MiB; in a text beyond that, a jump too far goes to an island nearby,
 * whose eight bytes per target reach everything:
 *
 *     auipc t1, upper(target)
 *     jalr  zero, lower(target)(t1)
 *
 * So t1 does not survive a call or a tail call between sections, which the calling convention allows.
 * Texts below 1 MiB have no island. Sections larger than half the reach cannot be helped: the
 * relocation then fails with a message.
 */
import type { Section } from '../object.ts';
import type { Definition, Part, SymbolTable } from './symbols.ts';

export interface Island {
  /** It comes directly behind this part. */
  readonly after: Part;
  readonly part: Part;
  readonly targets: readonly Definition[];
}

export const JAL_REACH = 0x10_0000;
export const ISLAND_ENTRY_SIZE = 8;
/** Text between two islands. */
const ISLAND_DISTANCE = JAL_REACH / 2;

/** Islands for a text of these parts in this order; few enough passes, since each pass only adds targets. */
export function islandsFor(text: readonly Part[], table: SymbolTable, start: number): readonly Island[] {
  const textSize = placeInOrder(text, 0, new Map());
  if (textSize < JAL_REACH) return [];
  const places = islandPlaces(text);
  const wanted = places.map(() => new Map<Definition, true>());
  for (let grown = true; grown; ) {
    const islands = places.map((after, index) => makeIsland(after, index, [...wanted[index]!.keys()]));
    const addresses = new Map<Part, number>();
    const order = text.flatMap(part => [part, ...islands.filter(i => i.after === part).map(i => i.part)]);
    placeInOrder(order, start, addresses);
    grown = false;
    for (const { from, target } of farJumps(text, table, addresses)) {
      const index = nearest(islands, from, addresses);
      if (wanted[index]!.has(target)) continue;
      wanted[index]!.set(target, true);
      grown = true;
    }
    if (!grown) return islands.filter(island => island.targets.length > 0);
  }
  return [];
}

/** The address of an island's jump to `target` that a JAL at `from` reaches. */
export function islandEntry(
  islands: readonly Island[],
  addresses: ReadonlyMap<Part, number>,
  from: number,
  target: Definition,
): number | undefined {
  for (const island of islands) {
    const index = island.targets.indexOf(target);
    const address = (addresses.get(island.part) ?? 0) + index * ISLAND_ENTRY_SIZE;
    if (index >= 0 && inReach(from, address)) return address;
  }
  return undefined;
}

/** Gives each part the next aligned address from `start` on; returns the end. */
export function placeInOrder(parts: readonly Part[], start: number, addresses: Map<Part, number>): number {
  let at = start;
  for (const part of parts) {
    at = Math.ceil(at / part.section.alignment) * part.section.alignment;
    addresses.set(part, at);
    at += part.section.size;
  }
  return at;
}

export function inReach(from: number, to: number): boolean {
  return to - from >= -JAL_REACH && to - from < JAL_REACH;
}

function islandPlaces(text: readonly Part[]): readonly Part[] {
  const places: Part[] = [];
  let since = 0;
  text.forEach((part, index) => {
    since += part.section.size;
    const next = text[index + 1];
    if (next !== undefined && since + next.section.size <= ISLAND_DISTANCE) return;
    places.push(part);
    since = 0;
  });
  return places;
}

function makeIsland(after: Part, index: number, targets: readonly Definition[]): Island {
  const size = targets.length * ISLAND_ENTRY_SIZE;
  const section: Section = {
    name: `.text.far-jumps-${index}`,
    access: 'rx',
    alignment: 4,
    bytes: new Uint8Array(size),
    size,
    relocations: [],
    lines: [],
  };
  const object = { name: 'the linker', sections: [section], symbols: [] };
  return { after, part: { object, section }, targets };
}

function* farJumps(text: readonly Part[], table: SymbolTable, addresses: ReadonlyMap<Part, number>) {
  for (const part of text) {
    for (const { kind, symbol, offset } of part.section.relocations) {
      const target = kind === 'JAL' ? table.find(symbol, part.object) : undefined;
      if (target?.part === undefined || target.part === part) continue;
      const from = (addresses.get(part) ?? 0) + offset;
      const to = (addresses.get(target.part) ?? 0) + target.offset;
      if (!inReach(from, to)) yield { from, target };
    }
  }
}

function nearest(islands: readonly Island[], from: number, addresses: ReadonlyMap<Part, number>): number {
  const distances = islands.map(island => Math.abs((addresses.get(island.part) ?? 0) - from));
  return distances.indexOf(Math.min(...distances));
}
