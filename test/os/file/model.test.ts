/**
 * A volume against a tree in memory: whatever is done to both, they answer and look the same, before and after
 * the volume is mounted anew, and its check finds nothing.
 */
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { Volume } from '../../../images/disk/volume.ts';
import { Model } from './model.ts';
import { RamDisk } from './ram-disk.ts';
import { type Tree, VolumeTree } from './tree.ts';

let volume: Volume;

beforeAll(async () => {
  volume = await Volume.load();
});

interface Action {
  readonly title: string;
  /** What is done to a tree, or to the volume alone. */
  readonly operation?: (tree: Tree) => number;
  readonly upkeep?: 'sync' | 'checkpoint' | 'mount';
}

const name = fc.constantFrom('a', 'b', 'c', 'a name that is longer than the others');
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map(names => `/${names.join('/')}`);
const offset = fc.oneof(fc.nat(10_000), fc.constantFrom(0, 4095, 4096, 40_960, 60_000));
const size = fc.oneof(fc.nat(200), fc.constantFrom(0, 4096, 8192, 32_768));

const on = (kind: string, operation: (tree: Tree, path: string) => number): fc.Arbitrary<Action> =>
  path.map(at => ({ title: `${kind} ${at}`, operation: tree => operation(tree, at) }));
const onBoth = (
  kind: string,
  operation: (tree: Tree, from: string, to: string) => number,
): fc.Arbitrary<Action> =>
  fc
    .tuple(path, path)
    .map(([from, to]) => ({ title: `${kind} ${from} ${to}`, operation: tree => operation(tree, from, to) }));

const writing: fc.Arbitrary<Action> = fc
  .tuple(path, offset, size, fc.nat(255))
  .map(([at, from, count, byte]) => ({
    title: `write ${at} ${from} ${count} ${byte}`,
    operation: tree => tree.write(at, from, new Uint8Array(count).fill(byte)),
  }));
const cutting: fc.Arbitrary<Action> = fc.tuple(path, offset).map(([at, to]) => ({
  title: `truncate ${at} ${to}`,
  operation: tree => tree.truncate(at, to),
}));
const keeping: fc.Arbitrary<Action> = fc
  .constantFrom('sync', 'checkpoint', 'mount')
  .map(upkeep => ({ title: upkeep, upkeep }) as Action);

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: on('create', (tree, at) => tree.create(at)) },
  { weight: 3, arbitrary: on('directory', (tree, at) => tree.makeDirectory(at)) },
  { weight: 6, arbitrary: writing },
  { weight: 2, arbitrary: cutting },
  { weight: 2, arbitrary: on('remove', (tree, at) => tree.remove(at)) },
  { weight: 1, arbitrary: on('remove directory', (tree, at) => tree.removeDirectory(at)) },
  { weight: 1, arbitrary: on('mode', (tree, at) => tree.setMode(at, 0o700)) },
  { weight: 4, arbitrary: onBoth('rename', (tree, from, to) => tree.rename(from, to)) },
  { weight: 2, arbitrary: onBoth('link', (tree, from, to) => tree.link(from, to)) },
  { weight: 2, arbitrary: keeping },
);

/** What differs after the actions; empty where nothing does. */
function difference(actions: readonly Action[]): string {
  const model = new Model();
  const tree = new VolumeTree(volume.attach(RamDisk.blank(2048)));
  tree.time = 0n;
  volume.format(1n);
  for (const [index, { title, operation, upkeep }] of actions.entries()) {
    tree.time = model.time = BigInt(index);
    const answers = operation === undefined ? [volume[upkeep!](), 0] : [operation(tree), operation(model)];
    if (upkeep === 'mount') volume.checkpoint();
    if (answers[0] !== answers[1]) return `${title} answers ${answers.join(', not ')}`;
  }
  if (tree.dump() !== model.dump()) return `the tree is\n${tree.dump()}\nnot\n${model.dump()}`;
  const faults = volume.check();
  return faults === 0 ? '' : `the check finds ${JSON.stringify(volume.findings)}`;
}

it('answers and looks as the model does, whatever is done to it', () => {
  const actions = fc.array(action, { maxLength: 60 });
  fc.assert(
    fc.property(actions, all => {
      const durable = all.flatMap(each =>
        each.upkeep === 'mount' ? [{ title: 'sync', upkeep: 'sync' as const }, each] : [each],
      );
      expect(difference(durable)).toBe('');
    }),
    { numRuns: 300, seed: 7 },
  );
});
