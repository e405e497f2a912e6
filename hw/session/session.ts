/**
 * A cluster with its consoles, its wires and its past, as a person or a script handles it. Tests, `--script`
 * and the commands of the terminal UI all go through here.
 *
 *     const session = Session.boot(description, core);
 *     await session.expect('node0', '$ ', { within: '5s' });
 *     session.type('node0', 'echo hello\n');
 *     await session.expect('node0', /^hello$/m);
 *     session.cut(0, 1);
 *     await session.run('20ms');
 *     await session.rewind('1s');
 *
 * Waiting is in simulated time, in slices that start where the wait starts: the same calls give the same
 * states, whatever the host. Nodes go by number or name. What does not hold is thrown as a
 * `SessionFailure` that shows screens, frames, seed and the line that repeats it.
 */
import type { Board } from '../board.ts';
import { Cluster } from '../cluster.ts';
import { Capture, type Sink } from '../lab/capture.ts';
import { isHung } from '../lab/diagnosis.ts';
import { checkIntervention, type Intervention } from '../lab/fault.ts';
import { History } from '../lab/history.ts';
import { isBoard } from '../lab/intervene.ts';
import type { Entry } from '../lab/journal.ts';
import type { Outside } from '../lab/outside.ts';
import { meant } from '../lab/suggestion.ts';
import type { DirectionSettings } from '../lab/wire.ts';
import { type ClusterDescription, clusterOptions } from './description.ts';
import { type Duration, nanoseconds } from './duration.ts';
import { type FailureKind, failureReport, SessionFailure, waited } from './failure.ts';
import { FrameLog } from './frame-log.ts';
import { brokenInvariant } from './invariants.ts';
import { Screen } from './screen.ts';
import { Transcript } from './transcript.ts';

/** A node's number, or its name in the topology. */
export type NodeName = number | string;

export interface SessionOptions {
  /** The command that starts the same again, for people who look at a failure. */
  readonly replayLine?: string;
  /** How often the past is kept, and how many snapshots of it. */
  readonly snapshotEvery?: Duration;
  readonly snapshotsMax?: number;
  /** Called after every slice, and waited for: what the host has to do meanwhile. */
  readonly afterSlice?: () => void | Promise<void>;
}

export interface Patience {
  /** Simulated; ten seconds unless stated. */
  readonly within?: Duration;
}

