/**
 * One whole computer, seen from outside: what its software finds when it starts, how time passes in it,
 * and what becomes of it when power goes, comes and goes again.
 */
import { expect, it } from 'vitest';
import { clockOf, cycleOfNs, nsOfCycle, reanchored } from '../../hw/board-clock.ts';
import { hashState, restoreState, saveState } from '../../hw/state.ts';
import { bootProgram, ROUTINES } from './board-rig.ts';

const MS = 1_000_000;

it('prints on the serial line and switches itself off with a status', async () => {
  const { board, output } = await bootProgram(`
        la    a0, text
        call  print
        li    a0, 7
        j     power_off
        ${ROUTINES}
        .data
text:   .asciz "hello from the board\\n"
`);
  expect(board.runUntil(10 * MS)).toBe('off');
  expect(output()).toBe('hello from the board\n');
  expect(board.poweredOff).toEqual({ by: 'guest', status: 7 });
});

it('starts with the hart id in a0, the devicetree in a1 and the dynamic information in a2', async () => {
  const { board } = await bootProgram('1: j 1b');
  board.runUntil(1000);
  const [hartId, tree, dynamic] = [10, 11, 12].map(register => board.hart.readRegister(register));
  expect(hartId).toBe(0);
  expect([...board.ram.read(tree!, 4)!]).toEqual([0xd0, 0x0d, 0xfe, 0xed]);
  expect(dynamic).toBeGreaterThan(0);
});

it('lets a kernel be started by what the boot ROM tells the firmware', async () => {
  const { board, output } = await bootProgram(
    `
        lw    t0, 8(a2)          # next address
        csrw  mepc, t0
        li    t1, 0x800          # MPP = S
        csrs  mstatus, t1
        li    t1, -1
        csrw  pmpaddr0, t1
        li    t1, 0x1f
        csrw  pmpcfg0, t1
        mret`,
    {
      ramSize: 0x80_0000,
      images: {
        kernel: Uint8Array.from([0xb7, 0x02, 0x00, 0x10, 0x13, 0x03, 0xb0, 0x04, 0x23, 0x80, 0x62, 0x00]),
      },
    },
  );
  board.runUntil(10_000);
  expect(output()).toBe('K');
});

it('sleeps in wfi without cost until the timer, to the very cycle', async () => {
  const { board, output } = await bootProgram(`
        la    t0, wake
        csrw  mtvec, t0
        li    t0, 0x02004000
        sw    zero, 4(t0)
        li    t1, 10000000       # one second of ticks
        sw    t1, 0(t0)
        li    t0, 0x80
        csrw  mie, t0
        csrsi mstatus, 8
1:      wfi
        j     1b
        .align 2
wake:   la    a0, text
        call  print
        li    a0, 0
        j     power_off
        ${ROUTINES}
        .data
text:   .asciz "woken"
`);
  const before = performance.now();
  expect(board.runUntil(2000 * MS)).toBe('off');
  expect(performance.now() - before).toBeLessThan(500);
  expect(output()).toBe('woken');
  expect(board.now).toBeGreaterThanOrEqual(1000 * MS);
  expect(board.hart.cycle).toBeGreaterThan(100_000_000);
  expect(board.hart.cycle).toBeLessThan(100_001_000);
});

it('knows while it sleeps when it will next do something', async () => {
  const { board } = await bootProgram(`
        li    t0, 0x80
        csrw  mie, t0
        li    t0, 0x02004000
        sw    zero, 4(t0)
        li    t1, 50000
        sw    t1, 0(t0)
        wfi
        csrw  mie, zero
        wfi`);
  expect(board.nextEvent).toBe(board.now);
  board.runUntil(1 * MS);
  expect(board.nextEvent).toBe(5 * MS);
  board.runUntil(10 * MS);
  expect(board.nextEvent).toBe(Number.POSITIVE_INFINITY);
});

it('is in the same state however its run is cut into slices', async () => {
  const straight = (await bootProgram(BUSY)).board;
  const sliced = (await bootProgram(BUSY)).board;
  straight.runUntil(3 * MS);
  for (let ns = 0; ns <= 3 * MS; ns += 1234) sliced.runUntil(ns);
  sliced.runUntil(3 * MS);
  expect(hashState(sliced)).toBe(hashState(straight));
  expect(sliced.hart.counters).toEqual(straight.hart.counters);
});

it('is in the same state stepped one instruction at a time', async () => {
  const straight = (await bootProgram(BUSY)).board;
  const stepped = (await bootProgram(BUSY)).board;
  straight.runUntil(100_000);
  while (stepped.nextEvent < 100_000) stepped.step();
  stepped.runUntil(100_000);
  expect(hashState(stepped)).toBe(hashState(straight));
});

