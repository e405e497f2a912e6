/**
 * The progress bar of a build, on a terminal of its own.
 */
import headless from '@xterm/headless';
import { afterEach, expect, test, vi } from 'vitest';
import { ProgressBar } from '../../images/progress-bar.ts';

const { isTTY } = process.stderr;
afterEach(() => {
  vi.restoreAllMocks();
  process.stderr.isTTY = isTTY;
});

/** What stands on the terminal, its cursor's row, and the time that has passed. */
function terminal(isThere: boolean) {
  const screen = new headless.Terminal({ cols: 80, rows: 5, convertEol: true, allowProposedApi: true });
  const clock = { ms: 0 };
  process.stderr.isTTY = isThere;
  vi.spyOn(performance, 'now').mockImplementation(() => clock.ms);
  vi.spyOn(process.stderr, 'write').mockImplementation(text => {
    screen.write(String(text));
    return true;
  });
  const look = async () => {
    await new Promise<void>(resolve => screen.write('', resolve));
    const { active } = screen.buffer;
    const rows = [0, 1, 2].map(row => active.getLine(row)!.translateToString(true));
    return [rows.join('\n').trimEnd(), active.cursorY] as const;
  };
  return { clock, look };
}

test('it appears when there is something to wait for, moves in its place, and goes', async () => {
  const { clock, look } = terminal(true);
  const bar = new ProgressBar('building');
  bar.step(0, 10, 'kernel');
  expect(await look()).toEqual(['', 0]);
  clock.ms = 4000;
  bar.step(5, 10, 'init');
  expect(await look()).toEqual([`building  ${'█'.repeat(12)}${'·'.repeat(12)}  5 of 10  init`, 1]);
  bar.step(10, 10, 'sh');
  expect(await look()).toEqual([`building  ${'█'.repeat(24)}  10 of 10  sh`, 1]);
  bar.close();
  expect(await look()).toEqual(['', 0]);
});

test('where no terminal is, it is one line', async () => {
  const { clock, look } = terminal(false);
  const bar = new ProgressBar('building');
  clock.ms = 4000;
  for (const part of ['kernel', 'init']) bar.step(1, 10, part);
  bar.close();
  expect((await look())[0]).toBe('building, 10 parts; the first time takes minutes …');
});
