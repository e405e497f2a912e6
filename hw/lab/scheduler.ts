/**
 * The conservative clock: who may run how far, so that nothing ever arrives in anybody's past.
 *
 * Each node has a base, the earliest time at which it can do anything: its own next event or the next
 * arrival at one of its inlets. Nothing can reach node i before
 *
 *     horizon(i) = min over every other node s of base(s) + distance(s → i)
 *
 * where the distance is the least delay along the wires. The node with the lowest base always lies
 * below its horizon, so there is always one that may go on; a lone busy board among sleepers runs to
 * the sleepers' next deadline in one go. What a node itself has sent comes back no sooner than it was
 * sent plus a round trip, and it stops after sending, so its own base does not bind it.
 *
 * Order. A node takes what is due in the order time, its own deadlines first, then arrivals by wire,
 * direction and sequence. Together with the random streams being one a direction, the outcome does not
 * depend on which node happened to run first or on how a run was sliced.
 *
 * Ahead of its horizon. A board at work for long without a frame will likely go on so. It is marked and led on, up to
 * where it would do something that others notice; there, and until its horizon has passed, it waits. A frame that
 * arrives before that puts it back to its mark, from where it goes no further than the frame. What a station does
 * ahead nobody can notice, so its base is where it stands: it sends nothing before, unless something arrives, and of
 * that the sender's base and the distances tell.
 *
 * Some nodes may live elsewhere (another thread). Of those only the base is known here; arrivals for
 * them are put into `outbox`.
 */
import type { StatePort } from '../state.ts';
import type { Random } from './random.ts';
import type { Forwarder, Leader, Send, Station } from './station.ts';
import { isComputer, linksByNode, type Topology } from './topology.ts';
import { type Arrival, type DirectionSettings, Inlet, latencyMinNs, Outlet, settingsState } from './wire.ts';

/** Who acts at a node; `undefined` for a node that lives elsewhere. */
export type Actor =
  | { readonly kind: 'station'; readonly station: Station }
  | { readonly kind: 'forwarder'; readonly forwarder: Forwarder }
  | { readonly kind: 'elsewhere'; readonly latencyNs: number };

/** An arrival for a node that lives elsewhere. */
export interface Outgoing {
  readonly direction: number;
  readonly arrival: Arrival;
}

/** How a run ended: at its limit, for want of news from elsewhere, or because a station would not go on. */
export type Outcome = 'reached' | 'waiting' | 'stopped';

/**
 * Of leading: how long at work in silence makes it likely, and the first time, when all that a station remembers is
 * copied, that it will be worth that; how far at most; and less is not worth a mark.
 */
const LEAD_AFTER_NS = 500_000;
const FIRST_LEAD_AFTER_NS = 4_000_000;
const LEAD_MAX_NS = 2_000_000;
const LEAD_MIN_NS = 200_000;
/** Arrivals for elsewhere that may gather before they must be sent on. */
const OUTBOX_MAX = 256;

/** Direction 2·link goes from the link's a to its b, direction 2·link + 1 back. */
interface Direction {
  readonly source: number;
  readonly target: number;
  /** The NIC or port at either end. */
  readonly sourcePort: number;
  readonly targetPort: number;
  settings: DirectionSettings;
  readonly outlet: Outlet | undefined;
  readonly inlet: Inlet | undefined;
}

interface Mark {
  readonly station: Leader;
  /** What those of the node were there. */
  readonly settled: number;
  readonly floor: number;
}

interface Node {
  readonly index: number;
  readonly actor: Actor;
  /** Ascending, which is the order of ties. */
  readonly inbound: readonly number[];
  /** By port. */
  readonly outbound: readonly number[];
  /** Every event at or before this has happened here. */
  settled: number;
  /** The earliest time of anything that this node may still do. */
  floor: number;
  base: number;
  /** When it last sent or heard a frame, or was put back. */
  silentSince: number;
  hasLed: boolean;
  /** Where it would be put back to; it has been led on from there. */
  mark: Mark | undefined;
  /** Stands still, deaf and without a clock, until then. */
  frozenUntil: number;
  lit: boolean;
}

interface Turn {
  readonly node: Node;
  readonly horizon: number;
}

