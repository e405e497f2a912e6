/**
 * Control flow, wherever the code lies: in a line, across lines and pages, compressed or not, outside RAM;
 * and code that changes while it runs.
 */
import { describe, expect, it } from 'vitest';
import { BOOT_ROM_BASE, RAM_BASE, UART_BASE } from '../../hw/manual/memory-map.ts';
import { assembleFlat } from '../../images/assembler/assemble.ts';
import { loadProgram, runProgram } from './rig.ts';

describe('branches and jumps', () => {
  it.each([
    ['beq', [0, 1, 0, 1]],
    ['bne', [1, 0, 1, 0]],
    ['blt', [1, 0, 0, 0]],
    ['bge', [0, 1, 1, 1]],
    ['bltu', [0, 0, 1, 0]],
    ['bgeu', [1, 1, 0, 1]],
  ])('%s is taken where its condition holds, near and far', (name, expected) => {
    const operands = ['-1, 1', '5, 5', '3, -4', '-7, -7'];
    for (const distance of [0, 40, 2000, 3900]) {
      const cases = operands.map(
        (pair, index) => `
        li a1, ${pair.split(',')[0]}
        li a2, ${pair.split(',')[1]}
        li a${index + 3}, 1
        ${name} a1, a2, 1f
        li a${index + 3}, 0
        j 1f
        .zero ${distance}
        1:`,
      );
      const { register } = runProgram(`${cases.join('\n')}\n done`);
      expect(['a3', 'a4', 'a5', 'a6'].map(register)).toEqual(expected);
    }
  });

  it('links the address behind a call, compressed or not, and clears bit 0 of a target', () => {
    const { register, symbols } = runProgram(`
      .option norvc
      la a0, f + 1
      jalr a1, 0(a0)
      one: jal a2, f
      two: .option rvc
      la a3, f
      c.jalr a3
      three:
      done
      f: beqz a1, 1f
      1: bnez a2, 2f
      jr a1
      2: bnez a4, 3f
      li a4, 1
      jr a2
      3: jr ra`);
    expect([register('a1'), register('a2'), register('ra')]).toEqual(
      ['one', 'two', 'three'].map(n => symbols.get(n)),
    );
  });

  it.each([62, 4094])('executes an instruction of four bytes that begins at offset %i', offset => {
    const { register } = runProgram(`
      li s1, 3
      j round
      .balign 4096
      .zero ${offset - 2}
      round: c.nop
      .option norvc
      addi a0, a0, 0x123
      .option rvc
      addi s1, s1, -1
      beqz s1, out
      la t0, round
      jr t0
      out:
      done`);
    expect(register('a0')).toBe(3 * 0x123);
  });

  it('runs on from one page into the next', () => {
    const steps = 'addi a0, a0, 1\n'.repeat(200);
    const { register } = runProgram(`j start\n .balign 4096\n .zero 4000\n start: ${steps} done`);
    expect(register('a0')).toBe(200);
  });

  it('runs through more code than is kept decoded, round after round', () => {
    const { hart, symbols } = loadProgram('li s1, 3\n la s0, body\n jr s0\n .balign 4096\n body:', {
      ramSize: 2 << 20,
    });
    const addi = 0x0015_0513; // addi a0, a0, 1
    const count = 150_000;
    hart.ram.write(symbols.get('body')!, new Uint8Array(new Uint32Array(count).fill(addi).buffer));
    const tail = assembleFlat(
      `addi s1, s1, -1\n beqz s1, 1f\n jr s0\n 1: li t0, ${UART_BASE}\n sw a0, 0(t0)`,
      {
        origin: 0,
      },
    );
    hart.ram.write(symbols.get('body')! + 4 * count, tail.bytes);
    while (hart.lastTrap === undefined) hart.run(hart.cycle + 100_000);
    expect(hart.readRegister(10)).toBe(3 * count);
    expect(hart.counters['iCacheMiss']).toBeGreaterThanOrEqual((3 * 4 * count) / 64);
  });

  it('runs from the boot ROM, one fetch at a time', () => {
    const rom = assembleFlat(
      `li a0, 7\n 1: addi a0, a0, -1\n bnez a0, 1b\n auipc a1, 0\n li t0, ${RAM_BASE}\n jr t0`,
      {
        origin: BOOT_ROM_BASE,
      },
    ).bytes;
    const view = new DataView(rom.buffer, rom.byteOffset);
    const read = (pa: number) => view.getUint16(pa - BOOT_ROM_BASE, true);
    const { hart } = loadProgram('done', { bus: { read, write: () => false } });
    hart.reset(BOOT_ROM_BASE, 0, 0);
    expect(hart.run(10_000)).toBe('stopped');
    expect(hart.readRegister(11)).toBeGreaterThan(BOOT_ROM_BASE);
    expect(hart.counters['device']).toBeGreaterThan(2 * 7);
  });

  it('faults where code is fetched from a device or from nowhere', () => {
    for (const target of [UART_BASE, 0, 0xffff_fffc]) {
      const { register } = runProgram(
        `la t0, handler\n csrw mtvec, t0\n li t0, ${target}\n jr t0\n .balign 4
        handler: csrr a0, mcause\n csrr a1, mtval\n csrr a2, mepc\n done`,
        { bus: { read: () => 0x13, write: () => true } },
      );
      expect(['a0', 'a1', 'a2'].map(register)).toEqual([1, target, target]);
    }
  });
});

describe('changing code', () => {
  const addAgain = (fence: string) => `
    la s0, site
    li s1, 3
    again:
    .balign 4
    .option norvc
    site: addi a0, a0, 1
    .option rvc
    lw a1, 0(s0)
    lui a2, 0x100
    add a1, a1, a2
    sw a1, 0(s0)
    ${fence}
    addi s1, s1, -1
    bnez s1, again
    done`;

  it.each(['fence.i', 'nop'])('executes what was stored, behind a %s', fence => {
    expect(runProgram(addAgain(fence)).register('a0')).toBe(1 + 2 + 3);
  });

  it('executes what the very next instruction was overwritten with', () => {
    const { register } = runProgram(`
      .option norvc
      la s0, site
      li a1, 0x00500513   # addi a0, zero, 5
      j 1f
      .balign 64
      1: sw a1, 0(s0)
      site: addi a0, zero, 1
      done`);
    expect(register('a0')).toBe(5);
  });

  it('executes a changed second half of an instruction that crosses lines', () => {
    const { register } = runProgram(`
      la s0, site
      li s1, 2
      j round
      .balign 64
      .zero 60
      round: c.nop
      .option norvc
      site: addi a0, a0, 1
      .option rvc
      li a1, 0x0645       # the upper half of addi a0, a0, 100
      sh a1, 2(s0)
      addi s1, s1, -1
      bnez s1, round
      done`);
    expect(register('a0')).toBe(1 + 100);
  });

  it('sees what a bus master wrote over code that has run', () => {
    const { hart, symbols } = loadProgram('li a0, 1\n .option norvc\n site: addi a0, a0, 1\n done');
    hart.run(10_000);
    hart.ram.write(symbols.get('site')!, Uint8Array.of(0x13, 0x05, 0x45, 0x06));
    hart.reset(RAM_BASE, 0, 0);
    hart.run(20_000);
    expect(hart.readRegister(10)).toBe(101);
  });
});
