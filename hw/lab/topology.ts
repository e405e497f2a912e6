/**
 * Who is wired to whom, as data.
 *
 *     line:4      0 ─ 1 ─ 2 ─ 3                    tree:7     binary, 0 at the root
 *     ring:5      a line whose ends meet           web:9      spokes from 0, joined by rings
 *     mesh:4      each to each, at most 5          random:7   connected, by seed; random:7:42 has its own
 *     star:8      all on one learning switch       bus:4      all on one hub
 *     0-1,1-2,2-s0,3-s0                            a list of links; s0 is a switch, h0 a hub
 *
 * A board has at most four NICs, used in the order of the links. `topologyFromData` takes the same as
 * an object, where nodes may differ in hardware and links in their settings. Whatever is wrong is said
 * with the thing's name and the mend.
 */
import { NIC_MTU_DEFAULT, NIC_MTU_LEAST, NIC_MTU_MOST } from '../manual/nic.ts';
import type { Random } from './random.ts';
import { meant, nearestWord, quoted } from './suggestion.ts';
import { DIRECTION_DEFAULT, type DirectionSettings, settingsFault } from './wire.ts';

export const NICS_MAX = 4;
export const BOARDS_MAX = 256;

/** What may differ from board to board; what is not said is the cluster's, or the board's default. */
export interface NodeHardware {
  readonly clockHz?: number;
  readonly ramSize?: number;
  readonly cacheSize?: number;
  readonly cacheWays?: number;
  readonly tlbEntries?: number;
  /** Bytes of its disk; 0 says that it has none. */
  readonly diskSize?: number;
}

/** The smallest number that each may be. */
const HARDWARE_LEAST: Required<NodeHardware> = {
  clockHz: 1,
  ramSize: 1,
  cacheSize: 1,
  cacheWays: 1,
  tlbEntries: 1,
  diskSize: 0,
};

export interface TopologyNode {
  readonly kind: 'board' | 'outside' | 'switch' | 'hub';
  readonly name: string;
  readonly hardware: NodeHardware;
}

/** A wire between two nodes, by index; `forward` is the direction a to b. */
export interface TopologyLink {
  readonly a: number;
  readonly b: number;
  readonly forward: DirectionSettings;
  readonly backward: DirectionSettings;
  /** What the interfaces at its ends take for a frame, without Ethernet's header; a switch passes any. */
  readonly mtu: number;
}

export interface Topology {
  readonly name: string;
  /** Boards, and what stands outside in the place of one, first; then switches and hubs. */
  readonly nodes: readonly TopologyNode[];
  readonly links: readonly TopologyLink[];
}

/** The topology of that name or list of links. Throws an error whose message is one line. */
export function parseTopology(text: string, random: Random): Topology {
  const trimmed = text.trim();
  if (/^(\d|[sh]\d)[^:]*$/.test(trimmed)) return fromPairs(trimmed, trimmed.split(',').map(parsePair));
  const [kind = '', count, seed, ...rest] = trimmed.split(':');
  const shape = SHAPES.get(kind);
  if (shape === undefined) throw new Error(`topology ${quoted(text)} is not known: ${suggestion(kind)}`);
  const example = `write ${kind}:${shape.example}`;
  if (count === undefined || !/^\d{1,4}$/.test(count)) {
    throw new Error(`topology ${quoted(text)} lacks a number of boards: ${example}`);
  }
  if (rest.length > 0 || (seed !== undefined && !(kind === 'random' && /^\d{1,15}$/.test(seed)))) {
    throw new Error(`topology ${quoted(text)} has something after its number of boards: ${example}`);
  }
  const boards = Number(count);
  const max = shape.boardsMax ?? BOARDS_MAX;
  if (boards < shape.boardsMin) {
    throw new Error(
      `topology ${quoted(text)} is too small: ${kind} takes at least ${shape.boardsMin} boards`,
    );
  }
  if (boards > max) throw new Error(`topology ${quoted(text)} is too large: ${shape.tooMany(boards)}`);
  const stream = random.stream(`topology ${seed ?? ''}`);
  return fromPairs(trimmed, shape.pairs(boards, stream), boards);
}

