/**
 * The deepest stack that a function's calls can take, from frame sizes and the call graph.
 *
 * A call through a table may reach every function that a table holds under that signature. Assembly does
 * not state its stack: of what lies between one of its symbols and the next, the calls to other sections
 * are known and the frame is taken as empty; such functions are listed. Recursion has no bound: it is
 * reported by its cycle.
 */
import type { Definition, SymbolTable } from './symbols.ts';

export interface StackUse {
  readonly size: number | 'unbounded';
  /** The calls that lead there, outermost first; for recursion: from the cycle's first function to itself. */
  readonly path: readonly string[];
  /** Functions reached whose stack is not stated: taken as 0. */
  readonly unstated: readonly string[];
}

/** The deepest stack of a call to `name`. Linear in the size of the call graph. */
export function deepestStack(table: SymbolTable, name: string): StackUse {
  const start = table.find(name, undefined);
  if (start === undefined) throw new Error(`${name} is not defined`);
  const holders = tableHolders(table);
  const done = new Map<Definition, Depth>();
  const unstated = new Set<string>();
  const work: Frame[] = [{ definition: start, callees: calleesOf(start, table, holders), next: 0 }];
  const active = new Set([start]);
  while (work.length > 0) {
    const frame = work.at(-1)!;
    const callee = frame.callees[frame.next];
    if (callee === undefined) {
      work.pop();
      active.delete(frame.definition);
      if (frame.definition.symbol.stack === undefined) unstated.add(frame.definition.symbol.name);
      done.set(frame.definition, depthOf(frame, done));
    } else if (active.has(callee)) {
      const cycle = work.map(f => f.definition).slice(work.findIndex(f => f.definition === callee));
      return {
        size: 'unbounded',
        path: [...cycle, callee].map(d => d.symbol.name),
        unstated: [...unstated],
      };
    } else {
      frame.next += 1;
      if (done.has(callee)) continue;
      active.add(callee);
      work.push({ definition: callee, callees: calleesOf(callee, table, holders), next: 0 });
    }
  }
  return { size: done.get(start)!.size, path: pathFrom(start, done), unstated: [...unstated].sort() };
}

interface Depth {
  readonly size: number;
  readonly deepest: Definition | undefined;
}

interface Frame {
  readonly definition: Definition;
  readonly callees: readonly Definition[];
  next: number;
}

function tableHolders(table: SymbolTable): ReadonlyMap<string, readonly Definition[]> {
  const holders = new Map<string, Definition[]>();
  for (const definition of table.definitions) {
    const signature = definition.symbol.stack?.signature;
    if (signature === undefined) continue;
    const list = holders.get(signature) ?? [];
    holders.set(signature, list);
    list.push(definition);
  }
  return holders;
}

function calleesOf(
  definition: Definition,
  table: SymbolTable,
  holders: ReadonlyMap<string, readonly Definition[]>,
): readonly Definition[] {
  return callsOf(definition, table).flatMap(call => {
    if (call.startsWith('*')) return holders.get(call.slice(1)) ?? [];
    const callee = table.find(call, definition.object);
    return callee === undefined ? [] : [callee];
  });
}

function callsOf({ symbol, part, offset }: Definition, table: SymbolTable): readonly string[] {
  if (symbol.stack !== undefined) return symbol.stack.calls;
  if (part === undefined || part.section.access !== 'rx') return [];
  const behind = table.definitions.filter(
    other => other.part === part && other.offset > offset && !other.symbol.name.startsWith('.L'),
  );
  const end = Math.min(...behind.map(other => other.offset), part.section.size);
  return part.section.relocations
    .filter(({ kind }) => kind === 'CALL' || kind === 'JAL')
    .filter(jump => jump.offset >= offset && jump.offset < end)
    .map(jump => jump.symbol);
}

function depthOf(frame: Frame, done: ReadonlyMap<Definition, Depth>): Depth {
  let below = 0;
  let deepest: Definition | undefined;
  for (const callee of frame.callees) {
    const size = done.get(callee)!.size;
    if (deepest !== undefined && size <= below) continue;
    below = size;
    deepest = callee;
  }
  return { size: (frame.definition.symbol.stack?.frameSize ?? 0) + below, deepest };
}

function pathFrom(start: Definition, done: ReadonlyMap<Definition, Depth>): readonly string[] {
  const path: string[] = [];
  for (let at: Definition | undefined = start; at !== undefined; at = done.get(at)!.deepest)
    path.push(at.symbol.name);
  return path;
}
