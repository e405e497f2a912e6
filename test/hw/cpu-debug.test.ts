/**
 * The hart as a board, a debugger and a snapshot see it: stops, breakpoints, watchpoints, memory through
 * the MMU, written pages, options that no machine has.
 */
import { describe, expect, it } from 'vitest';
import { Hart } from '../../hw/cpu/hart.ts';
import { loadCore } from '../../hw/cpu/load-core.ts';
import { CSR_MSTATUS, CSR_SATP, MSTATUS_MPRV } from '../../hw/manual/csr.ts';
import { CLOCK_HZ_DEFAULT, RAM_BASE } from '../../hw/manual/memory-map.ts';
import { loadProgram } from './rig.ts';

const core = await loadCore();
const bus = { read: () => undefined, write: () => false };
const usual = { core, bus, ramSize: 1 << 20, clockHz: CLOCK_HZ_DEFAULT, adBits: 'hardware' } as const;

describe('runs', () => {
  it('end at the first boundary at or behind their limit, and one cycle more is one instruction', () => {
    const { hart, symbols } = loadProgram(
      'j 1f\n .balign 64\n 1: nop\n div a0, a0, a1\n two: nop\n nop\n done',
    );
    const two = symbols.get('two')!;
    while (hart.pc !== two) hart.run(hart.cycle + 1);
    const before = hart.counters['instructions']!;
    expect(hart.run(hart.cycle + 1)).toBe('limit');
    expect(hart.counters['instructions']).toBe(before + 1);
    expect(hart.run(hart.cycle)).toBe('limit');
    expect(hart.counters['instructions']).toBe(before + 1);
  });

  it('end behind the device access from which they were stopped', () => {
    const { hart, symbols } = loadProgram('li s0, 0x10000000\n sw s0, 0(s0)\n behind: j behind', {
      bus: {
        read: () => 0,
        write: () => {
          hart.stop();
          return true;
        },
      },
    });
    expect(hart.run(10_000)).toBe('stopped');
    expect(hart.pc).toBe(symbols.get('behind'));
    expect(hart.run(hart.cycle + 10)).toBe('limit');
  });

  it('show the bus the cycle at which it answers', () => {
    const cycles: number[] = [];
    const { hart } = loadProgram(
      'li s0, 0x10000000\n j 1f\n .balign 64\n 1: nop\n nop\n lw a0, 0(s0)\n lw a0, 0(s0)\n done',
      {
        bus: { read: () => cycles.push(hart.cycle), write: () => true },
      },
    );
    hart.run(10_000);
    expect(cycles[1]! - cycles[0]!).toBe(1 + 10);
  });
});

describe('breakpoints', () => {
  it('stop before their instruction, each time it is reached', () => {
    const { hart, symbols } = loadProgram(
      'li a0, 3\n loop: addi a0, a0, -1\n here: nop\n bnez a0, loop\n done',
    );
    const here = symbols.get('here')!;
    hart.setBreakpoint(here);
    for (const left of [2, 1, 0]) {
      expect(hart.run(10_000)).toBe('breakpoint');
      expect([hart.pc, hart.readRegister(10)]).toEqual([here, left]);
    }
    expect(hart.run(10_000)).toBe('stopped');
  });

  it('change nothing in the cycles, and are gone when cleared', () => {
    const source = 'li a0, 50\n loop: mul a1, a0, a0\n addi a0, a0, -1\n bnez a0, loop\n done';
    const { hart: plain } = loadProgram(source);
    plain.run(10_000);
    const { hart, symbols } = loadProgram(source);
    hart.setBreakpoint(symbols.get('loop')!);
    expect(hart.run(10_000)).toBe('breakpoint');
    hart.clearBreakpoint(symbols.get('loop')!);
    expect([hart.run(10_000), hart.cycle]).toEqual(['stopped', plain.cycle]);
  });
});

describe('watchpoints', () => {
  const source = `
    la s0, word
    li s1, 4
    1: lw a0, 0(s0)
    addi a0, a0, 1
    sb a0, 1(s0)
    addi s1, s1, -1
    bnez s1, 1b
    done
    .balign 64
    word: .word 0, 0`;

  it.each([
    ['read', 0, 4],
    ['write', 1, 4],
    ['access', 0, 8],
  ] as const)('for %s stop behind every such access and tell its address', (kind, offset, expected) => {
    const { hart, symbols } = loadProgram(source);
    hart.run(30);
    const word = symbols.get('word')!;
    hart.setWatchpoint(word, 4, kind);
    hart.reset(RAM_BASE, 0, 0);
    let found = 0;
    while (hart.run(hart.cycle + 10_000) === 'watchpoint') {
      if (found === 0) expect(hart.watchedAddress).toBe(word + offset);
      found += 1;
    }
    expect(found).toBe(expected);
    hart.clearWatchpoint(word, 4, kind);
    hart.reset(RAM_BASE, 0, 0);
    expect(hart.run(hart.cycle + 10_000)).toBe('stopped');
  });
});

