/**
 * Commands that show and move files: what they write, what they complain of, and what is there afterwards.
 */
import { describe, expect, it } from 'vitest';
import { outputOf, run } from './program-host.ts';

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
