/**
 * What ls, touch and date show of files and times.
 */
import { describe, expect, it } from 'vitest';
import { outputOf, run, type Setting } from './program-host.ts';
import type { Node, World } from './program-world.ts';

const NOW = 1_709_208_000_000_000_000n; // 2024-02-29 12:00:00 UTC
const setting: Setting = {
  files: { 'b.c': 'bb', a: 'a'.repeat(2000), '.hidden': '', 'd/inner': '' },
  prepare: world => {
    world.now = NOW;
    world.symbolicLink('a', '/work/link');
    const set = (path: string, mode: number, modified: bigint) =>
      Object.assign(world.find(path, false) as Node, { mode, modified });
    set('/work/a', 0o755, NOW - 60_000_000_000n);
    set('/work/b.c', 0o640, 0n);
    set('/work/d', 0o755, NOW);
    set('/work/link', 0o777, NOW);
  },
};

describe('ls', () => {
  // biome-ignore format: a table
  it.each([
    ['ls',       'a\nb.c\nd\nlink\n'],
    ['ls -a',    '.\n..\n.hidden\na\nb.c\nd\nlink\n'],
    ['ls -A',    '.hidden\na\nb.c\nd\nlink\n'],
    ['ls -F',    'a*\nb.c\nd/\nlink@\n'],
    ['ls -r',    'link\nd\nb.c\na\n'],
    ['ls -S a b.c', 'a\nb.c\n'],
    ['ls -tr a b.c', 'b.c\na\n'],
    ['ls -m',    'a, b.c, d, link\n'],
    ['ls -C',    'a  b.c  d  link\n'],
    ['ls d',     'inner\n'],
    ['ls -d d',  'd\n'],
    ['ls -R d',  'd:\ninner\n'],
    ['ls a d',   'a\n\nd:\ninner\n'],
    ['ls -sh a', '4.0K a\n'],
    ['ls -l a b.c', '-rwxr-xr-x 1 root root 2000 Feb 29 11:59 a\n-rw-r----- 1 root root    2 Jan  1  1970 b.c\n'],
    ['ls -l link', 'lrwxrwxrwx 1 root root 1 Feb 29 12:00 link -> a\n'],
    ['ls -lhd d a', '-rwxr-xr-x 1 root root 2.0K Feb 29 11:59 a\ndrwxr-xr-x 2 root root    0 Feb 29 12:00 d\n'],
  ])('%s', async (command, output) => {
    expect(await outputOf(command, setting)).toBe(output);
  });

  it('says what is not there, and ends with 2', async () => {
    const { output, errors, status } = await run('ls x a', setting);
    expect(errors).toBe("ls: cannot access 'x': No such file or directory\n");
    expect([output, status]).toEqual(['a\n', 2]);
  });

  it('fills columns downwards as far as the line is wide', async () => {
    const files = Object.fromEntries(Array.from({ length: 7 }, (_, index) => [`name${index}`, '']));
    const output = await outputOf('ls -C', { files, environment: ['COLUMNS=30'] });
    expect(output).toBe('name0  name2  name4  name6\nname1  name3  name5\n');
  });
});

describe('touch and date', () => {
  // biome-ignore format: a table
  it.each([
    ['date',                          'Thu Feb 29 12:00:00 UTC 2024\n'],
    ['date +%F_%T',                   '2024-02-29_12:00:00\n'],
    ["date '+%j %a %A %b %e %-d %p %s %u'", '060 Thu Thursday Feb 29 29 PM 1709208000 4\n'],
    ['date -d @0',                    'Thu Jan  1 00:00:00 UTC 1970\n'],
    ["date -d '2000-12-31 23:59:59' -R", 'Sun, 31 Dec 2000 23:59:59 +0000\n'],
    ['date -I -r b.c',                '1970-01-01\n'],
  ])('%s', async (command, output) => {
    expect(await outputOf(command, setting)).toBe(output);
  });

  it('refuses what is no date, and sets the clock to one', async () => {
    expect((await run('date -d 2023-02-29', setting)).errors).toBe('date: invalid date ‘2023-02-29’\n');
    const { world } = await run('date -s @5', setting);
    expect(world.now).toBe(5_000_000_000n);
  });

  it('touch makes files, and sets their time', async () => {
    const modified = (world: World, name: string) => (world.find(`/work/${name}`) as Node).modified;
    const made = await run('touch new a', setting);
    expect([modified(made.world, 'new'), modified(made.world, 'a')]).toEqual([NOW, NOW]);
    expect((await run('touch -c new', setting)).world.text('/work/new')).toBeUndefined();
    const set = await run('touch -d 2000-01-01 a', setting);
    expect(modified(set.world, 'a')).toBe(946_684_800_000_000_000n);
    expect(modified((await run('touch -t 0102030405.06 a', setting)).world, 'a')).toBe(
      981_173_106_000_000_000n,
    );
    const { errors, status } = await run('touch x/y', setting);
    expect([errors, status]).toEqual(["touch: cannot touch 'x/y': No such file or directory\n", 1]);
  });
});