it('goes on from saved state as if nothing had been', async () => {
  const first = (await bootProgram(BUSY)).board;
  const second = (await bootProgram(BUSY)).board;
  first.runUntil(1 * MS);
  const saved = saveState(first);
  const ram = first.ram.read(first.ram.base, first.ram.size)!.slice();
  restoreState(second, saved);
  second.ram.write(second.ram.base, ram);
  expect(hashState(second)).toBe(hashState(first));
  first.runUntil(2 * MS);
  second.runUntil(2 * MS);
  expect(hashState(second)).toBe(hashState(first));
});

it('forgets its RAM when the plug is pulled, and keeps it over a reset', async () => {
  const { board } = await bootProgram('1: j 1b');
  const address = board.ram.base + 0x10_0000;
  board.ram.write(address, Uint8Array.of(42));
  board.reset();
  expect(board.ram.read(address, 1)![0]).toBe(42);
  board.powerOff();
  expect(board.power).toBe('off');
  board.runUntil(1 * MS);
  expect(board.now).toBe(1 * MS);
  board.powerOn();
  expect(board.ram.read(address, 1)![0]).toBe(0);
  board.runUntil(2 * MS);
  expect(board.now).toBeGreaterThanOrEqual(2 * MS);
});

it('runs as many cycles in a second as its clock says, also after it was changed', async () => {
  const { board } = await bootProgram('1: j 1b', { clockHz: 33_333_300 });
  board.runUntil(1000 * MS);
  expect(board.hart.cycle).toBeGreaterThanOrEqual(33_333_300);
  expect(board.hart.cycle).toBeLessThan(33_333_310);
  board.setClockHz(1_000_000);
  const before = board.hart.cycle;
  board.runUntil(2000 * MS);
  expect(Math.abs(board.hart.cycle - before - 1_000_000)).toBeLessThan(10);
});

it('turns cycles into nanoseconds and back without drifting, whatever the anchor', () => {
  for (const hertz of [1_000_000, 33_333_300, 99_999_900, 100_000_000, 133_000_000, 3_999_999_900]) {
    const clock = clockOf(hertz, 5, 77);
    for (const cycle of [5, 6, 1000, 1_234_567, 98_765_432]) {
      const ns = nsOfCycle(clock, cycle);
      const back = cycleOfNs(clock, ns);
      expect(nsOfCycle(clock, back)).toBeGreaterThanOrEqual(ns);
      expect(back).toBeLessThanOrEqual(cycle);
      expect(nsOfCycle(reanchored(clock, cycle), cycle + 17)).toBe(nsOfCycle(clock, cycle + 17));
    }
  }
});

it.each([
  ['too little RAM', { ramSize: 4096 }, /4096 bytes of RAM/],
  ['a clock beyond reason', { clockHz: 99_999_999_999 }, /clock of 99999999999 Hz/],
  ['five network interfaces', { nics: [{}, {}, {}, {}, {}] }, /at most 4 network/],
  ['a kernel larger than RAM', { images: { kernel: new Uint8Array(0x40_0000) } }, /kernel .*does not fit/],
  [
    'a RAM disk larger than RAM',
    { images: { initrd: new Uint8Array(0x90_0000) } },
    /RAM disk .*does not fit/,
  ],
  ['a RAM disk over the firmware', { images: { initrd: new Uint8Array(0x1f_fff8) } }, /overlaps/],
])('refuses %s in one line', async (_what, description, message) => {
  const failure = await bootProgram('1: j 1b', description).catch((error: Error) => error.message);
  expect(failure).toMatch(message);
  expect(failure).not.toContain('\n');
});

/** Prints, sleeps for timer ticks, draws from caches and devices. */
const BUSY = `
        la    t0, tick
        csrw  mtvec, t0
        li    s0, 0x02004000
        li    s1, 500
        li    s2, 0x80100000
        sw    zero, 4(s0)
        sw    s1, 0(s0)
        li    t0, 0x80
        csrw  mie, t0
        csrsi mstatus, 8
1:      addi  s3, s3, 1
        slli  t0, s3, 6
        li    t1, 0xffff
        and   t0, t0, t1
        add   t0, t0, s2
        sw    s3, 0(t0)
        lw    t2, 4(t0)
        andi  t1, s3, 63
        bnez  t1, 1b
        wfi
        j     1b
        .align 2
tick:   addi  s1, s1, 777
        sw    s1, 0(s0)
        li    s4, 0x10000000
        li    s5, 46
        sb    s5, 0(s4)
        mret
`;
