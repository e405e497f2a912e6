/**
 * sed: scripts and what becomes of the text.
 */
import { describe, expect, it } from 'vitest';
import { outputOf, run } from './program-host.ts';

const LINES = 'one\ntwo\nthree\nfour\n';

// biome-ignore format: a table
const EDITS: readonly (readonly [command: string, input: string, output: string])[] = [
  ['sed s/o/0/',            LINES,        '0ne\ntw0\nthree\nf0ur\n'],
  ['sed s/e/E/g',           'eel\n',      'EEl\n'],
  ['sed s/e/E/2',           'eel\n',      'eEl\n'],
  ["sed 's/x*/-/g'",        'abc\n',      '-a-b-c-\n'],
  ["sed 's/a*/x/g'",        'baaac\n',    'xbxcx\n'],
  ["sed -E 's/(.)(.)/\\2\\1/g'", 'abcd\n', 'badc\n'],
  ["sed 's/t.*/<&>/'",      LINES,        'one\n<two>\n<three>\nfour\n'],
  ["sed 's,/,\\,,g'",       'a/b\n',      'a,b\n'],
  ["sed 's/\\(.*\\)/\\U\\1/;s/^./\\l&/'", 'word\n', 'wORD\n'],
  ["sed 's/ONE/1/I'",       LINES,        '1\ntwo\nthree\nfour\n'],
  ['sed -n 2p',             LINES,        'two\n'],
  ['sed -n $p',             LINES,        'four\n'],
  ['sed -n 2,3p',           LINES,        'two\nthree\n'],
  ['sed 2,$d',              LINES,        'one\n'],
  ['sed /t/d',              LINES,        'one\nfour\n'],
  ['sed -n /t/!p',          LINES,        'one\nfour\n'],
  ['sed -n /two/,/four/p',  LINES,        'two\nthree\nfour\n'],
  ['sed -n 1~2p',           LINES,        'one\nthree\n'],
  ['sed -n 2,+1p',          LINES,        'two\nthree\n'],
  ['sed -n /two/=',         LINES,        '2\n'],
  ["sed '2a after'",        LINES,        'one\ntwo\nafter\nthree\nfour\n'],
  ["sed '2i\\before'",      LINES,        'one\nbefore\ntwo\nthree\nfour\n'],
  ["sed '2,3c\\changed'",   LINES,        'one\nchanged\nfour\n'],
  ['sed y/abc/xyz/',        'aabbcc\n',   'xxyyzz\n'],
  ['sed 2q',                LINES,        'one\ntwo\n'],
  ['sed n;d',               LINES,        'one\nthree\n'],
  ["sed 'N;s/\\n/+/'",      LINES,        'one+two\nthree+four\n'],
  ["sed '$!N;P;D'",         LINES,        LINES],
  ['sed -n 1!G;h;$p',       LINES,        'four\nthree\ntwo\none\n'],
  ["sed ':a;s/^\\(x*\\)y/\\1x/;ta'", 'yyy\n', 'xxx\n'],
  ["sed '/two/{s/t/T/;s/o/O/}'", LINES,   'one\nTwO\nthree\nfour\n'],
  ["sed -n '/o/{/n/p}'",    LINES,        'one\n'],
  ["sed -n 'l'",            'a\tb\\\n',   'a\\tb\\\\$\n'],
  ['sed -e s/one/1/ -e s/two/2/', LINES,  '1\n2\nthree\nfour\n'],
  ['sed p',                 'no newline', 'no newline\nno newline'],
  ["sed '# a comment'",     'x\n',        'x\n'],
  ["sed 's/[/]/x/'",        'a/b\n',      'axb\n'],
];

describe('sed', () => {
  it.each(EDITS)('%s', async (command, input, output) => {
    expect(await outputOf(command, { input })).toBe(output);
  });

  // biome-ignore format: a table
  it.each([
    ['sed s/a/b',    "sed: -e expression #1, char 5: unterminated `s' command\n"],
    ['sed k',        "sed: -e expression #1, char 1: unknown command: `k'\n"],
    ['sed s/a/b/k',  "sed: -e expression #1, char 7: unknown option to `s'\n"],
    ['sed {p',       "sed: -e expression #1, char 0: unmatched `{'\n"],
    ['sed pp',       'sed: -e expression #1, char 2: extra characters after command\n'],
    ["sed 's/a/\\1/'", "sed: -e expression #1, char 7: invalid reference \\1 on `s' command's RHS\n"],
    ['sed bx',       "sed: -e expression #1, char 0: can't find label for jump to `x'\n"],
  ])('%s is refused', async (command, errors) => {
    const found = await run(command);
    expect([found.errors, found.status]).toEqual([errors, 1]);
  });

  it('changes files where they are, and keeps what they were', async () => {
    const { world } = await run('sed -i.old s/a/b/ x y', { files: { x: 'a\n', y: 'aa\n' } });
    expect(['x', 'x.old', 'y', 'y.old'].map(name => world.text(`/work/${name}`))).toEqual([
      'b\n',
      'a\n',
      'ba\n',
      'aa\n',
    ]);
  });

  it('reads and writes files of its own', async () => {
    const files = { in: 'added\n' };
    const { output, world } = await run(['sed', '-n', '1{p;r in\n};/t/w out'], { files, input: LINES });
    expect([output, world.text('/work/out')]).toEqual(['one\nadded\n', 'two\nthree\n']);
  });

  it('goes on behind a file that is not there', async () => {
    const { output, errors, status } = await run('sed = missing a', { files: { a: 'x\n' } });
    expect([output, errors, status]).toEqual([
      '1\nx\n',
      "sed: can't read missing: No such file or directory\n",
      2,
    ]);
  });
});
