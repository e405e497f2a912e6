/**
 * Processes that misuse the kernel: every refusal by its error, and system calls at random, after which
 * nothing is left of the culprits and the machine goes on.
 */

import { expect, it } from 'vitest';
import { runSlice } from './call-fuzz.ts';
import { answersOf, boot } from './kernel-rig.ts';

const NO_SUCH_CALL = -1;
const BAD_HANDLE = -2;

it('refuses each misuse of a system call with the error that names it', async () => {
  const { output, status } = await boot({ init: 'refusals' });
  const answers = answersOf(output);
  const handles = answers.get('handle')!;
  expect(handles.every(answer => answer === BAD_HANDLE || answer === NO_SUCH_CALL)).toBe(true);
  expect(handles.filter(answer => answer === BAD_HANDLE).length).toBe(47);
  expect(answers.get('kind')).toEqual([-3, -3, -3, -3, -3, -3, -3, -3, -3, -3, -3]);
  expect(answers.get('right')).toEqual([-4, -4, -4, -4, -4]);
  expect(answers.get('argument')).toEqual([
    -1, -1, -16, -5, -5, -5, -5, -8, -5, -3, -6, -6, -5, -5, -8, -6, -5, -5, -4, -5, -5, -6, -6, -6, -5, -8,
  ]);
  expect(answers.get('locate')).toEqual([-5, -5, -5, -4, -4, 0, -8]);
  expect(answers.get('message')).toEqual([-7, -7, -24, -24, -24, -7, -7, -7, -5, -24]);
  expect(answers.get('dead')).toEqual([-26, -26, -26, -2]);
  expect(status).toBe(0);
});

it('outlives processes that call at random, which leave nothing and gain nothing', async () => {
  const { fault } = await runSlice(1, 150);
  expect(fault).toBeUndefined();
});