/** How long a wait runs before it looks again. */
const SLICE_NS = 1_000_000;
const PATIENCE = '10s';
const SNAPSHOT_EVERY = '250ms';
const SNAPSHOTS_MAX = 48;
/** What a kernel says last, before it switches its board off as failed. */
const PANIC = /^kernel: .*/m;
/** Escape sequences that a terminal answers: device attributes, status and size reports. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they are made of
const QUESTION = /\x1b\[[?>=]?[\d;]*[cnt]/;

export class Session {
  readonly cluster: Cluster;
  readonly seed: number;
  readonly replayLine: string;
  readonly frames: FrameLog;
  readonly bookmarks = new Map<string, number>();
  /** By node, addresses. */
  private readonly breakpoints = new Map<number, Set<number>>();
  history: History;
  private readonly options: SessionOptions;
  private readonly transcripts: readonly Transcript[];
  private readonly screens: readonly Screen[];
  /** By node, up to where `expect` has read its text. */
  private readonly read: number[];
  private answers: { readonly node: number; readonly text: string }[] = [];
  /** Up to here the future is known: what terminals answered in it is in the journal. */
  private horizon = 0;
  private capture: Capture | undefined;
  /** Whether something may come in from outside. */
  private isOpen = false;

  private constructor(cluster: Cluster, seed: number, options: SessionOptions, parent?: Session) {
    this.cluster = cluster;
    this.seed = seed;
    this.options = options;
    this.replayLine = options.replayLine ?? `npm start -- --cluster ${cluster.topology.name} --seed ${seed}`;
    this.transcripts =
      parent?.transcripts.map(transcript => transcript.copy()) ??
      cluster.topology.nodes.map(() => new Transcript());
    this.screens = this.transcripts.map(
      (transcript, node) => new Screen(transcript, text => this.answers.push({ node, text })),
    );
    this.read = parent === undefined ? this.transcripts.map(() => 0) : [...parent.read];
    this.frames = parent?.frames.copy() ?? new FrameLog();
    this.history = this.newHistory();
    this.horizon = cluster.now;
    this.listen();
  }

  /** Builds the cluster; its boards are off. */
  static build(
    description: ClusterDescription,
    core: WebAssembly.Module,
    options: SessionOptions = {},
  ): Session {
    return new Session(new Cluster(clusterOptions(description, core)), description.seed, options);
  }

  /** Builds the cluster and switches every board on. */
  static boot(
    description: ClusterDescription,
    core: WebAssembly.Module,
    options: SessionOptions = {},
  ): Session {
    const session = Session.build(description, core, options);
    session.switchOn();
    return session;
  }

  /** Switches every board on; the past begins here. */
  switchOn(): void {
    for (const node of this.boards) this.powerOn(node);
    this.history = this.newHistory();
  }

  get now(): number {
    return this.cluster.now;
  }

  /** How far the future is known: later than `now` after going back. */
  get knownUntil(): number {
    return Math.max(this.horizon, this.now);
  }

  /** The nodes that are boards. */
  get boards(): readonly number[] {
    return this.cluster.topology.nodes.flatMap(({ kind }, node) => (kind === 'board' ? [node] : []));
  }

  /** The nodes that stand outside in the place of boards. */
  get outside(): readonly number[] {
    return this.cluster.topology.nodes.flatMap(({ kind }, node) => (kind === 'outside' ? [node] : []));
  }

  nameOf(node: number): string {
    return this.cluster.topology.nodes[node]!.name;
  }

  /** Names of a direction's two ends, from and to. */
  endsOf(direction: number): [string, string] {
    const { a, b } = this.cluster.topology.links[direction >>> 1]!;
    return direction % 2 === 0 ? [this.nameOf(a), this.nameOf(b)] : [this.nameOf(b), this.nameOf(a)];
  }

  /** The number of the node. Throws an error of one line where there is none. */
  node(name: NodeName): number {
    const { nodes } = this.cluster.topology;
    const index = typeof name === 'number' || /^\d+$/.test(name) ? Number(name) : this.indexOf(name);
    if (nodes[index] !== undefined) return index;
    const names = nodes.map(node => node.name);
    throw new Error(`there is no node ${name}: ${meant(String(name), names)}`);
  }

  // Seeing

  /** All that the console has said, without escape sequences. */
  text(node: NodeName): string {
    return this.transcript(node).text;
  }

  transcript(node: NodeName): Transcript {
    return this.transcripts[this.node(node)]!;
  }

  terminal(node: NodeName): Screen {
    return this.screens[this.node(node)]!;
  }

  /** The rows of the console's screen. */
  async screen(node: NodeName): Promise<string[]> {
    const screen = this.terminal(node);
    await screen.follow();
    return screen.lines();
  }

  hash(): string {
    return this.cluster.hash();
  }

  /** What is wrong with the machine's own books, or undefined. */
  get broken(): string | undefined {
    return brokenInvariant(this.cluster);
  }

  /** The first board whose kernel has ended in a panic, and its words. */
  get panic(): { readonly node: number; readonly words: string } | undefined {
    for (const node of this.boards) {
      const station = this.cluster.station(node);
      const off = isBoard(station) ? station.poweredOff : undefined;
      if (off?.by !== 'guest' || off.status === 0) continue;
      const words = PANIC.exec(this.text(node))?.[0];
      if (words !== undefined) return { node, words };
    }
    return undefined;
  }

  /** Nothing will ever happen of itself any more: every board is off, sleeps for ever, or runs in a circle. */
  get isStuck(): boolean {
    if (this.isOpen) return false;
    if (this.cluster.nextEvent === Number.POSITIVE_INFINITY) return true;
    if (this.cluster.agenda.toCome.length > 0) return false;
    return this.boards.every(node => {
      const station = this.cluster.station(node);
      if (!isBoard(station) || station.nextEvent > this.now) return station.nextEvent === Infinity;
      return station.power === 'on' && station.hart.awake && isHung(station.hart);
    });
  }

  // Waiting

  /** Lets so much simulated time pass. False where a board stopped at a breakpoint. */
  run(duration: Duration): Promise<boolean> {
    return this.runTo(this.now + nanoseconds(duration));
  }

  async runTo(ns: number): Promise<boolean> {
    while (this.now < ns) {
      const edge = this.now < this.horizon ? this.horizon : Number.POSITIVE_INFINITY;
      if (!(await this.advance(Math.min(ns, edge, this.now + 10 * SLICE_NS)))) return false;
    }
    return true;
  }

  /** Runs until it is so. Throws a failure where it does not become so in time. */
  async runUntil(isSo: (session: Session) => boolean, patience: Patience = {}): Promise<void> {
    await this.wait(() => (isSo(this) ? true : undefined), 'the condition did not come true', patience);
  }

  /**
   * Waits until the console says it, and answers what was said. Reads on from where the last `expect` of
   * this console ended, so that each thing said is met once.
   */
  expect(name: NodeName, pattern: string | RegExp, patience: Patience = {}): Promise<string> {
    const node = this.node(name);
    const look = () => {
      const text = this.text(node);
      this.read[node] = Math.min(this.read[node]!, text.length);
      const found = find(text.slice(this.read[node]), pattern);
      if (found === undefined) return undefined;
      this.read[node]! += found.end;
      return found.text;
    };
    const what = typeof pattern === 'string' ? JSON.stringify(pattern) : String(pattern);
    return this.wait(look, `${this.nameOf(node)} did not say ${what}`, patience);
  }

  // Doing

  /** Anything of hw/lab/fault.ts, now. */
  fault(intervention: Intervention): void {
    this.cluster.perform(checkIntervention(intervention, this.cluster.topology));
    this.forgetFuture();
  }

  /** The same, when its time comes. */
  plan(entry: Entry): void {
    this.cluster.plan({
      when: entry.when,
      intervention: checkIntervention(entry.intervention, this.cluster.topology),
    });
    this.forgetFuture();
  }

  /** Lets all of a journal happen again, up to a time until which nothing else is done. */
  repeat(entries: readonly Entry[], untilNs: number): void {
    for (const entry of entries) this.plan(entry);
    this.horizon = untilNs;
  }

  /** Presses keys at the console. */
  type(node: NodeName, text: string): void {
    this.fault({ do: 'type', node: this.node(node), text });
  }

  powerOn(node: NodeName): void {
    this.fault({ do: 'power-on', node: this.node(node) });
  }

  /** Lets a frame come in from outside, at an interface of a node that is not emulated here. */
  bringIn(node: NodeName, nic: number, frame: Uint8Array): void {
    const bytes = btoa(Array.from(frame, byte => String.fromCharCode(byte)).join(''));
    this.fault({ do: 'frame', node: this.node(node), nic, bytes });
  }

  /** Tells of every frame that leaves for a node outside; in a past that is repeated none does. */
  onOutward(tell: (node: number, nic: number, frame: Uint8Array) => void): void {
    this.isOpen = true;
    for (const node of this.outside) {
      const station = this.cluster.station(node) as Outside;
      station.hear = (nic, frame, at) => {
        if (at > this.horizon) tell(node, nic, frame);
      };
    }
  }

  /** Pulls the plug. */
  powerOff(node: NodeName): void {
    this.fault({ do: 'power-off', node: this.node(node) });
  }

  /** The reset button. */
  reset(node: NodeName): void {
    this.fault({ do: 'reset', node: this.node(node) });
  }

  /** Plug out and in again. */
  restart(node: NodeName): void {
    this.powerOff(node);
    this.powerOn(node);
  }

  cut(a: NodeName, b: NodeName): void {
    this.wire(a, b, { cut: true });
  }

  heal(a: NodeName, b: NodeName): void {
    this.wire(a, b, { cut: false });
  }

  /** Changes every wire between the two, both ways. */
  wire(a: NodeName, b: NodeName, settings: Partial<DirectionSettings>): void {
    for (const link of this.linksBetween(a, b)) this.fault({ do: 'wire', link, way: 'both', settings });
  }

  /** The numbers of the wires between two nodes. Throws an error of one line where there is none. */
  linksBetween(one: NodeName, other: NodeName): number[] {
    const [a, b] = [this.node(one), this.node(other)];
    const { links } = this.cluster.topology;
    const found = links.flatMap((link, at) =>
      (link.a === a && link.b === b) || (link.a === b && link.b === a) ? [at] : [],
    );
    if (found.length > 0) return found;
    const neighbours = links.flatMap(link =>
      link.a === a ? [this.nameOf(link.b)] : link.b === a ? [this.nameOf(link.a)] : [],
    );
    throw new Error(
      `${this.nameOf(a)} and ${this.nameOf(b)} are not wired to each other: ${this.nameOf(a)} is to ${neighbours.join(', ') || 'nobody'}`,
    );
  }

  // The past, and other futures

  /** Goes to any time that was passed. The future stays known until something is done differently. */
  async visit(time: Duration): Promise<void> {
    const known = this.knownUntil;
    this.history.visit(nanoseconds(time));
    await this.settleConsoles();
    this.horizon = known;
  }

  /** Goes back and forgets what was done by hand since. */
  async rewind(time: Duration): Promise<void> {
    this.history.rewindTo(nanoseconds(time));
    await this.settleConsoles();
    this.horizon = Number.POSITIVE_INFINITY;
    this.forgetFuture();
  }

  /** Goes to an instruction boundary of one board that was passed. */
  async visitCycle(node: NodeName, cycle: number): Promise<void> {
    const known = this.knownUntil;
    this.history.visitCycle(this.node(node), cycle);
    await this.settleConsoles();
    this.horizon = known;
  }

  /** One instruction of the board forwards, after whatever sleep comes before it. False where it sleeps for ever. */
  async step(node: NodeName): Promise<boolean> {
    const moved = this.stepCluster(this.node(node));
    await this.answerTerminals();
    return moved;
  }

  /** One instruction of the board backwards: to its last instruction boundary before this one. */
  async stepBack(name: NodeName): Promise<void> {
    const node = this.node(name);
    const { hart } = this.board(node);
    const here = hart.cycle;
    for (let back = 1; hart.cycle >= here && here > 0; back *= 2) {
      await this.visitCycle(node, Math.max(0, here - back));
    }
    let before = hart.cycle;
    while (hart.cycle < here) {
      before = hart.cycle;
      if (!this.stepCluster(node)) break;
    }
    await this.visitCycle(node, before);
  }

  /** Lets every run stop where the node is about to execute this symbol or address. Gives the address. */
  setBreakpoint(node: NodeName, place: string | number): number {
    const { hart, address, set } = this.breakpointOf(node, place);
    if (!set.has(address)) hart.setBreakpoint(address);
    set.add(address);
    return address;
  }

  clearBreakpoint(node: NodeName, place: string | number): number {
    const { hart, address, set } = this.breakpointOf(node, place);
    if (set.delete(address)) hart.clearBreakpoint(address);
    return address;
  }

  breakpointsOf(node: NodeName): ReadonlySet<number> {
    return this.breakpoints.get(this.node(node)) ?? new Set();
  }

  /** Another session in the same state: what happens in one leaves the other alone. */
  fork(): Session {
    return new Session(this.cluster.fork(), this.seed, this.options, this);
  }

  /** The whole cluster as a file, without what its consoles said before. */
  snapshot(): Uint8Array {
    return this.cluster.toBytes();
  }

  /** Becomes what the file holds. Throws an error of one line where it is not of this cluster. */
  restore(file: Uint8Array): void {
    this.cluster.fromBytes(file);
    for (const node of this.boards) {
      this.transcripts[node]!.beginAt(this.serialCount(node));
      this.read[node] = 0;
    }
    this.history = this.newHistory();
    this.horizon = Number.POSITIVE_INFINITY;
    this.forgetFuture();
  }

  /** Writes every frame from now on to the sink as pcapng, until `endCapture`. */
  startCapture(sink: Sink): void {
    this.capture = new Capture(this.cluster.topology, sink);
  }

  endCapture(): void {
    this.capture?.flush(Number.POSITIVE_INFINITY);
    this.capture = undefined;
  }

  /** A failure with its report. */
  async failure(kind: FailureKind, what: string): Promise<SessionFailure> {
    return new SessionFailure(kind, await failureReport(this, what));
  }

  private async wait<T>(look: () => T | undefined, otherwise: string, patience: Patience): Promise<T> {
    const patienceNs = nanoseconds(patience.within ?? PATIENCE);
    const limit = this.now + patienceNs;
    const heardBefore = this.activity();
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      const { panic, broken } = this;
      if (broken !== undefined) throw await this.failure('invariant', `an invariant is broken: ${broken}`);
      if (panic !== undefined)
        throw await this.failure('panic', `${this.nameOf(panic.node)}: ${panic.words}`);
      if (this.isStuck) {
        throw await this.failure('no-progress', `${otherwise}, and nothing will ever happen any more`);
      }
      if (this.now >= limit) {
        const still = this.activity() === heardBefore;
        const end = still ? ', and no console said anything and no frame was sent' : '';
        throw await this.failure(
          still ? 'no-progress' : 'failed',
          `${otherwise} ${waited(patienceNs)}${end}`,
        );
      }
      await this.advance(Math.min(limit, this.now + SLICE_NS));
    }
  }

  /** A number that grows whenever a console says something or a frame leaves. */
  private activity(): number {
    return this.transcripts.reduce((sum, { length }) => sum + length, this.frames.added);
  }

  private stepCluster(node: number): boolean {
    const { cluster } = this;
    const station = cluster.station(node);
    while (station.nextEvent === Number.POSITIVE_INFINITY) {
      const event = cluster.nextEvent;
      if (event === Number.POSITIVE_INFINITY) return false;
      if (!cluster.runUntil(Math.max(cluster.now + 1, event))) return true;
    }
    cluster.step(node);
    return true;
  }

  private async advance(ns: number): Promise<boolean> {
    const before = this.now;
    const reached = this.history.runUntil(ns);
    this.capture?.flush(this.now);
    await this.answerTerminals(before >= this.horizon);
    this.horizon = Math.max(this.horizon, this.now);
    await this.options.afterSlice?.();
    return reached;
  }

  /** What terminals answer is typed, but in a past that is being repeated: there the journal types it. */
  private async answerTerminals(isNew = this.now > this.horizon): Promise<void> {
    for (const screen of this.screens) if (screen.isAsked(QUESTION)) await screen.follow();
    const { answers } = this;
    this.answers = [];
    if (isNew) for (const { node, text } of answers) this.fault({ do: 'type', node, text });
  }

  /** After a leap in time: consoles as they were then. */
  private async settleConsoles(): Promise<void> {
    for (const node of this.boards) this.transcripts[node]!.moveTo(this.serialCount(node));
    for (const screen of this.screens) if (screen.isAsked(QUESTION)) await screen.follow();
    this.answers = [];
  }

  /** From here on the future is another than the one that is known, if one is. */
  private forgetFuture(): void {
    if (this.horizon <= this.now) return;
    const { scheduler } = this.cluster.share;
    for (const transcript of this.transcripts) transcript.forgetFuture();
    this.frames.forgetFuture(direction => scheduler.outlet(direction)!.sent);
    this.horizon = this.now;
  }

  private listen(): void {
    const { share } = this.cluster;
    share.listen((node, byte, at, index) => this.transcripts[node]!.put(index, byte, at));
    share.watch(sighting => {
      const sequence = share.scheduler.outlet(sighting.direction)!.sent - 1;
      if (this.frames.add({ ...sighting, sequence })) this.capture?.add(sighting);
    });
  }

  private board(node: number): Board {
    const station = this.cluster.station(node);
    if (!isBoard(station)) throw new Error(`${this.nameOf(node)} executes no instructions`);
    return station;
  }

  private breakpointOf(name: NodeName, place: string | number) {
    const node = this.node(name);
    const { hart, plan } = this.board(node);
    const named = plan.symbols.find(({ name: symbol }) => symbol === place || symbol.endsWith(`/${place}`));
    const written = /^(?:0x)?[0-9a-f]{1,8}$/i.test(String(place))
      ? Number.parseInt(String(place), 16)
      : undefined;
    const address = typeof place === 'number' ? place : (named?.address ?? written);
    if (address === undefined)
      throw new Error(`${place} is no symbol and no address: write for example 80400000`);
    const set = this.breakpoints.get(node) ?? new Set();
    this.breakpoints.set(node, set);
    return { hart, address, set };
  }

  private serialCount(node: number): number {
    const station = this.cluster.station(node);
    return isBoard(station) ? station.uart.sent : 0;
  }

  private newHistory(): History {
    return new History(this.cluster, {
      everyNs: nanoseconds(this.options.snapshotEvery ?? SNAPSHOT_EVERY),
      snapshotsMax: this.options.snapshotsMax ?? SNAPSHOTS_MAX,
    });
  }

  private indexOf(name: string): number {
    return this.cluster.topology.nodes.findIndex(node => node.name === name);
  }
}

function find(
  text: string,
  pattern: string | RegExp,
): { readonly text: string; readonly end: number } | undefined {
  if (typeof pattern === 'string') {
    const at = text.indexOf(pattern);
    return at < 0 ? undefined : { text: pattern, end: at + pattern.length };
  }
  const match = pattern.exec(text);
  return match === null ? undefined : { text: match[0], end: match.index + match[0].length };
}
