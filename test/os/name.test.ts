/**
 * The name service: which server a path leads to.
 */
import { expect, it } from 'vitest';
import { answersOf } from './kernel-rig.ts';
import { bootSystem, systemManifest } from './system-rig.ts';

const [BAD_ARGUMENT, BAD_ADDRESS, NOT_FOUND, NAME_TOO_LONG, TOO_LARGE] = [-5, -6, -32, -38, -49];

it('leads a path to the longest binding that is a part of it in whole names, and refuses what is none', async () => {
  const sessions = [{ run: '/boot/bin/name-ways', atEnd: 'off' }];
  const manifest = systemManifest({ sessions, mounts: { '/dev/deep': 'archive' } });
  const { output, status } = await bootSystem(manifest, { programs: { 'name-ways': 'name-ways' } });
  expect(status, output).toBe(0);
  const told = answersOf(output);
  expect(told.get('consumed')).toEqual([5, 5, 5, 9, 4, 4]);
  const sizes = [BAD_ARGUMENT, NAME_TOO_LONG, BAD_ADDRESS];
  expect(told.get('refused')).toEqual([NOT_FOUND, NOT_FOUND, BAD_ARGUMENT, ...sizes]);
  expect(told.get('list')).toEqual(['/boot /dev /dev/deep '.length, TOO_LARGE]);
  expect(told.get('again')).toEqual([0]);
});