/**
 * The same from parsed JSON:
 *
 *     { "boards": [{ "clockHz": 50000000, "diskSize": 0 }, {}, {}], "switches": 1,
 *       "links": [{ "from": "0", "to": "s0", "delayNs": 10000, "back": { "rate": 1000000 } }, …] }
 *
 * `boards` may be a number. Settings on a link hold for both directions, `back` overrides them from
 * `to` to `from`; `mtu` is of the interfaces at both ends.
 */
export function topologyFromData(data: unknown, name: string): Topology {
  const given = fieldsOf(data, `topology ${quoted(name)}`, ['boards', 'switches', 'hubs', 'links']);
  const { boards } = given;
  const isList = Array.isArray(boards);
  const boardCount = isList ? boards.length : countOf(boards, 'boards');
  if (!Array.isArray(given['links']))
    throw new Error(`topology ${quoted(name)} has no list of links: give "links": [...]`);
  const links = given['links'].map((link: unknown, at) => parseLink(link, at));
  const bare = fromPairs(
    name,
    links.map(link => link.pair),
    boardCount,
    {
      switches: countOf(given['switches'] ?? 0, 'switches'),
      hubs: countOf(given['hubs'] ?? 0, 'hubs'),
    },
  );
  return {
    name,
    nodes: bare.nodes.map((node, at) =>
      isList && node.kind === 'board' ? { ...node, hardware: parseHardware(boards[at], node.name) } : node,
    ),
    links: bare.links.map((link, at) => ({
      ...link,
      ...links[at]!.settings,
    })),
  };
}

/** The same with nodes that are not emulated here. Throws an error of one line where there is no such board. */
export function withOutside(topology: Topology, outside: readonly number[]): Topology {
  const { name, nodes } = topology;
  for (const [at, node] of outside.entries()) {
    if (outside.indexOf(node) < at) throw new Error(`node ${node} is outside twice: give it once`);
    if (nodes[node]?.kind !== 'board') {
      const boards = nodes.filter(isComputer).length;
      throw new Error(`topology ${quoted(name)} has no board ${node}: give a number from 0 to ${boards - 1}`);
    }
    if (topology.links.every(({ a, b }) => a !== node && b !== node))
      throw new Error(`topology ${quoted(name)} wires ${nodes[node].name} to nobody: nobody could join it`);
  }
  if (nodes.every(({ kind }, node) => kind !== 'board' || outside.includes(node)))
    throw new Error(`topology ${quoted(name)} has all of its boards outside: leave one here`);
  return {
    ...topology,
    nodes: nodes.map((node, at) => (outside.includes(at) ? { ...node, kind: 'outside' } : node)),
  };
}

/** Whoever cannot be reached from the first node, over any number of wires; undefined where all can. */
export function unreachable({ nodes, links }: Topology): TopologyNode | undefined {
  const reached = new Set([0]);
  for (let size = 0; size < reached.size; ) {
    size = reached.size;
    for (const { a, b } of links) {
      if (reached.has(a)) reached.add(b);
      else if (reached.has(b)) reached.add(a);
    }
  }
  return nodes.find((_, node) => !reached.has(node));
}

/** Whether software runs at the node, here or outside: these have the first numbers. */
export function isComputer({ kind }: TopologyNode): boolean {
  return kind === 'board' || kind === 'outside';
}

/** The links of each node in order: its NIC or port n is the n-th entry. */
export function linksByNode(topology: Topology): number[][] {
  const byNode: number[][] = topology.nodes.map(() => []);
  topology.links.forEach((link, at) => {
    byNode[link.a]!.push(at);
    byNode[link.b]!.push(at);
  });
  return byNode;
}

