/**
 * Traps: cause, value and address of every exception, delegation, vectors, returns, and interrupts with
 * their priorities and enables.
 */
import { describe, expect, it } from 'vitest';
import { inspect, loadProgram, type Rig, type RigOptions, runProgram } from './rig.ts';

/**
 * `before` in machine mode, `body` in the privilege given; the handlers of M (a0 = 3) and S (a0 = 1) leave
 * cause, value and epc in a1, a2, a3 and end the program.
 */
function trap(privilege: 'u' | 's' | 'm', before: string, body: string, options: RigOptions = {}): Rig {
  return runProgram(
    `
    la t0, machine
    csrw mtvec, t0
    la t0, supervisor
    csrw stvec, t0
    li t0, -1
    csrw pmpaddr0, t0
    csrwi pmpcfg0, 0x1f
    ${before}
    la t0, body
    csrw mepc, t0
    li t0, 0x1800
    csrc mstatus, t0
    li t0, ${{ u: 0, s: 0x0800, m: 0x1800 }[privilege]}
    csrs mstatus, t0
    mret
    .balign 4
  body: ${body}
    .balign 4
  machine:
    li a0, 3
    csrr a1, mcause
    csrr a2, mtval
    csrr a3, mepc
    done
    .balign 4
  supervisor:
    li a0, 1
    csrr a1, scause
    csrr a2, stval
    csrr a3, sepc
    done`,
    options,
  );
}

const toSupervisor = 'li t0, -1\n csrw medeleg, t0\n csrw mideleg, t0';
const outcome = (rig: Rig) => ['a0', 'a1', 'a2'].map(rig.register);
const interrupt = (cause: number) => (0x8000_0000 + cause) >>> 0;

describe('exceptions', () => {
  it.each([
    ['u', 8],
    ['s', 9],
    ['m', 11],
  ] as const)('an environment call from %s has cause %i', (privilege, cause) => {
    const rig = trap(privilege, '', 'ecall');
    expect(outcome(rig)).toEqual([3, cause, 0]);
    expect(rig.register('a3')).toBe(rig.symbols.get('body'));
  });

  it('a breakpoint leaves its own address, compressed or not', () => {
    for (const name of ['.option norvc\n ebreak\n .option rvc', 'c.ebreak']) {
      const rig = trap('u', toSupervisor, name);
      expect(outcome(rig)).toEqual([1, 3, rig.symbols.get('body')]);
    }
  });

  it('an illegal instruction leaves its bits', () => {
    expect(outcome(trap('u', toSupervisor, '.word 0xffffffff'))).toEqual([1, 2, 0xffff_ffff]);
    expect(outcome(trap('u', '', 'csrr a0, mstatus'))).toEqual([3, 2, 0x3000_2573]);
  });

  it('a trap of machine mode stays there, whatever is delegated', () => {
    expect(outcome(trap('m', toSupervisor, '.word 0xffffffff'))).toEqual([3, 2, 0xffff_ffff]);
  });

  it('the call from machine mode cannot be delegated', () => {
    expect(runProgram(`${toSupervisor}\n csrr a0, medeleg\n csrr a1, mideleg\n done`).register('a0')).toBe(
      0xb3ff,
    );
  });

  it('does not count what trapped as retired', () => {
    const count = (body: string) =>
      trap('u', 'li t1, -1\n csrw mcounteren, t1', body).hart.counters['instructions']!;
    expect(count('nop\n ecall')).toBe(count('ecall') + 1);
  });

  it('keeps privilege and enables of before, and mret brings them back', () => {
    const { register } = runProgram(`
      la t0, 1f
      csrw mtvec, t0
      csrsi mstatus, 8
      li t1, 0x20000
      csrs mstatus, t1
      ecall
      .balign 4
      1: csrr a0, mstatus
      la t0, 2f
      csrw mepc, t0
      mret
      2: csrr a1, mstatus
      csrc mstatus, t1
      done`);
    expect(register('a0')).toBe(0x2_1880);
    expect(register('a1')).toBe(0x2_0088);
  });

  it('sret goes to where SPP says and takes MPRV away', () => {
    const { register } = runProgram(`
      li t0, -1
      csrw pmpaddr0, t0
      csrwi pmpcfg0, 0x1f
      la t0, 1f
      csrw mtvec, t0
      la t0, user
      csrw sepc, t0
      li t0, 0x20120
      csrs mstatus, t0
      li t0, 0x100
      csrc mstatus, t0
      sret
      .balign 4
      user: ecall
      .balign 4
      1: csrr a0, mcause
      csrr a1, mstatus
      done`);
    expect(register('a0')).toBe(8);
    expect(register('a1') & 0x2_0122).toBe(0x0022);
  });

  it.each([
    ['sret', 22, 's'],
    ['wfi', 21, 's'],
    ['sfence.vma', 20, 's'],
    ['csrr a4, satp', 20, 's'],
  ] as const)('%s is illegal in supervisor mode where mstatus bit %i says so', (name, bit, privilege) => {
    expect(trap(privilege, `li t0, 1 << ${bit}\n csrs mstatus, t0`, `${name}\n ecall`).register('a1')).toBe(
      2,
    );
    const free = trap(
      privilege,
      'la t0, body + 4\n csrw sepc, t0\n csrwi mideleg, 2\n csrsi mie, 2\n csrsi mip, 2',
      `${name}\n ecall`,
    );
    expect(free.register('a1')).not.toBe(2);
  });
});