export class Scheduler {
  /** What left for elsewhere since the owner last emptied it. */
  outbox: Outgoing[] = [];
  readonly topology: Topology;
  /** How often stations were led on, and how often put back. */
  leads = 0;
  retractions = 0;
  private mayLead = true;
  private readonly directions: readonly Direction[];
  private readonly nodes: readonly Node[];
  /** distances[s · nodes + i]: the least time from anything happening at s to its being seen at i. */
  private distances: Float64Array;
  private sending = { frames: 0, at: 0 };

  /** `actors` by node of the topology. Streams are derived from `random` by the direction's name. */
  constructor(topology: Topology, actors: readonly Actor[], random: Random) {
    this.topology = topology;
    const ports = linksByNode(topology);
    this.directions = topology.links.flatMap((link, at) =>
      [0, 1].map(way => {
        const [source, target] = way === 0 ? [link.a, link.b] : [link.b, link.a];
        const settings = way === 0 ? link.forward : link.backward;
        const light = isComputer(topology.nodes[source]!) ? 'dark' : 'lit';
        const here = (node: number): boolean => actors[node]!.kind !== 'elsewhere';
        return {
          source,
          target,
          sourcePort: ports[source]!.indexOf(at),
          targetPort: ports[target]!.indexOf(at),
          settings,
          outlet: here(source) ? new Outlet(settings, random.stream(`wire ${at} ${way}`), light) : undefined,
          inlet: here(target) ? new Inlet(light) : undefined,
        };
      }),
    );
    this.nodes = actors.map((actor, node) => ({
      index: node,
      actor,
      inbound: this.directions.flatMap((direction, at) => (direction.target === node ? [at] : [])),
      outbound: ports[node]!.map(link => 2 * link + (topology.links[link]!.a === node ? 0 : 1)),
      settled: 0,
      floor: 0,
      base: 0,
      silentSince: 0,
      hasLed: false,
      mark: undefined,
      frozenUntil: 0,
      lit: false,
    }));
    this.distances = this.measure();
    for (const node of this.nodes) this.plugIn(node);
    this.noticePower(0);
  }

  get directionCount(): number {
    return this.directions.length;
  }

  outlet(direction: number): Outlet | undefined {
    return this.directions[direction]?.outlet;
  }

  inlet(direction: number): Inlet | undefined {
    return this.directions[direction]?.inlet;
  }

  settings(direction: number): DirectionSettings {
    return this.directions[direction]!.settings;
  }

  /** Whether the station or port at the direction's far end sees a carrier. */
  carrier(direction: number): boolean {
    const { settings, inlet } = this.directions[direction]!;
    const back = this.directions[direction ^ 1]!.settings;
    return !settings.cut && !back.cut && (inlet === undefined || inlet.light);
  }

  /** Changes a direction now, when every node has been run to the same time. */
  configure(direction: number, settings: DirectionSettings): void {
    const changed = this.directions[direction]!;
    changed.outlet?.configure(settings);
    const wasCut = changed.settings.cut;
    changed.settings = settings;
    if (settings.cut && !wasCut) changed.inlet?.sever();
    if (settings.cut !== wasCut) {
      this.tellCarrier(direction);
      this.tellCarrier(direction ^ 1);
    }
    this.distances = this.measure();
  }

  /** An arrival that another thread's outlet computed for an inlet here. */
  accept(outgoing: Outgoing): void {
    this.expect(outgoing.direction, outgoing.arrival);
  }

  /** The earliest time at which the node here can do anything. */
  baseOf(node: number): number {
    this.refresh(this.nodes[node]!);
    return this.nodes[node]!.base;
  }

  /** The node that a direction leads to. */
  targetOf(direction: number): number {
    return this.directions[direction]!.target;
  }

  /** What is known of a node elsewhere. */
  setBase(node: number, base: number): void {
    this.nodes[node]!.base = base;
  }

  /** After something from outside the cluster touched a station at `now`: its power may have changed. */
  noticePower(now: number): void {
    for (const node of this.nodes) this.shine(node, now);
  }

  /** Stops a station with all its devices at `now`; until `ns` it neither computes nor hears. */
  freeze(index: number, now: number, ns: number): void {
    const node = this.nodes[index]!;
    if (node.actor.kind === 'station') node.frozenUntil = Math.max(node.frozenUntil, now + ns);
  }

  /** When the node goes on, or 0 where it does not stand still. */
  frozenUntil(index: number): number {
    return this.nodes[index]!.frozenUntil;
  }

