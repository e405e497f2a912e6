/**
 * How much of a wire's rate a process gets that reads another node's file, one read after the other, with and without
 * loss.
 */
import { expect, it } from 'vitest';
import { bootCluster } from './cluster-rig.ts';
import { answersOf } from './kernel-rig.ts';

const BLOB = Uint8Array.from({ length: 0x1_0000 }, (_, at) => at % 251);
/** Of a frame of 1,518 bytes, and 20 between two, what is the data of a fragment. */
const PAYLOAD_SHARE = 1440 / 1538;
const TICKS_PER_SECOND = 10_000_000;

/** Which part of the rate at which the wire could carry such data. */
async function share(rate: number, lossPpm = 0): Promise<number> {
  const words = ['hauler', '1', '2', String(BLOB.length), '6'];
  const session = await bootCluster('line:2', {
    programs: { hauler: 'hauler' },
    files: { blob: BLOB },
    session: { run: '/boot/bin/hauler', arguments: words },
    wire: { rate, lossPpm },
  });
  await session.expect(0, 'hauled', { within: '10s' });
  await session.run('1ms');
  const [bytes, ticks, fault] = answersOf(session.text(0)).get('hauled')!;
  expect(fault).toBe(0);
  return (bytes! * 8) / (ticks! / TICKS_PER_SECOND) / (rate * PAYLOAD_SHARE);
}

it('carries a file at 100 Mbit/s, and goes on through loss', async () => {
  const whole = await share(100_000_000);
  expect(whole).toBeGreaterThan(0.68);
  expect(await share(100_000_000, 10_000)).toBeGreaterThan(0.3 * whole);
});

it('carries a file at 1 Gbit/s as fast as the processors can seal and copy', async () => {
  expect(await share(1_000_000_000)).toBeGreaterThan(0.085);
});
