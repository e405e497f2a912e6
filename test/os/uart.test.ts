/**
 * The UART's driver as a process with its own registers and interrupt only: what is typed comes back.
 */
import { expect, it } from 'vitest';
import { hasQemu } from './firmware-rig.ts';
import { boot, bootOnQemu, type Sources } from './kernel-rig.ts';

const ECHO: Sources = { init: 'echo', uart: 'os/driver/uart.ts' };

it('echoes what is typed through the driver, until a q', async () => {
  const { output, status } = await boot(ECHO, { typed: 'hello q' });
  expect(output).toBe('hello q');
  expect(status).toBe(0);
});

it('takes a long text without losing a byte', async () => {
  const text = 'abcdefghijklmnoprstuvwxyz0123456789'.repeat(20) + 'q';
  const { output, status } = await boot(ECHO, { typed: text });
  expect(output).toBe(text);
  expect(status).toBe(0);
});

it('serves its clients again after it was killed and another was started in its place', async () => {
  const { board, output } = await boot(ECHO, { typed: 'one k', seconds: 0.1 });
  expect(output).toBe('one k');
  let more = '';
  board.onSerial(byte => {
    more += String.fromCharCode(byte);
  });
  for (const typed of ['two k', 'three k', 'four q']) {
    board.uart.receive(new TextEncoder().encode(typed));
    board.runUntil(board.now + 100_000_000);
  }
  expect(more).toBe('two kthree kfour q');
  expect(board.poweredOff).toEqual({ by: 'guest', status: 0 });
});

it.skipIf(!hasQemu)('echoes under QEMU by the same files', async () => {
  expect(await bootOnQemu(ECHO, { typed: 'hello q' })).toContain('hello q');
});