type End = { readonly kind: 'board' | 'switch' | 'hub'; readonly number: number };
type Pair = readonly [End, End];

interface Shape {
  readonly boardsMin: number;
  readonly boardsMax?: number;
  readonly example: number;
  readonly tooMany: (boards: number) => string;
  readonly pairs: (boards: number, random: Random) => Pair[];
}

const atMost = (max: number) => () => `it takes at most ${max} boards`;

const SHAPES: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ['line', { boardsMin: 1, example: 4, tooMany: atMost(BOARDS_MAX), pairs: line }],
  [
    'ring',
    { boardsMin: 3, example: 5, tooMany: atMost(BOARDS_MAX), pairs: n => [...line(n), link(n - 1, 0)] },
  ],
  ['mesh', { boardsMin: 2, boardsMax: NICS_MAX + 1, example: 4, tooMany: tooManyForMesh, pairs: mesh }],
  ['star', { boardsMin: 2, example: 8, tooMany: atMost(BOARDS_MAX), pairs: n => around(n, 'switch') }],
  ['bus', { boardsMin: 2, example: 4, tooMany: atMost(BOARDS_MAX), pairs: n => around(n, 'hub') }],
  ['tree', { boardsMin: 2, example: 7, tooMany: atMost(BOARDS_MAX), pairs: tree }],
  ['web', { boardsMin: 4, example: 9, tooMany: atMost(BOARDS_MAX), pairs: web }],
  ['random', { boardsMin: 2, example: 7, tooMany: atMost(BOARDS_MAX), pairs: randomly }],
]);

function tooManyForMesh(boards: number): string {
  return `each board would need ${boards - 1} NICs and has ${NICS_MAX}; write star:${boards} (a switch) or web:${boards}`;
}

function board(number: number): End {
  return { kind: 'board', number };
}

function link(a: number, b: number): Pair {
  return [board(a), board(b)];
}

function line(boards: number): Pair[] {
  return Array.from({ length: boards - 1 }, (_, at) => link(at, at + 1));
}

function mesh(boards: number): Pair[] {
  return Array.from({ length: boards }, (_, a) =>
    Array.from({ length: boards - 1 - a }, (_, b) => link(a, a + 1 + b)),
  ).flat();
}

function around(boards: number, kind: 'switch' | 'hub'): Pair[] {
  return Array.from({ length: boards }, (_, at): Pair => [board(at), { kind, number: 0 }]);
}

function tree(boards: number): Pair[] {
  return Array.from({ length: boards - 1 }, (_, at) => link(Math.floor(at / 2), at + 1));
}

/**
 * Board 0 is the middle. Board 1 + r · spokes + s sits on ring r and spoke s, wired inwards along the
 * spoke and sideways along the ring, so that nobody needs more than four NICs. The outermost ring may
 * be incomplete.
 */
function web(boards: number): Pair[] {
  const outer = boards - 1;
  const spokes = outer % 4 !== 0 && outer % 3 === 0 ? 3 : 4;
  const pairs: Pair[] = [];
  for (let at = 1; at < boards; at += 1) {
    const spoke = (at - 1) % spokes;
    pairs.push(link(at <= spokes ? 0 : at - spokes, at));
    if (spoke > 0) pairs.push(link(at - 1, at));
    if (spoke === spokes - 1) pairs.push(link(at, at - spoke));
  }
  return pairs;
}

