/**
 * Sv32 page tables (Privileged 4.3).
 *
 *     0x0000_0000 … 0x7fff_ffff   the process: 4 KiB pages, mapped as they are touched
 *     0x8000_0000 … RAM's end     RAM where it is, global 4 MiB pages, for the kernel alone; the kernel's own 4 MiB
 *                                 in 4 KiB pages: text read and execute, read-only data read, the rest not execute
 *     0xff00_0000                 the PLIC, likewise
 *
 * A root's upper half is the same in every space and never changes. A and D are set from the beginning, for
 * boards that leave them to software. ASID = the space's index + 1; 0 is the kernel's own root.
 */

import { csr_read, csr_write, sfence_vma, sfence_vma_all } from 'rv';
import { PLIC_BASE, RAM_BASE } from '../../hw/manual/memory-map.ts';
import { RESOURCE_PAGES } from '../abi/account.ts';
import { PAGE_SHIFT, PAGE_SIZE } from '../abi/layout.ts';
import { SATP } from '../lib/csr.ts';
import { charge, discharge } from './account.ts';
import { returnPage, takePage, takePageAtBoot } from './page.ts';
import type { Space } from './structures.ts';

export const PLIC_WINDOW: u32 = 0xff00_0000;

const PTE_VALID: u32 = 0x01;
export const PTE_READ: u32 = 0x02;
export const PTE_WRITE: u32 = 0x04;
export const PTE_EXECUTE: u32 = 0x08;
const PTE_USER: u32 = 0x10;
const PTE_GLOBAL: u32 = 0x20;
const PTE_ACCESSED_DIRTY: u32 = 0xc0;

const KERNEL_FLAGS: u32 = PTE_VALID | PTE_READ | PTE_GLOBAL | PTE_ACCESSED_DIRTY;

const SUPERPAGE_SHIFT: u32 = 22;
const SUPERPAGE_SIZE: u32 = 1 << SUPERPAGE_SHIFT;
const SATP_SV32: u32 = 0x8000_0000;
const ASID_SHIFT: u32 = 22;
const ENTRIES_USER: u32 = 512;
const ENTRIES: u32 = 1024;

let kernelRoot: u32 = 0;

//@external("entry", "text_start")
declare function text_start(): u32;
//@external("entry", "text_end")
declare function text_end(): u32;
//@external("entry", "rodata_end")
declare function rodata_end(): u32;

/** Makes the kernel's own root and translates by it from now on. */
export function startTranslation(ramEnd: u32): void {
  kernelRoot = takePageAtBoot();
  for (let at: u32 = <u32>RAM_BASE; at < ramEnd; at += SUPERPAGE_SIZE) {
    setSuperpage(at, at, KERNEL_FLAGS | PTE_WRITE);
  }
  setSuperpage(PLIC_WINDOW, <u32>PLIC_BASE, KERNEL_FLAGS | PTE_WRITE);
  mapKernel(text_start() & ~(SUPERPAGE_SIZE - 1));
  leaveSpace();
  sfence_vma_all();
}

/** The 4 MiB with the kernel in them, whose parts begin with pages of their own. */
function mapKernel(start: u32): void {
  const table = takePageAtBoot();
  for (let at = start; at < start + SUPERPAGE_SIZE; at += PAGE_SIZE) {
    let access = PTE_WRITE;
    if (at >= text_start() && at < text_end()) access = PTE_EXECUTE;
    else if (at >= text_end() && at < rodata_end()) access = 0;
    store<u32>(
      table + ((at - start) >> (PAGE_SHIFT - 2)),
      ((at >> PAGE_SHIFT) << 10) | KERNEL_FLAGS | access,
    );
  }
  store<u32>(kernelRoot + ((start >> SUPERPAGE_SHIFT) << 2), ((table >> PAGE_SHIFT) << 10) | PTE_VALID);
}

/** Translates by the kernel's own root: for when the current space's goes away. */
function leaveSpace(): void {
  csr_write(SATP, SATP_SV32 | (kernelRoot >> PAGE_SHIFT));
}

