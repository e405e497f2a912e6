/**
 * The kernel from outside: it boots to its first process on our board and under QEMU by the same files, says
 * what it cannot start without, and keeps its figures, which are exact.
 */

import { expect, it } from 'vitest';
import type { Board } from '../../hw/board.ts';
import { buildArchive } from '../../images/boot/archive.ts';
import { buildKernel } from '../../images/boot/kernel.ts';
import { hasQemu } from './firmware-rig.ts';
import { boot, bootImages, bootOnQemu } from './kernel-rig.ts';

it('boots to its first process, which switches the machine off', async () => {
  const { output, status } = await boot({ init: 'hello' });
  expect(output).toBe('hello from a process\n');
  expect(status).toBe(0);
});

it.skipIf(!hasQemu)('boots under QEMU by the same files', async () => {
  expect(await bootOnQemu({ init: 'hello' })).toBe('hello from a process\n');
});

it('says what it cannot start without, and switches off with a failure', async () => {
  const cases: [Uint8Array | undefined, string][] = [
    [undefined, 'no boot archive: give it as the initial RAM disk'],
    [new Uint8Array(5000), 'the initial RAM disk is not a boot archive'],
    [buildArchive(new Map()), 'the boot archive has no file init'],
    [buildArchive(new Map([['init', new Uint8Array(100)]])), 'init is not an ELF32 executable for RISC-V'],
  ];
  for (const [initrd, message] of cases) {
    const { output, status } = await bootImages(initrd);
    expect(output).toBe(`\nkernel: ${message}\n`);
    expect(status).toBe(1);
  }
});

it('is small, and its deepest stack is known to fit', async () => {
  const { sizes, stacks } = await buildKernel();
  expect(sizes['.text']).toBeLessThanOrEqual(48 * 1024);
  expect(stacks['_start']!.size).toBeLessThanOrEqual(4096);
});

it('keeps its figures: a null call, and a call and reply between two processes', async () => {
  const { output } = await boot({ init: 'exchange', peer: 'peer' });
  const found = /^null (\d+) (\d+) call (\d+) (\d+) $/m.exec(output)!;
  const [nullCycles, , callCycles, callInstructions] = found.slice(1).map(Number);
  expect(nullCycles).toBeLessThanOrEqual(150);
  expect(callCycles).toBeLessThanOrEqual(700);
  expect(callInstructions).toBeLessThanOrEqual(700);
});

/** What the kernel says where its first system call is this code instead. */
async function reportOf(...instructions: number[]): Promise<readonly string[]> {
  const prepare = (board: Board) => {
    const broken = board.plan.symbols.find(symbol => symbol.name === 'kernel.system_call')!;
    board.ram.write(broken.address, new Uint8Array(new Uint32Array(instructions).buffer));
  };
  const { output, status } = await boot({ init: 'hello' }, { prepare });
  expect(status).toBe(1);
  return output.split('\n').slice(1);
}

it.skipIf(!hasQemu)('keeps to its instructions under QEMU', async () => {
  const counted = { devices: '-icount shift=0' };
  const output = await bootOnQemu({ init: 'exchange', peer: 'peer' }, counted);
  const [callInstructions] = /(?<=call \d+ )\d+/.exec(output)!.map(Number);
  expect(callInstructions).toBeLessThanOrEqual(700);
});

it('reports a trap of its own with functions, files and lines', async () => {
  const illegal = 0;
  const [reason, place, ...callers] = await reportOf(illegal);
  expect(reason).toBe('kernel: trap in the kernel, cause 0x00000002, value 0x00000000');
  expect(place).toMatch(/^ {2}at 0x8040[0-9a-f]{4} \S*system_call \(os\/kernel\/kernel\.ts:\d+\)$/);
  expect(callers[0]).toMatch(/^ {2}at 0x8040[0-9a-f]{4} trap_entry \(os\/kernel\/entry\.s:\d+\)$/);
});

it('can neither write to its text nor execute its data', async () => {
  const [toItself, toText, toData] = [0x0000_0297, 0x0002_a023, 0x0001_8067]; // auipc t0, 0; sw zero, (t0); jr gp
  const [written] = await reportOf(toItself, toText);
  expect(written).toMatch(/^kernel: trap in the kernel, cause 0x0000000f, value 0x8040[0-9a-f]{4}$/);
  const [executed] = await reportOf(toData);
  expect(executed).toMatch(/^kernel: trap in the kernel, cause 0x0000000c, value 0x8040[0-9a-f]{4}$/);
});

it('keeps its figure: a device’s interrupt to its driver, while another process runs', async () => {
  const programs = { driven: 'driven', provoker: 'provoker' };
  const { output } = await boot({ init: 'interrupts', ...programs });
  const [external] = /(?<=^external )\d+/m.exec(output)!.map(Number);
  expect(external).toBeLessThanOrEqual(600);
});

it('keeps its figures: notification, timer interrupt, page hand-over, start of a process', async () => {
  const programs = { listener: 'listener', notifier: 'notifier', greeter: 'greeter' };
  const { output } = await boot({ init: 'latencies', ...programs });
  const found = /^notify (\d+) interrupt (\d+) page (\d+) start (\d+) $/m.exec(output)!;
  const [notification, interrupt, page, start] = found.slice(1).map(Number);
  expect(notification).toBeLessThanOrEqual(500);
  expect(interrupt).toBeLessThanOrEqual(800);
  expect(page).toBeLessThanOrEqual(2500);
  expect(start).toBeLessThanOrEqual(200_000);
});