/** A tree grown at random, then about half as many links again where NICs are free. */
function randomly(boards: number, random: Random): Pair[] {
  const degree = new Array<number>(boards).fill(0);
  const joined = new Set<string>();
  const pairs: Pair[] = [];
  const join = (a: number, b: number): void => {
    degree[a]! += 1;
    degree[b]! += 1;
    joined.add(`${a}-${b}`);
    pairs.push(link(a, b));
  };
  for (let at = 1; at < boards; at += 1) {
    const open = Array.from({ length: at }, (_, a) => a).filter(a => degree[a]! < NICS_MAX);
    join(open[random.below(open.length)]!, at);
  }
  for (let extra = Math.ceil(boards / 2); extra > 0; extra -= 1) {
    const a = random.below(boards);
    const b = random.below(boards);
    if (a < b && degree[a]! < NICS_MAX && degree[b]! < NICS_MAX && !joined.has(`${a}-${b}`)) join(a, b);
  }
  return pairs;
}

/** Numbers the nodes and checks what every topology must keep. */
function fromPairs(
  name: string,
  pairs: readonly Pair[],
  boardsGiven?: number,
  extra = { switches: 0, hubs: 0 },
): Topology {
  const used = (kind: End['kind']): number =>
    Math.max(0, ...pairs.flat().map(end => (end.kind === kind ? end.number + 1 : 0)));
  const boards = boardsGiven ?? used('board');
  const switches = Math.max(extra.switches, used('switch'));
  const hubs = Math.max(extra.hubs, used('hub'));
  const limits = { board: boards, switch: switches, hub: hubs };
  const first = { board: 0, switch: boards, hub: boards + switches };
  if (boards < 1) throw new Error(`topology ${quoted(name)} has no board: number boards 0, 1, 2 …`);
  if (boards > BOARDS_MAX)
    throw new Error(`topology ${quoted(name)} has ${boards} boards: at most ${BOARDS_MAX} are possible`);
  const index = (end: End): number => {
    if (end.number >= limits[end.kind]) {
      throw new Error(
        `topology ${quoted(name)} wires ${endName(end)}, but there are ${boards} boards: number them from 0`,
      );
    }
    return first[end.kind] + end.number;
  };
  const nodes = (['board', 'switch', 'hub'] as const).flatMap(kind =>
    Array.from(
      { length: limits[kind] },
      (_, number): TopologyNode => ({ kind, name: endName({ kind, number }), hardware: {} }),
    ),
  );
  const links = pairs.map(([a, b]) => ({
    a: index(a),
    b: index(b),
    forward: DIRECTION_DEFAULT,
    backward: DIRECTION_DEFAULT,
    mtu: NIC_MTU_DEFAULT,
  }));
  const topology = { name, nodes, links };
  checkDegrees(topology, boardsGiven === undefined);
  return topology;
}

function checkDegrees(topology: Topology, everyNodeIsWired: boolean): void {
  const name = quoted(topology.name);
  linksByNode(topology).forEach((links, at) => {
    const node = topology.nodes[at]!;
    if (links.some(one => topology.links[one]!.a === topology.links[one]!.b)) {
      throw new Error(`topology ${name} wires ${node.name} to itself: give each link two ends`);
    }
    if (node.kind === 'board' && links.length > NICS_MAX) {
      throw new Error(
        `topology ${name} gives ${node.name} ${links.length} links and a board has ${NICS_MAX} NICs: put a switch (s0) between`,
      );
    }
    if (everyNodeIsWired && links.length === 0) {
      throw new Error(
        `topology ${name} leaves out ${node.name}: number boards, switches and hubs without a gap`,
      );
    }
  });
}

function parsePair(text: string): Pair {
  const ends = text.trim().split('-');
  if (ends.length !== 2) throw new Error(`link ${quoted(text.trim())} is not a pair: write it as 0-1`);
  return [parseEnd(ends[0]!, text), parseEnd(ends[1]!, text)];
}

function parseEnd(text: string, where: string): End {
  const match = /^\s*([sh]?)(\d{1,3})\s*$/.exec(text);
  if (match === null) {
    throw new Error(
      `link ${quoted(where.trim())} has an end ${quoted(text)}: write a board as 0, a switch as s0, a hub as h0`,
    );
  }
  const number = Number(match[2]);
  if (number >= BOARDS_MAX)
    throw new Error(`link ${quoted(where.trim())} has an end ${number}: the highest is ${BOARDS_MAX - 1}`);
  return { kind: match[1] === 's' ? 'switch' : match[1] === 'h' ? 'hub' : 'board', number };
}

