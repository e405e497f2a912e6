/**
 * Loads, stores and atomics: widths and signs, misaligned accesses, devices, reservations, faults.
 */
import { describe, expect, it } from 'vitest';
import { RAM_BASE, UART_BASE } from '../../hw/manual/memory-map.ts';
import { loadProgram, type RigOptions, runProgram } from './rig.ts';

/** The first trap of a fragment: [cause, value]; its handler ends the program. */
function trapOf(fragment: string, options?: RigOptions): readonly [cause: number, value: number] {
  const { register, symbols, hart } = runProgram(
    `la t0, handler\n csrw mtvec, t0\n ${fragment}\n li a0, -1\n done
    .balign 4\n handler: csrr a0, mcause\n csrr a1, mtval\n done\n .balign 4096\n data: .zero 4096`,
    options,
  );
  expect(hart.lastTrap?.pc).toBe(symbols.get('at') ?? hart.lastTrap?.pc);
  return [register('a0'), register('a1')];
}

describe('loads and stores', () => {
  it('reads bytes and halves with and without their sign', () => {
    const { register } = runProgram(`
      la s0, data
      lb a0, 0(s0)
      lbu a1, 0(s0)
      lh a2, 2(s0)
      lhu a3, 2(s0)
      lw a4, 0(s0)
      done
      .balign 4
      data: .word 0x87f5cafe`);
    const found = ['a0', 'a1', 'a2', 'a3', 'a4'].map(register);
    expect(found).toEqual([0xffff_fffe, 0xfe, 0xffff_87f5, 0x87f5, 0x87f5_cafe]);
  });

  it('writes only the bytes that are stored', () => {
    const { word } = runProgram(`
      la s0, data
      li a0, 0x11223344
      sb a0, 1(s0)
      sh a0, 6(s0)
      done
      .balign 4
      data: .word -1, -1`);
    expect([word('data'), word('data', 4)]).toEqual([0xffff_44ff, 0x3344_ffff]);
  });

  it.each([1, 2, 3, 61, 62, 63, 4093, 4095])(
    'reads back what was stored misaligned, at offset %i',
    offset => {
      const { register, word } = runProgram(`
      la s0, data + ${offset}
      li a0, 0x89abcdef
      sw a0, 0(s0)
      lw a1, 0(s0)
      lhu a2, 1(s0)
      done
      .balign 4096
      data: .zero 8192`);
      expect([register('a1'), register('a2')]).toEqual([0x89ab_cdef, 0xabcd]);
      const low = word('data', offset & ~3);
      expect((low >>> (8 * (offset % 4))) >>> 0).toBe(
        (0x89ab_cdef << (8 * (offset % 4))) >>> (8 * (offset % 4)),
      );
    },
  );

  it('shows a device every width at its address, and the cycle of each access', () => {
    const seen: [string, number, number, number][] = [];
    const bus = {
      read: (pa: number, size: number) => {
        seen.push(['read', pa, size, 0]);
        return size === 1 ? 0x80 : 0x1234_8765;
      },
      write: (pa: number, size: number, value: number) => seen.push(['write', pa, size, value]) > 0,
    };
    const { register } = runProgram(
      `li s0, ${UART_BASE}\n lb a0, 5(s0)\n lw a1, 8(s0)\n li a2, -1\n sb a2, 1(s0)\n sh a2, 2(s0)\n done`,
      { bus },
    );
    expect([register('a0'), register('a1')]).toEqual([0xffff_ff80, 0x1234_8765]);
    expect(seen).toEqual([
      ['read', UART_BASE + 5, 1, 0],
      ['read', UART_BASE + 8, 4, 0],
      ['write', UART_BASE + 1, 1, 0xff],
      ['write', UART_BASE + 2, 2, 0xffff],
    ]);
  });

  it('faults where nothing answers', () => {
    expect(trapOf(`li s0, ${UART_BASE}\n at: lw a0, 4(s0)`)).toEqual([5, UART_BASE + 4]);
    expect(trapOf(`li s0, ${UART_BASE}\n at: sb a0, 3(s0)`)).toEqual([7, UART_BASE + 3]);
    expect(trapOf('li s0, 0x7ffffffc\n at: lw a0, 0(s0)')).toEqual([5, 0x7fff_fffc]);
    expect(trapOf(`li s0, ${RAM_BASE + (1 << 20)}\n at: sw a0, 0(s0)`)).toEqual([7, RAM_BASE + (1 << 20)]);
  });

  it('faults for a misaligned access to a device, or across the end of RAM, and writes nothing', () => {
    const bus = { read: () => 0, write: () => true };
    expect(trapOf(`li s0, ${UART_BASE + 1}\n at: lw a0, 0(s0)`, { bus })).toEqual([5, UART_BASE + 1]);
    expect(trapOf(`li s0, ${UART_BASE + 1}\n at: sh a0, 0(s0)`, { bus })).toEqual([7, UART_BASE + 1]);
    const last = RAM_BASE + (1 << 20) - 2;
    expect(trapOf(`li s0, ${last}\n at: sw s0, 0(s0)`)).toEqual([7, last]);
    const { register } = runProgram(`
      la t0, handler
      csrw mtvec, t0
      li s0, ${last}
      sw s0, 0(s0)
      .balign 4
      handler: lhu a0, 0(s0)
      done`);
    expect(register('a0')).toBe(0);
  });
});

