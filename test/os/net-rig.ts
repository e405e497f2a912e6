/**
 * Nodes of the net service without boards: each an instance of the guest's own code, joined by wires that this
 * rig plays in steps of a millisecond. What is sent in a step arrives in the next one's order of events, at
 * once or after the wire's delay; a wire can be cut, lose, double, delay and turn frames.
 */
import { readFileSync } from 'node:fs';
import { Random } from '../../hw/lab/random.ts';
import { compileGuest } from '../../images/guest/compile.ts';

export const FRAME_MAX = 1520;

/** What every guest entry of this rig exports. */
export interface StationExports {
  readonly memory: WebAssembly.Memory;
  start(node: number, incarnation: number, ports: number, cluster: number, keyByte: number): void;
  setCarrier(port: number, isUp: number, now: number): void;
  tick(now: number): number;
  incomingAt(): number;
}

type Transmitter = (port: number, at: number, size: number) => void;
export type Transmit = (port: number, frame: Uint8Array) => void;

/** A node as the wires know it. */
export interface Station {
  readonly net: StationExports;
  receive(port: number, frame: Uint8Array, now: number): void;
  /** A millisecond has passed. */
  tick(now: number): void;
}

interface NetExports extends StationExports {
  outgoingAt(): number;
  payloadOffset(): number;
  receive(port: number, size: number, now: number): number;
  send(destination: number, size: number): number;
  cast(size: number): void;
  costTo(node: number): number;
  counters(): number;
  isReachable(node: number): number;
  expandKey(key: number): void;
  chaskey(key: number, a: number, b: number, c: number, d: number, into: number): void;
  setUniversalKey(key: number, domain: number): void;
  hashOnto(address: number, size: number, pad: number, into: number, from: number): void;
}

/** Counters of os/service/net/counters.ts by name. */
const COUNTERS = [
  'sent',
  'received',
  'forwarded',
  'delivered',
  'foreign',
  'damaged',
  'forged',
  'replayed',
  'stale',
  'noRoute',
  'hopsOut',
  'impostor',
] as const;
export type Counter = (typeof COUNTERS)[number];

export interface Identity {
  readonly incarnation?: number;
  readonly cluster?: number;
  readonly keyByte?: number;
}

/** What the service's code has of the machine's own, where it runs without one. */
export const MACHINE = { unlikely: () => {} };

/** The guest entry of that name, compiled. */
export async function stationModule(name: string): Promise<WebAssembly.Module> {
  const seams = { 'os/service/net/cards.ts': 'cards', 'os/service/net/remote/local.ts': 'local' };
  const textOf = (seam: string) => readFileSync(`test/os/guest/${seam}.ts`, 'utf8');
  const instead = new Map(Object.entries(seams).map(([path, seam]) => [path, textOf(seam)]));
  const { wasm } = await compileGuest({ entry: `test/os/guest/${name}.ts`, profile: 'service', instead });
  return new WebAssembly.Module(wasm.slice());
}

/** The import by which a station's frames come out of it. */
export function wireImports(
  memory: () => WebAssembly.Memory,
  transmit: Transmit,
): Readonly<Record<string, Transmitter>> {
  return {
    transmit: (port: number, at: number, size: number) => {
      transmit(port, new Uint8Array(memory().buffer).slice(at, at + size));
    },
  };
}

/** Puts a frame where the station takes it from. */
export function put(net: StationExports, frame: Uint8Array): void {
  new Uint8Array(net.memory.buffer, net.incomingAt(), FRAME_MAX).set(frame);
}

export class NetNode implements Station {
  readonly net: NetExports;
  /** Payloads that came for this node's services. */
  readonly delivered: string[] = [];

  constructor(module: WebAssembly.Module, transmit: Transmit) {
    const wire = wireImports(() => this.net.memory, transmit);
    this.net = new WebAssembly.Instance(module, { wire, rv: MACHINE }).exports as unknown as NetExports;
  }

  receive(port: number, frame: Uint8Array, now: number): void {
    put(this.net, frame);
    if (!this.net.receive(port, frame.length, now)) return;
    const at = this.net.incomingAt();
    const view = new DataView(this.net.memory.buffer);
    const payload = at + this.net.payloadOffset();
    const size = view.getUint16(at + 20, true);
    this.delivered.push(new TextDecoder().decode(new Uint8Array(this.net.memory.buffer, payload, size)));
  }

  tick(now: number): void {
    this.net.tick(now);
  }

  send(destination: number | 'everybody', text: string): boolean {
    const payload = this.net.outgoingAt() + this.net.payloadOffset();
    new Uint8Array(this.net.memory.buffer).set(new TextEncoder().encode(text), payload);
    if (destination !== 'everybody') return this.net.send(destination, text.length) !== 0;
    this.net.cast(text.length);
    return true;
  }

  count(counter: Counter): number {
    const words = new Uint32Array(this.net.memory.buffer, this.net.counters(), COUNTERS.length);
    return words[COUNTERS.indexOf(counter)]!;
  }
}

