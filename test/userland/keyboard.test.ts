/**
 * The whole node from outside, key by key: how soon it asks for a command, and what the screen shows of job
 * control, of the line editor with its history and completion, and of the editor of files.
 */
import { beforeAll, expect, it } from 'vitest';
import { boardKeyboard, systemImages } from './keyboard-rig.ts';

const BUILD_MILLISECONDS = 900_000;
const CYCLES_PER_NANOSECOND = 0.1;
const BOOT_CYCLES_MAX = 100_000_000;

beforeAll(systemImages, BUILD_MILLISECONDS);

it('boots to the prompt within 100 million cycles', async () => {
  const console = await boardKeyboard();
  await console.prompt();
  expect(console.nanoseconds * CYCLES_PER_NANOSECOND).toBeLessThan(BOOT_CYCLES_MAX);
});

it('gives a stopped job back, and tells how one ended', async () => {
  const console = await boardKeyboard();
  await console.prompt();
  console.type('cat\r');
  await console.until('cat\r\n');
  console.rest();
  console.type('\x1a');
  expect(await console.prompt()).toBe('^Z\r\n[1]+  Stopped                 cat\r\n');
  expect(await console.run('echo $?; jobs')).toBe('148\n[1]+  Stopped                 cat\n');
  console.type('fg\r');
  await console.until('cat\r\n');
  console.type('seen\r');
  await console.until('seen\r\nseen\r\n');
  console.type('\x03');
  expect(await console.prompt()).toBe('^C\r\n');
  expect(await console.run('echo $?')).toBe('130\n');
  expect(await console.run("sh -c 'kill -SEGV $$'; echo $?")).toBe('Segmentation fault\n139\n');
});

it('finds lines again, and completes names', async () => {
  const console = await boardKeyboard();
  await console.prompt();
  const type = async (keys: string) => {
    console.type(keys);
    await console.prompt();
  };
  await type('clear\r');
  await type('mkd\t/one/de\x7f\x7f\x7f\r');
  await type('cd /on\t\r');
  await type('pwd\r');
  await type('\x1b[A\x1b[A\x1b[B\r');
  await type('\x12mk\x05; echo found\r');
  await type('ech\tab\x01\x1b[C\x0b\x19\x17$HO\t\x03');
  await type('echo c\x1b[Db \x05d\r');
  const shown = ['$ mkdir /one', '$ cd /one/', '$ pwd', '/one', '$ pwd', '/one', '$ mkdir /one; echo found'];
  const refused = ['mkdir: cannot create directory ‘/one’: File exists', 'found'];
  const last = ['$ echo $HOME ^C', '$ echo b cd', 'b cd', '$'];
  expect(await console.screen()).toEqual([...shown, ...refused, ...last]);
});

it('edits a file on the screen', async () => {
  const console = await boardKeyboard();
  await console.prompt();
  await console.run("printf 'one\\ntwo\\nthree\\n' > text");
  console.type('edit text\r');
  await console.until('^G line');
  console.rest();
  console.type('\x1b[B\x1b[Fº über\r\tnew');
  console.rest();
  const drawn = await console.screen();
  expect(drawn.slice(0, 6)).toEqual(['one', 'twoº über', '        new', 'three', '~', '~']);
  expect(drawn.at(-2)).toMatch(/^ text \* +3:12$/);
  console.type('\x06thr\r\x0b\x13');
  await console.until('Wrote 3 lines');
  console.type('\x11');
  await console.prompt();
  expect(await console.run('cat text')).toBe('one\ntwoº über\n\tnew\n');
});

it('watches processes on the screen, and leaves it as it was', async () => {
  const console = await boardKeyboard();
  await console.prompt();
  console.type('top\r');
  await console.until('COMMAND');
  console.rest();
  const drawn = await console.screen();
  expect(drawn[0]).toMatch(/^top - \d\d:\d\d:\d\d up 0 min, {2}\d+ processes$/);
  expect(drawn[1]).toMatch(/^CPU: \d+\.\d% used, \d+\.\d% idle$/);
  expect(drawn.join('\n')).toMatch(/ \d+\.\d {2}0:0\d\.\d\d sh$/m);
  console.type('N');
  console.rest();
  expect((await console.screen())[5]).toMatch(/^ +1 .* init$/);
  console.type('q');
  await console.prompt();
  expect(await console.screen()).toContain('$ top');
  expect(await console.run('/boot/bin/[ -c /dev/log ] && dmesg | head -n 1 | wc -l')).toBe('1\n');
  expect(await console.run('/boot/bin/time -p true 2>&1 | cut -d. -f1')).toBe('real 0\nuser 0\n');
});
