/**
 * Pipes between processes: every byte once and in order, ends that close, calls that are misused, and how fast
 * it is.
 */
import { expect, it } from 'vitest';
import { answersOf } from './kernel-rig.ts';
import { bootSystem, systemManifest } from './system-rig.ts';

const BAD_HANDLE = -2;
const CANCELLED = -25;
const BROKEN_PIPE = -43;
const NOT_SEEKABLE = -50;
const TOO_MANY = -53;
const TIMED_OUT = -24;

async function run(program: string) {
  const programs = Object.fromEntries([program, 'pipe-reader', 'pipe-user'].map(name => [name, name]));
  const manifest = systemManifest({ sessions: [{ run: `/boot/bin/${program}`, atEnd: 'off' }] });
  const { output, status } = await bootSystem(manifest, { programs, seconds: 2 });
  expect(status, output).toBe(0);
  return answersOf(output);
}

it('carries a megabyte from one process to another at no more than 4 cycles a byte', async () => {
  const told = await run('pipe-throughput');
  expect(told.get('failed')).toEqual([0]);
  expect(told.get('status')).toEqual([0]);
  expect(told.get('cycles')![0]).toBeLessThanOrEqual(4000);
});

it('keeps small writes whole, ends reads when nobody can write, and writes when nobody can read', async () => {
  const told = await run('pipe-ways');
  expect(told.get('small')).toEqual([5, 3, 8, 0, 1]);
  expect(told.get('end')).toEqual([4, 4, 0, 0]);
  expect(told.get('broken')).toEqual([4, BROKEN_PIPE, BROKEN_PIPE]);
  expect(told.get('large')).toEqual([65536, 65536]);
  expect(told.get('late')).toEqual([TIMED_OUT, 65536, 0]);
  expect(told.get('misuse')).toEqual([BAD_HANDLE, BAD_HANDLE, NOT_SEEKABLE, NOT_SEEKABLE, 0, 0]);
  expect(told.get('many')).toEqual([TOO_MANY, 1]);
  expect(told.get('stopped')).toEqual([12, 1]);
  expect(told.get('signal')).toEqual([CANCELLED, 2]);
});