  /** What the clock itself remembers of a node. */
  nodeState(index: number, port: StatePort): void {
    const node = this.nodes[index]!;
    node.frozenUntil = port.integer(node.frozenUntil);
  }

  /** Everything at or before `now` has happened: after a restore, or at the beginning. */
  settle(now: number): void {
    for (const node of this.nodes) {
      node.settled = now;
      node.floor = now;
      node.silentSince = now;
      if (node.actor.kind === 'station') node.lit = node.actor.station.power === 'on';
    }
  }

  /**
   * Runs until every event here at or before `limit` has happened and every station stands at `limit`;
   * with nodes elsewhere, as far as their bases allow or until enough has gathered for them.
   */
  run(limit: number): Outcome {
    for (const node of this.nodes) this.refresh(node);
    this.mayLead = this.nodes.every(({ actor }) => actor.kind !== 'station' || !mayStop(actor.station));
    while (this.outbox.length < OUTBOX_MAX) {
      const next = this.choose(limit);
      if (next !== undefined) {
        if (!this.advance(next.node, next.horizon, limit)) return 'stopped';
        continue;
      }
      const rested = this.rest(limit);
      if (rested === 'stopped') return 'stopped';
      if (rested === 'sent') continue;
      return this.nodes.every(node => isElsewhere(node) || node.settled >= limit) ? 'reached' : 'waiting';
    }
    return 'waiting';
  }

  /** Settings are every thread's; the halves of each direction have state of their own. */
  settingsState(port: StatePort): void {
    for (const direction of this.directions) {
      direction.settings = settingsState(port, direction.settings);
      direction.outlet?.configure(direction.settings);
    }
    this.distances = this.measure();
  }

  /** The node with the lowest base that still has something to do and lies below its horizon. */
  private choose(limit: number): Turn | undefined {
    let lowest: Node | undefined;
    for (const node of this.nodes) {
      if (this.isDue(node, limit) && (lowest === undefined || node.base < lowest.base)) lowest = node;
    }
    if (lowest === undefined) return undefined;
    const horizon = this.horizon(lowest.index);
    if (lowest.base < horizon) return { node: lowest, horizon };
    return this.chooseAny(limit);
  }

  /** Where nodes elsewhere hold back the lowest, another may be free to go on. */
  private chooseAny(limit: number): Turn | undefined {
    for (const node of this.nodes) {
      if (!this.isDue(node, limit)) continue;
      const horizon = this.horizon(node.index);
      if (node.base < horizon) return { node, horizon };
    }
    return undefined;
  }

  private isDue(node: Node, limit: number): boolean {
    if (node.base > limit || node.actor.kind === 'elsewhere') return false;
    return node.settled < limit || this.nextArrival(node) <= limit;
  }

  private horizon(index: number): number {
    let horizon = Number.POSITIVE_INFINITY;
    const count = this.nodes.length;
    for (let at = 0; at < count; at += 1) {
      if (at === index) continue;
      const reach = this.nodes[at]!.base + this.distances[at * count + index]!;
      if (reach < horizon) horizon = reach;
    }
    return horizon;
  }

  /** False where a station stopped by itself before it had to. */
  private advance(node: Node, horizon: number, limit: number): boolean {
    const { actor } = node;
    let held = true;
    if (actor.kind === 'station') held = this.advanceStation(node, actor.station, horizon, limit);
    if (actor.kind === 'forwarder') this.advanceForwarder(node, actor.forwarder, horizon, limit);
    this.refresh(node);
    return held;
  }

  private advanceStation(node: Node, station: Station, horizon: number, limit: number): boolean {
    if (isFrozen(node)) return this.standStill(node, station, horizon, limit);
    for (;;) {
      const head = this.nextArrival(node);
      const stop = Math.min(head, horizon, limit);
      if (this.lead(node, station, stop, Math.min(head, limit))) return true;
      const outcome = this.runStation(node, station, stop);
      if (outcome !== 'reached') return outcome === 'sent';
      if (head >= horizon || head > limit) return true;
      this.deliver(node, station, head);
      node.settled = head - 1;
      if (this.sending.frames > 0) return true;
    }
  }

  /** What arrives meanwhile is not heard. True: there is no way for this to end early. */
  private standStill(node: Node, station: Station, horizon: number, limit: number): true {
    const end = Math.min(node.frozenUntil, horizon, limit + 1);
    while (this.nextArrival(node) < end) this.deliver(node, station, this.nextArrival(node));
    node.settled = end - 1;
    node.floor = end - 1;
    if (node.frozenUntil === end && end <= limit) {
      node.frozenUntil = 0;
      node.floor = end;
      station.leap(end);
    }
    return true;
  }