function isInSpace(space: Space): bool {
  return csr_read(SATP) === space.satp;
}

/** Gives the space its root. False where its account has no page left. */
export function makeRoot(space: Space): bool {
  if (!charge(space, RESOURCE_PAGES, 1)) return false;
  const root = takePage();
  const half = ENTRIES_USER << 2;
  memory.copy(root + half, kernelRoot + half, (ENTRIES - ENTRIES_USER) << 2);
  space.root = root;
  space.satp = SATP_SV32 | ((space.index + 1) << ASID_SHIFT) | (root >> PAGE_SHIFT);
  return true;
}

/** Frees second-level tables from number `from` on, at most `count`; gives the number to go on with. */
export function freeTables(space: Space, from: u32, count: u32): u32 {
  let index = from;
  const end = min<u32>(ENTRIES_USER, from + count);
  while (index < end) {
    const at = space.root + (index << 2);
    const entry = load<u32>(at);
    if (entry !== 0) {
      store<u32>(at, 0);
      returnPage((entry >> 10) << PAGE_SHIFT);
      discharge(space, RESOURCE_PAGES, 1);
    }
    index += 1;
  }
  return index;
}

export const TABLES_MAX: u32 = ENTRIES_USER;

export function freeRoot(space: Space): void {
  if (isInSpace(space)) leaveSpace();
  sfence_vma_all();
  returnPage(space.root);
  discharge(space, RESOURCE_PAGES, 1);
  space.root = 0;
}

/** Maps one page of the process; `access` of PTE_READ, _WRITE, _EXECUTE. False where no page is left for a table. */
export function mapPage(space: Space, va: u32, pa: u32, access: u32): bool {
  const at = space.root + ((va >> SUPERPAGE_SHIFT) << 2);
  let entry = load<u32>(at);
  if (entry === 0) {
    if (!charge(space, RESOURCE_PAGES, 1)) return false;
    entry = ((takePage() >> PAGE_SHIFT) << 10) | PTE_VALID;
    store<u32>(at, entry);
  }
  const leaf = ((entry >> 10) << PAGE_SHIFT) + (((va >> PAGE_SHIFT) & 1023) << 2);
  store<u32>(leaf, ((pa >> PAGE_SHIFT) << 10) | access | PTE_VALID | PTE_USER | PTE_ACCESSED_DIRTY);
  sfence_vma(va, space.index + 1);
  return true;
}

export function unmapPage(space: Space, va: u32): void {
  const leaf = leafOf(space, va);
  if (leaf === 0 || load<u32>(leaf) === 0) return;
  store<u32>(leaf, 0);
  sfence_vma(va, space.index + 1);
}

/** Takes the right to write away. */
export function protectPage(space: Space, va: u32): void {
  const leaf = leafOf(space, va);
  if (leaf === 0 || (load<u32>(leaf) & PTE_WRITE) === 0) return;
  store<u32>(leaf, load<u32>(leaf) & ~PTE_WRITE);
  sfence_vma(va, space.index + 1);
}

/** The physical address behind `va` where the process may access it so; 0 where it may not, or not yet. */
export function translate(space: Space, va: u32, access: u32): u32 {
  const leaf = leafOf(space, va);
  if (leaf === 0) return 0;
  const entry = load<u32>(leaf);
  if ((entry & access) !== access || (entry & PTE_VALID) === 0) return 0;
  return ((entry >> 10) << PAGE_SHIFT) | (va & (PAGE_SIZE - 1));
}

/** Address of the leaf entry of `va`; 0 where there is no table for it. */
function leafOf(space: Space, va: u32): u32 {
  const entry = load<u32>(space.root + ((va >> SUPERPAGE_SHIFT) << 2));
  if (entry === 0) return 0;
  return ((entry >> 10) << PAGE_SHIFT) + (((va >> PAGE_SHIFT) & 1023) << 2);
}

function setSuperpage(va: u32, pa: u32, flags: u32): void {
  store<u32>(kernelRoot + ((va >> SUPERPAGE_SHIFT) << 2), ((pa >> PAGE_SHIFT) << 10) | flags);
}