function endName(end: End): string {
  return end.kind === 'board' ? `node${end.number}` : `${end.kind}${end.number}`;
}

interface ParsedLink {
  readonly pair: Pair;
  readonly settings: Pick<TopologyLink, 'forward' | 'backward' | 'mtu'>;
}

function parseLink(data: unknown, at: number): ParsedLink {
  const where = `link ${at}`;
  const known = ['from', 'to', 'back', 'mtu', ...Object.keys(DIRECTION_DEFAULT)];
  const { from, to, back, mtu = NIC_MTU_DEFAULT, ...both } = fieldsOf(data, where, known);
  const pair: Pair = [parseEnd(String(from), `${from}-${to}`), parseEnd(String(to), `${from}-${to}`)];
  const forward = parseSettings(both, where, DIRECTION_DEFAULT);
  const backward = parseSettings(back ?? {}, `${where}, back`, forward);
  return { pair, settings: { forward, backward, mtu: parseMtu(mtu, where) } };
}

function parseMtu(value: unknown, where: string): number {
  const mtu = value as number;
  if (Number.isSafeInteger(value) && mtu >= NIC_MTU_LEAST && mtu <= NIC_MTU_MOST) return mtu;
  throw new Error(
    `${where} has mtu ${quoted(String(value))}: give a whole number from ${NIC_MTU_LEAST} to ${NIC_MTU_MOST}`,
  );
}

/** Settings that override `otherwise`. Throws an error that names the setting and the mend. */
export function parseSettings(data: unknown, where: string, otherwise: DirectionSettings): DirectionSettings {
  const given = fieldsOf(data, where, Object.keys(DIRECTION_DEFAULT));
  for (const [name, value] of Object.entries(given)) {
    const type = name === 'cut' ? 'boolean' : 'number';
    if (typeof value !== type)
      throw new Error(`${where} has ${name} ${quoted(String(value))}: give a ${type}`);
  }
  const settings = { ...otherwise, ...given } as DirectionSettings;
  const fault = settingsFault(settings);
  if (fault !== undefined) throw new Error(`${where}: ${fault}`);
  return settings;
}

function parseHardware(data: unknown, where: string): NodeHardware {
  const given = fieldsOf(data, where, Object.keys(HARDWARE_LEAST));
  for (const [name, value] of Object.entries(given)) {
    const least = HARDWARE_LEAST[name as keyof NodeHardware];
    if (!Number.isSafeInteger(value) || (value as number) < least) {
      throw new Error(`${where} has ${name} ${quoted(String(value))}: give a whole number from ${least}`);
    }
  }
  return given as NodeHardware;
}

function countOf(value: unknown, what: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0 || (value as number) > BOARDS_MAX) {
    throw new Error(`${what} is ${quoted(String(value))}: give a number up to ${BOARDS_MAX}`);
  }
  return value as number;
}

/** The fields of an object of which only these are known. Throws an error that names the field. */
export function fieldsOf(data: unknown, where: string, known?: readonly string[]): Record<string, unknown> {
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    throw new Error(`${where} is not an object: write {...}`);
  for (const name of Object.keys(data)) {
    if (known !== undefined && !known.includes(name))
      throw new Error(`${where} has an unknown field ${quoted(name)}: ${meant(name, known)}`);
  }
  return data as Record<string, unknown>;
}

function suggestion(kind: string): string {
  const near = nearestWord(kind, [...SHAPES.keys()]);
  if (near !== undefined) return `did you mean ${near}:${SHAPES.get(near)!.example}?`;
  return `write one of ${[...SHAPES.keys()].join(', ')} and a number, or links like 0-1,1-2`;
}
