/**
 * Seeded trouble on whole boards, while the shell of each of them has commands run on all: wires are cut, flap, work
 * one way only, lose, double, reorder and damage; nodes are switched off, whichever leads among them. Then all is
 * healed.
 *
 *     a shell on node a: for ever, for each node m: `on m` a line a.i.m into a file there, then ok or no a.i.m
 *
 * A command ends, with `ok` or `no`; one that was said to be ok has been run, and none was run twice; those who can
 * reach each other and are the most go on all the while; and what heals comes together in one view.
 */
import { Random } from '../../hw/lab/random.ts';
import type { DirectionSettings } from '../../hw/lab/wire.ts';
import { Consoles, PROMPT } from './console-rig.ts';
import { connectedGraphs, type Graph } from './graphs.ts';

const PROGRAMS = ['cat', 'nodes', 'on'];
const LOG = '/tmp/log';
const SAID = /^(ok|no) (\d)\.(\d+)\.(\d)$/gm;
/** What a command that is never answered would exceed. */
const PATIENCE = '10s';
/** Until everybody knows what has become of a wire that only falls silent, or of a node. */
const NOTICED_MS = 150;
/** For each node, so that every shell has had its turn with it. */
const ROUND_MS = 200;
const INTERRUPTS = 20;

/** How the wires or nodes are treated, and for how long; `heal` ends it. */
interface Trouble {
  readonly what: string;
  readonly begin: () => void;
  readonly heal: () => void;
  /** Nodes that can still reach each other, undefined where that comes and goes. */
  readonly together: readonly number[] | undefined;
  readonly restarted: number | undefined;
}

/** One wire that is cut, or one node that is switched off, in one topology. */
export interface Blow {
  readonly graph: Graph;
  readonly what: 'cut' | 'off';
  /** Which of its links or nodes. */
  readonly at: number;
}

/** Each wire and each node of every connected topology of two to five nodes. */
export function everyBlow(): readonly Blow[] {
  return [2, 3, 4, 5]
    .flatMap(connectedGraphs)
    .flatMap(graph => [
      ...graph.links.map((_, at) => ({ graph, what: 'cut', at }) as const),
      ...Array.from({ length: graph.nodes }, (_, at) => ({ graph, what: 'off', at }) as const),
    ]);
}

export class ConsoleCampaign {
  readonly graph: Graph;
  readonly what: string;
  private readonly random: Random;
  private readonly cluster: Consoles;
  private readonly trouble: Trouble;

  private constructor(cluster: Consoles, graph: Graph, random: Random, blow?: Blow) {
    this.cluster = cluster;
    this.graph = graph;
    this.random = random;
    this.trouble = blow === undefined ? this.draw() : this[blow.what](blow.at);
    const links = graph.links.map(link => link.join('-')).join(',');
    this.what = `${links}: ${this.trouble.what}`;
  }

  /** What is drawn from that seed, booted; among graphs of four and five nodes. */
  static async boot(seed: number): Promise<ConsoleCampaign> {
    const random = new Random(seed).stream('console campaign');
    const graphs = [4, 5].flatMap(nodes => connectedGraphs(nodes));
    const graph = graphs[random.below(graphs.length)]!;
    return new ConsoleCampaign(await wired(graph), graph, random);
  }

  /** A blow at a moment that is drawn from that seed. */
  static async bootFor(blow: Blow, seed: number): Promise<ConsoleCampaign> {
    const random = new Random(seed).stream('console campaign');
    return new ConsoleCampaign(await wired(blow.graph), blow.graph, random, blow);
  }

