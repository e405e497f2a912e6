/**
 * Sv32 and PMP: what each permission permits, address spaces, A and D bits, pages beside each other.
 */
import { describe, expect, it } from 'vitest';
import { type Rig, type RigOptions, runProgram } from './rig.ts';

const V = 0x01;
const R = 0x02;
const W = 0x04;
const X = 0x08;
const U = 0x10;
const G = 0x20;
const A = 0x40;
const D = 0x80;
const RAM_PPN = 0x80000;
/** Where the page tables' second level maps: 0x4000_0000 … 0x403f_ffff. */
const WINDOW = 0x4000_0000;

interface Paged extends RigOptions {
  readonly privilege?: 'u' | 's';
  /** Page-table entries of the window: index → physical page number relative to RAM's, and flags. */
  readonly window?: Readonly<Record<number, readonly [page: number, flags: number]>>;
  /** Assembly in machine mode, with the tables made and satp set. */
  readonly before?: string;
  readonly data?: string;
}

/**
 * Runs `body` in S or U mode, its code at its physical address by a superpage. Every trap ends the program
 * with cause, value and epc in a0, a1, a2. `data` begins at the seventeenth page of RAM.
 */
function paged(
  body: string,
  { privilege = 's', window = {}, before = '', data = '', ...options }: Paged = {},
): Rig {
  const leaves = Object.entries(window).map(
    ([index, [page, flags]]) => `li t1, ${(RAM_PPN + page) * 1024 + flags}\n sw t1, ${4 * Number(index)}(t2)`,
  );
  return runProgram(
    `
    la t0, root
    la t2, leaves
    srli t1, t2, 2
    ori t1, t1, ${V}
    sw t1, 0x400(t0)
    li t1, ${RAM_PPN * 1024 + (V | R | W | X | A | D | (privilege === 'u' ? U : 0))}
    li t3, 0x800
    add t3, t3, t0
    sw t1, 0(t3)
    ${leaves.join('\n')}
    srli t0, t0, 12
    li t1, 0x80000000
    or t0, t0, t1
    csrw satp, t0
    li t0, -1
    csrw pmpaddr0, t0
    csrwi pmpcfg0, 0x1f
    la t0, handler
    csrw mtvec, t0
    li t0, 0x1800
    csrc mstatus, t0
    li t0, ${privilege === 'u' ? 0 : 0x800}
    csrs mstatus, t0
    ${before}
    la t0, 1f
    csrw mepc, t0
    li s0, ${WINDOW}
    mret
    1: ${body}
    ecall
    .balign 4
    handler: csrr a0, mcause
    csrr a1, mtval
    csrr a2, mepc
    done
    .balign 4096
    root: .zero 4096
    leaves: .zero 4096
    .zero 4096 * 13
    data: ${data}
    `,
    { cyclesMax: 100_000, ...options },
  );
}

const DATA = 16;
const ok = (privilege: 'u' | 's') => (privilege === 'u' ? 8 : 9);
const LOAD_FAULT = 13;
const STORE_FAULT = 15;
const FETCH_FAULT = 12;

