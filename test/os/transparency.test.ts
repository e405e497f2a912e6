/**
 * A script whose commands run at home, and the same with each on a node by chance: nobody can tell from what they
 * say or leave behind.
 */
import { beforeAll, expect, it } from 'vitest';
import { Random } from '../../hw/lab/random.ts';
import { Consoles } from './console-rig.ts';
import { BUILD_MILLISECONDS } from './system-rig.ts';

const PROGRAMS = [
  ...[
    'cat',
    'cmp',
    'cp',
    'cut',
    'diff',
    'env',
    'find',
    'grep',
    'head',
    'ln',
    'ls',
    'mkdir',
    'mv',
    'on',
    'printf',
  ],
  ...['rm', 'sed', 'seq', 'sort', 'tail', 'tee', 'tr', 'uniq', 'wc', 'xargs'],
];
const SEEDS = [1, 2, 3];

let booted: Consoles;
let atHome: readonly string[];

beforeAll(async () => {
  booted = await Consoles.boot('mesh:3', PROGRAMS);
  atHome = await run(() => '');
}, BUILD_MILLISECONDS);

/** `@` stands before each program that may run anywhere. */
const SCRIPT = [
  '@mkdir -p /t/sub; cd /t; @seq 1 60 > numbers; @sort -r numbers | @head -7 | @tee top | @wc -l',
  '@sed -n "/[37]$/p" numbers | @tr 0-9 a-j > sub/letters; @grep -c d sub/letters; @tail -2 sub/letters',
  '@cp numbers sub/copy; @cmp numbers sub/copy && echo equal; @mv sub/copy sub/moved; @ls sub',
  '@printf "%s:%d\\n" a 1 b 2 a 3 > table; @cut -d: -f1 table | @sort | @uniq -c',
  '@find . -type f | @sort | @xargs wc -c; @ln -s numbers link; @head -1 link; @cat absent; echo $?',
  'X=seen @env | @grep ^X=; @diff numbers sub/moved; @sh -c "echo in \\$PWD; exit 3"; echo $?',
  '(@cat | @tr a-z A-Z) < sub/letters >> table; @rm sub/moved; @find /t | @sort | @xargs ls -d',
  '@cat numbers top table sub/letters | @wc; @cat top table',
];

/** What each line of the script says, with its programs where `place` puts them; without what was typed. */
async function run(place: () => string): Promise<string[]> {
  const cluster = booted.fork();
  const said: string[] = [];
  for (const line of SCRIPT) {
    const text = await cluster.ask(0, `echo be''gin; ${line.replaceAll('@', place)}`);
    said.push(text.slice(text.lastIndexOf('begin\n')));
  }
  return said;
}

it.each(SEEDS)('says and leaves the same wherever its commands run: places by seed %i', async seed => {
  const random = new Random(seed);
  const spread = await run(() => `on ${random.below(3)} `);
  expect(spread).toEqual(atHome);
  expect(atHome.at(-1)).toMatch(/94 +94 +268\n9\n8\n7\n60\n/);
});
