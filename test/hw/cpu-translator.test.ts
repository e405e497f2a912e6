/**
 * The translator and the interpreter are one machine: random programs with paging, traps, misaligned and
 * page-crossing accesses and code that changes itself, run in both in the same pieces, are in the same state
 * after each: every register, counter, TLB entry and cache line, and all of RAM.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Hart, StopReason } from '../../hw/cpu/hart.ts';
import { Random } from '../../hw/lab/random.ts';
import { RAM_BASE } from '../../hw/manual/memory-map.ts';
import { hashBytes, hashState, restoreState, saveState } from '../../hw/state.ts';
import { randomProgram } from './random-program.ts';
import { loadProgram, type RigOptions } from './rig.ts';

const CYCLES_MAX = 60_000;
/** Enough for a random program, where RAM is compared often. */
const RAM_FEW = 1 << 17;

const programs = fc.record({
  seed: fc.nat(1_000_000),
  instructions: fc.integer({ min: 20, max: 200 }),
  rounds: fc.integer({ min: 1, max: 8 }),
  privilege: fc.constantFrom('machine' as const, 'supervisor' as const, 'user' as const),
  finish: fc.constant('done'),
});
const machines: fc.Arbitrary<RigOptions> = fc.record({
  adBits: fc.constantFrom('hardware' as const, 'fault' as const),
  cacheSize: fc.constantFrom(256, 1024, 16_384),
  cacheWays: fc.constantFrom(1, 2, 4),
  tlbEntries: fc.constantFrom(1, 3, 32),
});

const stateOf = (hart: Hart) =>
  `${hart.cycle} ${hashState(hart)} ${hashBytes(hart.ram.read(RAM_BASE, hart.ram.size)!)}`;

/** The same program in both tiers. */
function pair(source: string, options: RigOptions): readonly [Hart, Hart] {
  const { hart: interpreted } = loadProgram(source, { ...options, translateAfter: Number.POSITIVE_INFINITY });
  const { hart: translated } = loadProgram(source, options);
  return [interpreted, translated];
}

/** Runs both in pieces of up to `longest` cycles, as long as they agree. */
function runInLockstep(harts: readonly [Hart, Hart], random: Random, longest: number): void {
  const [interpreted, translated] = harts;
  let stop: StopReason = 'limit';
  while (stop === 'limit' && interpreted.cycle < CYCLES_MAX) {
    const until = Math.min(CYCLES_MAX, interpreted.cycle + 1 + random.below(longest));
    stop = interpreted.run(until);
    const other = translated.run(until);
    if (`${other} ${translated.cycle} ${translated.pc}` !== `${stop} ${interpreted.cycle} ${interpreted.pc}`)
      break;
  }
  expect(stateOf(translated)).toBe(stateOf(interpreted));
}

test('a program is in the same state in both tiers, however its run is cut', () => {
  fc.assert(
    fc.property(
      programs,
      machines,
      fc.constantFrom(1, 16, 200),
      fc.constantFrom(1, 3, 20, 100, 5000, CYCLES_MAX),
      (program, machine, after, longest) => {
        const harts = pair(randomProgram(program), { ...machine, translateAfter: after });
        runInLockstep(harts, new Random(program.seed), longest);
      },
    ),
    { seed: 20261128, numRuns: 20 },
  );
});

test('what the TLB gave up is walked for again, whatever the host has kept, in caches of a few lines too', () => {
  for (const [seed, cacheWays] of [
    [8_000_523, 2],
    [8_000_058, 4],
    [8_000_235, 4],
  ] as const) {
    const source = randomProgram({
      seed,
      instructions: 120,
      rounds: 7,
      privilege: 'supervisor',
      finish: 'done',
    });
    const machine = { ramSize: RAM_FEW, cacheSize: 256, cacheWays, tlbEntries: 1 };
    const [keeping, forgetting] = pair(source, { ...machine, translateAfter: Number.POSITIVE_INFINITY });
    for (let cycle = 20; cycle < 6000; cycle += 20) {
      keeping.run(cycle);
      forgetting.run(cycle);
      forgetting.flushHostCaches();
    }
    expect(stateOf(forgetting)).toBe(stateOf(keeping));
  }
});

interface Moment {
  readonly state: Uint8Array;
  readonly ram: Uint8Array;
}

