/**
 * The part of a cluster that lives in one thread: all of it, or the nodes that fell to one worker.
 *
 * It builds the switches, hubs and wires of its nodes, runs them (hw/lab/scheduler.ts), carries out
 * interventions (hw/lab/fault.ts), and knows everything that its nodes remember as named parts:
 *
 *     wires              every direction's settings; the same in every share
 *     node 3             a board, switch or hub, without the contents of RAM
 *     out 5, in 5        the halves of direction 5
 *     ram 3              the contents of board 3's RAM, by page
 *     disk 3.0           the medium of its first drive, by page
 *
 * The names and their order do not depend on how the nodes are shared out, and neither does the hash.
 */
import type { SerialListener } from '../board.ts';
import { nsOfCycle } from '../board-clock.ts';
import { hashBytes, hashState, restoreState, type Stateful, saveState } from '../state.ts';
import type { Sighting } from './capture.ts';
import type { Intervention } from './fault.ts';
import { Hub } from './hub.ts';
import { intervene, isBoard, refusal } from './intervene.ts';
import type { Medium, MediumSnapshot } from './medium.ts';
import { Outside } from './outside.ts';
import { MemoryFollower, type PageTable } from './page-table.ts';
import { Random } from './random.ts';
import { type Actor, Scheduler } from './scheduler.ts';
import type { Station } from './station.ts';
import { Switch } from './switch.ts';
import { isComputer, linksByNode, type Topology, type TopologyNode } from './topology.ts';

/** What a share remembers at one time. Values are never changed, so they may be shared. */
export interface Saved {
  readonly parts: ReadonlyMap<string, Uint8Array>;
  readonly memories: ReadonlyMap<string, PageTable>;
  readonly media: ReadonlyMap<string, SavedMedium>;
}

export interface SavedMedium {
  readonly sectors: number;
  readonly snapshot: MediumSnapshot;
}

export interface ShareOptions {
  readonly topology: Topology;
  readonly seed: number;
  /** Builds the board of that node, a new one each time; asked only for nodes that live here. */
  readonly station: (index: number, node: TopologyNode) => Station;
  /** Whether the node lives here; all do where it is left out. */
  readonly isHere?: (node: number) => boolean;
}

/** Why nothing can be done to a cluster whose run was cut short by a breakpoint. */
export const HALFWAY =
  'a board stands at a breakpoint and the others elsewhere in time: run on before you intervene';

export class Share {
  readonly topology: Topology;
  readonly scheduler: Scheduler;
  /** By node; undefined for switches, hubs and nodes that live elsewhere. */
  readonly stations: readonly (Station | undefined)[];
  private readonly parts = new Map<string, Stateful>();
  private readonly media = new Map<string, Medium>();
  private readonly memories = new Map<string, MemoryFollower>();

  constructor(options: ShareOptions) {
    const { topology, seed, isHere = () => true } = options;
    this.topology = topology;
    const ports = linksByNode(topology).map(links => links.length);
    const actors = topology.nodes.map((node, at): Actor => {
      if (isComputer(node)) {
        if (!isHere(at)) return { kind: 'elsewhere', latencyNs: 0 };
        const station =
          node.kind === 'board' ? options.station(at, node) : new Outside(node.name, ports[at]!);
        return { kind: 'station', station };
      }
      const forwarder =
        node.kind === 'switch'
          ? new Switch(node.name, { ports: ports[at]! })
          : new Hub(node.name, { ports: ports[at]! });
      return isHere(at)
        ? { kind: 'forwarder', forwarder }
        : { kind: 'elsewhere', latencyNs: forwarder.latencyNs };
    });
    this.stations = actors.map(actor => (actor.kind === 'station' ? actor.station : undefined));
    this.scheduler = new Scheduler(topology, actors, new Random(seed).stream('lab'));
    this.nameParts(actors);
  }

  /** Carries out what concerns the nodes here. Every node stands at `now`. */
  carryOut(intervention: Intervention, now: number): void {
    switch (intervention.do) {
      case 'wire':
      case 'strike':
        this.touchWire(intervention);
        break;
      case 'freeze':
        this.scheduler.freeze(intervention.node, now, intervention.ns);
        break;
      default: {
        const station = this.stations[intervention.node];
        if (station !== undefined) intervene(station, intervention);
        this.scheduler.noticePower(now);
      }
    }
  }

  /** Why it cannot be done to a node here, or undefined. */
  refusal(intervention: Intervention): string | undefined {
    const station = 'node' in intervention ? this.stations[intervention.node] : undefined;
    return station === undefined ? undefined : refusal(station, intervention);
  }

