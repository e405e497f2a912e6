/**
 * `--outside`: nodes of the cluster that are not emulated here. Each of their wires ends at a TCP port of this host, and
 * whoever connects there stands in the node's place, QEMU for example (hw/console/qemu-node.ts).
 *
 *     board ── wire ── outside (hw/lab/outside.ts) ── TCP (tcp-link.ts) ── QEMU
 *
 * The node has power while somebody is connected. Frames come in between slices, as entries of the journal, and go out
 * when they leave their wire. Whoever is outside lives in the host's time, so the session must: it goes no faster, and
 * what it is late by it does not make up for beyond a little. Nobody outside can be taken along into the past: there
 * nothing comes in.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { linksByNode, type Topology } from '../lab/topology.ts';
import type { Session } from '../session/session.ts';
import { TcpLink } from './tcp-link.ts';

/** A node's number, and the first of the ports at which its wires end; 0: any that are free. */
export interface OutsideOption {
  readonly node: number;
  readonly port: number | undefined;
}

export interface OutsideNode {
  readonly node: number;
  /** By interface. */
  readonly links: readonly TcpLink[];
}

interface Arrival {
  readonly node: number;
  readonly nic: number;
  readonly frame: Uint8Array;
}

/** Where nobody says: node n's wires end at this and 10 · n, in their order. */
const PORT_FIRST = 6400;
const PORTS_A_NODE = 10;
/** What the host and the session may be apart before it is forgotten, in milliseconds. */
const APART_MAX_MS = 150;
/** Frames that wait for the end of a slice; more are lost. */
const ARRIVALS_MAX = 1024;
const NS_PER_MS = 1_000_000;

export class OutsideNodes {
  readonly nodes: readonly OutsideNode[];
  /** Something came, and `deliver` is to be called before the next slice. */
  onArrival: () => void = () => {};
  private session: Session | undefined;
  private arrivals: Arrival[] = [];
  /** When both clocks were last taken for the same. */
  private sameMs = 0;
  private sameNs = 0;

  private constructor(nodes: readonly OutsideNode[]) {
    this.nodes = nodes;
  }

  /** Takes the ports; refuses those that are taken. */
  static async open(options: readonly OutsideOption[], topology: Topology): Promise<OutsideNodes> {
    const wires = linksByNode(topology);
    const nodes: OutsideNode[] = [];
    for (const { node, port: given } of options) {
      const first = given ?? PORT_FIRST + PORTS_A_NODE * node;
      const links: TcpLink[] = [];
      for (const nic of wires[node]!.keys()) {
        links.push(await TcpLink.listen(first === 0 ? 0 : first + nic, `--outside ${node}:${first}`));
      }
      nodes.push({ node, links });
    }
    return new OutsideNodes(nodes);
  }

  /** From now on frames go in and out. */
  attach(session: Session): void {
    this.session = session;
    this.sameMs = performance.now();
    this.sameNs = session.now;
    for (const { node, links } of this.nodes) {
      links.forEach((link, nic) => {
        link.open({ carrier: () => this.onArrival(), frame: frame => this.take({ node, nic, frame }) });
      });
    }
    session.onOutward((node, nic, frame) => this.linksOf(node)[nic]!.transmit(frame));
  }

  /** Between slices: lets in what has come, and time pass. */
  async betweenSlices(): Promise<void> {
    this.deliver();
    await this.keepPace();
  }

  deliver(): void {
    const { session } = this;
    if (session === undefined || session.cluster.isHalfway) return;
    const { arrivals } = this;
    this.arrivals = [];
    if (session.now < session.knownUntil) return;
    for (const { node } of this.nodes) this.followCarrier(session, node);
    for (const { node, nic, frame } of arrivals) session.bringIn(node, nic, frame);
  }

  close(): void {
    for (const { links } of this.nodes) for (const link of links) link.close();
  }

  private take(arrival: Arrival): void {
    if (this.arrivals.length < ARRIVALS_MAX) this.arrivals.push(arrival);
    this.onArrival();
  }

  private followCarrier(session: Session, node: number): void {
    const isConnected = this.linksOf(node).some(link => link.carrier);
    const isOn = session.cluster.station(node).power === 'on';
    if (isConnected && !isOn) session.powerOn(node);
    if (!isConnected && isOn) session.powerOff(node);
  }

  private linksOf(node: number): readonly TcpLink[] {
    return this.nodes.find(each => each.node === node)!.links;
  }

  /** Waits until the host's clock has come as far as the session's, at least for the host's next news. */
  private async keepPace(): Promise<void> {
    const { now } = this.session!;
    const ms = performance.now();
    const aheadMs = (now - this.sameNs) / NS_PER_MS - (ms - this.sameMs);
    if (Math.abs(aheadMs) > APART_MAX_MS) {
      this.sameMs = ms;
      this.sameNs = now;
    }
    await (aheadMs >= 1 && aheadMs <= APART_MAX_MS
      ? sleep(aheadMs)
      : new Promise(resolve => setImmediate(resolve)));
  }
}
