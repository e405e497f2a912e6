/**
 * Seeded histories of a cluster in trouble: wires are cut, fall silent, work one way only, lose and double frames;
 * nodes are switched off, hang and come back. Then all is healed. What must hold is checked at every moment:
 * nobody ever sees two views of one number, of two parts without a way between them only one has a say, and at
 * the end all nodes are in one view.
 */
import { Random } from '../../hw/lab/random.ts';
import { type Links, MemberCluster } from './member-rig.ts';

const STEPS = 14;
const TOGETHER_MS = 5000;
/** Until everybody knows what has become of a wire that only falls silent. */
const SETTLED_MS = 120;

/** A connected graph of 2 to 6 nodes with at most four wires a node. */
function graphOf(random: Random): { readonly nodes: number; readonly links: Links } {
  const nodes = 2 + random.below(5);
  const links: [number, number][] = [];
  const degree = Array.from({ length: nodes }, () => 0);
  const join = (a: number, b: number) => {
    if (a === b || degree[a] === 4 || degree[b] === 4) return;
    if (links.some(([c, d]) => c === Math.min(a, b) && d === Math.max(a, b))) return;
    degree[a]! += 1;
    degree[b]! += 1;
    links.push([Math.min(a, b), Math.max(a, b)]);
  };
  for (let node = 1; node < nodes; node++) join(node, node - 1 - random.below(Math.min(node, 2)));
  for (let more = random.below(6); more > 0; more--) join(random.below(nodes), random.below(nodes));
  return { nodes, links };
}

export class Campaign {
  readonly cluster: MemberCluster;
  private readonly random: Random;
  /** The one node that is off or that has not come back into a view yet. */
  private away: number | undefined;
  private readonly hung = new Set<number>();

  constructor(module: WebAssembly.Module, seed: number) {
    this.random = new Random(seed).stream('campaign');
    const { nodes, links } = graphOf(this.random);
    this.cluster = new MemberCluster(module, nodes, links);
  }

  /** The whole history. Throws where something does not hold. */
  run(): void {
    const { cluster } = this;
    cluster.timeUntil(() => cluster.isTogether(), TOGETHER_MS);
    for (let step = 0; step < STEPS; step++) {
      this.act();
      cluster.pass(this.random.below(this.random.chance(1, 2) ? 40 : 400));
      if (this.random.chance(1, 4)) this.rest();
    }
    this.heal();
    cluster.timeUntil(() => cluster.isTogether(), TOGETHER_MS);
  }

  private act(): void {
    const { cluster, random } = this;
    const wire = random.below(cluster.wires.length);
    const node = random.below(cluster.nodes.length);
    const acts = [
      () => cluster.cut(wire),
      () => this.healWire(wire),
      () => {
        cluster.wires[wire]!.isCut = true;
      },
      () => {
        cluster.wires[wire]!.isOneWay = true;
      },
      () => {
        cluster.trouble = { loss: random.below(31), double: random.below(20), delay: random.below(4) };
      },
      () => this.switchOne(node),
      () => {
        this.hung.add(node);
        cluster.nodes[node]!.net.hang(1);
      },
      () => {
        this.hung.delete(node);
        cluster.nodes[node]!.net.hang(0);
      },
    ];
    acts[random.below(acts.length)]!();
  }

  /** One node at a time, so that nobody's memory of a vote is lost with a second one's. */
  private switchOne(node: number): void {
    const { cluster, away } = this;
    if (away === undefined) {
      this.away = node;
      cluster.powerOff(node);
    } else if (!cluster.nodes[away]!.isOn) {
      cluster.comeBack(away);
    } else if (cluster.nodes[away]!.view.endsWith('majority')) this.away = undefined;
  }

  /** Nothing more happens for a while: of parts without a way between them, only one may have a say. */
  private rest(): void {
    const { cluster } = this;
    cluster.trouble = {};
    for (const wire of cluster.wires) wire.isOneWay = false;
    cluster.pass(SETTLED_MS);
    const parts = new Set<number>();
    for (const [at, { net, isOn }] of cluster.nodes.entries())
      if (isOn && !this.hung.has(at) && net.isMajority()) parts.add(this.partOf(at));
    if (parts.size > 1) throw new Error(`two parts have a say: ${cluster.views().join(', ')}`);
  }

  /** The lowest node that there is a way to. */
  private partOf(from: number): number {
    const { cluster } = this;
    const reached = new Set([from]);
    for (let size = 0; size !== reached.size; ) {
      size = reached.size;
      for (const { ends, isCut } of cluster.wires)
        if (!isCut && ends.every(end => cluster.nodes[end]!.isOn) && ends.some(end => reached.has(end)))
          for (const end of ends) reached.add(end);
    }
    return Math.min(...reached);
  }

  private healWire(wire: number): void {
    const { cluster } = this;
    cluster.wires[wire]!.isOneWay = false;
    if (cluster.wires[wire]!.ends.every(end => cluster.nodes[end]!.isOn)) cluster.heal(wire);
  }

  private heal(): void {
    const { cluster, away } = this;
    cluster.trouble = {};
    if (away !== undefined && !cluster.nodes[away]!.isOn) cluster.comeBack(away);
    for (const wire of cluster.wires.keys()) this.healWire(wire);
    for (const node of this.hung) cluster.nodes[node]!.net.hang(0);
    this.hung.clear();
  }
}
