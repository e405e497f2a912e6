/**
 * Short workloads upon a small tree, and what a power loss may leave of them.
 *
 *     base    a file `a`, a directory `d` with a file `x`, synced
 *     steps   one operation each, and what follows: nothing, a sync, a new root
 *
 * After a loss the volume must mount, pass its check, and be what a prefix of the operations makes of it that
 * has all those before the last sync.
 */
import type { Random } from '../../../hw/lab/random.ts';
import type { Volume } from '../../../images/disk/volume.ts';
import { Model } from './model.ts';
import { type Loss, losses, RamDisk } from './ram-disk.ts';
import { type Tree, VolumeTree } from './tree.ts';

export type Operation = (tree: Tree) => number;
export type After = 'nothing' | 'sync' | 'root';

export interface Step {
  readonly name: string;
  readonly after: After;
}

export interface Verdict {
  readonly losses: number;
  /** What was wrong, for a person; empty where nothing was. */
  readonly faults: readonly string[];
}

const BLOCKS = 160;
const text = (content: string) => new TextEncoder().encode(content);
const filled = (size: number, byte: number) => new Uint8Array(size).fill(byte);

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'create b': tree => tree.create('/b'),
  'write a': tree => tree.write('/a', 0, text('one')),
  'append a': tree => tree.write('/a', 4090, filled(5000, 0x61)),
  'write b': tree => tree.write('/b', 0, filled(20_000, 0x62)),
  'fill a': tree => tree.write('/a', 50_000, filled(9_000, 0x63)),
  'cut a': tree => tree.truncate('/a', 2),
  'grow a': tree => tree.truncate('/a', 9_000),
  'rename a b': tree => tree.rename('/a', '/b'),
  'rename a d/x': tree => tree.rename('/a', '/d/x'),
  'rename d/x y': tree => tree.rename('/d/x', '/y'),
  'rename d e': tree => tree.rename('/d', '/e'),
  'link a b': tree => tree.link('/a', '/b'),
  'remove a': tree => tree.remove('/a'),
  'remove d/x': tree => tree.remove('/d/x'),
  'make e': tree => tree.makeDirectory('/e'),
  'make d/e': tree => tree.makeDirectory('/d/e'),
  'remove d': tree => tree.removeDirectory('/d'),
  'point s a': tree => tree.makeSymbolicLink('a', '/s'),
  'mode a': tree => tree.setMode('/a', 0o600),
};

export class Workloads {
  private readonly volume: Volume;
  private readonly tree: VolumeTree;
  private readonly random: Random;
  private readonly base: Uint8Array;

  constructor(volume: Volume, random: Random) {
    this.volume = volume;
    this.tree = new VolumeTree(volume);
    this.random = random;
    const disk = RamDisk.blank(BLOCKS);
    volume.attach(disk);
    volume.time = 0n;
    if (volume.format(0x600d_f00dn) !== 0) throw new Error('the base was not formatted');
    prepare(this.tree);
    if (volume.checkpoint() !== 0) throw new Error('the base was not written');
    this.base = disk.image();
  }

  /** Runs the steps, then every power loss within them. */
  run(steps: readonly Step[], chances = 2): Verdict {
    const { disk, states, faults } = this.performed(steps);
    let count = 0;
    for (const loss of losses(this.base, disk.trace, this.random, chances)) {
      count += 1;
      const fault = this.faultOf(loss, states);
      if (fault !== '') faults.push(`${named(steps)}, loss ${count}: ${fault}`);
    }
    return { losses: count, faults };
  }

  /** As `run`, and every power loss while the volume recovers from the first one. */
  runTwice(steps: readonly Step[]): Verdict {
    const { disk, states, faults } = this.performed(steps);
    let count = 0;
    for (const first of losses(this.base, disk.trace, this.random, 0)) {
      const image = first.disk.image();
      const recovering = new RamDisk(image);
      this.volume.attach(recovering).mount();
      for (const second of losses(image, recovering.trace, this.random, 1)) {
        count += 1;
        const fault = this.faultOf({ ...first, disk: second.disk }, states);
        if (fault !== '') faults.push(`${named(steps)}, second loss ${count}: ${fault}`);
      }
    }
    return { losses: count, faults };
  }

  private performed(steps: readonly Step[]): { disk: RamDisk; states: string[]; faults: string[] } {
    const model = new Model();
    prepare(model);
    const disk = new RamDisk(this.base);
    this.volume.attach(disk).mount();
    const states = [model.dump()];
    const faults: string[] = [];
    let synced = 0;
    steps.forEach(({ name, after }, index) => {
      this.tree.time = model.time = BigInt(index + 1);
      const answers = [OPERATIONS[name]!(this.tree), OPERATIONS[name]!(model)];
      if (answers[0] !== answers[1])
        faults.push(`${named(steps)}: ${name} answers ${answers.join(', not ')}`);
      states.push(model.dump());
      disk.trace.push({ kind: 'mark', performed: index + 1, synced });
      const status = after === 'sync' ? this.volume.sync() : after === 'root' ? this.volume.checkpoint() : 0;
      if (status !== 0) faults.push(`${named(steps)}: ${after} answers ${status}`);
      if (after !== 'nothing') synced = index + 1;
      disk.trace.push({ kind: 'mark', performed: index + 1, synced });
    });
    if (this.tree.dump() !== model.dump()) faults.push(`${named(steps)}: the tree is not the model's`);
    disk.trace.push({ kind: 'flush' });
    return { disk, states, faults };
  }

  private faultOf({ disk, performed, synced }: Loss, states: readonly string[]): string {
    const status = this.volume.attach(disk).mount();
    if (status !== 0) return `it does not mount: ${status}`;
    const dump = this.tree.dump();
    if (!states.slice(synced, performed + 1).includes(dump)) {
      const known = states.indexOf(dump);
      return known < 0 ? `no prefix gives\n${dump}` : `${known} operations are left, ${synced} were synced`;
    }
    const faults = this.volume.check();
    return faults === 0 ? '' : `its check finds ${JSON.stringify(this.volume.findings)}`;
  }
}

function prepare(tree: Tree): void {
  tree.time = 0n;
  tree.create('/a');
  tree.write('/a', 0, text('what was there'));
  tree.makeDirectory('/d');
  tree.create('/d/x');
  tree.write('/d/x', 0, filled(6_000, 0x78));
}

function named(steps: readonly Step[]): string {
  return steps.map(({ name, after }) => (after === 'nothing' ? name : `${name}, ${after}`)).join('; ');
}
