/**
 * Clusters of talking boards (test/hw/cluster-rig.ts) for worker threads, which build their own.
 */
import type { ClusterOptions } from '../../hw/cluster.ts';
import { type Talk, talkerOptions } from './cluster-rig.ts';

export interface TalkerData {
  readonly name: string;
  readonly talk: Talk;
  /** At this time the first board breaks down with an error of the host's. */
  readonly breakAt?: number;
}

export async function clusterOptions({ name, talk, breakAt }: TalkerData): Promise<ClusterOptions> {
  const options = await talkerOptions(name, talk);
  if (breakAt === undefined) return options;
  const station: ClusterOptions['station'] = (index, node) => {
    const board = options.station(index, node);
    const { runUntil } = board;
    board.runUntil = ns => {
      if (index === 0 && ns > breakAt) throw new Error('a board broke down');
      return runUntil.call(board, ns);
    };
    return board;
  };
  return { ...options, station };
}
