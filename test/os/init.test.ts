/**
 * The first process from outside: what a person at the console reads while services come, die and are started
 * again.
 */
import { expect, it } from 'vitest';
import { hasQemu } from './firmware-rig.ts';
import { bootSystem, bootSystemOnQemu, systemManifest } from './system-rig.ts';

const SALUTE = { sessions: [{ run: '/boot/bin/salute', atEnd: 'off' }] };
const PROGRAMS = { salute: 'salute' };

it('starts services in the order of need, then a program, and switches off when that has ended', async () => {
  const { output, status } = await bootSystem(systemManifest(SALUTE), { programs: PROGRAMS });
  expect(output).toBe('init: starting name archive pipe console process\nhi\n');
  expect(status).toBe(0);
});

it.skipIf(!hasQemu)('does the same under QEMU', async () => {
  const output = await bootSystemOnQemu(systemManifest(SALUTE), { programs: PROGRAMS });
  expect(output).toBe('init: starting name archive pipe console process\nhi\n');
});

it('says which device is missing, and goes on without what needs it', async () => {
  const source = 'test/os/guest/idle.ts';
  const services = { disk: { device: { virtio: 'block' }, source }, file: { uses: ['disk'], source } };
  const manifest = systemManifest({ ...SALUTE, services, mounts: { '/': ['file', 'archive'] } });
  const { output } = await bootSystem(manifest, { programs: PROGRAMS });
  expect(output).toContain('init: starting name archive pipe console process disk (absent) file (absent)\n');
  expect(output).toContain('init: / is not that of file, which is absent, but a substitute\n');
});
