/**
 * Clusters of scripted stations, for tests of the wires between them and of the clock.
 */
import { Cluster } from '../../hw/cluster.ts';
import { Random } from '../../hw/lab/random.ts';
import { linksByNode, parseTopology } from '../../hw/lab/topology.ts';
import type { DirectionSettings } from '../../hw/lab/wire.ts';
import { type Manner, ScriptedStation } from './scripted-station.ts';

/** Node n behaves as manners[n modulo their count]; the settings hold for every direction. */
export function build(
  name: string,
  manners: readonly Manner[],
  seed = 1,
  settings: Partial<DirectionSettings> = {},
): Cluster {
  const topology = parseTopology(name, new Random(seed));
  const ports = linksByNode(topology).map(links => links.length);
  const station = (node: number): ScriptedStation =>
    new ScriptedStation(`node${node}`, ports[node]!, manners[node % manners.length]!, seed);
  const links = topology.links.map(link => ({
    ...link,
    forward: { ...link.forward, ...settings },
    backward: { ...link.backward, ...settings },
  }));
  return new Cluster({ topology: { ...topology, links }, seed, station });
}

export function scripted(cluster: Cluster, node: number): ScriptedStation {
  return cluster.station(node) as ScriptedStation;
}

/** Large enough that nobody answers it, unless a size is given. */
export function frame(to: number, from: number, size = 200): Uint8Array {
  return new Uint8Array(size).fill(0x55, 12).fill(to, 0, 6).fill(from, 6, 12);
}
