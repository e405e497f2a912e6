/**
 * The small devices and the terminal in a whole system: init starts drivers and services from a manifest, and
 * a program opens them by name.
 */
import { expect, it } from 'vitest';
import { hasQemu } from './firmware-rig.ts';
import { answersOf } from './kernel-rig.ts';
import { bootSystem, bootSystemOnQemu, systemManifest } from './system-rig.ts';

const MANIFEST = systemManifest({
  services: {
    serial: { source: 'os/driver/uart.ts', device: 'uart', kept: 1, priority: 28 },
    entropy: { source: 'os/driver/entropy.ts', device: { virtio: 'entropy' }, kept: 2, priority: 27 },
    terminal: { priority: 26, uses: ['serial', 'process'], limits: { threads: 4 } },
    devices: { priority: 25, uses: ['terminal', 'entropy'], authority: ['log'] },
  },
  mounts: { '/dev': 'devices' },
  sessions: [{ run: '/boot/bin/devices-story', atEnd: 'off' }],
});
const SYSTEM = { programs: { 'devices-story': 'devices-story' } };

it('gives each device by its name, and what it is for', async () => {
  const { output, status } = await bootSystem(MANIFEST, SYSTEM);
  const answers = answersOf(output);
  expect(answers.get('/null')).toEqual([1, 0, 1, -44]);
  expect(answers.get('/zero')).toEqual([1, 100, 1, -44]);
  expect(answers.get('/random')).toEqual([-39, 100, 0, -44]);
  expect(answers.get('/tty')).toEqual([1, 0, 1, 4]);
  const [, said] = answers.get('/log')!;
  expect(said).toBeGreaterThan(0);
  expect(answers.get('/log')).toEqual([-39, said, 0, -44]);
  expect(answers.get('listed')).toEqual([76]);
  expect(answers.get('refused')).toEqual([-32, -34, -40, 64]);
  expect(status).toBe(0);
});

it('lets what was written last go out on a slow line before the machine is switched off', async () => {
  const { output, status } = await bootSystem(MANIFEST, {
    ...SYSTEM,
    parts: { serialLine: 'divisor' },
    seconds: 3,
  });
  expect(answersOf(output).get('refused')!.slice(0, 3)).toEqual([-32, -34, -40]);
  expect(status).toBe(0);
});

it.skipIf(!hasQemu)('gives them under QEMU by the same files', async () => {
  const output = await bootSystemOnQemu(MANIFEST, { ...SYSTEM, devices: '-device virtio-rng-device' });
  expect(answersOf(output).get('/zero')).toEqual([1, 100, 1, -44]);
  expect(answersOf(output).get('/tty')).toEqual([1, 0, 1, 4]);
});
