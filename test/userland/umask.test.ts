/**
 * The mode mask, from a shell to what it starts.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { boardConsole, type Console } from './console-rig.ts';

let console: Console;

beforeAll(async () => {
  console = await boardConsole();
}, 600_000);

afterAll(() => console.close());

it('a program that the shell starts gives its files no more than the mask leaves', async () => {
  expect(await console.run('umask; umask 027; sh -c umask; touch f; mkdir d')).toBe('0022\n0027\n');
  expect(await console.run('echo > g; (umask 0; echo > h); umask')).toBe('0027\n');
  expect(await console.run('ls -ld d f g h | cut -c1-10')).toBe(
    'drwxr-x---\n-rw-r-----\n-rw-r-----\n-rw-rw-rw-\n',
  );
});

it('times a pipeline by the clock and by what its processes had of the processor', async () => {
  const said = await console.run('time -p sleep 0.1 | cat');
  expect(said).toMatch(/^real 0\.1[0-2]\nuser 0\.0[0-5]\n$/);
});