  /** The whole history; what did not hold, in words. */
  async run(): Promise<readonly string[]> {
    const { session } = this.cluster;
    const { begin, heal, together, restarted } = this.trouble;
    for (const node of this.nodes) session.type(node, this.script(node));
    await session.run(`${100 + this.random.below(200)}ms`);
    begin();
    await session.run(`${NOTICED_MS}ms`);
    const before = this.said();
    await session.run(`${this.graph.nodes * ROUND_MS + this.random.below(400)}ms`);
    const faults = together === undefined ? [] : this.stuck(before, together, 'during the trouble');
    heal();
    const working = this.nodes.filter(node => node !== restarted);
    if (restarted !== undefined) await session.expect(restarted, PROMPT, { within: PATIENCE });
    const healed = this.said();
    const isWhole = () => this.stuck(healed, working, 'after it').length === 0;
    await session.runUntil(isWhole, { within: PATIENCE }).catch(() => {});
    faults.push(...this.stuck(healed, working, 'after it'));
    for (const node of working) await this.interrupt(node);
    return [...faults, ...(await this.wronglyRun()), ...(await this.apart())];
  }

  /** Again and again: a command that is just ending takes no notice of it, and its shell goes on. */
  private async interrupt(node: number): Promise<void> {
    const { session } = this.cluster;
    for (let turn = 0; turn < INTERRUPTS && !session.text(node).endsWith(PROMPT); turn++) {
      session.type(node, '\x03');
      await session.run('200ms');
    }
  }

  /** How many commands were said to have been run, and not to have been. */
  get tally(): { readonly ok: number; readonly no: number } {
    const said = [...this.said()];
    const ok = said.filter(line => line.startsWith('ok')).length;
    return { ok, no: said.length - ok };
  }

  private get nodes(): readonly number[] {
    return Array.from({ length: this.graph.nodes }, (_, node) => node);
  }

  private script(node: number): string {
    const line = `${node}.$i.$m`;
    const command = `on $m sh -c "echo ${line} >> /node/$m${LOG}"`;
    const turn = `${command} 2>/dev/null && echo ok ${line} || echo no ${line}`;
    const targets = [...this.nodes.slice(node), ...this.nodes.slice(0, node)].join(' ');
    return `i=0; while true; do i=$((i+1)); for m in ${targets}; do ${turn}; done; done\n`;
  }

  /** All that the shells have said so far. */
  private said(): ReadonlySet<string> {
    return new Set(this.nodes.flatMap(node => this.cluster.session.text(node).match(SAID) ?? []));
  }

  /** Who of these nodes has had nothing run at whom of them since. */
  private stuck(before: ReadonlySet<string>, among: readonly number[], when: string): string[] {
    const news = [...this.said()].filter(line => line.startsWith('ok') && !before.has(line));
    const pairs = new Set(news.map(line => line.replace(/ok (\d)\.\d+\.(\d)/, '$1 to $2')));
    return among.flatMap(from =>
      among.flatMap(to =>
        pairs.has(`${from} to ${to}`) ? [] : [`${when} ${from} got nothing done at ${to}`],
      ),
    );
  }

  /** Lines that were written twice, and those that are missing. */
  private async wronglyRun(): Promise<string[]> {
    const faults: string[] = [];
    const said = [...this.said()];
    for (const node of this.nodes) {
      const lines = (await this.cluster.ask(node, `cat /node/${node}${LOG}`)).split('\n');
      const written = lines.filter(line => /^\d\.\d+\.\d$/.test(line));
      const once = new Set(written);
      if (once.size !== written.length) faults.push(`node ${node} ran ${written.length - once.size} twice`);
      if (node === this.trouble.restarted) continue;
      const promised = said.filter(line => line.startsWith('ok') && line.endsWith(`.${node}`));
      const missing = promised.filter(line => !once.has(line.slice(3)));
      if (missing.length > 0) faults.push(`node ${node} never ran ${missing.join(', ')}`);
    }
    return faults;
  }

  /** Nodes that do not have all in their view. */
  private async apart(): Promise<string[]> {
    const faults: string[] = [];
    for (const node of this.nodes) {
      const said = await this.cluster.ask(node, 'nodes');
      if (!said.includes(`${this.graph.nodes} nodes, with a say`)) faults.push(`node ${node} says ${said}`);
    }
    return faults;
  }

