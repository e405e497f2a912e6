/**
 * A rogue board on the wire of real ones: it hears all that passes on their hub, and sends it again as it was, changed
 * or cut short, as fast as it can (guest/rogue.ts): more than 9,000 frames a second. Nothing of it counts, and the
 * services go on at a price: a call takes 132 µs instead of 101.
 */
import { beforeAll, expect, it } from 'vitest';
import { loadCore } from '../../hw/cpu/load-core.ts';
import { Random } from '../../hw/lab/random.ts';
import { parseTopology } from '../../hw/lab/topology.ts';
import { Session } from '../../hw/session/session.ts';
import { buildSystem, clusterManifest } from '../../images/boot/system.ts';
import { imagesOf } from './kernel-rig.ts';
import { BUILD_MILLISECONDS } from './system-rig.ts';

const NODES = [0, 1, 2];
const ROGUE = 3;
const PROGRAMS = ['cat', 'login', 'net', 'nodes', 'on', 'ping', 'sh'];
const SECOND = 1_000_000_000;

let session: Session;

beforeAll(async () => {
  const manifest = { ...clusterManifest('one'), programs: PROGRAMS, privileged: [] };
  const { firmware, kernel, archive } = await buildSystem(manifest);
  const rogue = await imagesOf({ init: 'rogue', nic: 'os/driver/nic.ts' });
  const images = { firmware, kernel, initrd: archive };
  const description = {
    topology: parseTopology('bus:4', new Random(1)),
    seed: 1,
    commandLine: 'members=0-2',
    imagesOf: (node: number) => (node === ROGUE ? { firmware, kernel, initrd: rogue.archive } : images),
  };
  session = Session.build(description, await loadCore());
  for (const node of NODES) session.powerOn(node);
  for (const node of NODES) await session.expect(node, '$ ', { within: '1s' });
}, BUILD_MILLISECONDS);

/** What the console says to a command. */
async function ask(node: number, command: string): Promise<string> {
  session.type(node, `${command}; echo end-$((1+1))\n`);
  return session.expect(node, /[\s\S]*end-2/, { within: '20s' });
}

/** Of a counter that `net counters` shows. */
async function counted(node: number, name: string): Promise<number> {
  const line = (await ask(node, 'net counters')).split('\n').find(text => text.includes(name));
  return Number(line!.trim().split(/ +/)[0]);
}

/** How long ten calls to another node take in the mean, in microseconds. */
async function meanCall(): Promise<number> {
  return Number(/mean (\d+\.\d)/.exec(await ask(0, 'ping -c 10 -i 0 1'))![1]);
}

it('takes nothing that a rogue floods, forges and replays, and goes on at a price', async () => {
  const calm = await meanCall();
  session.powerOn(ROGUE);
  await session.run('500ms');
  const before = session.now;
  const [forged, replayed] = [await counted(0, 'forged'), await counted(0, 'seen before')];
  const flooded = await meanCall();
  for (const turn of ['1', '2', '3']) {
    expect(await ask(0, `on 1 sh -c "echo ${turn} >> /node/1/tmp/log"; echo was-$?`)).toContain('was-0');
  }
  expect(await ask(1, 'cat /node/1/tmp/log')).toMatch(/\n1\s+2\s+3\s/);
  const drops = (await counted(0, 'forged')) - forged + (await counted(0, 'seen before')) - replayed;
  const rate = (drops * SECOND) / (session.now - before);
  expect(rate).toBeGreaterThan(5000);
  expect(flooded).toBeLessThan(2 * calm);
  for (const node of NODES) expect(await ask(node, 'nodes')).toContain('View 1: 3 nodes, with a say.');
});
