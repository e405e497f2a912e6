/**
 * Commands that read text and write some of it: what comes out of them.
 */
import { describe, expect, it } from 'vitest';
import { outputOf, run } from './program-host.ts';

const TEN = 'one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\neleven\ntwelve\n';
const files = { a: TEN, b: 'x\ny', empty: '' };

describe('head and tail', () => {
  // biome-ignore format: a table
  it.each([
    ['head -n 2 a',      'one\ntwo\n'],
    ['head -3 a',        'one\ntwo\nthree\n'],
    ['head -n -10 a',    'one\ntwo\n'],
    ['head -c 5 a',      'one\nt'],
    ['head -c -55 a',    'one\ntwo\n'],
    ['head -n1 a b',     '==> a <==\none\n\n==> b <==\nx\n'],
    ['head -qn1 a b',    'one\nx\n'],
    ['head -n 5 b',      'x\ny'],
    ['head empty',       ''],
    ['tail -n 2 a',      'eleven\ntwelve\n'],
    ['tail -1 a',        'twelve\n'],
    ['tail -n +11 a',    'eleven\ntwelve\n'],
    ['tail -c 4 a',      'lve\n'],
    ['tail -c +57 a',    'twelve\n'],
    ['tail -n 1 b',      'y'],
    ['tail -n 0 a',      ''],
    ['tail -vn1 b',      '==> b <==\ny'],
    ['head',             TEN.split('\n').slice(0, 10).join('\n') + '\n'],
    ['tail',             TEN.split('\n').slice(2).join('\n')],
  ])('%s', async (command, output) => {
    expect(await outputOf(command, { files, input: TEN })).toBe(output);
  });

  it('take long files as they take short ones', async () => {
    const long = Array.from({ length: 9000 }, (_, index) => `line ${index}\n`).join('');
    expect(await outputOf('tail -n 2 long', { files: { long } })).toBe('line 8998\nline 8999\n');
    expect(await outputOf('head -n -8998 long', { files: { long } })).toBe('line 0\nline 1\n');
    expect(await outputOf('tail -n 5000 long', { files: { long } })).toBe(
      long.slice(long.indexOf('line 4000')),
    );
  });

  it('refuse what is no number', async () => {
    const { errors, status } = await run('head -n x a');
    expect(errors).toBe("head: invalid number of lines: ‘x’\nTry 'head --help' for more information.\n");
    expect(status).toBe(1);
  });
});

describe('wc', () => {
  // biome-ignore format: a table
  it.each([
    ['wc a',         '12 12 63 a\n'],
    ['wc -l a',      '12 a\n'],
    ['wc -lw a b',   '12 12 a\n 1  2 b\n13 14 total\n'],
    ['wc -m',        '5\n'],
    ['wc -c',        '6\n'],
    ['wc',           '      0       2       6\n'],
    ['wc -L a',      '6 a\n'],
    ['wc -l empty',  '0 empty\n'],
  ])('%s', async (command, output) => {
    expect(await outputOf(command, { files, input: 'a éx ' })).toBe(output);
  });
});

describe('sort and uniq', () => {
  const numbers = '10 b\n9 a\n9 c\n-1 d\n';
  const words = 'b\nA\na\nB\n';
  const table = 'carol:30:x\nalice:4:z\nbob:30:y\n';

  // biome-ignore format: a table
  it.each([
    ['sort',             words,   'A\nB\na\nb\n'],
    ['sort -f',          words,   'A\na\nB\nb\n'],
    ['sort -r',          words,   'b\na\nB\nA\n'],
    ['sort -fu',         words,   'A\nb\n'],
    ['sort -n',          numbers, '-1 d\n9 a\n9 c\n10 b\n'],
    ['sort -rn',         numbers, '10 b\n9 c\n9 a\n-1 d\n'],
    ['sort -k2',         numbers, '9 a\n10 b\n9 c\n-1 d\n'],
    ['sort -t: -k2n -k1,1r', table, 'alice:4:z\ncarol:30:x\nbob:30:y\n'],
    ['sort -t: -k3',     table,   'carol:30:x\nbob:30:y\nalice:4:z\n'],
    ['sort -t: -k1.2,1.2', table, 'carol:30:x\nalice:4:z\nbob:30:y\n'],
    ['sort -h',          '2M\n1G\n3K\n900\n', '900\n3K\n2M\n1G\n'],
    ['sort -V',          'a10\na9\na1\n', 'a1\na9\na10\n'],
    ['sort -M',          'Mar\njan\nFEB\n', 'jan\nFEB\nMar\n'],
    ['sort -s -k1,1n',   numbers, '-1 d\n9 a\n9 c\n10 b\n'],
    ['uniq',             'a\na\nb\na\n', 'a\nb\na\n'],
    ['uniq -c',          'a\na\nb\n', '      2 a\n      1 b\n'],
    ['uniq -d',          'a\na\nb\n', 'a\n'],
    ['uniq -u',          'a\na\nb\n', 'b\n'],
    ['uniq -D',          'a\na\nb\n', 'a\na\n'],
    ['uniq -i',          'a\nA\nb\n', 'a\nb\n'],
    ['uniq -f1',         '1 x\n2 x\n3 y\n', '1 x\n3 y\n'],
    ['uniq -w1',         'ab\nac\nb\n', 'ab\nb\n'],
  ])('%s', async (command, input, output) => {
    expect(await outputOf(command, { input })).toBe(output);
  });

  it('sort checks, and writes over what it has read', async () => {
    const { errors, status } = await run('sort -c', { input: 'b\na\n' });
    expect([errors, status]).toEqual(['sort: -:2: disorder: a\n', 1]);
    expect((await run('sort -C', { input: 'a\nb\n' })).status).toBe(0);
    const { world } = await run('sort -o x x', { files: { x: 'b\na\n' } });
    expect(world.text('/work/x')).toBe('a\nb\n');
  });

  it('sorts thousands of lines', async () => {
    const lines = Array.from({ length: 5000 }, (_, index) => String((index * 7919) % 5000));
    const sorted = [...lines].sort((a, b) => Number(a) - Number(b));
    expect(await outputOf('sort -n', { input: lines.join('\n') })).toBe(`${sorted.join('\n')}\n`);
  });
});

