/**
 * Memory whose pages a process supplies. Each line is what the pager was asked and did, and how the child that
 * touched the memory ended.
 */
import { beforeAll, expect, it } from 'vitest';
import { RIGHT_READ } from '../../os/abi/rights.ts';
import { hasQemu } from './firmware-rig.ts';
import { answersOf, boot, bootOnQemu } from './kernel-rig.ts';

const NO_SUCH_MESSAGE = -7;
const EXITED = 1;
const FAULTED = 3;
const LOAD_PAGE_FAULT = 13;
const WINDOW = 0x5000_0000;
const BADGE = 77;

let lines: ReadonlyMap<string, readonly number[]>;

beforeAll(async () => {
  const { output, status } = await boot({ init: 'paging', toucher: 'toucher' });
  expect(status).toBe(0);
  lines = answersOf(output);
});

it('asks the pager for each page once, also for those of a call’s lent memory', () => {
  const asked = [0, 1, 2, 3].flatMap(page => [BADGE, page, RIGHT_READ]);
  expect(lines.get('asked')).toEqual(asked);
});

it('gives the process what the pager supplied, and the pager’s other copy nothing of what it writes', () => {
  const [first, written, ...rest] = lines.get('told')!;
  expect([first, written]).toEqual([100, 102]);
  expect(rest.slice(0, 5)).toEqual([8, 202, 4, 103, 100]);
  expect(rest.slice(5)).toEqual([EXITED, 0, 0]);
});

it('ends a process with the fault where the pager refuses, supplies nothing, or goes away', () => {
  expect(lines.get('refuses')).toEqual([0, FAULTED, LOAD_PAGE_FAULT, WINDOW + 5 * 4096]);
  expect(lines.get('lies')).toEqual([0, FAULTED, LOAD_PAGE_FAULT, WINDOW + 5 * 4096]);
  expect(lines.get('leaves')).toEqual([FAULTED, LOAD_PAGE_FAULT, WINDOW + 6 * 4096]);
});

it('asks again where the process was stopped while it waited for a page', () => {
  expect(lines.get('suspends')).toEqual([NO_SUCH_MESSAGE, BADGE, 4, RIGHT_READ, EXITED, 104, 0]);
});

it.skipIf(!hasQemu)('supplies the same pages under QEMU', async () => {
  expect(answersOf(await bootOnQemu({ init: 'paging', toucher: 'toucher' }))).toEqual(lines);
});
