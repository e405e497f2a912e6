/**
 * Membership without boards: the rig of net-rig.ts with the member service's own state machine on every node, and
 * what must hold of views at every moment.
 */
import {
  type Identity,
  MACHINE,
  put,
  type Station,
  type StationExports,
  type Transmit,
  WireCluster,
  wireImports,
} from './net-rig.ts';

interface MemberExports extends StationExports {
  setFounders(nodes: number): void;
  hang(isSo: number): void;
  receive(port: number, size: number, now: number): void;
  viewNumber(): number;
  viewBits(): number;
  chain(): number;
  isMajority(): number;
  stateOf(node: number): number;
  leave(now: number): void;
  hasLeft(): number;
}

export class MemberNode implements Station {
  readonly net: MemberExports;
  /** Its own clock is so much slower: it does nothing more often. */
  slowness = 1;
  isOn = true;
  private inbox: { readonly port: number; readonly frame: Uint8Array }[] = [];

  constructor(module: WebAssembly.Module, founders: number, transmit: Transmit) {
    const wire = wireImports(
      () => this.net.memory,
      (port, frame) => {
        if (this.isOn) transmit(port, frame);
      },
    );
    this.net = new WebAssembly.Instance(module, { wire, rv: MACHINE }).exports as unknown as MemberExports;
    this.net.setFounders(founders);
  }

  receive(port: number, frame: Uint8Array, now: number): void {
    if (!this.isOn) return;
    if (this.slowness === 1) this.take(port, frame, now);
    else this.inbox.push({ port, frame });
  }

  tick(now: number): void {
    if (!this.isOn || now % this.slowness !== 0) return;
    const taken = this.inbox;
    this.inbox = [];
    for (const { port, frame } of taken) this.take(port, frame, now);
    this.net.tick(now);
  }

  /** Its last view and whether it has a say, as people write it: `3:7 majority`. */
  get view(): string {
    return `${this.net.viewNumber()}:${this.net.viewBits()}${this.net.isMajority() ? ' majority' : ''}`;
  }

  private take(port: number, frame: Uint8Array, now: number): void {
    put(this.net, frame);
    this.net.receive(port, frame.length, now);
  }
}

export type Links = readonly (readonly [number, number])[];

export class MemberCluster extends WireCluster<MemberNode> {
  /** Chains by number of all views that any node ever had. */
  readonly chains = new Map<number, number>();
  /** All views that there were, in the order in which they were seen. */
  readonly seen: string[] = [];

  constructor(
    module: WebAssembly.Module,
    nodes: number,
    links: Links,
    founders = 2 ** nodes - 1,
    identities: readonly Identity[] = [],
  ) {
    super(transmit => new MemberNode(module, founders, transmit), nodes, links, identities);
  }

  /** The plug is pulled; its neighbours lose the carrier. */
  powerOff(at: number): void {
    this.nodes[at]!.isOn = false;
    for (const [index, { ends }] of this.wires.entries()) if (ends.includes(at)) this.cut(index);
  }

  /** It begins anew, in a later incarnation. */
  comeBack(at: number): void {
    this.powerOn(at, { incarnation: this.now });
    for (const [index, { ends }] of this.wires.entries())
      if (ends.includes(at) && ends.every(end => this.nodes[end]!.isOn)) this.heal(index);
  }

  /** Milliseconds pass, and at each of them all that have a view of one number have the same. */
  pass(duration: number): void {
    for (let end = this.now + duration; this.now < end; ) {
      this.run(1);
      this.check();
    }
  }

  /** How long it takes until it is so; throws where it takes too long. */
  timeUntil(isSo: () => boolean, limit = 5000): number {
    const start = this.now;
    while (!isSo()) {
      if (this.now - start >= limit) throw new Error(`not so after ${limit} ms: ${this.views().join(', ')}`);
      this.pass(1);
    }
    return this.now - start;
  }

  /** Whether all these nodes have one view, of just them, and a say. */
  isTogether(nodes: readonly number[] = this.nodes.map((_, at) => at)): boolean {
    const bits = nodes.reduce((sum, node) => sum | (1 << node), 0);
    const views = new Set(nodes.map(node => this.nodes[node]!.view));
    return views.size === 1 && [...views][0]!.endsWith(`:${bits} majority`);
  }

  views(): string[] {
    return this.nodes.map(node => node.view);
  }

  private check(): void {
    for (const [at, { net, isOn }] of this.nodes.entries()) {
      const number = net.viewNumber();
      if (!isOn || number === 0) continue;
      const known = this.chains.get(number);
      if (known === undefined) {
        this.chains.set(number, net.chain());
        this.seen.push(`${number}:${net.viewBits()}`);
      } else if (known !== net.chain()) throw new Error(`node ${at} has another view ${number} than others`);
    }
  }
}