  private draw(): Trouble {
    const { random, graph } = this;
    const kinds = [
      () => this.cut(random.below(graph.links.length)),
      () => this.off(random.below(graph.nodes)),
      () => this.off(0),
      () => this.flapping(random.below(graph.links.length)),
      () => this.oneWay(random.below(graph.links.length)),
      () => this.badWires({ lossPpm: 10_000 * (1 + random.below(30)) }),
      () => this.badWires({ duplicatePpm: 300_000, reorderPpm: 200_000, reorderNs: 2_000_000 }),
      () => this.badWires({ corruptPpm: 50_000, damagePpm: 50_000 }),
      () =>
        this.badWires({ lossPpm: 100_000, duplicatePpm: 100_000, reorderPpm: 100_000, corruptPpm: 30_000 }),
    ];
    return kinds[random.below(kinds.length)]!();
  }

  private cut(link: number): Trouble {
    return {
      what: `wire ${link} cut`,
      begin: () => this.wire(link, { cut: true }),
      heal: () => this.wire(link, { cut: false }),
      together: this.majority(this.graph.links.filter((_, at) => at !== link)),
      restarted: undefined,
    };
  }

  private off(node: number): Trouble {
    const { session } = this.cluster;
    return {
      what: `node ${node} off`,
      begin: () => session.powerOff(node),
      heal: () => session.powerOn(node),
      together: this.majority(this.graph.links.filter(link => !link.includes(node))),
      restarted: node,
    };
  }

  private flapping(link: number): Trouble {
    const { session } = this.cluster;
    const plan = (cut: boolean, at: number) =>
      session.plan({
        when: { at: Math.round(at) },
        intervention: { do: 'wire', link, way: 'both', settings: { cut } },
      });
    const times = Array.from({ length: 12 }, () => 1 + this.random.below(40));
    return {
      what: `wire ${link} flapping`,
      begin: () => {
        let at = session.now;
        for (const [turn, milliseconds] of times.entries()) {
          at += milliseconds * 1_000_000;
          plan(turn % 2 === 0, at);
        }
      },
      heal: () => this.wire(link, { cut: false }),
      together: undefined,
      restarted: undefined,
    };
  }

  private oneWay(link: number): Trouble {
    const way = this.random.chance(1, 2) ? 'forward' : 'backward';
    const wire = (lossPpm: number) =>
      this.cluster.session.fault({ do: 'wire', link, way, settings: { lossPpm } });
    return {
      what: `wire ${link} deaf ${way}`,
      begin: () => wire(1_000_000),
      heal: () => wire(0),
      together: this.majority(this.graph.links.filter((_, at) => at !== link)),
      restarted: undefined,
    };
  }

  private badWires(settings: Partial<DirectionSettings>): Trouble {
    const sound = Object.fromEntries(
      Object.keys(settings).map(name => [name, name === 'reorderNs' ? 50_000 : 0]),
    );
    const all = (each: Partial<DirectionSettings>) => {
      for (const link of this.graph.links.keys()) this.wire(link, each);
    };
    return {
      what: JSON.stringify(settings),
      begin: () => all(settings),
      heal: () => all(sound),
      together: undefined,
      restarted: undefined,
    };
  }

  private wire(link: number, settings: Partial<DirectionSettings>): void {
    this.cluster.session.fault({ do: 'wire', link, way: 'both', settings });
  }

  /** Those of the largest part that is left, if it is a majority. */
  private majority(links: Graph['links']): readonly number[] {
    const parts = this.nodes.map(start => {
      const reached = new Set([start]);
      for (let turn = 0; turn < this.graph.nodes; turn++)
        for (const [a, b] of links) {
          if (reached.has(a)) reached.add(b);
          if (reached.has(b)) reached.add(a);
        }
      return [...reached].sort();
    });
    return parts.find(part => 2 * part.length > this.graph.nodes) ?? [];
  }
}

function wired({ links }: Graph): Promise<Consoles> {
  return Consoles.boot(links.map(link => link.join('-')).join(','), PROGRAMS);
}
