/**
 * Every connected graph of a number of nodes, once each whatever its nodes are called: 1, 2, 6 and 21 of two,
 * three, four and five.
 */
export interface Graph {
  readonly nodes: number;
  readonly links: readonly (readonly [number, number])[];
}

export function connectedGraphs(nodes: number): readonly Graph[] {
  const pairs = Array.from({ length: nodes }, (_, a) =>
    Array.from({ length: a }, (_, b) => [b, a] as const),
  ).flat();
  const names = permutations(nodes);
  const found = new Map<number, Graph>();
  for (let set = 0; set < 1 << pairs.length; set++) {
    const links = pairs.filter((_, at) => (set >> at) & 1);
    if (!isConnected(nodes, links)) continue;
    const least = Math.min(...names.map(name => setOf(pairs, links, name)));
    if (!found.has(least)) found.set(least, { nodes, links });
  }
  return [...found.values()];
}

/** The links as bits, where the nodes have other names. */
function setOf(pairs: Graph['links'], links: Graph['links'], name: readonly number[]): number {
  return links.reduce((set, [a, b]) => {
    const [low, high] = [Math.min(name[a]!, name[b]!), Math.max(name[a]!, name[b]!)];
    return set | (1 << pairs.findIndex(pair => pair[0] === low && pair[1] === high));
  }, 0);
}

function isConnected(nodes: number, links: Graph['links']): boolean {
  const reached = new Set([0]);
  for (let turn = 0; turn < nodes; turn++)
    for (const [a, b] of links) {
      if (reached.has(a)) reached.add(b);
      if (reached.has(b)) reached.add(a);
    }
  return reached.size === nodes;
}

function permutations(count: number): readonly (readonly number[])[] {
  if (count === 0) return [[]];
  return permutations(count - 1).flatMap(rest =>
    Array.from({ length: count }, (_, at) => [...rest.slice(0, at), count - 1, ...rest.slice(at)]),
  );
}
