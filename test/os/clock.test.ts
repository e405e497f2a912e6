/**
 * The clock's driver as a process with its own registers and interrupt only: moments come when they should, and
 * a time that was set stays, whatever becomes of the driver.
 */
import { expect, it } from 'vitest';
import { hasQemu } from './firmware-rig.ts';
import { answersOf, boot, bootOnQemu, type Sources } from './kernel-rig.ts';

const STORY: Sources = { init: 'clock-story', clock: 'os/driver/clock.ts' };

it('waits for moments, and is set', async () => {
  const { output, status } = await boot(STORY);
  expect(answersOf(output)).toEqual(
    new Map([
      ['waited', [3, 0, 7]],
      ['set', [0, 0, 2]],
    ]),
  );
  expect(status).toBe(0);
});

it.skipIf(!hasQemu)('waits no shorter under QEMU by the same files', async () => {
  const answers = answersOf(await bootOnQemu(STORY));
  const [short, none, long] = answers.get('waited')!;
  expect([short! >= 3, none! < 3, long! >= 7]).toEqual([true, true, true]);
  expect(answers.get('set')!.slice(0, 2)).toEqual([0, 0]);
});

it('runs a driver within 800 cycles of its interrupt, while another process is busy', async () => {
  const { output } = await boot({ init: 'latency-story', alarm: 'alarm', busy: 'busy' });
  const [how, cycles] = answersOf(output).get('interrupt')!;
  expect(how).toBe(1);
  expect(cycles).toBeGreaterThan(0);
  expect(cycles).toBeLessThanOrEqual(800);
  // and its end is noticed meanwhile
  expect(answersOf(output).get('busy')).toEqual([0]);
});
