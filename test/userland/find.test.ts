/**
 * Commands that look for files and run others on what they find.
 */
import { describe, expect, it } from 'vitest';
import { outputOf, run, type Setting } from './program-host.ts';
import type { Node } from './program-world.ts';

const DAY = 86_400_000_000_000n;
const setting: Setting = {
  files: { a: 'A', 'b.ts': 'b'.repeat(3000), 'd/c.ts': '', 'd/e/f': 'F' },
  programs: ['echo', 'cat', 'false', 'env'],
  prepare: world => {
    world.symbolicLink('a', '/work/link');
    Object.assign(world.find('/work/a') as Node, { modified: world.now - 3n * DAY, mode: 0o600 });
  },
};

describe('find', () => {
  // biome-ignore format: a table
  it.each([
    ['find',                       '.\n./a\n./b.ts\n./d\n./d/c.ts\n./d/e\n./d/e/f\n./link\n'],
    ['find d a',                   'd\nd/c.ts\nd/e\nd/e/f\na\n'],
    ["find -name '*.ts'",          './b.ts\n./d/c.ts\n'],
    ['find -type d',               '.\n./d\n./d/e\n'],
    ['find -type l',               './link\n'],
    ['find -type f -size +2k',     './b.ts\n'],
    ['find -empty',                './d/c.ts\n'],
    ['find -mtime +2',             './a\n'],
    ['find -newer a -type f',      './b.ts\n./d/c.ts\n./d/e/f\n'],
    ['find -perm 600',             './a\n'],
    ['find -maxdepth 1 -mindepth 1', './a\n./b.ts\n./d\n./link\n'],
    ['find d -depth',              'd/c.ts\nd/e/f\nd/e\nd\n'],
    ['find . -name d -prune -o -type f -print', './a\n./b.ts\n'],
    ['find ! -type d ( -name a -o -name f )', './a\n./d/e/f\n'],
    ['find -name f -exec cat {} ;', 'F'],
    ["find -name '*.ts' -exec echo x {} +", 'x ./b.ts ./d/c.ts\n'],
    ['find -type f -exec false ; -print', ''],
    ['find -name a -print0',       './a\0'],
    ['find -quit',                 ''],
  ])('%s', async (command, output) => {
    expect(await outputOf(command, setting)).toBe(output);
  });

  it('deletes from the leaves, and complains of what is wrong', async () => {
    const { world } = await run('find d -delete', setting);
    expect(world.text('/work/d/c.ts')).toBeUndefined();
    expect((await run('find x', setting)).errors).toBe("find: 'x': No such file or directory\n");
    expect((await run('find -nam a', setting)).errors).toBe("find: unknown predicate `-nam'\n");
    expect((await run('find -name', setting)).errors).toBe("find: missing argument to `-name'\n");
  });
});

describe('xargs and env', () => {
  // biome-ignore format: a table
  it.each([
    ['xargs',                   'a b\nc\n',        'a b c\n'],
    ['xargs echo x',            "'a b' \"c\" d\\ e\n", 'x a b c d e\n'],
    ['xargs -n 2',              'a b c\n',         'a b\nc\n'],
    ['xargs -L 1',              'a b\nc\n',        'a b\nc\n'],
    ['xargs -I % echo <%>',     'a b\nc\n',        '<a b>\n<c>\n'],
    ['xargs -0 -n1',            'a b\0c',          'a b\nc\n'],
    ['xargs',                   '',                '\n'],
    ['xargs -r',                '',                ''],
    ['env',                     '',                'PATH=/bin\nHOME=/work\n'],
    ['env -u HOME X=1',         '',                'PATH=/bin\nX=1\n'],
    ['env -i X=1 PATH=/bin env', '',               'X=1\nPATH=/bin\n'],
  ])('%s of %j', async (command, input, output) => {
    expect(await outputOf(command, { ...setting, input })).toBe(output);
  });

  it('end as what they run ends, or says that it is not there', async () => {
    expect((await run('env false', setting)).status).toBe(1);
    expect((await run('xargs false', setting)).status).toBe(123);
    const missing = await run('env missing', setting);
    expect([missing.errors, missing.status]).toEqual(["env: 'missing': No such file or directory\n", 127]);
    const gone = await run('xargs missing', setting);
    expect([gone.errors, gone.status]).toEqual(['xargs: missing: No such file or directory\n', 127]);
    expect((await run('xargs', { ...setting, input: "a 'b" })).errors).toContain(
      'xargs: unmatched single quote',
    );
  });
});
