/**
 * What cmp, hexdump, du and kill say about files and signals.
 */
import { describe, expect, it } from 'vitest';
import { outputOf, run, type Setting } from './program-host.ts';

const setting: Setting = {
  files: {
    a: 'one\ntwo\n',
    b: 'one\ntwo\n',
    c: 'one\nTwo\n',
    d: 'one\n',
    empty: '',
    'dir/x': 'x'.repeat(5000),
  },
};

describe('cmp', () => {
  // biome-ignore format: a table
  it.each([
    ['cmp a b',      0, ''],
    ['cmp a c',      1, 'a c differ: byte 5, line 2\n'],
    ['cmp -b a c',   1, 'a c differ: byte 5, line 2 is 164 t 124 T\n'],
    ['cmp -l a c',   1, '5 164 124\n'],
    ['cmp -s a c',   1, ''],
    ['cmp -n 4 a c', 0, ''],
  ] as const)('%s ends with %i', async (command, status, output) => {
    expect(await run(command, setting)).toMatchObject({ output, status, errors: '' });
  });

  it('says which file ends first, and which is not there', async () => {
    expect((await run('cmp a d', setting)).errors).toBe('cmp: EOF on d after byte 4, line 2\n');
    expect((await run('cmp empty a', setting)).errors).toBe('cmp: EOF on empty which is empty\n');
    const { errors, status } = await run('cmp a nope', setting);
    expect([errors, status]).toEqual(['cmp: nope: No such file or directory\n', 2]);
  });

  it('compares with standard input', async () => {
    expect((await run('cmp a', { ...setting, input: 'one\ntwo\n' })).status).toBe(0);
  });
});

describe('hexdump', () => {
  // biome-ignore format: a table
  it.each([
    ['hexdump d',         '0000000 6e6f 0a65\n0000004\n'],
    ['hexdump -C a',      '00000000  6f 6e 65 0a 74 77 6f 0a                           |one.two.|\n00000008\n'],
    ['hexdump -b d',      '0000000 157 156 145 012\n0000004\n'],
    ['hexdump -c d',      '0000000   o   n   e  \\n\n0000004\n'],
    ['hexdump -s 4 -n 3 a', '0000004 7774 006f\n0000007\n'],
    ['hexdump -n 48 dir/x', '0000000 7878 7878 7878 7878 7878 7878 7878 7878\n*\n0000030\n'],
    ['hexdump empty',     ''],
  ])('%s', async (command, output) => {
    expect(await outputOf(command, setting)).toBe(output);
  });
});

describe('du', () => {
  it('adds up what directories hold', async () => {
    expect(await outputOf('du -b dir/x a', setting)).toBe('5000\tdir/x\n8\ta\n');
    expect(await outputOf('du -ab dir', setting)).toMatch(/^5000\tdir\/x\n\d+\tdir\n$/);
    expect(await outputOf('du -sbc dir/x d', setting)).toBe('5000\tdir/x\n4\td\n5004\ttotal\n');
  });
});

describe('kill', () => {
  it('knows signals by name and number', async () => {
    expect(await outputOf('kill -l 9 143', setting)).toBe('KILL\nTERM\n');
    expect((await outputOf('kill -l', setting)).split('\n')).toContain('WINCH');
    expect((await run('kill -NOSUCH 1', setting)).errors).toBe(
      'kill: NOSUCH: invalid signal specification\n',
    );
  });
});
