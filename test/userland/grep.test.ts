/**
 * Regular expressions by what grep finds with them, and grep's ways of telling it.
 */
import { describe, expect, it } from 'vitest';
import { outputOf, run } from './program-host.ts';

describe('regular expressions', () => {
  // biome-ignore format: a table
  it.each([
    ["grep -o 'a.c'",            'xabcx\n',          'abc\n'],
    ["grep -o 'ab*'",            'a abb\n',          'a\nabb\n'],
    ["grep -o '^a\\|b$'",        'aab\n',            'a\nb\n'],
    ["grep -oE 'a|ab|abc'",      'abcd\n',           'abc\n'],
    ["grep -oE '(a|ab)(c|bcd)'", 'abcd\n',           'abcd\n'],
    ["grep -oE 'x{2,3}'",        'xxxxx\n',          'xxx\nxx\n'],
    ["grep -o 'x\\{2\\}'",       'xxxxx\n',          'xx\nxx\n'],
    ["grep -oE '[a-c]+[^a-c]'",  'abz cabx\n',       'abz\ncabx\n'],
    ["grep -o '[[:digit:]]*[.]'", 'a12.b\n',         '12.\n'],
    ["grep -o '[]x]'",           'a]x\n',            ']\nx\n'],
    ["grep -x '\\(ab*\\)\\1'",   'abab\nabba\naa\n', 'abab\naa\n'],
    ["grep -E '(a*)*b'",         'aaab\n',           'aaab\n'],
    ["grep -oE 'colou?r'",       'color colour\n',   'color\ncolour\n'],
    ["grep -o '\\<w\\w*'",       'wax law\n',        'wax\n'],
    ["grep -o '\\bé.\\b'",       'x éa\n',           'éa\n'],
    ["grep -oi 'STRASSE[ä]'",    'strasseÄ\n',       'strasseÄ\n'],
    ["grep -o 'a*'",             'baac\n',           'aa\n'],
    ["grep '*a'",                '*a\nb\n',          '*a\n'],
    ["grep -E 'a{,2}b'",         'aab\n',            'aab\n'],
    ["grep -E 'a{x'",            'a{x\n',            'a{x\n'],
    ["grep 'a$b'",               'a$b\n',            'a$b\n'],
  ])('%s', async (command, input, output) => {
    expect(await outputOf(command, { input })).toBe(output);
  });

  // biome-ignore format: a table
  it.each([
    ["grep '\\(a'",    'grep: Unmatched ( or \\(\n'],
    ["grep -E 'a)'",   'grep: Unmatched ) or \\)\n'],
    ["grep '[a'",      'grep: Unmatched [, [^, [:, [., or [=\n'],
    ["grep '[b-a]'",   'grep: Invalid range end\n'],
    ["grep 'a\\'",     'grep: Trailing backslash\n'],
    ["grep '\\(a\\)\\2'", 'grep: Invalid back reference\n'],
    ["grep '[[:x:]]'", 'grep: Invalid character class name\n'],
  ])('%s is refused', async (command, errors) => {
    const found = await run(command);
    expect([found.errors, found.status]).toEqual([errors, 2]);
  });

  it('take no longer than text times pattern', async () => {
    const input = `${'a'.repeat(2000)}\n`;
    expect((await run("grep -E '(a|aa)*(a|aa)*b'", { input })).status).toBe(1);
  });
});

describe('grep', () => {
  const files = {
    a: 'one\ntwo\nthree\nfour\nfive\nsix\n',
    b: 'two two\n',
    'd/c.ts': 'two\n',
    'd/e.md': 'two\n',
  };

  // biome-ignore format: a table
  it.each([
    ['grep two a',          'two\n'],
    ['grep -n t a',         '2:two\n3:three\n'],
    ['grep -v o a',         'three\nfive\nsix\n'],
    ['grep two a b',        'a:two\nb:two two\n'],
    ['grep -h two a b',     'two\ntwo two\n'],
    ['grep -c e a',         '3\n'],
    ['grep -l five a b',    'a\n'],
    ['grep -L five a b',    'b\n'],
    ['grep -w -e hree -e six a', 'six\n'],
    ['grep -F -x two b a',  'a:two\n'],
    ['grep -m1 -n o a',     '1:one\n'],
    ['grep -n -A1 two a',   '2:two\n3-three\n'],
    ['grep -B1 -A1 two a',  'one\ntwo\nthree\n'],
    ['grep -C1 -e one -e six a', 'one\ntwo\n--\nfive\nsix\n'],
    ['grep -r two d',       'd/c.ts:two\nd/e.md:two\n'],
    ['grep -r --include=*.ts two', 'd/c.ts:two\n'],
    ['grep -b four a',      '14:four\n'],
    ['grep -q two a',       ''],
  ])('%s', async (command, output) => {
    expect(await outputOf(command, { files })).toBe(output);
  });

  it('ends with 1 where nothing matches, with 2 where something is wrong', async () => {
    expect((await run('grep y a', { files })).status).toBe(1);
    const { output, errors, status } = await run('grep two missing d a', { files });
    expect([output, status]).toEqual(['a:two\n', 2]);
    expect(errors).toBe('grep: missing: No such file or directory\ngrep: d: Is a directory\n');
    expect((await run('grep -s two missing', { files })).errors).toBe('');
  });
});