describe('debuggers', () => {
  /** A root table at RAM + 0x1000 that maps 0x4000_0000 to RAM by a superpage, readable only. */
  function mapped(): Hart {
    const hart = new Hart(usual);
    hart.ram.write(
      RAM_BASE + 0x1400,
      new Uint8Array(new Uint32Array([(RAM_BASE >>> 12) * 1024 + 0x43]).buffer),
    );
    hart.ram.write(RAM_BASE + 0x2ffe, Uint8Array.of(1, 2, 3, 4));
    hart.writeCsr(CSR_SATP, (0x8000_0000 | ((RAM_BASE + 0x1000) >>> 12)) >>> 0);
    return hart;
  }

  it('see memory as the data side of the present mode does', () => {
    const hart = mapped();
    expect(hart.translate(RAM_BASE + 4, 'read')).toBe(RAM_BASE + 4);
    hart.privilege = 'supervisor';
    expect(hart.translate(0x4000_2ffe, 'read')).toBe(RAM_BASE + 0x2ffe);
    expect(hart.translate(0x4000_2ffe, 'write')).toBe(undefined);
    expect(hart.translate(RAM_BASE, 'read')).toBe(undefined);
    expect(hart.readMemory(0x4000_2ffe, 4)).toEqual(Uint8Array.of(1, 2, 3, 4));
    expect(hart.readMemory(0x403f_ffff, 4)).toBe(undefined);
    hart.privilege = 'machine';
    hart.writeCsr(CSR_MSTATUS, MSTATUS_MPRV);
    expect(hart.translate(0x4000_2ffe, 'read')).toBe(RAM_BASE + 0x2ffe);
    expect(hart.translate(RAM_BASE, 'execute')).toBe(RAM_BASE);
  });

  it('write memory wholly or not at all, and cost nothing', () => {
    const hart = mapped();
    hart.privilege = 'supervisor';
    expect(hart.writeMemory(0x4000_2fff, Uint8Array.of(8, 9))).toBe(true);
    expect(hart.readMemory(0x4000_2ffe, 4)).toEqual(Uint8Array.of(1, 8, 9, 4));
    expect(hart.writeMemory(0x400f_fffe, Uint8Array.of(7, 7, 7))).toBe(false);
    expect(hart.readMemory(0x400f_fffe, 2)).toEqual(Uint8Array.of(0, 0));
    expect([hart.cycle, hart.counters['walkRead']]).toEqual([0, 0]);
  });

  it('read and write registers, of which x0 stays zero, and refuse what is no CSR', () => {
    const hart = new Hart(usual);
    hart.writeRegister(5, -1);
    hart.writeRegister(0, 1);
    expect([hart.readRegister(5), hart.readRegister(0)]).toEqual([0xffff_ffff, 0]);
    expect([hart.readCsr(0x7b0), hart.writeCsr(0x7b0, 1), hart.writeCsr(0xf14, 1)]).toEqual([
      undefined,
      false,
      false,
    ]);
  });
});

describe('snapshots', () => {
  it('hear of each page that was written since they last asked, by hart, walker or bus master', () => {
    const { hart } = loadProgram(`la s0, data\n 1: lw a0, 0(s0)\n sw a0, 0(s0)\n sb a0, 4(s0)\n j 1b
      .balign 4096\n .zero 8192\n data: .zero 4096`);
    hart.dirtyPages();
    hart.run(1000);
    expect(hart.dirtyPages()).toEqual([3]);
    expect(hart.dirtyPages()).toEqual([]);
    hart.run(2000);
    expect(hart.dirtyPages()).toEqual([3]);
    hart.ram.write(RAM_BASE + 0x7fff, Uint8Array.of(1, 2));
    expect(hart.dirtyPages()).toEqual([7, 8]);
  });
});

describe('RAM', () => {
  it('refuses what is not wholly inside it and writes nothing then', () => {
    const { ram } = new Hart(usual);
    const last = RAM_BASE + ram.size - 1;
    expect(ram.write(last, Uint8Array.of(1, 2))).toBe(false);
    expect(ram.read(last, 1)).toEqual(Uint8Array.of(0));
    expect([ram.read(last, 2), ram.read(RAM_BASE - 1, 1), ram.write(0, Uint8Array.of(1))]).toEqual([
      undefined,
      undefined,
      false,
    ]);
  });
});

describe('options', () => {
  it.each([
    [{ ramSize: 5000 }, 'RAM of 5000 bytes'],
    [{ ramSize: 2 ** 31 }, 'RAM of 2147483648 bytes'],
    [{ clockHz: 0 }, 'a clock of 0 Hz'],
    [{ cacheSize: 3000 }, 'caches of 3000 bytes in 4 ways'],
    [{ cacheWays: 3 }, 'caches of 16384 bytes in 3 ways'],
    [{ tlbEntries: 65 }, 'TLBs of 65 entries'],
  ])('%o are refused by name', (option, what) => {
    expect(() => new Hart({ ...usual, ...option })).toThrow(`there is no machine with ${what}`);
  });

  it('give the hart its number', () => {
    expect(new Hart({ ...usual, hartId: 5 }).readCsr(0xf14)).toBe(5);
  });
});
