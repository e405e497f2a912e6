/**
 * What translation costs: walks through the data cache, FIFO TLBs, superpages; and that the counters by
 * cause add up to the cycles.
 */
import { describe, expect, it } from 'vitest';
import * as Timing from '../../hw/manual/timing.ts';
import { type RigOptions, runProgram } from './rig.ts';

/**
 * In S mode with Sv32: the first MiB of RAM by 4 KiB pages at 0x80000000 and again, as one superpage, at
 * 0x40000000. s0 = `data`. The fragment runs twice; the second round is measured.
 */
function cyclesTranslated(fragment: string, options: RigOptions = {}) {
  const rig = runProgram(
    `
    la t0, root
    la t1, leaves
    srli t2, t1, 2
    ori t2, t2, 1
    li t3, 0x800
    add t3, t3, t0
    sw t2, 0(t3)
    li t4, 0x200000cf
    li t3, 0x400
    add t3, t3, t0
    sw t4, 0(t3)
    li t3, 256
  1:
    sw t4, 0(t1)
    addi t1, t1, 4
    addi t4, t4, 0x400
    addi t3, t3, -1
    bnez t3, 1b
    srli t0, t0, 12
    li t1, 0x80000000
    or t0, t0, t1
    csrw satp, t0
    li t0, -1
    csrw pmpaddr0, t0
    csrw mcounteren, t0
    li t0, 0x1f
    csrw pmpcfg0, t0
    la t0, supervisor
    csrw mepc, t0
    li t0, 0x1000
    csrc mstatus, t0
    li t0, 0x800
    csrs mstatus, t0
    la t0, 2f
    csrw mtvec, t0
    la s0, data
    mret
    .balign 4
  2:
    done
    .balign 4096
  supervisor:
    li s11, 2
    j 3f
    .balign 64
  3:
    csrr s9, cycle
    ${fragment}
    csrr s10, cycle
    addi s11, s11, -1
    bnez s11, 3b
    sub a0, s10, s9
    ecall
    .balign 4096
  root: .zero 4096
  leaves: .zero 4096
  data: .zero 65536
    `,
    options,
  );
  return { ...rig, cycles: rig.register('a0') - (Timing.BASE + Timing.CSR_ACCESS) };
}

/** Each page by a line of another set of the data cache. */
const load = (page: number) => `lui a1, ${page}\n add a1, a1, s0\n lw a2, ${64 * page}(a1)`;
const loads = (count: number) => Array.from({ length: count }, (_, page) => load(page)).join('\n');

describe('timing of translation', () => {
  it('charges nothing for an access that the TLB knows', () => {
    expect(cyclesTranslated(loads(4)).cycles).toBe(12 * Timing.BASE);
  });

  it('charges two reads of page-table entries for a miss', () => {
    const { cycles } = cyclesTranslated(`${load(0)}\n sfence.vma a1, zero\n ${load(0)}`);
    expect(cycles).toBe(7 * Timing.BASE + 2 * Timing.WALK_READ);
  });

  it('charges one read for a superpage', () => {
    const alias = 'li a3, 0x40000000\n sub a1, s0, a3\n lw a2, 0(a1)';
    const { cycles } = cyclesTranslated(`sfence.vma\n ${alias}`);
    // Behind the fence, the code's own page is walked for too.
    const code = 2 * Timing.WALK_READ;
    expect(cycles).toBe(4 * Timing.BASE + code + Timing.WALK_READ);
  });

  it('keeps a superpage in one entry', () => {
    const alias = 'li a3, 0x40000000\n sub s0, s0, a3';
    const { cycles } = cyclesTranslated(`${alias}\n ${loads(8)}\n add s0, s0, a3`, { tlbEntries: 2 });
    expect(cycles).toBe((1 + 1 + 3 * 8 + 1) * Timing.BASE);
  });

  it('replaces TLB entries first-in first-out', () => {
    expect(cyclesTranslated(loads(4), { tlbEntries: 4 }).cycles).toBe(12 * Timing.BASE);
    const thrashing = cyclesTranslated(loads(5), { tlbEntries: 4 });
    expect(thrashing.cycles).toBe(15 * Timing.BASE + 5 * 2 * Timing.WALK_READ);
  });

  it('charges LINE_FILL for a page-table entry that the data cache does not hold', () => {
    const options = { cacheSize: 128, cacheWays: 1 };
    const { cycles } = cyclesTranslated(`sfence.vma s0, zero\n ${load(0)}`, options);
    // Two lines in all: the entries of both levels and the data are each missed; the code is one line.
    expect(cycles).toBeGreaterThanOrEqual(4 * Timing.BASE + 2 * Timing.WALK_READ + 2 * Timing.LINE_FILL);
  });

  it('counts every cycle under exactly one cause', () => {
    const { hart } = cyclesTranslated(`${loads(6)}\n mul a1, a3, a3\n lw a4, 2(s0)\n add a4, a4, a4`);
    const { cycles, instructions, loadUse, walkRead, dTlbMiss, misaligned, multiply } = hart.counters;
    expect(hart.cycle).toBe(cycles);
    expect({ loadUse, dTlbMiss, misaligned, multiply }).toEqual({
      loadUse: 2,
      dTlbMiss: 6,
      misaligned: 2,
      multiply: 2,
    });
    expect(walkRead).toBe(2 * (6 + 1));
    expect(instructions).toBeGreaterThan(256 * 5);
  });
});