describe('permissions', () => {
  const load = 'lw a3, 4(s0)';
  const store = 'sw a3, 4(s0)';
  const fetch = 'jr s0';

  it('finds nothing where the entry is invalid, reserved or a pointer at the last level', () => {
    for (const flags of [0, R | W | X | A | D, V | W | A | D, V | W | X | A | D, V]) {
      const rig = paged(load, { window: { 0: [DATA, flags] } });
      expect([rig.register('a0'), rig.register('a1')]).toEqual([LOAD_FAULT, WINDOW + 4]);
    }
  });

  it.each(['u', 's'] as const)('lets %s mode read, write and execute what R, W and X say', privilege => {
    const code = privilege === 'u' ? U : 0;
    for (const flags of [R, R | W, R | X, R | W | X, X]) {
      const window = { 0: [DATA, V | A | D | code | flags] as const };
      const data = '.option norvc\n ecall\n ecall';
      const run = (body: string) => paged(body, { privilege, window, data }).register('a0');
      expect(run(load)).toBe(flags & R ? ok(privilege) : LOAD_FAULT);
      expect(run(store)).toBe(flags & W ? ok(privilege) : STORE_FAULT);
      expect(run(fetch)).toBe(flags & X ? ok(privilege) : FETCH_FAULT);
    }
  });

  it('keeps user mode from supervisor pages, and supervisor mode from user pages unless SUM says', () => {
    const window = { 0: [DATA, V | R | W | X | A | D] as const };
    expect(paged(load, { privilege: 'u', window }).register('a0')).toBe(LOAD_FAULT);
    const user = { 0: [DATA, V | R | W | X | A | D | U] as const };
    const sum = 'li t0, 0x40000\n csrs sstatus, t0';
    expect(paged(load, { window: user }).register('a0')).toBe(LOAD_FAULT);
    expect(paged(`${sum}\n ${load}`, { window: user }).register('a0')).toBe(9);
    expect(paged(`${sum}\n ${load}\n csrc sstatus, t0\n ${load}`, { window: user }).register('a0')).toBe(
      LOAD_FAULT,
    );
    expect(paged(`${sum}\n ${fetch}`, { window: user }).register('a0')).toBe(FETCH_FAULT);
  });

  it('reads what is only executable under MXR', () => {
    const window = { 0: [DATA, V | X | A] as const };
    expect(paged(load, { window }).register('a0')).toBe(LOAD_FAULT);
    expect(paged(`li t0, 0x80000\n csrs sstatus, t0\n ${load}`, { window }).register('a0')).toBe(9);
  });

  it('lets machine mode access as another mode under MPRV, but fetch as itself', () => {
    const window = { 0: [DATA, V | R | W | A | D] as const };
    const before = `li t0, 0x20000\n csrs mstatus, t0\n li t1, ${WINDOW}\n lw t2, 0(t1)\n csrc mstatus, t0\n mv s1, t2`;
    expect(paged('', { window, before, data: '.word 77' }).register('s1')).toBe(77);
  });

  it('faults for a superpage that is not aligned, and for an address beyond 32 bits', () => {
    const superpage = (entry: number) => `la t0, root\n li t1, ${entry}\n sw t1, 0x404(t0)\n sfence.vma`;
    const far = 'li s0, 0x40400000\n lw a3, 0(s0)';
    expect(paged(far, { before: superpage(RAM_PPN * 1024 + (V | R | A)) }).register('a0')).toBe(9);
    expect(paged(far, { before: superpage((RAM_PPN + 1) * 1024 + (V | R | A)) }).register('a0')).toBe(
      LOAD_FAULT,
    );
    expect(paged(far, { before: superpage(0xc000_0000 + (V | R | A)) }).register('a0')).toBe(5);
  });

  it('faults as an access where the tables themselves are outside RAM', () => {
    const rig = paged(load, { before: 'la t0, root\n li t1, 0x1000001\n sw t1, 0x400(t0)\n sfence.vma' });
    expect([rig.register('a0'), rig.register('a1')]).toEqual([5, WINDOW + 4]);
  });
});

describe('A and D bits', () => {
  const window = { 0: [DATA, V | R | W] as const };

  it('are set by the hardware where the board says so', () => {
    const read = paged('lw a3, 0(s0)', { window, adBits: 'hardware' });
    expect(read.word('leaves') & 0xff).toBe(V | R | W | A);
    const written = paged('lw a3, 0(s0)\n sw a3, 0(s0)', { window, adBits: 'hardware' });
    expect(written.word('leaves') & 0xff).toBe(V | R | W | A | D);
  });

  it('are left to software by a page fault where the board says so', () => {
    expect(paged('lw a3, 0(s0)', { window, adBits: 'fault' }).register('a0')).toBe(LOAD_FAULT);
    const accessed = { 0: [DATA, V | R | W | A] as const };
    expect(paged('lw a3, 0(s0)', { window: accessed, adBits: 'fault' }).register('a0')).toBe(9);
    const rig = paged('lw a3, 0(s0)\n sw a3, 0(s0)', { window: accessed, adBits: 'fault' });
    expect([rig.register('a0'), rig.word('leaves') & 0xff]).toEqual([STORE_FAULT, V | R | W | A]);
  });

  it('are set for an atomic instruction as for a store', () => {
    const rig = paged('amoadd.w a3, a3, (s0)', { window, adBits: 'hardware' });
    expect(rig.word('leaves') & 0xff).toBe(V | R | W | A | D);
  });
});

