/**
 * Commands that show and move files: what they write, what they complain of, and what is there afterwards.
 */
import { describe, expect, it } from 'vitest';
import { KIND_DIRECTORY } from '../../os/abi/file.ts';
import { outputOf, run, type Setting } from './program-host.ts';
import type { Node, World } from './program-world.ts';

describe('cat', () => {
  const files = { a: 'one\n\n\n\ttwo\n', b: 'three' };

  // biome-ignore format: a table
  it.each([
    ['cat a b',  'one\n\n\n\ttwo\nthree'],
    ['cat - b',  'inputthree'],
    ['cat -n a', '     1\tone\n     2\t\n     3\t\n     4\t\ttwo\n'],
    ['cat -b a', '     1\tone\n\n\n     2\t\ttwo\n'],
    ['cat -sA a', 'one$\n$\n^Itwo$\n'],
  ])('%s', async (command, output) => {
    expect(await outputOf(command, { files, input: 'input' })).toBe(output);
  });

  it('shows bytes that are no characters, and passes them on as they are', async () => {
    const bytes = Uint8Array.of(0xff, 0, 0x1b, 0xc3, 0x28);
    expect(await outputOf('cat -v', { input: bytes })).toBe('M-^?^@^[M-C(');
    const { world } = await run('cat', { input: bytes });
    const output = world.find('/output');
    expect(typeof output === 'object' && [...output.content]).toEqual([...bytes]);
  });

  it('goes on behind a file that is not there or cannot be read', async () => {
    const { output, errors, status } = await run('cat missing b d -z', { files: { ...files, 'd/e': '' } });
    expect([output, status]).toEqual(['', 1]);
    expect(errors).toBe("cat: invalid option -- 'z'\nTry 'cat --help' for more information.\n");
    const more = await run('cat missing b d', { files: { ...files, 'd/e': '' } });
    expect([more.output, more.status]).toEqual(['three', 1]);
    expect(more.errors).toBe('cat: missing: No such file or directory\ncat: d: Is a directory\n');
  });
});

/** What is in /work afterwards: names, directories with a slash behind, contents of files. */
async function left(command: string, setting: Setting = {}): Promise<string> {
  const { world, output, errors } = await run(command, setting);
  const show = (folder: Node, path: string): string[] =>
    [...folder.entries].sort().flatMap(([name, node]) => {
      if (node.kind === KIND_DIRECTORY) return [`${path}${name}/`, ...show(node, `${path}${name}/`)];
      const content = node.target === '' ? new TextDecoder().decode(node.content) : `-> ${node.target}`;
      return [`${path}${name}=${content}`];
    });
  return [...show(world.find('/work') as Node, ''), output + errors].join(' ').trim();
}

describe('cp, mv, ln', () => {
  const files = { a: 'A', b: 'B', 'd/e': 'E' };

  // biome-ignore format: a table
  it.each([
    ['cp a c',         'a=A b=B c=A d/ d/e=E'],
    ['cp a b d',       'a=A b=B d/ d/a=A d/b=B d/e=E'],
    ['cp -t d a',      'a=A b=B d/ d/a=A d/e=E'],
    ['cp -rv d f',     "a=A b=B d/ d/e=E f/ f/e=E 'd' -> 'f'\n'd/e' -> 'f/e'"],
    ['cp d f',         "a=A b=B d/ d/e=E cp: -r not specified; omitting directory 'd'"],
    ['cp x c',         "a=A b=B d/ d/e=E cp: cannot stat 'x': No such file or directory"],
    ['cp a a',         "a=A b=B d/ d/e=E cp: 'a' and 'a' are the same file"],
    ['cp -r d d/f',    "a=A b=B d/ d/e=E cp: cannot copy a directory, 'd', into itself, 'd/f'"],
    ['cp a x/y',       "a=A b=B d/ d/e=E cp: cannot create regular file 'x/y': No such file or directory"],
    ['cp a b c',       "a=A b=B d/ d/e=E cp: target 'c': No such file or directory"],
    ['cp -n a b',      'a=A b=B d/ d/e=E'],
    ['cp -T a d',      "a=A b=B d/ d/e=E cp: cannot overwrite directory 'd' with non-directory"],
    ['cp a',           "a=A b=B d/ d/e=E cp: missing destination file operand after 'a'\nTry 'cp --help' for more information."],
    ['mv a c',         'b=B c=A d/ d/e=E'],
    ['mv -v a b d',    "d/ d/a=A d/b=B d/e=E renamed 'a' -> 'd/a'\nrenamed 'b' -> 'd/b'"],
    ['mv d f',         'a=A b=B f/ f/e=E'],
    ['mv x y',         "a=A b=B d/ d/e=E mv: cannot stat 'x': No such file or directory"],
    ['mv d d/f',       "a=A b=B d/ d/e=E mv: cannot move 'd' to a subdirectory of itself, 'd/f'"],
    ['ln a c',         'a=A b=B c=A d/ d/e=E'],
    ['ln -s ../a d/c', 'a=A b=B d/ d/c=-> ../a d/e=E'],
    ['ln -sfv x a',    "a=-> x b=B d/ d/e=E 'a' -> 'x'"],
    ['ln a b',         "a=A b=B d/ d/e=E ln: failed to create hard link 'b': File exists"],
    ['ln d f',         'a=A b=B d/ d/e=E ln: d: hard link not allowed for directory'],
  ])('%s', async (command, after) => {
    expect(await left(command, { files })).toBe(after);
  });

  it('asks before it replaces, and does as it is told', async () => {
    expect(await left('cp -i a b', { files, input: 'n\n' })).toBe("a=A b=B d/ d/e=E cp: overwrite 'b'?");
    expect(await left('mv -i a b', { files, input: 'yes\n' })).toBe("b=A d/ d/e=E mv: overwrite 'b'?");
  });
});

