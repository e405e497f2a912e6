/** Integer instructions of RV32I: results at their edges. */
import { expect, test } from 'vitest';
import { runProgram } from './rig.ts';

test('a loop sums the numbers from five down to one', () => {
  const { register } = runProgram(`
    li a0, 5
    li a1, 0
  loop:
    add a1, a1, a0
    addi a0, a0, -1
    bnez a0, loop
    done
  `);
  expect(register('a1')).toBe(15);
});
