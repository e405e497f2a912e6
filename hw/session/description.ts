/**
 * What a session starts from: a topology, a seed, images and hardware. The same description gives the
 * same cluster each time it is built.
 *
 *     clusterOptions({ topology, seed: 1, imagesOf: () => ({ firmware, kernel, initrd }) }, core)
 *
 * Everything here can be said on the command line or in a file, so that a recording can say it too. Each board
 * finds on its kernel's command line which node it is, who founds the cluster (all boards), the key that they
 * share, by seed, and where there are others, the node whose files are everybody's: the first that has a disk. Where
 * some are outside, whose frames come when the host brings them, a node may be silent for longer before it is missed.
 */
import { Board, type BoardDescription, type NicDescription } from '../board.ts';
import type { BootImages } from '../boot-plan.ts';
import type { ClusterOptions } from '../cluster.ts';
import { Medium } from '../lab/medium.ts';
import { Random } from '../lab/random.ts';
import { isComputer, linksByNode, type Topology, type TopologyNode } from '../lab/topology.ts';

export interface ClusterDescription {
  readonly topology: Topology;
  /** 0 … 2^53 - 1; all chance comes from it. */
  readonly seed: number;
  /** What the board at that node boots. */
  readonly imagesOf: (node: number) => BootImages;
  /** Bytes, for boards whose hardware does not say; the board's default where left out. */
  readonly ramSize?: number;
  /** Bytes of the one disk of boards whose hardware does not say; no disk where left out or 0. */
  readonly diskSize?: number;
  readonly commandLine?: string;
  /** What the boards' clocks show at first, in seconds since 1970; the board's default where left out. */
  readonly epochSeconds?: number;
}

/** What a host that is busy elsewhere may take from one frame to the next, in milliseconds. */
const SILENCE_OUTSIDE_MS = 2000;

/** Serial lines are fast: what a console prints is a matter of the software's time, not of 9600 baud. */
export function clusterOptions(description: ClusterDescription, core: WebAssembly.Module): ClusterOptions {
  const { topology, seed } = description;
  const byNode = linksByNode(topology);
  const station = (node: number, named: TopologyNode): Board => {
    const nics = byNode[node]!.map(link => ({ mtu: topology.links[link]!.mtu }));
    return new Board(boardDescription(description, node, named, nics), core);
  };
  return { topology, seed, station };
}

function boardDescription(
  description: ClusterDescription,
  node: number,
  { name, hardware }: TopologyNode,
  nics: readonly NicDescription[],
): BoardDescription {
  const { seed, imagesOf, ramSize, epochSeconds } = description;
  const { diskSize: ownDisk, ...own } = hardware;
  const size = ownDisk ?? description.diskSize ?? 0;
  const random = new Random(seed).stream(`disk ${name}`);
  return {
    name,
    seed,
    images: imagesOf(node),
    serialLine: 'fast',
    nics,
    ...(ramSize === undefined ? {} : { ramSize }),
    commandLine: commandLineOf(description, node),
    ...(epochSeconds === undefined ? {} : { epochNs: BigInt(epochSeconds) * 1_000_000_000n }),
    ...(size === 0 ? {} : { drives: [{ medium: new Medium({ random, size }), serial: `${name}-disk` }] }),
    ...own,
  };
}

/** Of the node's kernel, also where the node is outside. */
export function commandLineOf(description: ClusterDescription, node: number): string {
  const { topology, seed, commandLine, diskSize = 0 } = description;
  const computers = topology.nodes.filter(isComputer);
  const boards = [...computers.keys()].filter(each => computers[each]!.kind === 'board');
  const isOpen = boards.length < computers.length;
  const founders = isOpen ? boards.join() : `0-${boards.length - 1}`;
  const words = [`node=${node}`, `members=${founders}`, `key=${clusterKey(seed)}`];
  const withDisk = boards.find(each => (computers[each]!.hardware.diskSize ?? diskSize) > 0);
  if (computers.length > 1) words.push(`root=${withDisk ?? boards[0]}`);
  if (isOpen) words.push(`silence=${SILENCE_OUTSIDE_MS}`);
  return [commandLine, ...words].filter(Boolean).join(' ');
}

function clusterKey(seed: number): string {
  const bytes = new Uint8Array(16);
  new Random(seed).stream('cluster key').fill(bytes);
  return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('');
}
