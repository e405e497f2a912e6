/**
 * What `test` and `[` find true, as programs; the shell's own share the code.
 */
import { expect, it } from 'vitest';
import { run, type Setting } from './program-host.ts';

const setting: Setting = {
  files: { file: 'text', empty: '', 'dir/x': '' },
  prepare: world => {
    world.symbolicLink('file', '/work/link');
    world.symbolicLink('nope', '/work/dangling');
  },
};

// biome-ignore format: a table
const CONDITIONS = [
  ['test',                        1, ''],
  ['test x',                      0, ''],
  ["test ''",                     1, ''],
  ['test -n x',                   0, ''],
  ['test -z x',                   1, ''],
  ['test a = a',                  0, ''],
  ['[ a != a ]',                  1, ''],
  ['[ a < b ]',                   0, ''],
  ['[ 010 -eq 10 ]',              0, ''],
  ['[ -5 -lt 3 ]',                0, ''],
  ["[ 12 -gt '         9 ' ]",    0, ''],
  ['[ 5 -le 3 ]',                 1, ''],
  ['test -e file',                0, ''],
  ['test -e nope',                1, ''],
  ['test -f dir',                 1, ''],
  ['test -d dir',                 0, ''],
  ['test -s empty',               1, ''],
  ['test -s file',                0, ''],
  ['test -L link',                0, ''],
  ['test -e dangling',            1, ''],
  ['test -w file',                0, ''],
  ['test -x file',                1, ''],
  ['test file -nt nope',          0, ''],
  ['test file -ef link',          0, ''],
  ['test -t 1',                   1, ''],
  ['test ! -e file',              1, ''],
  ['[ -e file -a -d dir ]',       0, ''],
  ['[ -e nope -o ( x = x ) ]',    0, ''],
  ['[ x',                         2, '[: missing ]\n'],
  ['test 1 -eq x',                2, 'test: Illegal number: x\n'],
  ['test a b',                    2, 'test: a: unexpected operator\n'],
] as const;

it.each(CONDITIONS)('%s ends with %i', async (command, status, errors) => {
  expect(await run(command, setting)).toMatchObject({ output: '', status, errors });
});
