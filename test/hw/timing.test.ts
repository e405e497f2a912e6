/**
 * Every figure of the timing table, derived by a guest program from its own mcycle. The table says that
 * an instruction costs BASE and every line that applies; each story isolates one line.
 */
import { describe, expect, it } from 'vitest';
import * as Timing from '../../hw/manual/timing.ts';
import { type RigOptions, runProgram } from './rig.ts';

/** Cycles of a fragment, measured in its second round, when all its lines are in the caches. */
function cyclesOf(
  fragment: string,
  { setup = '', ...options }: RigOptions & { setup?: string } = {},
): number {
  const { register } = runProgram(
    `
    ${setup}
    li s11, 2
    j again
    .balign 64
  again:
    csrr s9, mcycle
    ${fragment}
    csrr s10, mcycle
    addi s11, s11, -1
    bnez s11, again
    sub a0, s10, s9
    done
    .balign 4096
  data: .zero 8192
    `,
    options,
  );
  return register('a0') - (Timing.BASE + Timing.CSR_ACCESS);
}

const times = (count: number, line: string) => Array.from({ length: count }, () => line).join('\n');
const dataInS0 = 'la s0, data';
const bus = { read: () => 0, write: () => true };

describe('timing', () => {
  it('charges BASE for every instruction', () => {
    expect(cyclesOf(times(10, 'addi a1, a1, 1'))).toBe(10 * Timing.BASE);
  });

  it('charges LOAD_USE where the next instruction reads what was loaded, and not otherwise', () => {
    const setup = dataInS0;
    expect(cyclesOf('lw a1, 0(s0)\n add a2, a1, a1', { setup })).toBe(2 * Timing.BASE + Timing.LOAD_USE);
    expect(cyclesOf('lw a1, 0(s0)\n add a2, a3, a3', { setup })).toBe(2 * Timing.BASE);
    expect(cyclesOf('lw a1, 0(s0)\n nop\n add a2, a1, a1', { setup })).toBe(3 * Timing.BASE);
    expect(cyclesOf('lw zero, 0(s0)\n add a2, zero, zero', { setup })).toBe(2 * Timing.BASE);
    expect(cyclesOf('lw a1, 0(s0)\n sw a1, 4(s0)', { setup })).toBe(2 * Timing.BASE + Timing.LOAD_USE);
  });

  it('does not stall for the last instruction of a page', () => {
    const setup = `${dataInS0}\n j away\n .balign 4096\n .zero 4088\n last: nop\n lw a1, 0(s0)\n add a2, a1, a1\n ret\n away:`;
    const withUse = cyclesOf('call last', { setup });
    expect(cyclesOf('call last', { setup: setup.replace('add a2, a1, a1', 'add a2, a3, a3') })).toBe(withUse);
  });

  it('charges MISPREDICT for a backward branch not taken and a forward branch taken', () => {
    const taken = 'beqz zero, 1f\n 1:';
    expect(cyclesOf(taken)).toBe(Timing.BASE + Timing.MISPREDICT);
    expect(cyclesOf('bnez zero, 1f\n 1:')).toBe(Timing.BASE);
    expect(cyclesOf('1: nop\n bnez zero, 1b')).toBe(2 * Timing.BASE + Timing.MISPREDICT);
    const loop = 'li a1, 5\n 1: addi a1, a1, -1\n bnez a1, 1b';
    expect(cyclesOf(loop)).toBe(11 * Timing.BASE + Timing.MISPREDICT);
  });

  it('charges nothing for a direct jump and JUMP_REGISTER for an indirect one', () => {
    expect(cyclesOf('j 1f\n 1:')).toBe(Timing.BASE);
    expect(cyclesOf('la a1, 1f\n jr a1\n 1:')).toBe(3 * Timing.BASE + Timing.JUMP_REGISTER);
  });

  it.each(['mul', 'mulh', 'mulhsu', 'mulhu'])('charges MULTIPLY for %s', name => {
    expect(cyclesOf(`${name} a1, a2, a3`)).toBe(Timing.BASE + Timing.MULTIPLY);
  });

  it.each(['div', 'divu', 'rem', 'remu'])('charges DIVIDE for %s, by zero too', name => {
    expect(cyclesOf(`${name} a1, a2, zero`)).toBe(Timing.BASE + Timing.DIVIDE);
  });

  it('charges CSR_ACCESS for a CSR instruction', () => {
    expect(cyclesOf('csrrw a1, mscratch, a2')).toBe(Timing.BASE + Timing.CSR_ACCESS);
    expect(cyclesOf('csrr a1, mstatus')).toBe(Timing.BASE + Timing.CSR_ACCESS);
    expect(cyclesOf('csrsi mie, 0')).toBe(Timing.BASE + Timing.CSR_ACCESS);
  });

  it('charges TRAP_ENTRY and TRAP_RETURN besides the instructions that cause them', () => {
    const setup = `la t0, handler\n csrw mtvec, t0\n j away\n .balign 64\n handler: csrr t1, mepc\n addi t1, t1, 4\n csrw mepc, t1\n mret\n away:`;
    const handler = 4 * Timing.BASE + 2 * Timing.CSR_ACCESS + Timing.TRAP_RETURN;
    expect(cyclesOf('ecall', { setup })).toBe(Timing.BASE + Timing.TRAP_ENTRY + handler);
  });

  it('charges TRAP_ENTRY alone for an interrupt', () => {
    const setup = `la t0, handler\n csrw mtvec, t0\n li t0, 2\n csrw mie, t0\n csrsi mstatus, 8\n j away
      .balign 64\n handler: csrci mip, 2\n mret\n away:`;
    const handler = 2 * Timing.BASE + Timing.CSR_ACCESS + Timing.TRAP_RETURN;
    const raise = Timing.BASE + Timing.CSR_ACCESS;
    expect(cyclesOf('csrsi mip, 2', { setup })).toBe(raise + Timing.TRAP_ENTRY + handler);
  });

  it('charges UNCACHED for an access outside RAM', () => {
    const setup = 'li s0, 0x10000000';
    expect(cyclesOf('lw a1, 0(s0)', { setup, bus })).toBe(Timing.BASE + Timing.UNCACHED);
    expect(cyclesOf('sb a1, 0(s0)', { setup, bus })).toBe(Timing.BASE + Timing.UNCACHED);
  });

  it('charges MISALIGNED once, whatever lines the access crosses', () => {
    const setup = dataInS0;
    expect(cyclesOf('lw a1, 1(s0)', { setup })).toBe(Timing.BASE + Timing.MISALIGNED);
    expect(cyclesOf('sh a1, 63(s0)', { setup })).toBe(Timing.BASE + Timing.MISALIGNED);
  });

  it('charges LINE_FILL for a miss of the data cache, one for each line', () => {
    // Five lines of one set of four ways: the fifth throws out the first.
    const options = { setup: dataInS0, cacheSize: 1024, cacheWays: 4 };
    const touch = [0, 256, 512, 768].map(offset => `lw a1, ${offset}(s0)`).join('\n');
    expect(cyclesOf(touch, options)).toBe(4 * Timing.BASE);
    const five = `${touch}\n lw a1, 1024(s0)`;
    expect(cyclesOf(five, options)).toBe(5 * (Timing.BASE + Timing.LINE_FILL));
  });

  it('charges DIRTY_EVICTION where the line thrown out was written', () => {
    const options = { setup: dataInS0, cacheSize: 1024, cacheWays: 1 };
    const clean = cyclesOf('lw a1, 0(s0)\n lw a1, 1024(s0)', options);
    expect(cyclesOf('sw a1, 0(s0)\n lw a1, 1024(s0)', options)).toBe(clean + Timing.DIRTY_EVICTION);
  });

  it('charges LINE_FILL for a miss of the instruction cache', () => {
    const setup = 'j away\n .balign 64\n f: ret\n .zero 1022\n g: ret\n .zero 1022\n h: ret\n away:';
    const small = { setup, cacheSize: 2048, cacheWays: 2 };
    const calls = 'call f\n call g\n call h';
    const extra = cyclesOf(calls, small) - cyclesOf(calls, { setup });
    expect(extra).toBe(3 * Timing.LINE_FILL);
  });

  it('refills the instruction cache after fence.i, at the price of the lines alone', () => {
    expect(cyclesOf('fence.i')).toBe(Timing.BASE + Timing.LINE_FILL);
  });
});