  /**
   * When the board's clock will reach the cycle, as it goes now: `now` where it has, Infinity where the
   * board is off or lives elsewhere.
   */
  timeOfCycle(node: number, cycle: number, now: number): number {
    const station = this.stations[node];
    if (station === undefined || !isBoard(station) || station.power === 'off')
      return Number.POSITIVE_INFINITY;
    if (station.hart.cycle >= cycle) return now;
    return Math.max(now + 1, this.scheduler.frozenUntil(node), nsOfCycle(station.hart.clock, cycle));
  }

  save(): Saved {
    return {
      parts: new Map([...this.parts].map(([name, part]) => [name, saveState(part)])),
      memories: new Map([...this.memories].map(([name, memory]) => [name, memory.take()])),
      media: new Map([...this.media].map(([name, medium]) => [name, saveMedium(medium)])),
    };
  }

  /** Puts back what was saved at `now`, of which there may be more than lives here. */
  restore(saved: Saved, now: number): void {
    for (const [name, memory] of this.memories) memory.put(partOf(saved.memories, name));
    for (const [name, medium] of this.media) restoreMedium(medium, partOf(saved.media, name));
    for (const [name, part] of this.parts) restoreState(part, partOf(saved.parts, name));
    this.scheduler.settle(now);
  }

  /** From now on every frame that leaves here is told, or none. */
  watch(see: ((sighting: Sighting) => void) | undefined): void {
    for (let direction = 0; direction < this.scheduler.directionCount; direction += 1) {
      const outlet = this.scheduler.outlet(direction);
      if (outlet === undefined) continue;
      outlet.tap = see && ((time, frame, fate) => see({ direction, time, frame: frame.slice(), fate }));
    }
  }

  /** From now on every character that a board here sends over its serial line is told. */
  listen(hear: (node: number, ...character: Parameters<SerialListener>) => void): void {
    this.stations.forEach((station, node) => {
      if (station !== undefined && isBoard(station))
        station.onSerial((...character) => hear(node, ...character));
    });
  }

  /** A hash for each part. */
  hashes(): Map<string, string> {
    return new Map([
      ...[...this.parts].map(([name, part]): [string, string] => [name, hashState(part)]),
      ...[...this.memories].map(([name, memory]): [string, string] => [name, memory.take().hash()]),
      ...[...this.media].map(([name, medium]): [string, string] => [name, hashState(medium)]),
    ]);
  }

  private nameParts(actors: readonly Actor[]): void {
    const { scheduler, parts } = this;
    parts.set('wires', { state: port => scheduler.settingsState(port) });
    actors.forEach((actor, node) => {
      if (actor.kind === 'forwarder') parts.set(`node ${node}`, actor.forwarder);
      if (actor.kind !== 'station') return;
      const { station } = actor;
      parts.set(`node ${node}`, {
        state: port => {
          scheduler.nodeState(node, port);
          station.state(port);
        },
      });
      if (isBoard(station)) {
        const { ram, hart, disks } = station;
        for (const [index, disk] of disks.entries()) this.media.set(`disk ${node}.${index}`, disk.medium);
        this.memories.set(`ram ${node}`, new MemoryFollower({ ram, dirtyPages: () => hart.dirtyPages() }));
      }
    });
    for (let direction = 0; direction < scheduler.directionCount; direction += 1) {
      const outlet = scheduler.outlet(direction);
      const inlet = scheduler.inlet(direction);
      if (outlet !== undefined) parts.set(`out ${direction}`, outlet);
      if (inlet !== undefined) parts.set(`in ${direction}`, inlet);
    }
  }

  private touchWire(intervention: Intervention & { readonly do: 'wire' | 'strike' }): void {
    const forward = 2 * intervention.link;
    if (intervention.do === 'strike') {
      const outlet = this.scheduler.outlet(intervention.way === 'forward' ? forward : forward + 1);
      outlet?.strike({ sequence: intervention.sequence ?? outlet.sent, what: intervention.what });
      return;
    }
    const directions = { forward: [forward], backward: [forward + 1], both: [forward, forward + 1] };
    for (const direction of directions[intervention.way]) {
      const settings = { ...this.scheduler.settings(direction), ...intervention.settings };
      this.scheduler.configure(direction, settings);
    }
  }
}

/** One hash for all parts, in an order that does not depend on where they live. */
export function hashOfParts(hashes: ReadonlyMap<string, string>): string {
  const lines = [...hashes].map(([name, hash]) => `${name} ${hash}`).sort();
  return hashBytes(new TextEncoder().encode(lines.join('\n')));
}

function saveMedium(medium: Medium): SavedMedium {
  return { sectors: medium.sectors, snapshot: medium.snapshot() };
}

function restoreMedium(medium: Medium, saved: SavedMedium): void {
  if (medium.sectors !== saved.sectors) throw new Error('the snapshot is of a board with other drives');
  medium.restore(saved.snapshot);
}

function partOf<T>(parts: ReadonlyMap<string, T>, name: string): T {
  const part = parts.get(name);
  if (part === undefined) throw new Error(`the snapshot has no ${name}: it is of another cluster`);
  return part;
}
