/**
 * What time, dmesg and shutdown do.
 */
import { describe, expect, it } from 'vitest';
import { run } from './program-host.ts';
import type { World } from './program-world.ts';

const [OFF, REBOOT] = [0, 1];

describe('time', () => {
  it('says how long a command took, and ends as it did', async () => {
    const { output, errors, status } = await run('time echo hi', { programs: ['echo'] });
    expect([output, status]).toEqual(['hi\n', 0]);
    expect(errors).toMatch(/^\nreal\t0m0\.\d{3}s\nuser\t0m1\.234s\n$/);
    expect((await run('time false', { programs: ['false'] })).status).toBe(1);
  });

  it('says it as POSIX has it', async () => {
    const { errors } = await run('time -p echo -n', { programs: ['echo'] });
    expect(errors).toMatch(/^real 0\.\d\d\nuser 1\.23\n$/);
  });

  it('says what it cannot run', async () => {
    const { errors, status } = await run('time nope');
    expect([errors, status]).toEqual(['time: nope: No such file or directory\n', 127]);
    expect((await run('time')).status).toBe(125);
  });
});

describe('dmesg', () => {
  it('shows the log, all of it', async () => {
    const log = 'init: the disk is absent\n'.repeat(400);
    const prepare = (world: World) => world.put('/dev/log', log);
    expect(await run('dmesg', { prepare })).toMatchObject({ output: log, errors: '', status: 0 });
    expect((await run('dmesg')).errors).toBe('dmesg: /dev/log: No such file or directory\n');
  });
});

describe('the end of the machine', () => {
  // biome-ignore format: a table
  it.each([
    ['shutdown',        OFF],
    ['shutdown -r now', REBOOT],
    ['shutdown -h +1',  OFF],
    ['poweroff',        OFF],
    ['reboot',          REBOOT],
    ['halt',            OFF],
  ] as const)('%s', async (command, how) => {
    const { world, status } = await run(command);
    expect([world.halted, status]).toEqual([how, 0]);
  });

  it('wants a time that is one', async () => {
    const { errors, status, world } = await run('shutdown soon');
    expect(errors).toMatch(/^shutdown: invalid time ‘soon’\n/);
    expect([status, world.halted]).toEqual([1, undefined]);
  });
});
