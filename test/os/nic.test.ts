/**
 * The network card's driver as a process with its own registers and interrupt only: frames of all sizes there
 * and back, a carrier that comes and goes, and what it refuses.
 */
import { expect, it } from 'vitest';
import { EchoPeer } from '../../hw/lab/echo-peer.ts';
import { hasQemu } from './firmware-rig.ts';
import { answersOf, boot, bootOnQemu, type Sources } from './kernel-rig.ts';

const STORY: Sources = { init: 'nic-story', nic: 'os/driver/nic.ts' };
const NEIGHBOUR = [10, 0, 2, 2];
const ANSWERS: ReadonlyMap<string, readonly number[]> = new Map([
  ['describe', [0, 0x52, 1518, 1]],
  ['neighbour', [2]],
  ['echoes', [120]],
  ['again', [2]],
  ['refusals', [-5, -49, -49, 200]],
]);

it('finds its neighbour, gets every echo back whole, and again after it was replaced', async () => {
  const { output, status } = await boot(STORY, {
    parts: { nics: [{ mac: Uint8Array.of(0x52, 0x54, 0, 0x12, 0x34, 0x56) }] },
    prepare: board => board.nics[0]!.attach(new EchoPeer(board.nics[0]!, NEIGHBOUR)),
  });
  expect(answersOf(output)).toEqual(ANSWERS);
  expect(status).toBe(0);
});

it.skipIf(!hasQemu)('talks to its neighbour under QEMU by the same files', async () => {
  const devices = '-netdev user,id=net -device virtio-net-device,netdev=net,mac=52:54:00:12:34:56';
  expect(answersOf(await bootOnQemu(STORY, { devices }))).toEqual(ANSWERS);
});

it('says when the carrier goes and comes', async () => {
  const { board, output } = await boot(
    { init: 'nic-carrier', nic: 'os/driver/nic.ts' },
    { parts: { nics: [{}] }, seconds: 0.1 },
  );
  expect(output).toBe('');
  let said = '';
  board.onSerial(byte => {
    said += String.fromCharCode(byte);
  });
  for (const carrier of [true, false, true]) {
    board.nics[0]!.setCarrier(carrier);
    board.runUntil(board.now + 50_000_000);
  }
  expect(said).toBe('carrier 1 carrier 0 carrier 1 ');
  expect(board.poweredOff).toEqual({ by: 'guest', status: 0 });
});
