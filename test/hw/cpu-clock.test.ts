/**
 * Time and counters: `time` and the timer of Sstc to the cycle, mcycle, minstret and the event counters.
 */
import { describe, expect, it } from 'vitest';
import { COUNT_D_MISS, COUNT_MULTIPLY } from '../../hw/manual/core-layout.ts';
import { MENVCFGH_STCE } from '../../hw/manual/csr.ts';
import { loadProgram, runProgram } from './rig.ts';

const enableStimecmp = `li t0, ${MENVCFGH_STCE}\n csrw menvcfgh, t0\n li t0, -1\n csrw stimecmph, t0`;

/** Stops at the first instruction of the handler; stimecmp is reached in the midst of the loop. */
function timerProgram(at: number, loop: string): string {
  return `${enableStimecmp}
    la t0, handler
    csrw mtvec, t0
    li t0, 0x20
    csrw mie, t0
    csrsi mstatus, 8
    li t0, ${at}
    csrw stimecmp, t0
    csrw stimecmph, zero
    1: ${loop}
    j 1b
    .balign 4
    handler: csrr a0, mcause
    csrr a1, mcycle
    done`;
}

describe('time', () => {
  it('counts ten million a second of the board clock, however fast that is', () => {
    const { register } = runProgram(
      'li a0, 1000\n 1: addi a0, a0, -1\n bnez a0, 1b\n csrr a1, mcycle\n csrr a2, time\n done',
    );
    expect(register('a2')).toBe(Math.floor((register('a1') + 3) / 10));
    const slow = runProgram(
      'li a0, 1000\n 1: addi a0, a0, -1\n bnez a0, 1b\n csrr a1, mcycle\n csrr a2, time\n done',
      {
        clockHz: 33_000_000,
      },
    );
    const ns = Math.floor(((slow.register('a1') + 3) * 1000) / 33);
    expect(slow.register('a2')).toBe(Math.floor(ns / 100));
  });

  it('goes on from where the board anchors it, and from an offset', () => {
    const { hart } = loadProgram('csrr a0, time\n csrr a1, timeh\n done');
    hart.setClock({ anchorCycle: 0, anchorNs: 5_000_000_000_000, numerator: 10, denominator: 1 });
    hart.timeOffset = -7;
    hart.run(1000);
    const time = 50_000_000_000 - 7 + 2;
    expect(hart.readRegister(11) * 2 ** 32 + hart.readRegister(10)).toBe(time);
  });

  it.each(['addi a2, a2, 1', 'div a2, a2, a3', 'mul a2, a2, a2\n lw a3, 0(sp)\n add a3, a3, a3'])(
    'raises the timer interrupt at the first boundary at or behind stimecmp: %s',
    loop => {
      for (let at = 40; at < 60; at++) {
        const source = timerProgram(at, loop).replace('la t0, handler', 'la sp, handler\n la t0, handler');
        const { hart } = loadProgram(source);
        hart.run(10_000);
        const { cycle } = hart.lastTrap!;
        // TRAP_ENTRY has been charged; the boundary before that was less than an instruction and a miss late.
        expect(cycle - 4).toBeGreaterThanOrEqual(10 * at);
        expect(cycle - 4).toBeLessThan(10 * at + 33);
        expect(hart.lastTrap!.cause).toBe(0x8000_0005);
        expect(hart.timerCycle).toBe(10 * at);
      }
    },
  );

  it('knows when a sleeping hart will be woken, and never if nothing is set', () => {
    const { hart } =
      loadProgram(`${enableStimecmp}\n li t0, 0x20\n csrw mie, t0\n li t0, 1234\n csrw stimecmp, t0
      csrw stimecmph, zero\n wfi\n csrr a0, time\n done`);
    expect(hart.timerCycle).toBe(Number.POSITIVE_INFINITY);
    expect(hart.run(100_000)).toBe('wfi');
    expect(hart.timerCycle).toBe(12_340);
    hart.skipTo(12_339);
    expect(hart.run(100_000)).toBe('wfi');
    hart.skipTo(12_340);
    expect(hart.run(100_000)).toBe('stopped');
    expect(hart.readRegister(10)).toBe(1234);
  });
});

describe('counters', () => {
  it('read the state before the instruction that reads them', () => {
    const { register } = runProgram(
      'csrr a0, minstret\n csrr a1, minstret\n csrr a2, mcycle\n csrr a3, mcycle\n done',
    );
    expect(register('a1') - register('a0')).toBe(1);
    expect(register('a3') - register('a2')).toBe(3);
  });

  it('read what was written, at the next instruction', () => {
    const { register } = runProgram(`
      li t0, 100
      csrw minstret, t0
      csrr a0, minstret
      csrr a1, minstret
      csrw mcycle, t0
      csrr a2, mcycle
      csrw minstreth, t0
      csrr a3, minstreth
      csrr a4, cycleh
      done`);
    expect(['a0', 'a1', 'a2', 'a3', 'a4'].map(register)).toEqual([100, 101, 100, 100, 0]);
  });

  it('carry from the low half into the high one', () => {
    const { register } = runProgram(`
      li t0, -2
      csrw mcycle, t0
      csrw minstret, t0
      nop
      nop
      nop
      csrr a0, mcycleh
      csrr a1, minstreth
      done`);
    expect([register('a0'), register('a1')]).toEqual([1, 1]);
  });

  it('stand still while mcountinhibit stops them, and go on from there', () => {
    const { register } = runProgram(`
      csrwi mcountinhibit, 5
      csrr a0, mcycle
      nop
      csrr a1, mcycle
      csrr a2, minstret
      csrr a3, minstret
      csrwi mcountinhibit, 0
      csrr a4, mcycle
      csrr a5, minstret
      done`);
    expect(register('a1')).toBe(register('a0'));
    expect(register('a3')).toBe(register('a2'));
    expect(register('a4') - register('a0')).toBe(0);
    expect(register('a5') - register('a2')).toBe(1);
  });

  it('count the event that is chosen', () => {
    const { register } = runProgram(`
      li t0, ${COUNT_MULTIPLY + 1}
      csrw mhpmevent3, t0
      li t0, ${COUNT_D_MISS + 1}
      csrw mhpmevent31, t0
      mul a0, a0, a0
      mulh a0, a0, a0
      la s0, data
      lw a0, 0(s0)
      lw a0, 64(s0)
      csrr a1, mhpmcounter3
      csrr a2, mhpmcounter31
      csrr a3, mhpmcounter4
      li t0, 9
      csrw mhpmcounter3, t0
      mul a0, a0, a0
      csrr a4, hpmcounter3
      done
      .balign 64
      data: .zero 128`);
    expect(['a1', 'a2', 'a3', 'a4'].map(register)).toEqual([2, 2, 0, 10]);
  });
});