  /** Leads the station on from `settled`; false where that would not be much beyond `stop`. */
  private lead(node: Node, station: Station, stop: number, free: number): boolean {
    if (!this.mayLead || !isLeader(station)) return false;
    const silence = node.settled - Math.max(node.silentSince, station.awakeSince);
    const ahead = Math.min(free, node.settled + Math.min(silence, LEAD_MAX_NS));
    if (silence < (node.hasLed ? LEAD_AFTER_NS : FIRST_LEAD_AFTER_NS) || ahead - stop < LEAD_MIN_NS)
      return false;
    if (Math.min(ahead, station.leadsUntil) - stop < LEAD_MIN_NS) return false;
    this.keep(node);
    this.leads += 1;
    node.hasLed = true;
    node.mark = { station, settled: node.settled, floor: node.floor };
    station.mark();
    node.floor = station.lead(ahead);
    node.settled = node.floor - 1;
    return true;
  }

  private keep(node: Node): void {
    if (node.mark === undefined) return;
    node.mark.station.keep();
    node.mark = undefined;
  }

  private retract(node: Node, { station, settled, floor }: Mark): void {
    this.retractions += 1;
    station.retract();
    node.settled = settled;
    node.floor = floor;
    node.silentSince = settled;
    node.mark = undefined;
    this.refresh(node);
  }

  private runStation(node: Node, station: Station, stop: number): 'reached' | 'sent' | 'stopped' {
    this.keep(node);
    this.sending = { frames: 0, at: Number.POSITIVE_INFINITY };
    const why = station.runUntil(stop);
    if (this.shine(node, station.now) || this.sending.frames > 0) {
      node.floor = Math.min(this.sending.at, station.now);
      node.silentSince = station.now;
      return 'sent';
    }
    if (why === 'breakpoint' || why === 'watchpoint') return 'stopped';
    node.settled = stop;
    node.floor = stop;
    return 'reached';
  }

  private deliver(node: Node, station: Station, time: number): void {
    node.silentSince = time;
    const receiver = station.power === 'on' && !isFrozen(node) ? 'listening' : 'deaf';
    for (const direction of node.inbound) {
      const { inlet, targetPort } = this.directions[direction]!;
      while (inlet!.nextTime === time) {
        const arrival = inlet!.take(receiver);
        if (arrival?.kind === 'frame') station.nics[targetPort]!.receive(arrival.frame, time);
        if (arrival?.kind === 'light') this.tellCarrier(direction);
      }
    }
  }

  /** Takes one arrival, so that what it makes for elsewhere stays bounded. */
  private advanceForwarder(node: Node, forwarder: Forwarder, horizon: number, limit: number): void {
    const time = this.nextArrival(node);
    if (time >= horizon || time > limit) return;
    const send: Send = (port, frame, at) => this.handOver(node.outbound[port]!, frame, at);
    const direction = node.inbound.find(each => this.directions[each]!.inlet!.nextTime === time)!;
    const { inlet, targetPort } = this.directions[direction]!;
    const arrival = inlet!.take('listening');
    if (arrival?.kind === 'frame') forwarder.receive(targetPort, arrival.frame, time, send);
    if (arrival?.kind === 'light') this.tellCarrier(direction);
    node.settled = Math.min(time, this.nextArrival(node) - 1);
  }

  /** Brings those that slept past the limit to it. */
  private rest(limit: number): 'sent' | 'stopped' | 'reached' {
    for (const node of this.nodes) {
      if (isElsewhere(node) || node.settled >= limit) continue;
      if (Math.min(this.nextArrival(node), this.horizon(node.index)) <= limit) continue;
      if (node.actor.kind !== 'station' || isFrozen(node)) {
        node.settled = limit;
        continue;
      }
      const outcome = this.runStation(node, node.actor.station, limit);
      this.refresh(node);
      if (outcome !== 'reached') return outcome;
    }
    return 'reached';
  }

  private handOver(index: number, frame: Uint8Array, at: number): void {
    const direction = this.directions[index]!;
    this.sending.frames += 1;
    this.sending.at = Math.min(this.sending.at, at);
    for (const arrival of direction.outlet!.transmit(frame, at)) this.send(index, arrival);
  }