describe('translations', () => {
  const both = {
    0: [DATA, V | R | W | A | D] as const,
    1: [DATA + 2, V | R | W | A | D] as const,
  };
  const changeFirst = `la t0, leaves\n li t1, ${(RAM_PPN + DATA + 1) * 1024 + (V | R | A)}\n sw t1, 0(t0)`;
  const data = '.word 1\n .zero 4092\n .word 2\n .zero 4092\n .word 3';

  it('are remembered until sfence.vma names their address or none', () => {
    const run = (fence: string) =>
      paged(`lw a3, 0(s0)\n ${changeFirst}\n ${fence}\n lw a4, 0(s0)\n lw a5, 4(s0)`, {
        window: both,
        data,
      }).register('a4');
    expect(run('nop')).toBe(1);
    expect(run('li t2, 0x40001000\n sfence.vma t2, zero')).toBe(1);
    expect(run('sfence.vma s0, zero')).toBe(2);
    expect(run('sfence.vma')).toBe(2);
  });

  it('of one address space are forgotten alone, and global ones stay', () => {
    const run = (flags: number, asid: number) =>
      paged(`lw a3, 0(s0)\n ${changeFirst}\n li t2, ${asid}\n sfence.vma zero, t2\n lw a4, 0(s0)`, {
        window: { 0: [DATA, V | R | A | flags] },
        data,
      }).register('a4');
    expect([run(0, 0), run(0, 5), run(G, 0)]).toEqual([2, 1, 1]);
  });

  it('of different address spaces live beside each other', () => {
    const other = `csrr t3, satp\n li t4, ${7 << 22}\n or t4, t3, t4`;
    const rig = paged(
      `lw a3, 0(s0)\n ${changeFirst}\n ${other}\n csrw satp, t4\n lw a4, 0(s0)\n csrw satp, t3\n lw a5, 0(s0)`,
      { window: both, data },
    );
    expect(['a3', 'a4', 'a5'].map(rig.register)).toEqual([1, 2, 1]);
  });

  it('of twenty address spaces switched round and round never mix', () => {
    const rig = paged(
      `csrr s2, satp\n li s3, 20\n li s4, 200\n li a3, 0
      1: remu t0, s4, s3\n slli t1, t0, 22\n or t1, t1, s2\n csrw satp, t1
      lw t2, 0(s0)\n add a3, a3, t2\n addi s4, s4, -1\n bnez s4, 1b`,
      { window: both, data },
    );
    expect(rig.register('a3')).toBe(200);
  });

  it('of both pages are made before a misaligned store writes to either', () => {
    const rig = paged('li t0, 0x40000ffe\n li t1, -1\n sw t1, 0(t0)', {
      window: { 0: [DATA, V | R | W | A | D] },
      data,
    });
    expect([rig.register('a0'), rig.register('a1')]).toEqual([STORE_FAULT, WINDOW + 0x1000]);
    expect(rig.word('data', 4092)).toBe(0);
    const whole = paged('li t0, 0x40000ffe\n li t1, -1\n sw t1, 0(t0)\n lw a3, 0(t0)', {
      window: both,
      data,
    });
    expect([whole.word('data', 4092), whole.word('data', 8192)]).toEqual([0xffff_0000, 0x0000_ffff]);
    expect(whole.register('a3')).toBe(0xffff_ffff);
  });

  it('of both pages are made for an instruction that crosses, which faults with the second half', () => {
    const code = '.zero 4094\n .half 0x8693\n .zero 4096\n .half 0x7b06\n ecall';
    const jump = 'li t0, 0x40000ffe\n li a3, 0\n jr t0';
    const pages = { 0: [DATA, V | X | A] as const, 1: [DATA + 2, V | X | A] as const };
    // 0x7b068693 is addi a3, a3, 0x7b0
    expect(paged(jump, { window: pages, data: code }).register('a3')).toBe(0x7b0);
    const rig = paged(jump, { window: { 0: pages[0] }, data: code });
    expect(['a0', 'a1', 'a2'].map(rig.register)).toEqual([FETCH_FAULT, WINDOW + 0x1000, WINDOW + 0xffe]);
  });

  it('show one page of code at two addresses, each with its own return address', () => {
    const window = { 0: [DATA, V | R | X | A] as const, 3: [DATA, V | R | X | A] as const };
    const rig = paged('jalr s0\n mv a3, a5\n li t0, 0x40003000\n jalr t0\n mv a4, a5', {
      window,
      data: 'auipc a5, 0\n ret',
    });
    expect([rig.register('a3'), rig.register('a4')]).toEqual([WINDOW, WINDOW + 0x3000]);
  });
});

