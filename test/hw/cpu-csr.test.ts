/**
 * Control and status registers: which there are, who may touch them, and what of a write they keep.
 */
import { describe, expect, it } from 'vitest';
import * as Csr from '../../hw/manual/csr.ts';
import { loadProgram, runProgram } from './rig.ts';

const { hart } = loadProgram('done');

/** What a CSR holds after a write. */
function written(address: number, value: number): number | undefined {
  hart.writeCsr(address, value);
  return hart.readCsr(address);
}

const ONES = 0xffff_ffff;
/** address, what is left of all ones, what is left of zero. */
const WARL: readonly (readonly [name: string, address: number, ones: number, zeros: number])[] = [
  ['mstatus', Csr.CSR_MSTATUS, 0x007e_19aa, 0],
  ['mstatush', Csr.CSR_MSTATUSH, 0, 0],
  ['misa', Csr.CSR_MISA, Csr.MISA, Csr.MISA],
  ['medeleg', Csr.CSR_MEDELEG, 0xb3ff, 0],
  ['mideleg', Csr.CSR_MIDELEG, 0x222, 0],
  ['mie', Csr.CSR_MIE, 0xaaa, 0],
  ['mip', Csr.CSR_MIP, 0x222, 0],
  ['mtvec', Csr.CSR_MTVEC, 0xffff_fffc, 0],
  ['mepc', Csr.CSR_MEPC, 0xffff_fffe, 0],
  ['mcause', Csr.CSR_MCAUSE, ONES, 0],
  ['mtval', Csr.CSR_MTVAL, ONES, 0],
  ['mscratch', Csr.CSR_MSCRATCH, ONES, 0],
  ['mcounteren', Csr.CSR_MCOUNTEREN, ONES, 0],
  ['mcountinhibit', Csr.CSR_MCOUNTINHIBIT, 0xffff_fffd, 0],
  ['menvcfg', Csr.CSR_MENVCFG, 1, 0],
  ['menvcfgh', Csr.CSR_MENVCFGH, 0x8000_0000, 0],
  ['stvec', Csr.CSR_STVEC, 0xffff_fffc, 0],
  ['sepc', Csr.CSR_SEPC, 0xffff_fffe, 0],
  ['scause', Csr.CSR_SCAUSE, ONES, 0],
  ['stval', Csr.CSR_STVAL, ONES, 0],
  ['sscratch', Csr.CSR_SSCRATCH, ONES, 0],
  ['scounteren', Csr.CSR_SCOUNTEREN, ONES, 0],
  ['senvcfg', Csr.CSR_SENVCFG, 1, 0],
  ['satp', Csr.CSR_SATP, 0xffff_ffff, 0],
  ['stimecmp', Csr.CSR_STIMECMP, ONES, 0],
  ['mhpmevent3', Csr.CSR_MHPMEVENT0 + 3, 0, 0],
  ['tselect', Csr.CSR_TSELECT, 0, 0],
  ['tdata1', Csr.CSR_TDATA1, 0, 0],
  ['mvendorid', Csr.CSR_MVENDORID, 0, 0],
  ['mhartid', Csr.CSR_MHARTID, 0, 0],
  ['mconfigptr', Csr.CSR_MCONFIGPTR, 0, 0],
];

describe('registers', () => {
  it.each(WARL)('%s keeps what is legal of a write', (_, address, ones, zeros) => {
    expect(written(address, ONES)).toBe(ones);
    expect(written(address, 0)).toBe(zeros);
  });

  it('mstatus keeps its previous privilege where the reserved one is written', () => {
    expect(written(Csr.CSR_MSTATUS, 1 << 11)! & Csr.MSTATUS_MPP).toBe(1 << 11);
    expect(written(Csr.CSR_MSTATUS, 2 << 11)! & Csr.MSTATUS_MPP).toBe(1 << 11);
    expect(written(Csr.CSR_MSTATUS, 0)).toBe(0);
  });

  it('sstatus, sie and sip are views of the machine registers', () => {
    hart.writeCsr(Csr.CSR_MSTATUS, ONES);
    expect(hart.readCsr(Csr.CSR_SSTATUS)).toBe(0x000c_0122);
    hart.writeCsr(Csr.CSR_SSTATUS, 0);
    expect(hart.readCsr(Csr.CSR_MSTATUS)).toBe(0x0072_1888);
    hart.writeCsr(Csr.CSR_MSTATUS, 0);
    hart.writeCsr(Csr.CSR_MIE, 0xaaa);
    hart.writeCsr(Csr.CSR_MIDELEG, 0x202);
    expect(hart.readCsr(Csr.CSR_SIE)).toBe(0x202);
    hart.writeCsr(Csr.CSR_SIE, 0);
    expect(hart.readCsr(Csr.CSR_MIE)).toBe(0x8a8);
    hart.writeCsr(Csr.CSR_MIP, 0x222);
    expect(hart.readCsr(Csr.CSR_SIP)).toBe(0x202);
    hart.writeCsr(Csr.CSR_SIP, 0);
    expect(hart.readCsr(Csr.CSR_MIP)).toBe(0x220);
    for (const each of [Csr.CSR_MIP, Csr.CSR_MIE, Csr.CSR_MIDELEG]) hart.writeCsr(each, 0);
  });

  it('the pending bit of an external line shows in mip, but is not written back by setting another', () => {
    hart.setInterrupt('seip', true);
    expect(hart.readCsr(Csr.CSR_MIP)).toBe(Csr.MIP_SEIP);
    const rig = loadProgram('csrsi mip, 2\n done');
    rig.hart.setInterrupt('seip', true);
    rig.hart.run(1000);
    rig.hart.setInterrupt('seip', false);
    expect(rig.hart.readCsr(Csr.CSR_MIP)).toBe(Csr.MIP_SSIP);
    hart.setInterrupt('seip', false);
  });

  it('mip.STIP is the timer itself once stimecmp is enabled', () => {
    hart.writeCsr(Csr.CSR_MENVCFGH, Csr.MENVCFGH_STCE);
    hart.writeCsr(Csr.CSR_STIMECMP, 0);
    hart.writeCsr(Csr.CSR_STIMECMPH, 0);
    hart.writeCsr(Csr.CSR_MIP, 0);
    expect(hart.readCsr(Csr.CSR_MIP)).toBe(Csr.MIP_STIP);
    hart.writeCsr(Csr.CSR_STIMECMPH, ONES);
    hart.writeCsr(Csr.CSR_MIP, ONES);
    expect(hart.readCsr(Csr.CSR_MIP)).toBe(Csr.MIP_SSIP | Csr.MIP_SEIP);
    hart.writeCsr(Csr.CSR_MENVCFGH, 0);
    hart.writeCsr(Csr.CSR_MIP, 0);
  });

  it('has counters 3 to 31 with their events, and no others', () => {
    for (let index = 3; index < 32; index++) {
      for (const base of [0xb00, 0xb80, 0xc00, 0xc80]) expect(hart.readCsr(base + index)).toBe(0);
      expect(written(Csr.CSR_MHPMEVENT0 + index, 5)).toBe(5);
      hart.writeCsr(Csr.CSR_MHPMEVENT0 + index, 0);
    }
    expect([0xb01, 0xb81, 0x321, 0x322].map(each => hart.readCsr(each))).toEqual(Array(4).fill(undefined));
  });

  it('has nothing at the addresses of what it lacks', () => {
    // Floating point, vectors, hypervisor, triggers' control, debug, state enable, security, N extension.
    const absent = [
      0x001,
      0x003,
      0x008,
      0x600,
      0x680,
      0x302 + 0x10,
      0x30c,
      0x747,
      0x757,
      0x7a5,
      0x7b0,
      0x015,
      0x041,
    ];
    expect(absent.map(each => hart.readCsr(each))).toEqual(absent.map(() => undefined));
  });
});

