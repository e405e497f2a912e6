/**
 * Nodes with remote calls, without boards: callers and servers are the host's, the service between them is the
 * guest's own code. Every node runs one server that counts: a call for it carries a name and data, and is
 * answered after a while by how often that name was counted, and the data turned round, of which each millisecond some
 * is delivered before. Of the calls without data some go by the short way (os/service/net/remote/plain.ts), and some of
 * their answers.
 */
import { Random } from '../../hw/lab/random.ts';
import type { Graph } from './graphs.ts';
import {
  type Identity,
  MACHINE,
  put,
  type StationExports,
  stationModule,
  type Transmit,
  WireCluster,
  wireImports,
} from './net-rig.ts';

const FLAG_EXTRAS = 2;
const WORDS = 16;
/** With the label. */
const WORDS_SIZE = 32;
const DATA_SIZE = 44;
const NO_SUCH_MESSAGE = -7;
const NODE_LOST = -54;
const PEERS_MAX = 8;
const COUNT_DELIVERED = 3;
const STEPS_PER_MS = 100;
const DELIVERED_PER_MS = 1700;

interface RemoteExports extends StationExports {
  receive(port: number, size: number, now: number, steps: number): void;
  wordsAt(): number;
  callShort(peer: number, target: number, token: number, steps: number): number;
  answerShort(index: number, steps: number): number;
  takeSlot(isCall: number): number;
  requestAt(slot: number): number;
  launch(slot: number, peer: number, target: number, token: number, steps: number): void;
  serviceHeader(index: number): number;
  serviceBuffer(index: number): number;
  deliverService(index: number, size: number, steps: number): void;
  finishService(index: number, dataAt: number, steps: number): void;
  losePeer(peer: number, present: number): void;
  isReachable(peer: number): number;
  counters(): number;
  tickRemote(steps: number): void;
}

/** A caller that waits, with the memory it lent. */
export interface Caller {
  readonly name: number;
  readonly request: Uint8Array;
  readonly reply: Uint8Array;
  isWaiting: boolean;
  /** How often its end was told; more than once is a fault. */
  answers: number;
  status?: number;
  count?: number;
}

export class RemoteNode {
  readonly net: RemoteExports;
  /** What the server on this node has carried out: how often each name. */
  readonly counts = new Map<number, number>();
  readonly callers: Caller[] = [];
  /** How long its server takes, in ms. */
  delay = 0;
  /** By how many bytes its answers are shorter than there is room for. */
  shortBy = 0;
  cancelled = 0;
  private now = 1;
  private readonly reached = new Set<number>();
  private work: { readonly index: number; readonly due: number; delivered: number }[] = [];

  constructor(module: WebAssembly.Module, transmit: Transmit) {
    const wire = wireImports(() => this.net.memory, transmit);
    const local = {
      read: (token: number, range: number, offset: number, to: number, size: number) =>
        this.lend(
          token,
          range,
          caller => this.bytes(to, size).set(caller.request.subarray(offset, offset + size)),
          size,
        ),
      write: (token: number, range: number, offset: number, from: number, size: number) =>
        this.lend(token, range, caller => caller.reply.set(this.bytes(from, size), offset), size),
      answer: (token: number, status: number, reply: number) => this.answer(token, status, reply),
      isWaiting: (token: number) => (this.callers[token]!.isWaiting ? 1 : 0),
      begin: (index: number) => this.work.push({ index, due: this.now + this.delay, delivered: 0 }),
      cancel: () => {
        this.cancelled += 1;
      },
    };
    this.net = new WebAssembly.Instance(module, { wire, local, rv: MACHINE })
      .exports as unknown as RemoteExports;
  }

  receive(port: number, frame: Uint8Array, now: number): void {
    this.now = now;
    put(this.net, frame);
    this.net.receive(port, frame.length, now, now * STEPS_PER_MS);
    this.carryOut();
  }

  tick(now: number): void {
    this.now = now;
    this.net.tick(now);
    this.lookAtPeers();
    this.net.tickRemote(now * STEPS_PER_MS);
    this.carryOut();
    this.deliver();
  }

  /** As the service's own peers.ts does. */
  private lookAtPeers(): void {
    for (let peer = 0; peer < PEERS_MAX; peer++) {
      if (this.net.isReachable(peer) !== 0) this.reached.add(peer);
      else if (this.reached.delete(peer)) this.net.losePeer(peer, 0);
    }
  }