  private send(index: number, arrival: Arrival): void {
    const { inlet, target } = this.directions[index]!;
    if (inlet !== undefined) {
      this.expect(index, arrival);
      return;
    }
    this.outbox.push({ direction: index, arrival });
    const node = this.nodes[target]!;
    node.base = Math.min(node.base, arrival.time);
  }

  /** What arrives at a node here before where that was led to puts it back. */
  private expect(index: number, arrival: Arrival): void {
    const { inlet, target } = this.directions[index]!;
    const node = this.nodes[target]!;
    inlet!.push(arrival);
    node.base = Math.min(node.base, arrival.time);
    if (node.mark !== undefined && arrival.time < node.floor) this.retract(node, node.mark);
  }

  /** Whether the station's power changed since it was last looked at; tells its neighbours if so. */
  private shine(node: Node, at: number): boolean {
    if (node.actor.kind !== 'station') return false;
    const lit = node.actor.station.power === 'on';
    if (lit === node.lit) return false;
    node.lit = lit;
    for (const direction of node.outbound) {
      const arrival = this.directions[direction]!.outlet!.shine(lit, at);
      if (arrival !== undefined) this.send(direction, arrival);
    }
    return true;
  }

  private tellCarrier(index: number): void {
    const { target, targetPort } = this.directions[index]!;
    const { actor } = this.nodes[target]!;
    const level = this.carrier(index);
    if (actor.kind === 'station') actor.station.nics[targetPort]!.setCarrier(level);
    if (actor.kind === 'forwarder') actor.forwarder.setCarrier(targetPort, level);
  }

  private plugIn(node: Node): void {
    if (node.actor.kind !== 'station') return;
    const { station } = node.actor;
    node.outbound.forEach((direction, port) => {
      const nic = station.nics[port];
      if (nic === undefined) {
        throw new Error(
          `${this.topology.nodes[node.index]!.name} has no NIC ${port}: give it ${node.outbound.length} NICs`,
        );
      }
      const outlet = this.directions[direction]!.outlet!;
      nic.attach({
        carrier: this.carrier(direction ^ 1),
        get freeAt() {
          return outlet.freeAt;
        },
        transmit: (frame, at) => this.handOver(direction, frame, at),
      });
    });
  }

  private nextArrival(node: Node): number {
    let next = Number.POSITIVE_INFINITY;
    for (const direction of node.inbound) next = Math.min(next, this.directions[direction]!.inlet!.nextTime);
    return next;
  }

  private refresh(node: Node): void {
    const { actor } = node;
    if (actor.kind === 'elsewhere') return;
    node.base = this.nextArrival(node);
    if (actor.kind === 'forwarder') return;
    if (isFrozen(node)) {
      node.base = Math.min(node.base, node.frozenUntil);
      return;
    }
    const { nextEvent, now } = actor.station;
    node.base = Math.min(node.base, nextEvent > now ? nextEvent : Math.min(nextEvent, node.floor));
  }

  /** Floyd and Warshall's shortest paths; a forwarder adds its latency to each way out. */
  private measure(): Float64Array {
    const count = this.nodes.length;
    const distances = new Float64Array(count * count).fill(Number.POSITIVE_INFINITY);
    for (const { source, target, settings } of this.directions) {
      const { actor } = this.nodes[source]!;
      const within =
        actor.kind === 'forwarder'
          ? actor.forwarder.latencyNs
          : actor.kind === 'elsewhere'
            ? actor.latencyNs
            : 0;
      const edge = source * count + target;
      distances[edge] = Math.min(distances[edge]!, latencyMinNs(settings) + within);
    }
    for (let middle = 0; middle < count; middle += 1) {
      for (let from = 0; from < count; from += 1) {
        const first = distances[from * count + middle]!;
        if (first === Number.POSITIVE_INFINITY) continue;
        for (let to = 0; to < count; to += 1) {
          const through = first + distances[middle * count + to]!;
          if (through < distances[from * count + to]!) distances[from * count + to] = through;
        }
      }
    }
    return distances;
  }
}

function isLeader(station: Station): station is Leader {
  return 'lead' in station;
}

function mayStop(station: Station): boolean {
  return isLeader(station) && station.mayStop;
}

function isFrozen(node: Node): boolean {
  return node.frozenUntil > 0;
}

function isElsewhere(node: Node): boolean {
  return node.actor.kind === 'elsewhere';
}
