/**
 * Nodes of the locate service without boards: each an instance of the guest's own code, in a network that this rig
 * plays message by message. A message takes HOP_US for each wire on its shortest way; it can be lost, doubled and
 * late. Resources are ports with numbers of their own, so that what a search gives can be held against what is true.
 */
import { Random } from '../../hw/lab/random.ts';
import { stationModule } from './net-rig.ts';

export const HOP_US = 10;
const MESSAGE_SIZE = 32;
const NEVER = 0xffff_ffff;
const NOT_FOUND = -32;

export type Strategy = 'central' | 'by class' | 'local' | 'full';
export const STRATEGIES: readonly Strategy[] = ['central', 'by class', 'local', 'full'];

/** Counters of os/service/locate/counters.ts, in their order. */
const COUNTERS = [
  'none',
  'TELL',
  'TOLD',
  'ASK',
  'ANSWER',
  'GIVE',
  'GIVEN',
  'TAKE',
  'TAKEN',
  'SETTLED',
  'REQUEST',
  'STATE',
  'HEARD',
  'searches',
  'own',
  'hits',
  'wrong',
  'misses',
] as const;
export type Counter = (typeof COUNTERS)[number];

interface DirectoryExports {
  readonly memory: WebAssembly.Memory;
  start(node: number, count: number, strategy: number): void;
  incomingAt(): number;
  hear(port: number, now: number): void;
  tickDirectory(now: number): number;
  setDistance(node: number, wires: number): void;
  changeView(nodes: bigint, now: number): void;
  bindHere(id: bigint, port: number, token: number): void;
  moveHere(id: bigint, from: number, port: number, token: number, now: number): void;
  unbindHere(id: bigint, token: number): void;
  resolveFor(id: bigint, token: number, now: number): void;
  useStrategy(strategy: number, token: number): void;
  counters(): number;
  ownCount(): number;
  rowCount(): number;
  hintCount(): number;
  inUse(): number;
  wanted(): number;
  previous(): number;
}

/** A call of the directory's, and what has become of it. Times are microseconds. */
export interface Call {
  readonly node: number;
  readonly id: bigint;
  readonly begun: number;
  ended?: number;
  status?: number;
  port?: number;
  /** Its node was switched off. */
  isAbandoned?: boolean;
}

/** A resource at a node. */
interface Port {
  readonly id: bigint;
  readonly node: number;
  /** When its directory gave it up, or the node was switched off. */
  ended?: number;
}

/** Of a hundred messages, how many are lost or doubled; and how late they may be, in microseconds. */
export interface Trouble {
  readonly loss?: number;
  readonly double?: number;
  readonly late?: number;
  /** How much later than others a node may notice who is there, in microseconds. */
  readonly skew?: number;
}

export interface Network {
  readonly nodes: number;
  readonly links: readonly (readonly [number, number])[];
  readonly strategy?: Strategy;
  readonly seed?: number;
}

/** A resource's id: its class, and a number in it. */
export function idOf(family: number, number: number): bigint {
  return (BigInt(family) << 58n) | BigInt(number);
}

export const directoryModule = () => stationModule('locate-node');

interface Event {
  readonly time: number;
  readonly order: number;
  readonly happen: () => void;
}

/** What is to happen, by time: a binary heap. */
class Agenda {
  private readonly events: Event[] = [];
  private order = 0;

  add(time: number, happen: () => void): void {
    const event = { time, order: this.order++, happen };
    let at = this.events.push(event) - 1;
    for (
      let parent = (at - 1) >> 1;
      at > 0 && isBefore(event, this.events[parent]!);
      parent = (at - 1) >> 1
    ) {
      this.events[at] = this.events[parent]!;
      at = parent;
    }
    this.events[at] = event;
  }

  next(): Event | undefined {
    return this.events[0];
  }

  take(): void {
    const last = this.events.pop()!;
    if (this.events.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.events.length) break;
      if (child + 1 < this.events.length && isBefore(this.events[child + 1]!, this.events[child]!)) child++;
      if (!isBefore(this.events[child]!, last)) break;
      this.events[at] = this.events[child]!;
      at = child;
    }
    this.events[at] = last;
  }
}

const isBefore = (a: Event, b: Event) => a.time < b.time || (a.time === b.time && a.order < b.order);

class DirectoryNode {
  readonly directory: DirectoryExports;
  isOn = true;
  /** The tick that is on the agenda; earlier ones that are too are harmless. */
  due = Number.POSITIVE_INFINITY;

  constructor(
    module: WebAssembly.Module,
    world: Readonly<Record<string, (one: number, two: number, three: number) => void>>,
  ) {
    this.directory = new WebAssembly.Instance(module, { world }).exports as unknown as DirectoryExports;
  }