  /** A call to the peer's server: to count a name, with data to be turned round. */
  call(peer: number, name: number, request: Uint8Array = new Uint8Array(0)): Caller {
    const caller: Caller = {
      name,
      request,
      reply: new Uint8Array(request.length),
      isWaiting: true,
      answers: 0,
    };
    const token = this.callers.push(caller) - 1;
    const isShort = request.length === 0 && name % 3 !== 0;
    if (isShort) this.writeWords(name);
    if (isShort && this.net.callShort(peer, 5, token, this.now * STEPS_PER_MS) !== 0) return caller;
    const slot = this.net.takeSlot(1);
    const header = this.view(this.net.requestAt(slot));
    header.setUint8(1, request.length > 0 ? FLAG_EXTRAS : 0);
    header.setUint32(WORDS, name, true);
    if (request.length > 0) {
      const words = [request.length, request.length, 0, request.length, 0, 0];
      for (const [at, word] of words.entries()) header.setUint32(DATA_SIZE + 4 * at, word, true);
    }
    this.net.launch(slot, peer, 5, token, this.now * STEPS_PER_MS);
    return caller;
  }

  /** No label, and one word. */
  private writeWords(word: number): void {
    this.bytes(this.net.wordsAt(), WORDS_SIZE).fill(0);
    this.view(this.net.wordsAt()).setUint32(4, word, true);
  }

  private carryOut(): void {
    const due = this.work.filter(work => work.due <= this.now);
    this.work = this.work.filter(work => work.due > this.now);
    for (const { index } of due) this.serve(index);
    if (due.length > 0) this.carryOut();
  }

  /** Some of the answers that are still to be given. */
  private deliver(): void {
    for (const work of this.work) {
      const size = this.writeAnswer(work.index);
      work.delivered = Math.min(size, work.delivered + DELIVERED_PER_MS);
      if (size > 0) this.net.deliverService(work.index, work.delivered, this.now * STEPS_PER_MS);
    }
  }

  /** The data of an answer to where it is sent from; its size. */
  private writeAnswer(index: number): number {
    const header = this.view(this.net.serviceHeader(index));
    if ((header.getUint8(1) & FLAG_EXTRAS) === 0) return 0;
    const size = header.getUint32(DATA_SIZE, true);
    const buffer = this.net.serviceBuffer(index);
    const answer = turned(this.bytes(buffer, size)).subarray(0, Math.max(0, size - this.shortBy));
    this.bytes(buffer + size, answer.length).set(answer);
    return answer.length;
  }

  private serve(index: number): void {
    const header = this.view(this.net.serviceHeader(index));
    const name = header.getUint32(WORDS, true);
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    const isShort = header.getUint8(1) === 0 && name % 5 !== 0;
    if (isShort) this.writeWords(this.counts.get(name)!);
    if (isShort && this.net.answerShort(index, this.now * STEPS_PER_MS) !== 0) return;
    header.setUint32(WORDS, this.counts.get(name)!, true);
    const size = this.writeAnswer(index);
    const dataAt = header.getUint32(DATA_SIZE, true);
    if (size > 0) for (const at of [0, 4]) header.setUint32(DATA_SIZE + at, size, true);
    else header.setUint8(1, 0);
    this.net.finishService(index, dataAt, this.now * STEPS_PER_MS);
  }

  private lend(token: number, range: number, move: (caller: Caller) => void, size: number): number {
    const caller = this.callers[token]!;
    if (!caller.isWaiting || range !== 0) return NO_SUCH_MESSAGE;
    move(caller);
    return size;
  }

  private answer(token: number, status: number, reply: number): void {
    const caller = this.callers[token]!;
    caller.answers += 1;
    if (!caller.isWaiting) return;
    caller.isWaiting = false;
    caller.status = status;
    if (reply !== 0) caller.count = this.view(reply).getUint32(WORDS, true);
  }

  private bytes(at: number, size: number): Uint8Array {
    return new Uint8Array(this.net.memory.buffer, at, size);
  }

  private view(at: number): DataView {
    return new DataView(this.net.memory.buffer, at);
  }
}

/** A cut wire of three, all of them healed, or node 1 begun anew. */
export const HAPPENINGS = [0, 1, 2, 'heal', 'restart'] as const;
type Happening = (typeof HAPPENINGS)[number];

/** Bytes without much pattern. */
export function data(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, at) => (at * 7 + (at >> 8)) & 0xff);
}

export class RemoteCluster extends WireCluster<RemoteNode> {
  private name = 0;
  /** Earlier lives of node 1. */
  private readonly retired: RemoteNode[] = [];

  constructor(
    module: WebAssembly.Module,
    nodes: number,
    links: readonly (readonly [number, number])[],
    identities: readonly Identity[] = [],
    watch: (frame: Uint8Array) => void = () => {},
  ) {
    super(transmit => new RemoteNode(module, transmit), nodes, links, identities);
    this.watch = watch;
    this.run(60);
  }