describe('rm, mkdir, rmdir', () => {
  const files = { a: 'A', 'd/e': 'E', 'd/f/g': 'G' };

  // biome-ignore format: a table
  it.each([
    ['rm a',                  'd/ d/e=E d/f/ d/f/g=G'],
    ['rm a x',                "d/ d/e=E d/f/ d/f/g=G rm: cannot remove 'x': No such file or directory"],
    ['rm -f x a',             'd/ d/e=E d/f/ d/f/g=G'],
    ['rm d',                  "a=A d/ d/e=E d/f/ d/f/g=G rm: cannot remove 'd': Is a directory"],
    ['rm -rv d',              "a=A removed 'd/e'\nremoved 'd/f/g'\nremoved directory 'd/f'\nremoved directory 'd'"],
    ['rm -r /',               "a=A d/ d/e=E d/f/ d/f/g=G rm: it is dangerous to operate recursively on '/'\nrm: use --no-preserve-root to override this failsafe"],
    ['rm',                    "a=A d/ d/e=E d/f/ d/f/g=G rm: missing operand\nTry 'rm --help' for more information."],
    ['mkdir b c',             'a=A b/ c/ d/ d/e=E d/f/ d/f/g=G'],
    ['mkdir d',               'a=A d/ d/e=E d/f/ d/f/g=G mkdir: cannot create directory ‘d’: File exists'],
    ['mkdir x/y',             'a=A d/ d/e=E d/f/ d/f/g=G mkdir: cannot create directory ‘x/y’: No such file or directory'],
    ['mkdir -pv d x/y',       "a=A d/ d/e=E d/f/ d/f/g=G x/ x/y/ mkdir: created directory 'x'\nmkdir: created directory 'x/y'"],
    ['rmdir d',               "a=A d/ d/e=E d/f/ d/f/g=G rmdir: failed to remove 'd': Directory not empty"],
    ['rmdir --ignore-fail d', 'a=A d/ d/e=E d/f/ d/f/g=G'],
  ])('%s', async (command, after) => {
    expect(await left(command, { files })).toBe(after);
  });

  it('asks about each', async () => {
    const { errors } = await run('rm -ri d', { files, input: 'y\nn\ny\ny\ny\nn\n' });
    expect(errors).toBe(
      "rm: descend into directory 'd'? rm: remove regular file 'd/e'? rm: descend into directory 'd/f'? " +
        "rm: remove regular file 'd/f/g'? rm: remove directory 'd/f'? ",
    );
  });

  it('removes what mkdir -p made, up to where it began', async () => {
    const prepare = (world: World) => void world.makeDirectory('/work/x', 0o755);
    expect(await left('rmdir -p x', { prepare })).toBe('');
    const { world } = await run('mkdir -m 700 x');
    expect((world.find('/work/x') as Node).mode & 0o777).toBe(0o700);
  });
});

describe('chmod', () => {
  // biome-ignore format: a table
  it.each([
    ['chmod 600 a',         0o600, ''],
    ['chmod u+x,go-r a',    0o700, ''],
    ['chmod a=rX a',        0o444, ''],
    ['chmod -w a',          0o444, ''],
    ['chmod -v g+w a',      0o664, "mode of 'a' changed from 0644 (rw-r--r--) to 0664 (rw-rw-r--)\n"],
    ['chmod -c 644 a',      0o644, ''],
    ['chmod q+r a',         0o644, "chmod: invalid mode: ‘q+r’\nTry 'chmod --help' for more information.\n"],
    ['chmod 600 x',         0o644, "chmod: cannot access 'x': No such file or directory\n"],
  ])('%s', async (command, mode, text) => {
    const { world, output, errors } = await run(command, { files: { a: '' } });
    expect([(world.find('/work/a') as Node).mode, output + errors]).toEqual([mode, text]);
  });

  it('goes through directories', async () => {
    const { world } = await run('chmod -R o= d', { files: { 'd/e/f': '' } });
    const modes = ['d', 'd/e', 'd/e/f'].map(path => (world.find(`/work/${path}`) as Node).mode);
    expect(modes).toEqual([0o750, 0o750, 0o640]);
  });
});
