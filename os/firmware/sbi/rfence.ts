/**
 * SBI RFENCE extension (SBI 2.0, chapter 8): fences on each hart of a set. The caller is the only hart, so
 * they are done here and now. The hypervisor's fences are not supported, as there is no H extension.
 *
 * A range of more than PAGES_MAX pages, of all, or for every address space at once, is done by one fence
 * of everything, which is always allowed.
 */
import { fence_i, sfence_vma, sfence_vma_all } from 'rv';
import { answer, argument, functionNumber, INVALID_PARAM, NOT_SUPPORTED, SUCCESS } from './frame.ts';
import { areHarts, isCallerIn } from './harts.ts';

export const RFENCE: u32 = 0x5246_4e43;
const REMOTE_FENCE_I: u32 = 0;
const REMOTE_SFENCE_VMA: u32 = 1;
const REMOTE_SFENCE_VMA_ASID: u32 = 2;

const PAGE_SIZE: u32 = 4096;
const PAGES_MAX: u32 = 64;

export function remoteFence(frame: u32): i32 {
  const kind = functionNumber(frame);
  if (kind > REMOTE_SFENCE_VMA_ASID) return answer(frame, NOT_SUPPORTED, 0);
  const mask = argument(frame, 0);
  const base = argument(frame, 1);
  if (!areHarts(mask, base)) return answer(frame, INVALID_PARAM, 0);
  if (isCallerIn(mask, base)) {
    if (kind === REMOTE_FENCE_I) fence_i();
    else if (kind === REMOTE_SFENCE_VMA) sfence_vma_all();
    else fenceRange(argument(frame, 2), argument(frame, 3), argument(frame, 4));
  }
  return answer(frame, SUCCESS, 0);
}

function fenceRange(start: u32, size: u32, addressSpace: u32): void {
  const isAll = (start === 0 && size === 0) || size > PAGES_MAX * PAGE_SIZE;
  if (isAll) {
    sfence_vma_all();
    return;
  }
  const first = start & ~(PAGE_SIZE - 1);
  const count = (start - first + size + PAGE_SIZE - 1) / PAGE_SIZE;
  for (let index: u32 = 0; index < count; index += 1) sfence_vma(first + index * PAGE_SIZE, addressSpace);
}