/** The cause of the trap that a fragment meets in a privilege; -1 for none. */
function causeIn(privilege: 0 | 1 | 3, before: string, fragment: string): number {
  const { register } = runProgram(`
    la t0, handler
    csrw mtvec, t0
    li t0, -1
    csrw pmpaddr0, t0
    csrwi pmpcfg0, 0x1f
    ${before}
    la t0, 1f
    csrw mepc, t0
    li t0, 0x1800
    csrc mstatus, t0
    li t0, ${privilege << 11}
    csrs mstatus, t0
    mret
    1: ${fragment}
    ecall
    .balign 4
    handler: csrr a0, mcause
    done`);
  return register('a0') >= 8 ? -1 : register('a0');
}

describe('access', () => {
  it.each([
    ['csrr a0, mstatus', 3],
    ['csrr a0, sstatus', 1],
    ['csrw satp, zero', 1],
    ['csrr a0, mhartid', 3],
    ['csrr a0, pmpcfg0', 3],
  ] as const)('%s needs privilege %i', (fragment, needed) => {
    for (const privilege of [0, 1, 3] as const) {
      expect(causeIn(privilege, '', fragment)).toBe(privilege >= needed ? -1 : 2);
    }
  });

  it('refuses to write what is read-only, even a value that changes nothing, but not to read it', () => {
    expect(causeIn(3, '', 'csrw mhartid, zero')).toBe(2);
    expect(causeIn(3, '', 'csrrs a0, mhartid, sp')).toBe(2);
    expect(causeIn(3, '', 'csrrsi a0, cycle, 1')).toBe(2);
    expect(causeIn(3, '', 'csrrs a0, mhartid, zero')).toBe(-1);
    expect(causeIn(3, '', 'csrrci a0, mhartid, 0')).toBe(-1);
  });

  it.each(['cycle', 'time', 'instret', 'hpmcounter3', 'hpmcounter31h'])(
    'counter-enable bits withhold %s',
    name => {
      const read = `csrr a0, ${name}`;
      const machine = 'li t0, -1\n csrw mcounteren, t0';
      expect([causeIn(1, '', read), causeIn(1, machine, read)]).toEqual([2, -1]);
      expect([causeIn(0, machine, read), causeIn(0, `${machine}\n csrw scounteren, t0`, read)]).toEqual([
        2, -1,
      ]);
      expect(causeIn(0, 'li t0, -1\n csrw scounteren, t0', read)).toBe(2);
    },
  );

  it('stimecmp is for supervisor mode only with both STCE and the time bit', () => {
    const timer = 'li t0, 2\n csrw mcounteren, t0';
    const enable = `li t0, ${Csr.MENVCFGH_STCE}\n csrw menvcfgh, t0`;
    const read = 'csrr a0, stimecmp';
    expect([timer, enable, `${timer}\n ${enable}`].map(each => causeIn(1, each, read))).toEqual([2, 2, -1]);
    expect(causeIn(3, '', read)).toBe(-1);
  });

  it('writes by register, sets and clears by mask, and gives the old value', () => {
    const { register } = runProgram(`
      li t0, 0xff
      csrw mscratch, t0
      li t1, 0xf0f
      csrrs a0, mscratch, t1
      csrrc a1, mscratch, t0
      csrrwi a2, mscratch, 21
      csrrsi a3, mscratch, 10
      csrrci a4, mscratch, 1
      csrr a5, mscratch
      done`);
    expect(['a0', 'a1', 'a2', 'a3', 'a4', 'a5'].map(register)).toEqual([0xff, 0xfff, 0xf00, 21, 31, 30]);
  });
});