describe('interrupts', () => {
  it('are taken in the order MEI, MSI, MTI, SEI, SSI, STI', () => {
    const { hart, symbols } = loadProgram(`
      la t0, handler
      csrw mtvec, t0
      la s0, order
      li t0, 0xaaa
      csrw mie, t0
      csrw mip, t0
      csrsi mstatus, 8
      1: j 1b
      .balign 4
      handler: csrr t0, mcause
      sw t0, 0(s0)
      addi s0, s0, 4
      andi t0, t0, 0xff
      li t1, 1
      sll t1, t1, t0
      csrc mie, t1
      csrr t2, mie
      beqz t2, 2f
      mret
      2:
      done
      .balign 4
      order: .zero 32`);
    for (const line of ['msip', 'mtip', 'meip', 'seip'] as const) hart.setInterrupt(line, true);
    const rig = inspect(hart, symbols, hart.run(10_000));
    const order = [0, 4, 8, 12, 16, 20].map(offset => rig.word('order', offset));
    expect(order).toEqual([11, 3, 7, 9, 1, 5].map(interrupt));
  });

  it('go through the vector table where mtvec says so, exceptions to its base', () => {
    const { register } = runProgram(`
      la t0, table + 1
      csrw mtvec, t0
      csrsi mie, 2
      csrsi mip, 2
      csrsi mstatus, 8
      nop
      .balign 64
      table:
      .option norvc
      j exception
      j software
      .option rvc
      software: li a0, 1
      csrw mie, zero
      ecall
      exception: li a1, 1
      done`);
    expect([register('a0'), register('a1')]).toEqual([1, 1]);
  });

  it('that are delegated reach supervisor mode, from user mode even if SIE is clear', () => {
    const raise = `${toSupervisor}\n csrsi mie, 2\n csrsi mip, 2`;
    expect(outcome(trap('u', raise, '1: j 1b'))).toEqual([1, interrupt(1), 0]);
    expect(outcome(trap('s', `${raise}\n csrsi mstatus, 2`, '1: j 1b'))).toEqual([1, interrupt(1), 0]);
    expect(outcome(trap('s', raise, 'ecall'))).toEqual([1, 9, 0]);
  });

  it('that are not delegated interrupt supervisor mode whatever SIE says', () => {
    expect(outcome(trap('s', 'csrsi mie, 2\n csrsi mip, 2', '1: j 1b'))).toEqual([3, interrupt(1), 0]);
  });

  it('are taken at the instruction behind the one that enables them', () => {
    const rig = trap('m', 'csrsi mie, 2\n csrsi mip, 2', 'csrsi mstatus, 8\n nop');
    expect(rig.register('a3')).toBe(rig.symbols.get('body')! + 4);
  });

  it('of a device are taken at the instruction behind the access that raised them', () => {
    const { hart, symbols } = loadProgram(
      `la t0, 1f\n csrw mtvec, t0\n li t0, 0x800\n csrw mie, t0\n csrsi mstatus, 8\n li s0, 0x10000000
      sw zero, 0(s0)\n behind: nop\n nop\n .balign 4\n 1: csrr a0, mepc\n done`,
      {
        bus: {
          read: () => 0,
          write: () => {
            hart.setInterrupt('meip', true);
            return true;
          },
        },
      },
    );
    hart.run(10_000);
    expect(hart.readRegister(10)).toBe(symbols.get('behind'));
  });

  it('wake a hart from wfi even where they are not taken, and a run asleep says so', () => {
    const { hart } = loadProgram('li t0, 0x800\n csrw mie, t0\n wfi\n li a0, 1\n done');
    expect(hart.run(10_000)).toBe('wfi');
    expect([hart.awake, hart.run(20_000), hart.readRegister(10)]).toEqual([false, 'wfi', 0]);
    hart.skipTo(hart.cycle + 5000);
    hart.setInterrupt('meip', true);
    expect([hart.awake, hart.run(20_000), hart.readRegister(10)]).toEqual([true, 'stopped', 1]);
    expect(hart.counters['idle']).toBe(5000);
  });

  it('that are pending already let wfi pass', () => {
    const { hart } = loadProgram('csrsi mie, 2\n csrsi mip, 2\n wfi\n done');
    expect(hart.run(10_000)).toBe('stopped');
  });
});
