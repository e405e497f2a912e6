/**
 * Clusters whose boards all run init and the services of one manifest, the net service among them: the same
 * images everywhere. What tells the nodes apart is their command line.
 */
import { loadCore } from '../../hw/cpu/load-core.ts';
import { Random } from '../../hw/lab/random.ts';
import { parseTopology } from '../../hw/lab/topology.ts';
import type { DirectionSettings } from '../../hw/lab/wire.ts';
import { Session } from '../../hw/session/session.ts';
import { systemImages, systemManifest } from './system-rig.ts';

const NET = {
  clock: { device: 'rtc' },
  net: {
    priority: 26,
    device: { virtio: 'net', index: 'all' },
    kept: 521,
    uses: ['name', 'clock'],
    authority: ['init'],
    restart: { max: 1000 },
    limits: { pages: 600, handles: 640, threads: 40, ports: 300, memories: 16, timers: 320 },
  },
};
/** As in images/cluster/one.json. */
const MEMBER = {
  member: {
    priority: 25,
    kept: 1,
    uses: ['net'],
    authority: ['init'],
    limits: { handles: 160, threads: 5 },
  },
};
const LOAD = { load: { priority: 25, uses: ['net?', 'member'], authority: ['log'] } };

export interface ClusterSetting {
  readonly programs: Readonly<Record<string, string>>;
  readonly session: object;
  /** Programs cannot speak with net and the like, but the process service does, and has them on any node. */
  readonly isSpread?: boolean;
  /** Beside net, with which every program can speak: member, or that and load. */
  readonly with?: 'member' | 'load';
  /** More services, and where they are mounted. */
  readonly services?: Readonly<Record<string, object>>;
  readonly mounts?: object;
  readonly commandLine?: string;
  readonly seed?: number;
  /** More files of the boot archive. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  /** Bytes; none where left out. */
  readonly diskSize?: number;
  /** What all wires have instead of the usual. */
  readonly wire?: Partial<DirectionSettings>;
}

/** For `bootCluster`: every node's files are below /node. */
export const NODES = {
  isSpread: true,
  services: { nodes: { uses: ['net', 'name'] } },
  mounts: { '/node': 'nodes' },
};

/** Boots it; every node begins with the session. */
export async function bootCluster(topology: string, setting: ClusterSetting): Promise<Session> {
  const { seed = 1, programs, session, mounts = {}, commandLine = '', files = {}, wire = {} } = setting;
  const services = {
    ...NET,
    ...(setting.with === undefined ? {} : MEMBER),
    ...(setting.with === 'load' ? LOAD : {}),
  };
  const shared = setting.isSpread ? [] : Object.keys(services).filter(name => name !== 'clock');
  const others = ['net', 'load'].filter(name => name in services);
  const spread = setting.isSpread ? { process: { uses: ['name', 'pipe', ...others] } } : {};
  const manifest = systemManifest({
    services: { ...services, ...spread, ...setting.services },
    shared,
    mounts,
    sessions: [session],
  });
  const { firmware, kernel, archive } = await systemImages(manifest, { programs, others: files });
  const parsed = parseTopology(topology, new Random(seed));
  const description = {
    topology: {
      ...parsed,
      links: parsed.links.map(link => ({
        ...link,
        forward: { ...link.forward, ...wire },
        backward: { ...link.backward, ...wire },
      })),
    },
    seed,
    commandLine,
    diskSize: setting.diskSize ?? 0,
    imagesOf: () => ({ firmware, kernel, initrd: archive }),
  };
  return Session.boot(description, await loadCore());
}