describe('atomics', () => {
  it.each([
    ['amoswap.w', 7],
    ['amoadd.w', 5],
    ['amoxor.w', 0xffff_fff9],
    ['amoand.w', 6],
    ['amoor.w', 0xffff_ffff],
    ['amomin.w', 0xffff_fffe],
    ['amomax.w', 7],
    ['amominu.w', 7],
    ['amomaxu.w', 0xffff_fffe],
  ])('%s gives the old value and leaves the new one', (name, expected) => {
    const { register, word } = runProgram(`
      la s0, data
      li a1, 7
      ${name} a0, a1, (s0)
      done
      .balign 4
      data: .word -2`);
    expect([register('a0'), word('data')]).toEqual([0xffff_fffe, expected]);
  });

  it('stores conditionally only under a reservation of the same line, once', () => {
    const { register, word } = runProgram(`
      la s0, data
      li a1, 1
      sc.w a2, a1, (s0)      # no reservation
      lr.w a3, (s0)
      sc.w a4, a1, (s0)      # succeeds
      sc.w a5, a1, (s0)      # used up
      lr.w a3, (s0)
      addi s1, s0, 64
      sc.w a6, a1, (s1)      # another line
      sc.w a7, a1, (s0)      # ended by the failure
      done
      .balign 64
      data: .zero 128`);
    expect(['a2', 'a4', 'a5', 'a6', 'a7'].map(register)).toEqual([1, 0, 1, 1, 1]);
    expect([word('data'), word('data', 64)]).toEqual([1, 0]);
  });

  it('loses its reservation to a bus master that writes to the line', () => {
    const { hart, symbols } = loadProgram(
      `la s0, data\n lr.w a0, (s0)\n li s1, ${UART_BASE}\n sw zero, 0(s1)\n sc.w a1, zero, (s0)\n done
      .balign 64\n data: .word 5, 5`,
      {
        bus: {
          read: () => 0,
          write: () => hart.ram.write(symbols.get('data')! + 4, Uint8Array.of(1)),
        },
      },
    );
    hart.run(10_000);
    expect(hart.readRegister(11)).toBe(1);
  });

  it('loses its reservation to a return from a trap', () => {
    const { register } = runProgram(`
      la s0, data
      la t0, 1f
      csrw mepc, t0
      li t1, 0x1800
      csrs mstatus, t1
      lr.w a0, (s0)
      mret
      1: sc.w a1, zero, (s0)
      done
      .balign 64
      data: .word 5`);
    expect(register('a1')).toBe(1);
  });

  it('traps where it is misaligned or outside RAM', () => {
    const bus = { read: () => 0, write: () => true };
    expect(trapOf('la s0, data + 2\n at: lr.w a0, (s0)')).toEqual([4, RAM_BASE + 0x1002]);
    expect(trapOf('la s0, data + 1\n at: sc.w a0, a0, (s0)')).toEqual([6, RAM_BASE + 0x1001]);
    expect(trapOf('la s0, data + 2\n at: amoadd.w a0, a0, (s0)')).toEqual([6, RAM_BASE + 0x1002]);
    expect(trapOf(`li s0, ${UART_BASE}\n at: amoadd.w a0, a0, (s0)`, { bus })).toEqual([7, UART_BASE]);
    expect(trapOf(`li s0, ${UART_BASE}\n at: lr.w a0, (s0)`, { bus })).toEqual([5, UART_BASE]);
  });
});