  bytes(at: number): Uint8Array {
    return new Uint8Array(this.directory.memory.buffer, at, MESSAGE_SIZE);
  }

  count(counter: Counter): number {
    const words = new Uint32Array(this.directory.memory.buffer, this.directory.counters(), COUNTERS.length);
    return words[COUNTERS.indexOf(counter)]!;
  }
}

export class LocateCluster {
  readonly nodes: DirectoryNode[] = [];
  readonly ports: Port[] = [];
  readonly calls: Call[] = [];
  trouble: Trouble = {};
  now = 0;
  messages = 0;
  /** Messages, each counted on every wire of its way. */
  frames = 0;
  /** Sees each message: its kind, and how many wires it goes over. */
  watch: (kind: number, wires: number) => void = () => {};
  private readonly agenda = new Agenda();
  private readonly random: Random;
  private readonly cutLinks = new Set<number>();
  private readonly starts: number[] = [];
  /** Copies of ports that a node's directory has been given and not dropped. */
  private readonly held: number[] = [];
  private distances: number[][] = [];
  private readonly module: WebAssembly.Module;
  private readonly network: Network;

  constructor(module: WebAssembly.Module, network: Network) {
    this.module = module;
    this.network = network;
    this.random = new Random(network.seed ?? 1).stream('locate');
    for (let node = 0; node < network.nodes; node++) this.begin(node);
    this.changeNetwork();
  }

  bind(node: number, id: bigint): Call {
    return this.call(node, id, token => this.directory(node).bindHere(id, this.makePort(node, id), token));
  }

  move(id: bigint, from: number, to: number): Call {
    return this.call(to, id, token =>
      this.directory(to).moveHere(id, from, this.makePort(to, id), token, this.beats()),
    );
  }

  unbind(node: number, id: bigint): Call {
    return this.call(node, id, token => this.directory(node).unbindHere(id, token));
  }

  resolve(node: number, id: bigint): Call {
    return this.call(node, id, token => this.directory(node).resolveFor(id, token, this.beats()));
  }

  use(node: number, strategy: Strategy): Call {
    return this.call(node, 0n, token =>
      this.directory(node).useStrategy(STRATEGIES.indexOf(strategy), token),
    );
  }

  run(milliseconds: number): void {
    const end = this.now + milliseconds * 1000;
    for (
      let event = this.agenda.next();
      event !== undefined && event.time <= end;
      event = this.agenda.next()
    ) {
      this.agenda.take();
      this.now = event.time;
      event.happen();
    }
    this.now = end;
  }

  at(milliseconds: number, happen: () => void): void {
    this.agenda.add(milliseconds * 1000, happen);
  }

  powerOff(node: number): void {
    this.nodes[node]!.isOn = false;
    for (const port of this.ports) if (port.node === node) port.ended ??= this.now;
    for (const call of this.calls)
      if (call.node === node && call.status === undefined) call.isAbandoned = true;
    this.changeNetwork();
  }

  powerOn(node: number): void {
    this.begin(node);
    this.changeNetwork();
  }

  cut(link: number): void {
    this.cutLinks.add(link);
    this.changeNetwork();
  }

  heal(link: number): void {
    this.cutLinks.delete(link);
    this.changeNetwork();
  }

  /** Where a resource is, in truth. */
  holders(id: bigint): number[] {
    return this.ports.filter(port => port.id === id && port.ended === undefined).map(port => port.node);
  }

  strategies(): Strategy[] {
    const on = this.nodes.filter(node => node.isOn);
    return on.map(({ directory }) => STRATEGIES[directory.inUse() & 3]!);
  }

  count(counter: Counter): number {
    return this.nodes.reduce((sum, node) => sum + node.count(counter), 0);
  }

  /** What is wrong with the answers that there have been. */
  faults(): string[] {
    return this.calls.flatMap(call => {
      if (call.isAbandoned) return [];
      if (call.status === undefined) return [`${call.id} is not answered`];
      if (call.port === undefined) return [];
      const port = this.ports[call.port]!;
      if (port.id !== call.id) return [`${call.id} is answered with ${port.id}`];
      return port.ended !== undefined && port.ended < call.begun ? [`${call.id} is stale`] : [];
    });
  }

  /** Nodes that have more ports, or fewer, than the resources that are there. */
  leaks(): number[] {
    return this.nodes
      .map((node, at) =>
        node.isOn
          ? this.held[at]! - this.ports.filter(port => port.node === at && port.ended === undefined).length
          : 0,
      )
      .filter(excess => excess !== 0);
  }

  private directory(node: number): DirectoryExports {
    return this.nodes[node]!.directory;
  }

