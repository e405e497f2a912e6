/**
 * Clusters of talking boards (test/hw/cluster-rig.ts) for worker threads, which build their own.
 */
import type { ClusterOptions } from '../../hw/cluster.ts';
import { type Talk, talkerOptions } from './cluster-rig.ts';

export interface TalkerData {
  readonly name: string;
  readonly talk: Talk;
}

export function clusterOptions({ name, talk }: TalkerData): Promise<ClusterOptions> {
  return talkerOptions(name, talk);
}