describe('physical memory protection', () => {
  const region = (index: number, address: string, config: number) =>
    `li t0, ${address}\n csrw pmpaddr${index}, t0\n csrr t0, pmpcfg0\n li t1, ${config << (8 * index)}
     li t2, ${0xff << (8 * index)}\n not t2, t2\n and t0, t0, t2\n or t0, t0, t1\n csrw pmpcfg0, t0`;
  const data = '.word 1, 2, 3, 4\n .zero 4096';
  const address = (0x8001_0000 >>> 2) + 1;
  const window = { 0: [DATA, V | R | W | X | A | D] as const };
  /** Regions 0 and 1 come before the one that permits all, which moves to 3. */
  const all = 'li t0, -1\n csrw pmpaddr3, t0\n li t0, 0x1f000000\n csrw pmpcfg0, t0';
  const run = (before: string, body: string) => {
    const rig = paged(body, { window, before: `${all}\n ${before}`, data });
    return [rig.register('a0'), rig.register('a1')];
  };

  it('protects a region of four bytes and leaves its neighbours', () => {
    const before = region(0, `${address}`, 0x10);
    expect(run(before, 'lw a3, 0(s0)\n lw a3, 8(s0)\n sw a3, 8(s0)')[0]).toBe(9);
    expect(run(before, 'lw a3, 4(s0)')).toEqual([5, WINDOW + 4]);
    expect(run(before, 'lw a3, 0(s0)\n sb a3, 7(s0)')).toEqual([7, WINDOW + 7]);
    expect(run(before, 'lw a3, 2(s0)')).toEqual([5, WINDOW + 2]);
  });

  it('protects what lies between two addresses', () => {
    const before = `${region(0, `${address}`, 0)}\n ${region(1, `${address + 2}`, 0x09)}`;
    expect(run(before, 'sw a3, 0(s0)\n lw a3, 4(s0)\n lw a3, 8(s0)\n sw a3, 12(s0)')[0]).toBe(9);
    expect(run(before, 'sw a3, 4(s0)')).toEqual([7, WINDOW + 4]);
    expect(run(before, 'sw a3, 8(s0)')).toEqual([7, WINDOW + 8]);
  });

  it('protects a naturally aligned power of two, code too', () => {
    const before = region(0, `${(0x8001_0000 >>> 2) | 0x1ff}`, 0x1b);
    expect(run(before, 'sw a3, 2044(s0)')[0]).toBe(9);
    expect(run(before, 'jr s0')).toEqual([1, WINDOW]);
    expect(run(before, 'lui t0, 1\n add t0, t0, s0\n lw a3, -4(t0)')[0]).toBe(9);
  });

  it('executes instruction by instruction where a page is permitted in part', () => {
    const code = '.option norvc\n addi a3, zero, 5\n addi a3, a3, 1\n ecall\n .option rvc\n .zero 4096';
    const before = `${all}\n ${region(0, `${(0x8001_0000 >>> 2) + 1}`, 0x13)}`;
    const rig = paged('jr s0', { window, before, data: code });
    expect(['a0', 'a1', 'a3'].map(rig.register)).toEqual([1, WINDOW + 4, 5]);
  });

  it('binds machine mode only where it is locked, and then keeps its registers', () => {
    const probe = (config: number) => `
      la t0, handler
      csrw mtvec, t0
      la s0, word
      srli t0, s0, 2
      csrw pmpaddr1, t0
      li t0, ${config << 8}
      csrw pmpcfg0, t0
      csrw pmpaddr1, zero
      csrr a1, pmpaddr1
      csrw pmpcfg0, zero
      csrr a2, pmpcfg0
      sw zero, 0(s0)
      li a0, 0
      done
      .balign 4
      handler: csrr a0, mcause
      done
      .balign 4
      word: .word 9`;
    const open = runProgram(probe(0x11));
    expect(['a0', 'a1', 'a2'].map(open.register)).toEqual([0, 0, 0]);
    const locked = runProgram(probe(0x91));
    expect(['a0', 'a1', 'a2'].map(locked.register)).toEqual([7, locked.symbols.get('word')! >>> 2, 0x9100]);
  });

  it('keeps the lower end of a locked range', () => {
    const { register } = runProgram(`
      li t0, 0x88000000
      csrw pmpcfg0, t0
      li t0, 5
      csrw pmpaddr2, t0
      csrw pmpaddr1, t0
      csrr a0, pmpaddr2
      csrr a1, pmpaddr1
      li t0, 6
      csrw pmpcfg1, t0
      csrr a2, pmpcfg1
      done`);
    expect(['a0', 'a1', 'a2'].map(register)).toEqual([0, 5, 4]);
  });

  it('guards the page tables against the walker', () => {
    const before = region(0, `${0x8000_2000 >>> 2} | 0x1ff`, 0x18);
    expect(paged('lw a3, 0(s0)', { window, before: `${all}\n ${before}\n sfence.vma` }).register('a0')).toBe(
      5,
    );
  });

  it('denies supervisor and user mode everything where no region is set', () => {
    const before = 'csrw pmpcfg0, zero';
    expect(paged('lw a3, 0(s0)', { window, before }).register('a0')).toBe(1);
  });
});