describe('cut and tr', () => {
  // biome-ignore format: a table
  it.each([
    ['cut -d: -f2',            'a:b:c\nnone\n',  'b\nnone\n'],
    ['cut -sd: -f2-',          'a:b:c\nnone\n',  'b:c\n'],
    ['cut -f 1,3 --output-delimiter=,', 'a\tb\tc\n', 'a,c\n'],
    ['cut -d: -f2 --complement', 'a:b:c\n',      'a:c\n'],
    ['cut -c 2-3',             'héllo\n',        'él\n'],
    ['cut -c -2,5-',           'abcdef\n',       'abef\n'],
    ['cut -b 1-3',             'héllo\n',        'hé\n'],
    ['tr a-z A-Z',             'hello\n',        'HELLO\n'],
    ['tr -d aeiou',            'hello\n',        'hll\n'],
    ['tr -s l',                'hello\n',        'helo\n'],
    ['tr -cd [:digit:]',       'a1b2\n',         '12'],
    ["tr ' ' '\\n'",           'a b',            'a\nb'],
    ['tr [:upper:] [:lower:]', 'ABC',            'abc'],
    ['tr abc x',               'aabbc',          'xxxxx'],
    ['tr -t abc x',            'aabbc',          'xxbbc'],
    ["tr -cs [:alpha:] '\\n'", 'one, two!',      'one\ntwo\n'],
    ['tr é e',                 'café',           'cafe'],
    ['tr 0-9 [x*]',            'a1b2',           'axbx'],
  ])('%s', async (command, input, output) => {
    expect(await outputOf(command, { input })).toBe(output);
  });

  it('refuse lists and sets that are none', async () => {
    expect((await run('cut -f 0')).errors).toContain('cut: invalid field ‘0’\n');
    expect((await run('cut a')).errors).toContain(
      'cut: you must specify a list of bytes, characters, or fields\n',
    );
    expect((await run('tr z-a x')).errors).toBe(
      "tr: range-endpoints of 'z-a' are in reverse collating sequence order\n",
    );
    expect((await run('tr a')).errors).toContain('tr: missing operand after ‘a’\n');
  });
});

describe('seq and tee', () => {
  // biome-ignore format: a table
  it.each([
    ['seq 3',            '1\n2\n3\n'],
    ['seq 2 4',          '2\n3\n4\n'],
    ['seq 10 -5 0',      '10\n5\n0\n'],
    ['seq -1 1',         '-1\n0\n1\n'],
    ['seq 0.1 0.1 0.5',  '0.1\n0.2\n0.3\n0.4\n0.5\n'],
    ['seq -w 8 10',      '08\n09\n10\n'],
    ['seq -s, 3',        '1,2,3\n'],
    ['seq -f %03d 2',    '001\n002\n'],
    ['seq 3 1',          ''],
  ])('%s', async (command, output) => {
    expect(await outputOf(command)).toBe(output);
  });

  it('tee writes to all', async () => {
    const { world, output } = await run('tee x y', { input: 'text\n', files: { x: 'before' } });
    expect([output, world.text('/work/x'), world.text('/work/y')]).toEqual(['text\n', 'text\n', 'text\n']);
    const appended = await run('tee -a x', { input: 'more', files: { x: 'before ' } });
    expect(appended.world.text('/work/x')).toBe('before more');
  });
});
