/**
 * Symbolic links on the disk that lead to other trees: programs of the archive, devices, and back.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { boardConsole, type Console } from './console-rig.ts';

let console: Console;

beforeAll(async () => {
  console = await boardConsole();
}, 600_000);

afterAll(() => console.close());

it('a symbolic link leads to a program, a device or a directory of another tree', async () => {
  await console.run('mkdir d; cd d; ln -s /boot/bin/echo say');
  await console.run('ln -s ../dev/null none; ln -s ../boot up');
  expect(await console.run('./say hello; echo text > none; cat none; ls /dev')).toBe(
    'hello\nconsole  log  null  random  tty  zero\n',
  );
  expect(await console.run('ls up/bin/echo; test -x say && echo runs; ls -l say | cut -c1-10')).toBe(
    'up/bin/echo\nruns\nlrwxrwxrwx\n',
  );
});

it('a symbolic link to another tree is removed and renamed itself, and is no way out of a rename', async () => {
  await console.run('mkdir -p /e/f; cd /e; ln -s /boot/bin away');
  await console.run('ln -s /e/f here; echo a > file');
  expect(await console.run('mv file here; ls f; mv away gone; ls -F')).toBe('file\nf/  gone@  here@\n');
  expect(await console.run('mv f/file gone/file')).toContain('Read-only file system');
  expect(await console.run('rm gone here; ls')).toBe('f\n');
});

it('symbolic links in a circle through the root are an error', async () => {
  await console.run('cd /; ln -s one two; ln -s two one');
  expect(await console.run('cat one')).toBe('cat: one: Too many levels of symbolic links\n');
});
