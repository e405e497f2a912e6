/**
 * Where a cluster's shape comes from, as something that can be written down: a name of hw/lab/topology.ts,
 * or what a file says.
 *
 *     { "seed": 7, "ramSize": 33554432, "diskSize": 8388608, "boards": 3, "links": [{ "from": "0", "to": "1" }] }
 *
 * A file has the fields of a topology; seed, ramSize and diskSize may stand beside them. Some of its boards may be
 * outside: whoever is connected then stands in their place.
 */
import { Random } from '../lab/random.ts';
import {
  fieldsOf,
  parseTopology,
  type Topology,
  topologyFromData,
  unreachable,
  withOutside,
} from '../lab/topology.ts';

export interface ClusterSource {
  readonly name: string;
  /** What JSON.parse gave, where the name is a file's. */
  readonly data?: unknown;
  /** Numbers of nodes that are not emulated here. */
  readonly outside?: readonly number[];
}

export interface ClusterShape {
  readonly topology: Topology;
  readonly seed: number;
  readonly ramSize: number | undefined;
  readonly diskSize: number | undefined;
}

/** Of a session that says nothing else. */
export const SEED_DEFAULT = 1;

const SEED_MAX = Number.MAX_SAFE_INTEGER;
const SIZE_MAX = 2 ** 40;

/** `seed` goes before the file's. Throws an error of one line that names what is wrong. */
export function clusterShape(source: ClusterSource, seed: number | undefined): ClusterShape {
  const shape = wholeShape(source, seed);
  const alone = unreachable(shape.topology);
  if (alone !== undefined)
    throw new Error(`${source.name}: no way leads from node0 to ${alone.name}: add a link`);
  const { outside = [] } = source;
  return outside.length === 0 ? shape : { ...shape, topology: withOutside(shape.topology, outside) };
}

function wholeShape(source: ClusterSource, seed: number | undefined): ClusterShape {
  if (!('data' in source)) {
    const seedUsed = seed ?? SEED_DEFAULT;
    const topology = parseTopology(source.name, new Random(seedUsed));
    return { topology, seed: seedUsed, ramSize: undefined, diskSize: undefined };
  }
  const { seed: ownSeed, ramSize, diskSize, ...shape } = fieldsOf(source.data, source.name);
  return {
    topology: topologyFromData(shape, source.name),
    seed: seed ?? whole(ownSeed, `${source.name}: seed`, SEED_MAX) ?? SEED_DEFAULT,
    ramSize: whole(ramSize, `${source.name}: ramSize`, SIZE_MAX),
    diskSize: whole(diskSize, `${source.name}: diskSize`, SIZE_MAX),
  };
}

function whole(value: unknown, what: string, max: number): number | undefined {
  if (value === undefined) return undefined;
  if (Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= max)
    return value as number;
  throw new Error(`${what} is ${JSON.stringify(value)}: give a whole number from 0 to ${max}`);
}