/** Back to a moment; lines of RAM that have not changed since are left alone, and what was translated of them. */
function goBack(hart: Hart, { state, ram }: Moment): void {
  const now = hart.ram.read(RAM_BASE, ram.length)!;
  for (let at = 0; at < ram.length; at += 64) {
    const before = ram.subarray(at, at + 64);
    if (before.some((byte, index) => byte !== now[at + index])) hart.ram.write(RAM_BASE + at, before.slice());
  }
  restoreState(hart, state);
}

test('a run ends at any cycle as it does in the interpreter, and goes on from there', () => {
  fc.assert(
    fc.property(programs, machines, fc.integer({ min: 200, max: 3000 }), (program, machine, beginning) => {
      const options = { ...machine, ramSize: RAM_FEW, translateAfter: 1 };
      const harts = pair(randomProgram(program), options);
      harts[0].run(beginning);
      const moment = {
        state: saveState(harts[0]),
        ram: harts[0].ram.read(RAM_BASE, harts[0].ram.size)!.slice(),
      };
      harts[1].run(CYCLES_MAX);
      for (let end = beginning + 1; end < beginning + 80; end++) {
        for (const hart of harts) goBack(hart, moment);
        expect(harts[1].run(end)).toBe(harts[0].run(end));
        expect(hashState(harts[1])).toBe(hashState(harts[0]));
        for (const hart of harts) hart.run(end + 300);
        expect(stateOf(harts[1])).toBe(stateOf(harts[0]));
      }
    }),
    { seed: 20261129, numRuns: 4 },
  );
});

/** Adds up in a loop with calls, loads, stores and branches; its handler counts interrupts and their places. */
const INTERRUPTED = `
  la t0, handler
  csrw mtvec, t0
  li t0, 0x80
  csrw mie, t0
  csrwi mstatus, 8
  la s0, data
  li s1, 40
loop:
  lw t0, 0(s0)
  addi t0, t0, 3
  sw t0, 0(s0)
  call twice
  andi t1, s1, 1
  beqz t1, even
  mul t0, t0, t1
even:
  lw t2, 0(s0)
  add a0, a0, t2
  addi s1, s1, -1
  bnez s1, loop
  done
twice:
  slli t0, t0, 1
  ret
handler:
  csrr t3, mepc
  slli t4, s2, 5
  add s2, s2, t4
  add s2, s2, t3
  csrw mie, zero
  mret
  .balign 64
data: .word 1`;

test('an interrupt is taken at the same cycle in both tiers, whichever cycle that is', () => {
  const harts = pair(INTERRUPTED, { translateAfter: 1 });
  harts[0].run(100);
  const beginning = saveState(harts[0]);
  const data = loadProgram(INTERRUPTED).symbols.get('data')!;
  const before = harts[0].ram.read(data, 4)!.slice();
  const ends = (hart: Hart, cycle: number) => {
    hart.ram.write(data, before);
    restoreState(hart, beginning);
    hart.run(cycle);
    hart.setInterrupt('mtip', true);
    expect(hart.run(CYCLES_MAX)).toBe('stopped');
    expect(hart.trapsTaken).toBe(1);
    return `${hart.cycle} ${hashState(hart)}`;
  };
  for (let cycle = 100; cycle < 750; cycle++) expect(ends(harts[1], cycle)).toBe(ends(harts[0], cycle));
});

/** Two address spaces of one superpage each, a system call in each round, and events counted. */
const SWITCHING = `
  la t0, handler
  csrw mtvec, t0
  li t0, -1
  csrw pmpaddr0, t0
  csrwi pmpcfg0, 0x1f
  csrwi mhpmevent3, 4
  la t0, one
  li t1, 0x200000cf
  sw t1, 1024(t0)
  sw t1, 1028(t0)
  li t2, 0x800
  add t3, t0, t2
  sw t1, 0(t3)
  la t4, other
  add t3, t4, t2
  sw t1, 0(t3)
  srli t0, t0, 12
  srli t4, t4, 12
  li t1, 0x80400000
  or s2, t0, t1
  li t1, 0x80800000
  or s3, t4, t1
  la t0, supervisor
  csrw mepc, t0
  li t0, 0x800
  csrs mstatus, t0
  mret
supervisor:
  li s0, 60
round:
  csrw satp, s2
  lw a0, counted
  csrw satp, s3
  addi a0, a0, 1
  la t0, counted
  sw a0, 0(t0)
  csrrs t1, sstatus, zero
  csrrw t2, sscratch, t1
  ecall
  andi t1, s0, 1
  beqz t1, even
  addi a1, a1, 1
even:
  addi s0, s0, -1
  bnez s0, round
  li a7, 1
  ecall
handler:
  csrr t3, mepc
  addi t3, t3, 4
  csrw mepc, t3
  csrr a2, mhpmcounter3
  add a3, a3, a2
  bnez a7, end
  mret
end:
  done
  .balign 4096
one: .zero 4096
other: .zero 4096
counted: .word 0`;