  private call(node: number, id: bigint, begin: (token: number) => void): Call {
    const call: Call = { node, id, begun: this.now };
    const token = this.calls.push(call);
    begin(token);
    this.tick(node);
    return call;
  }

  private makePort(node: number, id: bigint): number {
    this.held[node]! += 1;
    return this.ports.push({ id, node });
  }

  private begin(at: number): void {
    this.starts[at] = (this.starts[at] ?? 0) + 1;
    this.held[at] = 0;
    const node = new DirectoryNode(this.module, {
      send: (to, address, port) => {
        if (node.isOn) this.send(at, to, node.bytes(address).slice(), port);
      },
      answer: (token, status, port) => this.answer(token, status, port),
      drop: port => this.drop(at, port),
    });
    this.nodes[at] = node;
    node.directory.start(at, this.starts[at]!, STRATEGIES.indexOf(this.network.strategy ?? 'central'));
  }

  /** The service counts time in these; here each is a millisecond. */
  private beats(): number {
    return 1 + Math.floor(this.now / 1000);
  }

  /** What is due at the node, and the next time that something will be. */
  private tick(at: number): void {
    const node = this.nodes[at]!;
    const due = node.directory.tickDirectory(this.beats()) >>> 0;
    if (due === NEVER) return;
    const time = Math.max(this.now + 1, (due - 1) * 1000);
    if (time >= node.due && node.due > this.now) return;
    node.due = time;
    this.agenda.add(time, () => {
      if (this.nodes[at] !== node || !node.isOn) return;
      if (node.due === time) node.due = Number.POSITIVE_INFINITY;
      this.tick(at);
    });
  }

  private send(from: number, to: number, bytes: Uint8Array, port: number): void {
    const wires = this.distances[from]![to]!;
    this.messages += 1;
    this.frames += wires;
    this.watch(bytes[0]!, wires);
    const { loss = 0, double = 0, late = 0 } = this.trouble;
    if (!Number.isFinite(wires) || this.random.chance(loss, 100)) return;
    const copies = this.random.chance(double, 100) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const delay = wires * HOP_US + this.random.below(late + 1);
      this.agenda.add(this.now + delay, () => this.deliver(to, bytes, port));
    }
  }

  private deliver(to: number, bytes: Uint8Array, port: number): void {
    const node = this.nodes[to]!;
    if (!node.isOn) return;
    node.bytes(node.directory.incomingAt()).set(bytes);
    if (port !== 0) this.held[to]! += 1;
    node.directory.hear(port, this.beats());
    this.tick(to);
  }

  private answer(token: number, status: number, port: number): void {
    const call = this.calls[token - 1]!;
    if (call.status !== undefined) throw new Error(`${call.id} is answered twice`);
    call.status = status;
    call.ended = this.now;
    if (port !== 0) call.port = port - 1;
  }

  private drop(node: number, port: number): void {
    this.held[node]! -= 1;
    const dropped = this.ports[port - 1]!;
    if (dropped.node === node) dropped.ended ??= this.now;
  }

  /** Ways have changed; each node notices when it does. */
  private changeNetwork(): void {
    const { nodes, links } = this.network;
    const open = links.filter((_, link) => !this.cutLinks.has(link));
    this.distances = Array.from({ length: nodes }, (_, from) => this.distancesFrom(from, open));
    for (let at = 0; at < nodes; at++) {
      const node = this.nodes[at]!;
      const notice = () => {
        if (this.nodes[at] === node && node.isOn) this.notice(at);
      };
      const { skew = 0 } = this.trouble;
      this.agenda.add(this.now + this.random.below(skew + 1), notice);
    }
  }

  private notice(at: number): void {
    let view = 0n;
    for (const [node, wires] of this.distances[at]!.entries()) {
      if (!Number.isFinite(wires)) continue;
      view |= 1n << BigInt(node);
      this.directory(at).setDistance(node, wires);
    }
    this.directory(at).changeView(view, this.beats());
    this.tick(at);
  }

  private distancesFrom(from: number, links: Network['links']): number[] {
    const wires: number[] = Array.from({ length: this.network.nodes }, () => Number.POSITIVE_INFINITY);
    wires[from] = 0;
    const queue = [from];
    for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
      if (!this.nodes[at]!.isOn) continue;
      for (const link of links) {
        const other = link[0] === at ? link[1] : link[1] === at ? link[0] : at;
        if (wires[other]! <= wires[at]! + 1 || !this.nodes[other]!.isOn) continue;
        wires[other] = wires[at]! + 1;
        queue.push(other);
      }
    }
    return wires;
  }
}

/** Whether nothing is known of the resource. */
export const isNotFound = (call: Call) => call.status === NOT_FOUND;
