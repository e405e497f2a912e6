/**
 * The core knows the instructions of hw/manual/isa.ts and no others: an instance of each row is executed,
 * a word in no row is an illegal instruction with its bits as trap value.
 */
import { expect, test } from 'vitest';
import { Hart } from '../../hw/cpu/hart.ts';
import { loadCore } from '../../hw/cpu/load-core.ts';
import { Random } from '../../hw/lab/random.ts';
import { CSR_MSTATUS, CSR_MTVEC, CSR_PMPADDR0, CSR_PMPCFG0 } from '../../hw/manual/csr.ts';
import { type Instruction, ISA } from '../../hw/manual/isa.ts';
import { CLOCK_HZ_DEFAULT, RAM_BASE } from '../../hw/manual/memory-map.ts';

const CODE = RAM_BASE + 0x1000;
const HANDLER = RAM_BASE + 0x8000;
const ILLEGAL = 2;

const core = await loadCore();
const bus = { read: () => undefined, write: () => false };
const hart = new Hart({ core, ramSize: 1 << 16, clockHz: CLOCK_HZ_DEFAULT, adBits: 'hardware', bus });

/** The trap value if the word, executed in machine mode, is illegal. */
function illegalValue(word: number): number | undefined {
  hart.reset(CODE, 0, 0);
  hart.writeCsr(CSR_MTVEC, HANDLER);
  hart.ram.write(CODE, new Uint8Array(new Uint32Array([word, 0x13, 0x13]).buffer));
  const before = hart.trapsTaken;
  hart.run(hart.cycle + 1);
  const trap = hart.lastTrap;
  return hart.trapsTaken > before && trap?.cause === ILLEGAL ? trap.value : undefined;
}

const words = (seed: number) => {
  const random = new Random(seed);
  return () => random.u32();
};

/** The row a word belongs to. */
function rowOf(word: number): Instruction | undefined {
  const size = (word & 3) === 3 ? 4 : 2;
  const bits = size === 4 ? word : word & 0xffff;
  return ISA.find(each => each.size === size && (bits & each.mask) >>> 0 === each.match && meets(each, bits));
}

/** Whether every operand marked ≠n is not n. */
function meets(row: Instruction, bits: number): boolean {
  const register = (bits >>> 7) & 31;
  const rs2 = (bits >>> 2) & 31;
  const imm6 = rs2 | ((bits >>> 7) & 32);
  for (const [, name, value] of row.operands.matchAll(/([\w']+)≠(\d+)/g)) {
    const field =
      name === 'rd' ? register : name === 'rs2c' ? rs2 : name === 'immCIW' ? (bits >>> 5) & 0xff : imm6;
    if (field === Number(value)) return false;
  }
  return true;
}

test.each(ISA.filter(each => each.extension !== 'Zicsr').map(each => [each.name, each] as const))(
  '%s is an instruction, whatever its operands',
  (_, row) => {
    const next = words(row.match);
    for (let i = 0; i < 20; i++) {
      const word = ((next() & ~row.mask) | row.match) >>> 0;
      if (rowOf(word) !== row) continue;
      expect(illegalValue(word)).toBe(undefined);
    }
  },
);

test('a word in no row is illegal, and the trap value is its bits', () => {
  const next = words(1);
  let refused = 0;
  for (let i = 0; i < 3000; i++) {
    const word = next();
    if (rowOf(word) !== undefined) continue;
    refused += 1;
    expect(illegalValue(word)).toBe((word & 3) === 3 ? word : word & 0xffff);
  }
  expect(refused).toBeGreaterThan(1000);
});

test('the words of all zeros and all ones are illegal', () => {
  expect(illegalValue(0)).toBe(0);
  expect(illegalValue(0xffff_ffff)).toBe(0xffff_ffff);
});

test.each([
  ['mret', 0x3020_0073],
  ['sret', 0x1020_0073],
  ['wfi', 0x1050_0073],
  ['sfence.vma', 0x1200_0073],
])('%s is illegal in user mode', (_, word) => {
  hart.reset(CODE, 0, 0);
  hart.writeCsr(CSR_MTVEC, HANDLER);
  hart.writeCsr(CSR_MSTATUS, 0);
  hart.writeCsr(CSR_PMPADDR0, 0xffff_ffff);
  hart.writeCsr(CSR_PMPCFG0, 0x1f);
  hart.privilege = 'user';
  hart.ram.write(CODE, new Uint8Array(new Uint32Array([word]).buffer));
  hart.run(hart.cycle + 1);
  expect(hart.lastTrap).toMatchObject({ cause: ILLEGAL, value: word, pc: CODE, from: 'user', to: 'machine' });
});