test('address spaces, system calls and counters of events are the same in both tiers', () => {
  const harts = pair(SWITCHING, { translateAfter: 32 });
  for (const hart of harts) expect(hart.run(CYCLES_MAX)).toBe('stopped');
  expect(harts[1].readRegister(10)).toBe(60);
  expect(harts[1].counters['exceptions']).toBe(61);
  expect(harts[1].translation!.executed).toBeGreaterThan(500);
  expect(stateOf(harts[1])).toBe(stateOf(harts[0]));
});

/** To `user` in user mode, which may reach all memory, with fifty times to go; traps go to `handler`. */
const FIFTY_IN_USER_MODE = `
  la t0, handler
  csrw mtvec, t0
  li t0, -1
  csrw pmpaddr0, t0
  csrwi pmpcfg0, 0x1f
  la t0, user
  csrw mepc, t0
  li s1, 50
  mret
`;

/** In user mode, fifty times round a register that only machine mode may read, which the handler skips. */
const REFUSED = `${FIFTY_IN_USER_MODE}handler:
  bnez a7, end
  csrr t0, mepc
  addi t0, t0, 4
  csrw mepc, t0
  addi a1, a1, 1
  mret
end:
  done
user:
  csrr a0, mscratch
  csrrw a0, mepc, s1
  addi s1, s1, -1
  bnez s1, user
  li a7, 1
  ecall`;

test('a region that begins with what is not permitted does not begin for ever', () => {
  const harts = pair(REFUSED, { translateAfter: 1 });
  for (const hart of harts) expect(hart.run(CYCLES_MAX)).toBe('stopped');
  expect(harts[1].readRegister(11)).toBe(100);
  expect(stateOf(harts[1])).toBe(stateOf(harts[0]));
});

/** In user mode, fifty calls of address 0, where nothing is; the handler comes back from them. */
const NOWHERE = `${FIFTY_IN_USER_MODE}handler:
  bnez a7, end
  csrw mepc, ra
  addi a1, a1, 1
  mret
end:
  done
user:
  li t0, 0
  jalr t0
  addi s1, s1, -1
  bnez s1, user
  li a7, 1
  ecall`;

test('a jump to address 0 leads nowhere, though unused entries of the jump cache are 0', () => {
  const harts = pair(NOWHERE, { translateAfter: 1 });
  for (const hart of harts) expect(hart.run(CYCLES_MAX)).toBe('stopped');
  expect(harts[1].readRegister(11)).toBe(50);
  expect(harts[1].translation!.executed).toBeGreaterThan(100);
  expect(stateOf(harts[1])).toBe(stateOf(harts[0]));
});

/** Writes `addi a0, a0, n; ret` for n = 1 … 100 and calls each of them a hundred times. */
const COMPILING = `
  li s0, 1
again:
  la t0, code
  slli t1, s0, 20
  li t2, 0x00050513
  or t1, t1, t2
  sw t1, 0(t0)
  fence.i
  li s1, 100
run:
  la t0, code
  jalr t0
  addi s1, s1, -1
  bnez s1, run
  addi s0, s0, 1
  li t0, 101
  bne s0, t0, again
  done
  .balign 64
code:
  addi a0, a0, 0
  ret`;

test('a compiler in the guest runs as it does in the interpreter', () => {
  const harts = pair(COMPILING, { translateAfter: 64 });
  for (const hart of harts) expect(hart.run(1_000_000)).toBe('stopped');
  expect(harts[1].readRegister(10)).toBe(505_000);
  expect(harts[1].translation!.translations).toBeGreaterThan(100);
  expect(harts[1].translation!.regions).toBeLessThan(20);
  expect(stateOf(harts[1])).toBe(stateOf(harts[0]));
});

/** Bytecode for a machine with a counter; far is on a page of its own, rare is never seen before it is translated. */
const INTERPRETING = `
  la s1, program
  la s3, operations
  li s5, 400
next:
  lbu t0, 0(s1)
  addi s1, s1, 1
  sh2add t0, t0, s3
  lw t0, 0(t0)
  jr t0
one:
  addi a0, a0, 1
  j next
double:
  slli a0, a0, 1
  call mix
  j next
repeat:
  addi s5, s5, -1
  la s1, program
  bnez s5, next
  la s1, last
  j next
rare:
  done
mix:
  xor a1, a1, a0
  andi t1, a1, 7
  beqz t1, enough
  addi sp, sp, -16
  sw ra, 0(sp)
  srli a1, a1, 3
  call mix
  lw ra, 0(sp)
  addi sp, sp, 16
enough:
  ret
  .balign 4096
far:
  xori a0, a0, 3
  tail next
  .balign 4
operations: .word one, double, far, repeat, rare
program: .byte 0, 1, 2, 1, 2, 3
last: .byte 2, 4`;

