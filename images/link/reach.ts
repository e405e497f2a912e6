/**
 * Which sections an executable needs: those that its entry and roots reach through relocations.
 *
 * Sections with an address of their own are WebAssembly memory, which code reaches by address and not
 * by name: they are needed whenever anything of their object is.
 */
import type { ObjectFile } from '../object.ts';
import { LinkError, type Part, type SymbolTable } from './symbols.ts';

/** The needed parts in the order of the objects. Throws LinkError that names every missing symbol and who wants it. */
export function reachableParts(table: SymbolTable, roots: readonly string[]): readonly Part[] {
  const reached = new Set<Part>();
  const objects = new Set<ObjectFile>();
  const work: Part[] = [];
  const missing = new Map<string, string[]>();
  const reach = (part: Part) => {
    if (reached.has(part)) return;
    reached.add(part);
    work.push(part);
  };
  const want = (name: string, object: ObjectFile | undefined, who: string) => {
    const definition = table.find(name, object);
    if (definition === undefined) {
      const wanting = missing.get(name) ?? [];
      missing.set(name, wanting);
      if (!wanting.includes(who)) wanting.push(who);
    } else if (definition.part !== undefined) {
      reach(definition.part);
    }
  };

  for (const root of roots) want(root, undefined, 'the link description');
  for (let part = work.pop(); part !== undefined; part = work.pop()) {
    const { object, section } = part;
    for (const { symbol } of section.relocations) want(symbol, object, `${object.name} (${section.name})`);
    if (objects.has(object)) continue;
    objects.add(object);
    for (const other of table.parts) {
      if (other.object === object && other.section.address !== undefined) reach(other);
    }
  }
  if (missing.size > 0) {
    throw new LinkError(
      [...missing].map(([name, who]) => `${name} is not defined, and is wanted by ${listed(who)}`),
    );
  }
  return table.parts.filter(part => reached.has(part));
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
