/**
 * What diff says: the form of its output, what it overlooks when asked to, and that what it says is right and
 * the least there is.
 */
import { describe, expect, it } from 'vitest';
import { Random } from '../../hw/lab/random.ts';
import { run, type Setting } from './program-host.ts';

const setting: Setting = {
  files: {
    a: 'one\ntwo\nthree\nfour\n',
    b: 'one\nTWO\nthree\n  four \nfive\n',
    spaced: 'one\n t w o \nthree\nfour\n',
    upper: 'ONE\ntwo\nThree\nfour\n',
    open: 'one\ntwo\nthree\nfour',
    empty: '',
    binary: 'one\0two\n',
    loop: 'a {\n}\nb {\n}\n',
    more: 'a {\n}\nc {\n}\nb {\n}\n',
    'x/a': 'one\n',
    'x/only': '',
    'x/sub/f': '1\n',
    'y/a': 'two\n',
    'y/sub/f': '2\n',
  },
};

// biome-ignore format: a table
const SAYINGS = [
  ['diff a a',               0, ''],
  ['diff -s a a',            0, 'Files a and a are identical\n'],
  ['diff a b',               1, '2c2\n< two\n---\n> TWO\n4c4,5\n< four\n---\n>   four \n> five\n'],
  ['diff b empty',           1, '1,5d0\n< one\n< TWO\n< three\n<   four \n< five\n'],
  ['diff empty x/a',         1, '0a1\n> one\n'],
  ['diff loop more',         1, '2a3,4\n> c {\n> }\n'],
  ['diff -q a b',            1, 'Files a and b differ\n'],
  ['diff -i a upper',        0, ''],
  ['diff -w a spaced',       0, ''],
  ['diff -b spaced a',       1, '2c2\n<  t w o \n---\n> two\n'],
  ['diff a open',            1, '4c4\n< four\n---\n> four\n\\ No newline at end of file\n'],
  ['diff -b a open',         0, ''],
  ['diff a binary',          2, 'Binary files a and binary differ\n'],
  ['diff x/a y',             1, '1c1\n< one\n---\n> two\n'],
  ['diff -q x y',            1, 'Files x/a and y/a differ\nOnly in x: only\nCommon subdirectories: x/sub and y/sub\n'],
  ['diff -r x y',            1, 'diff -r x/a y/a\n1c1\n< one\n---\n> two\nOnly in x: only\ndiff -r x/sub/f y/sub/f\n1c1\n< 1\n---\n> 2\n'],
  ['diff -N a nope',         1, '1,4d0\n< one\n< two\n< three\n< four\n'],
  ['diff -U0 --label old --label new a b', 1,
    '--- old\n+++ new\n@@ -2 +2 @@\n-two\n+TWO\n@@ -4 +4,2 @@\n-four\n+  four \n+five\n'],
  ['diff -u --label old --label new a b', 1,
    '--- old\n+++ new\n@@ -1,4 +1,5 @@\n one\n-two\n+TWO\n three\n-four\n+  four \n+five\n'],
] as const;

describe('diff', () => {
  it.each(SAYINGS)('%s ends with %i', async (command, status, output) => {
    expect(await run(command, setting)).toMatchObject({ output, status, errors: '' });
  });

  it('names files with their times above a unified one', async () => {
    const { output } = await run('diff -u a empty', {
      ...setting,
      prepare: world => void Object.assign(world.find('/work/a'), { modified: 86_400_000_000_001n }),
    });
    expect(output).toMatch(/^--- a\t1970-01-02 00:00:00\.000000001 \+0000\n\+\+\+ empty\t/);
  });

  it('reads standard input, and says what is not there', async () => {
    expect((await run('diff - x/a', { ...setting, input: 'one\n' })).status).toBe(0);
    const { errors, status } = await run('diff a nope', setting);
    expect([errors, status]).toEqual(['diff: nope: No such file or directory\n', 2]);
    expect((await run('diff a', setting)).errors).toMatch(/^diff: missing operand after ‘a’\n/);
  });
});

describe('the lines that diff finds', () => {
  const random = new Random(7);
  const texts = Array.from({ length: 40 }, () =>
    [0, 1].map(() => Array.from({ length: random.below(40) }, () => 'abcde'[random.below(5)]!)),
  );

  it('make the one of the other, and are the fewest', async () => {
    for (const [old, fresh] of texts as [string[], string[]][]) {
      const files = { old: text(old), fresh: text(fresh) };
      const { output } = await run('diff -U 100 old fresh', { files });
      const lines = output.split('\n').slice(3, -1);
      const side = (marks: string) =>
        lines.filter(line => marks.includes(line[0]!)).map(line => line.slice(1));
      const isSame = output === '';
      expect([isSame ? fresh : side(' +'), isSame ? old : side(' -')]).toEqual([fresh, old]);
      const same = lines.filter(line => line.startsWith(' ')).length;
      expect(isSame ? old.length : same).toBe(longestCommon(old, fresh));
    }
  });
});

function text(lines: readonly string[]): string {
  return lines.map(line => `${line}\n`).join('');
}

function longestCommon(old: readonly string[], fresh: readonly string[]): number {
  let row = new Array<number>(fresh.length + 1).fill(0);
  for (const line of old) {
    const next = [0];
    for (const [at, other] of fresh.entries())
      next.push(line === other ? row[at]! + 1 : Math.max(row[at + 1]!, next[at]!));
    row = next;
  }
  return row.at(-1)!;
}