test.each([16, 200, 2000])('a bytecode interpreter and its recursion agree, translated after %i', after => {
  let executed = 0;
  for (const longest of [7, 60, 20_000]) {
    const harts = pair(`la sp, top\n${INTERPRETING}\n .balign 4096\n .zero 4096\ntop:`, {
      translateAfter: after,
    });
    runInLockstep(harts, new Random(after + longest), longest);
    executed += harts[1].translation!.executed;
  }
  expect(executed).toBeGreaterThan(1000);
});

test('code that a device overwrites is gone at once', () => {
  const source = 'loop: addi a0, a0, 1\n j loop';
  const harts = pair(source, { translateAfter: 1 });
  for (const hart of harts) {
    hart.run(5000);
    hart.ram.write(RAM_BASE, Uint8Array.of(0x13, 0x05, 0x25, 0x00)); // addi a0, a0, 2
    hart.run(10_000);
  }
  expect(harts[1].translation!.translations).toBeGreaterThan(0);
  expect(stateOf(harts[1])).toBe(stateOf(harts[0]));
});

test('translated code has no more bytes than it may, and what is dropped is made again', () => {
  const bodies = Array.from({ length: 40 }, (_, n) => `f${n}: addi a0, a0, ${n}\n xori a0, a0, ${n}\n ret`);
  const calls = bodies.map((_, n) => `la t0, f${n}\n jalr t0`).join('\n');
  const source = `li s0, 6\nround: ${calls}\n addi s0, s0, -1\n beqz s0, end\n tail round\nend:\n done\n${bodies.join('\n')}`;
  const harts = pair(source, { translateAfter: 1, translationBytes: 10_000 });
  for (const hart of harts) expect(hart.run(1_000_000)).toBe('stopped');
  const { bytes, regions, translations } = harts[1].translation!;
  expect(bytes).toBeLessThan(10_000);
  expect(translations).toBeGreaterThan(regions);
  expect(stateOf(harts[1])).toBe(stateOf(harts[0]));
});

test('a hart that runs in short pieces, as boards of a cluster do, is translated as well', () => {
  const { hart } = loadProgram('loop: addi a0, a0, 1\n xor a1, a1, a0\n j loop', { translateAfter: 4096 });
  while (hart.cycle < 100_000) hart.run(hart.cycle + 500);
  expect(hart.translation!.executed).toBeGreaterThan(60_000);
});

test.each([
  ['spread over a great deal of code', 1200, 0],
  ['done in a few functions', 8, 8],
])('work that is %s makes regions only where it is hot', (_, functions, translations) => {
  const steps = Array.from({ length: 22 }, (__, step) => `addi a0, a0, ${step}\n xor a1, a1, a0`).join('\n');
  const bodies = Array.from({ length: functions }, (__, index) => `.balign 256\nf${index}: ${steps}\n ret`);
  const calls = bodies.map((__, index) => `call f${index}`).join('\n');
  const source = `round: ${calls}\n tail round\n${bodies.join('\n')}`;
  const { hart } = loadProgram(source, { translateAfter: 8192 });
  hart.run(2_000_000);
  expect(hart.translation!.translations).toBeGreaterThanOrEqual(translations);
  expect(hart.translation!.translations).toBeLessThan(translations + 4);
  expect(hart.translation!.executed > 1_000_000).toBe(translations > 0);
});

test('what is translated is no state', () => {
  const { hart } = loadProgram(INTERRUPTED, { translateAfter: 1 });
  hart.run(300);
  const { hart: other } = loadProgram(INTERRUPTED, { translateAfter: Number.POSITIVE_INFINITY });
  expect(saveState(other).length).toBe(saveState(hart).length);
  restoreState(other, saveState(hart));
  other.ram.write(RAM_BASE, hart.ram.read(RAM_BASE, hart.ram.size)!.slice());
  for (const each of [hart, other]) expect(each.run(CYCLES_MAX)).toBe('stopped');
  expect(stateOf(other)).toBe(stateOf(hart));
});
