/**
 * What free, top and uptime make of the list of processes.
 */
import { describe, expect, it } from 'vitest';
import { outputOf, run, type Setting } from './program-host.ts';

const setting: Setting = {
  prepare: world => {
    world.now = 1_709_208_000_000_000_000n; // 2024-02-29 12:00:00 UTC
    world.processes.push(
      { pid: 1, name: 'init', cycles: 0n },
      { pid: 2, name: 'serial', priority: 28, pages: 10, pagesMax: 24, cycles: 300n },
      { pid: 3, name: 'process', priority: 23, pages: 700, pagesMax: 1000, cycles: 100n },
      { pid: 32, name: 'sh', session: 32, priority: 10, pages: 90, pagesMax: 600, cycles: 200n },
    );
  },
};

describe('free', () => {
  const head = '               total        used        free   available\n';
  // biome-ignore format: a table
  it.each([
    ['free',      'Mem:            4096         800        3296        1200\n'],
    ['free -b',   'Mem:         4194304      819200     3375104     1228800\n'],
    ['free -m',   'Mem:               4           0           3           1\n'],
    ['free -h',   'Mem:            4.0M        800K        3.3M        1.2M\n'],
  ])('%s', async (command, output) => {
    expect(await outputOf(command, setting)).toBe(head + output);
  });
});

describe('top', () => {
  const rows = async (command: string) =>
    (await outputOf(command, setting)).split('\n\n')[1]!.trimEnd().split('\n');

  it('says how much each has had, and of what', async () => {
    const head = (await outputOf('top -b -n 1', setting)).split('\n').slice(0, 3);
    expect(head[0]).toBe('top - 12:00:00 up 0 min,  4 processes');
    expect(head[1]).toMatch(/^CPU: \d+\.\d% used, \d+\.\d% idle$/);
    expect(head[2]).toBe('KiB Mem: 4096 total, 800 used, 1200 available');
    const [heading, first] = await rows('top -b -n 1');
    expect(heading).toBe('   PID PRI S   RSS  %CPU     TIME COMMAND');
    expect(first).toMatch(/^ {5}2 {2}28 R {4}40 +\d+\.\d {2}0:00\.00 serial$/);
  });

  // biome-ignore format: a table
  it.each([
    ['top -b -n 1',           ['serial', 'sh', 'process', 'init']],
    ['top -b -n 1 -o mem',    ['process', 'sh', 'serial', 'init']],
    ['top -b -n 1 -o pid',    ['init', 'serial', 'process', 'sh']],
    ['top -b -n 1 -p 3,32',   ['sh', 'process']],
  ] as const)('%s', async (command, names) => {
    expect((await rows(command)).slice(1).map(row => row.split(' ').at(-1))).toEqual(names);
  });

  it('shows itself as often as it is told, with shares since the time before', async () => {
    const frames = (await outputOf('top -b -n 2 -d 1', setting)).split(/^top - /m);
    expect(frames).toHaveLength(3);
    expect(frames[2]).toContain('CPU: 0.0% used, 100.0% idle');
  });

  it('wants a terminal for its screen', async () => {
    const { errors, status } = await run('top', setting);
    expect([errors, status]).toEqual(['top: not at a terminal: see -b\n', 1]);
  });
});

it('uptime counts them', async () => {
  expect(await outputOf('uptime', setting)).toBe(' 12:00:00 up 0 min,  4 processes\n');
});
