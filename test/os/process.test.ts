/**
 * Processes from outside: children and what their parents are told, signals, sessions, limits, faults that say
 * where, and every refusal by its error.
 */
import { beforeAll, expect, it } from 'vitest';
import { buildKernel } from '../../images/boot/kernel.ts';
import { buildService } from '../../images/boot/program.ts';
import { hasQemu } from './firmware-rig.ts';
import { answersOf } from './kernel-rig.ts';
import {
  BUILD_MILLISECONDS,
  bootSystem,
  bootSystemOnQemu,
  systemImages,
  systemManifest,
} from './system-rig.ts';

const [BAD_ARGUMENT, BAD_ADDRESS, QUOTA] = [-5, -6, -16];
const [NOT_FOUND, IS_DIRECTORY, NAME_TOO_LONG, ACCESS] = [-32, -35, -38, -39];
const [NO_SUCH_PROCESS, NO_CHILD, TOO_LARGE, NOT_EXECUTABLE] = [-46, -47, -49, -51];
const [EXITED, SIGNALLED, STOPPED, CONTINUED] = [1, 2, 3, 4];
const MINE = 1;

const only = (program: string) =>
  systemManifest({ sessions: [{ run: `/boot/bin/${program}`, atEnd: 'off' }] });
const WAYS = { programs: { 'process-ways': 'process-ways', child: 'child' }, seconds: 3 };

beforeAll(async () => {
  await systemImages(only('process-ways'), WAYS);
}, BUILD_MILLISECONDS);

it('tells a parent how each of its children has ended, stopped or gone on', async () => {
  const { output, status } = await bootSystem(only('process-ways'), WAYS);
  expect(status, output).toBe(0);
  const told = answersOf(output);
  expect(told.get('status')).toEqual([MINE, EXITED, 5, 0, MINE, SIGNALLED, 9, NO_CHILD]);
  expect(told.get('signal')).toEqual([
    ...[0, MINE, SIGNALLED, 15],
    ...[0, 0, MINE, SIGNALLED, 10],
    ...[MINE, EXITED, 42],
  ]);
  expect(told.get('stop')).toEqual([MINE, STOPPED, 20, 0, MINE, CONTINUED, 0, MINE, SIGNALLED, 9]);
  const ofGroup = [0, NO_CHILD, NO_SUCH_PROCESS, NO_SUCH_PROCESS, 0];
  expect(told.get('group')).toEqual([...ofGroup, 0, 0, MINE, SIGNALLED, 9]);
  expect(told.get('orphan')).toEqual([MINE, EXITED, 3, 1]);
  expect(told.get('crowd')).toEqual([QUOTA, 1, QUOTA, 0]);
  expect(told.get('descriptor')).toEqual([0, 0, MINE, EXITED, 0, NO_SUCH_PROCESS]);
});

it('says of a fault what it was and where, by function, file and line', async () => {
  const { output } = await bootSystem(only('process-ways'), WAYS);
  const place = String.raw`in program\.main \(test/os/guest/child\.ts:\d+\)`;
  expect(output).toMatch(
    new RegExp(`^child: store page fault at 0x00000010, ${place}\nfault 1 ${SIGNALLED} 11$`, 'm'),
  );
  expect(output).toMatch(
    new RegExp(`^child: store page fault at 0x50[0-9a-f]{6}, ${place}\ngreedy 1 ${SIGNALLED} 11$`, 'm'),
  );
});

it.skipIf(!hasQemu)('tells parents the same under QEMU', async () => {
  // where the greedy one's quota ends depends on how much RAM there is left
  const told = (output: string) => output.replace(/0x50[0-9a-f]{6}/, 'its end');
  const ours = (await bootSystem(only('process-ways'), WAYS)).output;
  expect(told(await bootSystemOnQemu(only('process-ways'), WAYS))).toBe(told(ours));
});

it('refuses what is no program, whoever is none of one’s own, and what is another’s to do', async () => {
  const { elf } = await buildService('test/os/guest/nothing.ts');
  const foreign = elf.slice();
  foreign[18] = 62;
  const others = { foreign, cut: elf.subarray(0, 60), kernel: (await buildKernel()).elf };
  const sessions = ['child', 'process-refusals'].map(name => ({ run: `/boot/bin/${name}`, atEnd: 'off' }));
  sessions[0] = { ...sessions[0]!, arguments: ['victim', '200'] } as (typeof sessions)[0];
  const programs = { 'process-refusals': 'process-refusals', nothing: 'nothing', child: 'child' };
  const { output } = await bootSystem(systemManifest({ sessions }), { programs, others });
  const told = answersOf(output);
  expect(told.get('spawn')).toEqual([
    ...[NOT_FOUND, IS_DIRECTORY, ACCESS, NOT_EXECUTABLE, NOT_EXECUTABLE, NOT_EXECUTABLE],
    ...[BAD_ARGUMENT, NOT_FOUND, NO_SUCH_PROCESS, NO_SUCH_PROCESS],
  ]);
  const sizes = [BAD_ARGUMENT, NAME_TOO_LONG, BAD_ARGUMENT, TOO_LARGE];
  expect(told.get('block')).toEqual([...sizes, BAD_ARGUMENT, BAD_ADDRESS]);
  expect(told.get('signal')).toEqual([
    ...[NO_SUCH_PROCESS, NO_SUCH_PROCESS, ACCESS, ACCESS, 0, 0, BAD_ARGUMENT],
    ...[BAD_ARGUMENT, BAD_ARGUMENT, BAD_ARGUMENT, NO_SUCH_PROCESS, ACCESS],
  ]);
  const children = [NO_CHILD, NO_CHILD, NO_SUCH_PROCESS, NO_SUCH_PROCESS];
  expect(told.get('other')).toEqual([...children, ACCESS, BAD_ARGUMENT, ACCESS, ACCESS]);
});

it('makes a small program in no more than 200,000 cycles, its life and end included', async () => {
  const programs = { 'spawn-cost': 'spawn-cost', nothing: 'nothing', child: 'child' };
  const session = { run: '/boot/bin/spawn-cost', arguments: ['spawn-cost', '1'], atEnd: 'off' };
  const managed = { ...systemManifest({ sessions: [session] }), programs: ['true'] };
  const ofTrue = answersOf((await bootSystem(managed, { programs, seconds: 2 })).output);
  expect(ofTrue.get('answered')![0]).toBeLessThanOrEqual(100_000);
  expect(ofTrue.get('ended')![0]).toBeLessThanOrEqual(200_000);
  const { output, status } = await bootSystem(only('spawn-cost'), { programs, seconds: 2 });
  expect(status, output).toBe(0);
  const told = answersOf(output);
  expect(told.get('answered')![0]).toBeLessThanOrEqual(100_000);
  expect(told.get('ended')![0]).toBeLessThanOrEqual(200_000);
  expect(told.get('many')).toEqual([300]);
});