  /** Node 0 makes three calls to node 1, time passes, and something happens. */
  callAndSuffer(pause: number, happening: Happening): Caller[] {
    const callers = [0, 2000, 4000].map(size => this.nodes[0]!.call(1, this.name++, data(size)));
    this.run(pause);
    this.suffer(happening);
    return callers;
  }

  suffer(happening: Happening): void {
    if (happening === 'restart') {
      this.retired.push(this.nodes[1]!);
      this.powerOn(1, { incarnation: this.retired.length + 1 });
    } else if (happening === 'heal') for (const wire of this.wires.keys()) this.heal(wire);
    else this.cut(happening);
  }

  /** How often node 1, in all its lives, has carried out the call of that name. */
  timesCounted(name: number): number {
    return [...this.retired, this.nodes[1]!].reduce((sum, { counts }) => sum + (counts.get(name) ?? 0), 0);
  }
}

interface Placed {
  readonly caller: Caller;
  readonly from: RemoteNode;
  readonly to: number;
}

/** Calls from every node to every other, by chance, while things happen. */
export class Campaign extends WireCluster<RemoteNode> {
  private readonly graph: Graph;
  private readonly dice: Random;
  private readonly calls: Placed[] = [];
  /** Of each place, all its lives. */
  private readonly lives: RemoteNode[][];

  constructor(module: WebAssembly.Module, graph: Graph, seed: number) {
    super(transmit => new RemoteNode(module, transmit), graph.nodes, graph.links);
    this.graph = graph;
    this.dice = new Random(seed).stream('campaign');
    this.lives = this.nodes.map(node => [node]);
    this.run(60);
  }

  draw(below: number): number {
    return this.dice.below(below);
  }

  /** Milliseconds pass, with a call in each. */
  work(duration: number): void {
    for (let turn = 0; turn < duration; turn++) {
      const from = this.draw(this.graph.nodes);
      const to = (from + 1 + this.draw(this.graph.nodes - 1)) % this.graph.nodes;
      const size = [0, 0, 0, 200, 3000][this.draw(5)]!;
      const node = this.nodes[from]!;
      this.calls.push({ caller: node.call(to, this.calls.length, data(size)), from: node, to });
      this.run(1);
    }
  }

  switchOff(node: number): void {
    for (const wire of this.wiresOf(node)) this.cut(wire);
  }

  /** It begins anew. */
  switchOn(node: number): void {
    this.powerOn(node, { incarnation: this.lives[node]!.length + 1 });
    this.lives[node]!.push(this.nodes[node]!);
    for (const wire of this.wiresOf(node)) this.heal(wire);
  }

  /** A frame that nobody of the cluster has sent; how many payloads the node has taken from it. */
  inject(node: number, frame: Uint8Array): number {
    const { net } = this.nodes[node]!;
    const delivered = () => new Uint32Array(net.memory.buffer, net.counters())[COUNT_DELIVERED]!;
    const before = delivered();
    this.nodes[node]!.receive(0, frame, this.now);
    return delivered() - before;
  }

  /** What is wrong with any call: of those that were made by who is there still. */
  faults(): string[] {
    return this.calls.flatMap(({ caller, from, to }, name) => {
      const times = this.lives[to]!.reduce((sum, { counts }) => sum + (counts.get(name) ?? 0), 0);
      if (times > 1) return [`call ${name} was carried out ${times} times`];
      if (!this.nodes.includes(from)) return [];
      if (caller.answers !== 1) return [`call ${name} was answered ${caller.answers} times`];
      if (caller.status === NODE_LOST || (caller.status === 0 && times === 1)) return [];
      return [`call ${name} ended with ${caller.status}, carried out ${times} times`];
    });
  }

  /** Whether every node answers every other. */
  isTogether(): boolean {
    const callers = this.nodes.flatMap((node, from) =>
      this.nodes.flatMap((_, to) => (from === to ? [] : [node.call(to, 1_000_000 + from)])),
    );
    this.run(5);
    return callers.every(({ status }) => status === 0);
  }

  private wiresOf(node: number): readonly number[] {
    return this.graph.links.flatMap((ends, wire) => (ends.includes(node) ? [wire] : []));
  }
}

/** All that arrives anywhere while two nodes find each other, and one makes a small call and a large one. */
export async function framesOfCalls(): Promise<readonly Uint8Array[]> {
  const frames: Uint8Array[] = [];
  const cluster = new RemoteCluster(await stationModule('remote-node'), 2, [[0, 1]], [], frame => {
    frames.push(frame);
  });
  for (const size of [0, 5000]) {
    cluster.nodes[0]!.call(1, size, data(size));
    cluster.run(5);
  }
  return frames;
}

/** What a call with that data is answered with. */
export function turned(bytes: Uint8Array): Uint8Array {
  return bytes.slice().reverse();
}
