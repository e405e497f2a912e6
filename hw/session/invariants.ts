/**
 * What must hold in every cluster at every time, whatever its software does. The lamp of the status bar
 * shows it, and a script that sees one broken ends with exit code 3.
 *
 *     frames    sent + duplicated = delivered + lost + damaged + cut + unheard + overflowed + oversized
 *               + under way, on every direction of every wire
 *     time      no board's clock is behind the cluster's
 */
import type { Cluster } from '../cluster.ts';

export interface Invariant {
  readonly name: string;
  /** What is wrong, or undefined. */
  readonly broken: (cluster: Cluster) => string | undefined;
}

export const INVARIANTS: readonly Invariant[] = [
  { name: 'frames', broken: lostFrames },
  { name: 'time', broken: lateBoard },
];

/** The first that is broken, with what is wrong. */
export function brokenInvariant(cluster: Cluster): string | undefined {
  for (const { name, broken } of INVARIANTS) {
    const what = broken(cluster);
    if (what !== undefined) return `${name}: ${what}`;
  }
  return undefined;
}

function lostFrames({ share, topology }: Cluster): string | undefined {
  for (let direction = 0; direction < 2 * topology.links.length; direction += 1) {
    const [outlet, inlet] = [share.scheduler.outlet(direction), share.scheduler.inlet(direction)];
    if (outlet === undefined || inlet === undefined) continue;
    const into = outlet.sent + outlet.duplicated;
    const gone = outlet.lost + outlet.cut + outlet.overflowed + outlet.oversized;
    const out = inlet.delivered + inlet.damaged + inlet.cut + inlet.unheard + inlet.framesUnderWay + gone;
    if (into !== out) return `${into} frames went into direction ${direction} and ${out} came out`;
  }
  return undefined;
}

function lateBoard({ share, now }: Cluster): string | undefined {
  const late = share.stations.find(station => station !== undefined && station.now < now);
  return late && `${late.name} stands at ${late.now} ns and the cluster at ${now} ns`;
}
