/**
 * The first process from outside: what a person at the console reads while services come, die and are started
 * again.
 */
import { beforeAll, expect, it } from 'vitest';
import { hasQemu } from './firmware-rig.ts';
import {
  BUILD_MILLISECONDS,
  bootSystem,
  bootSystemOnQemu,
  systemImages,
  systemManifest,
} from './system-rig.ts';

const SALUTE = { sessions: [{ run: '/boot/bin/salute', atEnd: 'off' }] };
const PROGRAMS = { salute: 'salute' };

beforeAll(async () => {
  await systemImages(systemManifest(SALUTE), { programs: PROGRAMS });
}, BUILD_MILLISECONDS);

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

const mortal = (role: number, restart: object, more: object = {}) => ({
  mortal: { source: 'test/os/guest/mortal.ts', arguments: [String(role)], restart, ...more },
});

it('starts what dies again, as often as the manifest allows, and then switches off with a failure', async () => {
  const services = mortal(1, { max: 2 });
  const { output, status } = await bootSystem(systemManifest({ services }));
  const lines = output.split('\n').filter(line => line.includes(' mortal '));
  expect(lines).toEqual([
    'init: mortal ended with status 9: started again (1 of 2)',
    'init: mortal ended with status 9: started again (2 of 2)',
    'init: mortal ended with status 9, too often: nothing can go on without it, switching off',
  ]);
  expect(status).toBe(1);
});

it('says where a service faulted, and goes on without one that the manifest can spare', async () => {
  const services = mortal(2, { max: 1, otherwise: 'give up' });
  const waiting = { run: '/boot/bin/child', arguments: ['child', '200'], atEnd: 'off' };
  const manifest = systemManifest({ sessions: [...SALUTE.sessions, waiting], services });
  const programs = { ...PROGRAMS, child: 'child' };
  const { output } = await bootSystem(manifest, { programs, seconds: 0.2 });
  const place = 'store page fault at 0x00000020, in program.main (test/os/guest/mortal.ts:15)';
  expect(output).toContain(`init: mortal died of a ${place}: started again (1 of 1)\n`);
  expect(output).toContain(`init: mortal died of a ${place}: the system goes on without it\n`);
  expect(output).toContain('hi\n');
});

it('ends a service that does not answer in time, and starts it again', async () => {
  const services = mortal(3, { max: 1 }, { priority: 5, pingMilliseconds: 100 });
  const { output } = await bootSystem(systemManifest({ services }), { seconds: 3 });
  const lines = output.split('\n').filter(line => line.includes(': mortal '));
  expect(lines.slice(0, 2)).toEqual([
    'init: mortal does not answer within 100 ms',
    'init: mortal was killed: started again (1 of 1)',
  ]);
});

it('answers every call to a service that is killed a thousand times meanwhile', async () => {
  const services = {
    ...mortal(0, {}),
    process: { uses: ['name', 'pipe', 'mortal'], arguments: ['name', 'pipe', 'mortal', 'init'] },
  };
  const manifest = systemManifest({ sessions: [{ run: '/boot/bin/killing', atEnd: 'off' }], services });
  const { output, status } = await bootSystem(manifest, { programs: { killing: 'killing' }, seconds: 20 });
  expect(output).toContain('answers 3000\nrestarts 1000\n');
  expect(status).toBe(0);
});

it('mounts everything again for a name service that has died', async () => {
  const services = {
    process: { uses: ['name', 'pipe'], arguments: ['name', 'pipe', 'init'] },
  };
  const manifest = systemManifest({ sessions: [{ run: '/boot/bin/renaming', atEnd: 'off' }], services });
  const programs = { renaming: 'renaming', nothing: 'nothing' };
  const { output, status } = await bootSystem(manifest, { programs });
  expect(output).toContain('init: name was killed: started again\n');
  expect(output).toContain('before 4 4\n');
  expect(status).toBe(0);
});

const processless = (milliseconds: number) =>
  systemManifest({
    sessions: [{ run: '/boot/bin/processless', arguments: ['processless', String(milliseconds)] }],
    services: {
      process: { uses: ['name', 'pipe'], arguments: ['name', 'pipe', 'init'], restart: { max: 0 } },
    },
  });

it('starts the machine again where the process service dies, but not one that has just come up', async () => {
  const programs = { processless: 'processless' };
  const death = 'init: process was killed: nothing can go on without it';
  const long = await bootSystem(processless(11_000), { programs, seconds: 12 });
  expect(long.output).toContain(`${death}\ninit: restarting the machine\ninit: starting name`);
  expect(long.board.poweredOff).toBeUndefined();
  const short = await bootSystem(processless(1_000), { programs, seconds: 12 });
  expect(short.output).toContain(`${death}, switching off\n`);
  expect(short.status).toBe(1);
});

const halting = (how: number) =>
  systemManifest({ sessions: [{ run: '/boot/bin/halting', arguments: ['halting', String(how)] }] });

it('ends all programs, one way or the other, before it switches off or starts the machine again', async () => {
  const programs = { halting: 'halting', child: 'child' };
  const off = await bootSystem(halting(0), { programs, seconds: 4 });
  expect(off.output).toMatch(/^child 1\ninit: switching off\n$/m);
  expect(off.status).toBe(0);
  expect(off.board.now / 1e9).toBeGreaterThan(2);
  const again = await bootSystem(halting(1), { programs, seconds: 6 });
  expect(again.output.split('init: restarting the machine\n').length).toBeGreaterThanOrEqual(3);
  expect(again.output.split('init: starting name').length).toBeGreaterThanOrEqual(3);
});
