/**
 * What a person sees who boots a node and types commands at its console: one story, in order, each line with
 * what is written before the next prompt. The disk is absent, so that the tree is in memory.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasQemu } from '../os/firmware-rig.ts';
import { boardConsole, type Console, qemuConsole, runScript } from './console-rig.ts';

// biome-ignore format: a table
const STORY: readonly (readonly [command: string, output: string])[] = [
  ['pwd',                                     '/\n'],
  ['mkdir -p work/d; cd work; pwd',           '/work\n'],
  ["printf 'b\\na\\nc\\n' > list; cat list",  'b\na\nc\n'],
  ['cat -n list | tail -n 1',                 '     3\tc\n'],
  ['cp list d; ls d',                         'list\n'],
  ['ls -F',                                   'd/  list\n'],
  ['sort list | head -n 2',                   'a\nb\n'],
  ['sort -r list > sorted; mv sorted d/; ls d', 'list  sorted\n'],
  ['wc list d/sorted',                        ' 3  3  6 list\n 3  3  6 d/sorted\n 6  6 12 total\n'],
  ['grep -n a list d/*',                      'list:2:a\nd/list:2:a\nd/sorted:3:a\n'],
  ["sed 's/[ab]/<&>/' list",                  '<b>\n<a>\nc\n'],
  ['tr a-c A-C < list | cut -c1',             'B\nA\nC\n'],
  ['seq 3 | tee one two | wc -l',             '3\n'],
  ['cat one two | sort | uniq -c',            '      2 1\n      2 2\n      2 3\n'],
  ["find . -name 's*' -type f",               './d/sorted\n'],
  ['find . -type f | xargs wc -c | tail -1',  '30 total\n'],
  ['ln -s list link; cat link; ls -l link | cut -c1-10', 'b\na\nc\nlrwxrwxrwx\n'],
  ['ln one three; rm one; cat three',         '1\n2\n3\n'],
  ['touch new; ls -l new | cut -c1-22',       '-rw-r--r-- 1 root root\n'],
  ['env -i A=1 env',                          'A=1\n'],
  ['/boot/bin/echo $((6 * 7)) | cat -A',      '42$\n'],
  ['date -d @86400 +%F',                      '1970-01-02\n'],
  ['sleep 0.01; sync; true && echo done',     'done\n'],
  ['/boot/bin/false || echo $?',              '1\n'],
  ['cat missing',                             'cat: missing: No such file or directory\n'],
  ['rmdir d',                                 "rmdir: failed to remove 'd': Directory not empty\n"],
  ['ls -z',                                   "ls: invalid option -- 'z'\nTry 'ls --help' for more information.\n"],
  ['cp d x',                                  "cp: -r not specified; omitting directory 'd'\n"],
  ['head -n 1 /boot/manifest | wc -l',        '1\n'],
  ['rm -r d list link new three two; ls',     ''],
];

describe.each([
  { machine: 'our board', open: boardConsole, isHere: true },
  { machine: 'QEMU', open: qemuConsole, isHere: hasQemu },
])('typed at the console of $machine', ({ open, isHere }) => {
  let console: Console | undefined;

  beforeAll(async () => {
    if (isHere) console = await open();
  }, 600_000);

  afterAll(() => console?.close());

  it.skipIf(!isHere).each(STORY)('%s', async (command, output) => {
    expect(await console!.run(command)).toBe(output);
  });
});

it('says the same as a script, on our board and under QEMU', async () => {
  const { board, qemu } = await runScript(STORY.map(([command]) => command).join('\n'));
  expect(board).toBe(STORY.map(([, output]) => output).join(''));
  if (hasQemu) expect(qemu).toBe(board);
}, 600_000);