/** Of a hundred frames, how many a wire treats so. */
export interface Trouble {
  readonly loss?: number;
  readonly double?: number;
  readonly damage?: number;
  /** Up to so many milliseconds late, each frame by chance. */
  readonly delay?: number;
}

interface Wire {
  readonly ends: readonly [number, number];
  readonly ports: readonly [number, number];
  isCut: boolean;
  /** From the first end to the second only. */
  isOneWay: boolean;
}

interface Flight {
  readonly wire: Wire;
  readonly due: number;
  readonly node: number;
  readonly port: number;
  readonly frame: Uint8Array;
}

export class WireCluster<Node extends Station> {
  readonly nodes: Node[] = [];
  readonly wires: Wire[] = [];
  /** Everything that was ever put on a wire. */
  frames = 0;
  /** Sees every frame that arrives. */
  watch: (frame: Uint8Array) => void = () => {};
  trouble: Trouble = {};
  now = 1;
  private readonly random = new Random(7).stream('net');
  private flights: Flight[] = [];
  private readonly portCounts: number[];
  private readonly make: (transmit: Transmit) => Node;

  constructor(
    make: (transmit: Transmit) => Node,
    nodes: number,
    links: readonly (readonly [number, number])[],
    identities: readonly Identity[] = [],
  ) {
    this.make = make;
    this.portCounts = Array.from({ length: nodes }, () => 0);
    for (const [a, b] of links) {
      const ports = [this.portCounts[a]!++, this.portCounts[b]!++] as const;
      this.wires.push({ ends: [a, b], ports, isCut: false, isOneWay: false });
    }
    for (let node = 0; node < nodes; node++) this.powerOn(node, identities[node] ?? {});
  }

  /** The node begins anew, as after a power failure. */
  powerOn(at: number, { incarnation = 1, cluster = 1, keyByte = 42 }: Identity = {}): void {
    const node = this.make((port, frame) => this.transmit(at, port, frame));
    this.nodes[at] = node;
    node.net.start(this.numberOf(at), incarnation, this.portCounts[at]!, cluster, keyByte);
    for (let port = 0; port < this.portCounts[at]!; port++) node.net.setCarrier(port, 1, this.now);
  }

  /** Node numbers are places, unless a test says otherwise. */
  numberOf(at: number): number {
    return at;
  }

  cut(wire: number): void {
    this.setCarrier(this.wires[wire]!, true);
  }

  heal(wire: number): void {
    this.setCarrier(this.wires[wire]!, false);
  }

  /** Milliseconds pass. */
  run(duration: number): void {
    for (const end = this.now + duration; this.now < end; this.now++) {
      for (const node of this.nodes) node.tick(this.now);
      this.deliver();
    }
  }

  /** Frames that are due arrive, and what is sent at once because of them. */
  deliver(): void {
    for (let due = this.due(); due.length > 0; due = this.due()) {
      this.flights = this.flights.filter(flight => flight.due > this.now);
      for (const { node, port, frame } of due) {
        this.watch(frame);
        this.nodes[node]!.receive(port, frame, this.now);
      }
    }
  }

  private due(): Flight[] {
    return this.flights.filter(flight => flight.due <= this.now);
  }

  private setCarrier(wire: Wire, isCut: boolean): void {
    wire.isCut = isCut;
    this.flights = this.flights.filter(flight => flight.wire !== wire);
    for (const side of [0, 1] as const)
      this.nodes[wire.ends[side]]!.net.setCarrier(wire.ports[side], isCut ? 0 : 1, this.now);
  }

  private transmit(from: number, port: number, frame: Uint8Array): void {
    this.frames += 1;
    for (const wire of this.wires) {
      const side = wire.ends.findIndex((end, at) => end === from && wire.ports[at] === port);
      if (side < 0 || wire.isCut || (wire.isOneWay && side === 1)) continue;
      const { loss = 0, double = 0, damage = 0, delay = 0 } = this.trouble;
      if (this.random.chance(loss, 100)) continue;
      const copies = this.random.chance(double, 100) ? 2 : 1;
      for (let copy = 0; copy < copies; copy++) {
        const due = this.now + this.random.below(delay + 1);
        const bytes = frame.slice();
        if (this.random.chance(damage, 100)) bytes[14 + this.random.below(bytes.length - 14)]! ^= 1;
        this.flights.push({
          wire,
          due,
          node: wire.ends[1 - side]!,
          port: wire.ports[1 - side]!,
          frame: bytes,
        });
      }
    }
  }
}

export class NetCluster extends WireCluster<NetNode> {
  constructor(
    module: WebAssembly.Module,
    nodes: number,
    links: readonly (readonly [number, number])[],
    identities: readonly Identity[] = [],
  ) {
    super(transmit => new NetNode(module, transmit), nodes, links, identities);
  }
}
