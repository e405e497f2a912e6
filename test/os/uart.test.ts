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

const LOAD: Sources = { init: 'uart-killer', load: 'uart-load', uart: 'os/driver/uart.ts' };
const LOAD_OUTPUT = Array.from(
  { length: 6000 },
  (_, line) => `line ${String(line).padStart(5, '0')}.\n`,
).join('');

it('sends every byte once while its driver is killed a thousand times', async () => {
  const { output } = await boot(LOAD, { seconds: 10 });
  const [sent, kills] = output.split('ended 1 0 \nkills ');
  expect(sent).toBe(LOAD_OUTPUT);
  expect(Number(kills)).toBeGreaterThan(1000);
});

it('sends every byte once also on a slow line, where the driver dies with bytes in the UART', async () => {
  const { output } = await boot(LOAD, { parts: { serialLine: 'divisor' }, seconds: 2 });
  expect(output.length).toBeGreaterThan(2000);
  expect(output).toBe(LOAD_OUTPUT.slice(0, output.length));
});

it.skipIf(!hasQemu)('echoes under QEMU by the same files', async () => {
  expect(await bootOnQemu(ECHO, { typed: 'hello q' })).toContain('hello q');
});
