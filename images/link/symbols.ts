/**
 * Names to definitions, over all objects of a link.
 *
 * A local name means its own object's definition; any other name means the one global definition.
 * Two global definitions, or none that somebody needs, are errors that name the objects concerned.
 */
import type { ObjectFile, ObjectSymbol, Section } from '../object.ts';

/** A section of a known object: the unit that is kept, placed and relocated. */
export interface Part {
  readonly object: ObjectFile;
  readonly section: Section;
}

export interface Definition {
  readonly symbol: ObjectSymbol;
  readonly object: ObjectFile;
  /** The section it lies in, or undefined for a plain value. */
  readonly part: Part | undefined;
  /** Byte offset in that section, or the plain value. */
  readonly offset: number;
}

export class LinkError extends Error {
  override readonly name = 'LinkError';
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

export interface SymbolTable {
  readonly parts: readonly Part[];
  readonly definitions: readonly Definition[];
  /** What `name` means to `object`; to the link description where `object` is undefined. */
  find(name: string, object: ObjectFile | undefined): Definition | undefined;
}

/** Throws LinkError where one global name has two definitions or a symbol's section is missing. */
export function collectSymbols(objects: readonly ObjectFile[]): SymbolTable {
  const problems: string[] = [];
  const parts: Part[] = [];
  const definitions: Definition[] = [];
  const globals = new Map<string, Definition>();
  const locals = new Map<ObjectFile, Map<string, Definition>>();
  for (const object of objects) {
    const partOf = new Map(object.sections.map(section => [section.name, { object, section }]));
    if (partOf.size !== object.sections.length) problems.push(`${object.name} has two sections of one name`);
    parts.push(...partOf.values());
    const mine = new Map<string, Definition>();
    locals.set(object, mine);
    for (const symbol of object.symbols) {
      const definition = definitionOf(object, symbol, partOf, problems);
      if (definition === undefined) continue;
      definitions.push(definition);
      const scope = symbol.binding === 'local' ? mine : globals;
      const before = scope.get(symbol.name);
      if (before !== undefined) {
        problems.push(`${symbol.name} is defined twice: in ${before.object.name} and in ${object.name}`);
      }
      scope.set(symbol.name, definition);
    }
  }
  if (problems.length > 0) throw new LinkError(problems);
  return {
    parts,
    definitions,
    find: (name, object) => (object && locals.get(object)?.get(name)) ?? globals.get(name),
  };
}

function definitionOf(
  object: ObjectFile,
  symbol: ObjectSymbol,
  partOf: ReadonlyMap<string, Part>,
  problems: string[],
): Definition | undefined {
  const { place } = symbol;
  if (place === undefined) return undefined;
  if ('value' in place) return { symbol, object, part: undefined, offset: place.value };
  const part = partOf.get(place.section);
  if (part === undefined) {
    problems.push(`${object.name}: ${symbol.name} lies in ${place.section}, which is not there`);
    return undefined;
  }
  return { symbol, object, part, offset: place.offset };
}
