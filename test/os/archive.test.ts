/**
 * The boot archive as a tree of files.
 */
import { expect, it } from 'vitest';
import { answersOf } from './kernel-rig.ts';
import { bootSystem, systemManifest } from './system-rig.ts';

const [FILE, DIRECTORY] = [1, 2];
const [BAD_ARGUMENT, NOT_FOUND, NOT_DIRECTORY, IS_DIRECTORY] = [-5, -32, -34, -35];
const [READ_ONLY, TOO_LARGE, TOO_MANY] = [-40, -49, -53];

it('shows the boot archive’s files and folders, by reading and by mapping, and lets nobody change them', async () => {
  const programs = { 'archive-ways': 'archive-ways', nothing: 'nothing' };
  const manifest = systemManifest({ sessions: [{ run: '/boot/bin/archive-ways', atEnd: 'off' }] });
  const { output, status } = await bootSystem(manifest, { programs });
  expect(status, output).toBe(0);
  const told = answersOf(output);
  const folders = [DIRECTORY, 0o555, DIRECTORY, 0o555];
  expect(told.get('stat')).toEqual([...folders, FILE, 0o555, FILE, 0o444, NOT_FOUND, NOT_FOUND]);
  const refused = [NOT_FOUND, READ_ONLY, READ_ONLY, NOT_DIRECTORY, BAD_ARGUMENT];
  expect(told.get('open')).toEqual([...refused, IS_DIRECTORY, IS_DIRECTORY]);
  expect(told.get('contents')).toEqual([1, 0, 0, 4, 0, BAD_ARGUMENT, READ_ONLY]);
  expect(told.get('list')).toEqual([2, 'archive-ways nothing'.length - 1, TOO_LARGE, NOT_DIRECTORY]);
  expect(told.get('change')).toEqual([READ_ONLY, READ_ONLY, READ_ONLY, BAD_ARGUMENT]);
  expect(told.get('crowd')).toEqual([TOO_MANY, 1]);
});
