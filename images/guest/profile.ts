/**
 * What kinds of guest program there are, and how the AssemblyScript compiler is told.
 *
 *     kernel    no managed allocation; memory is the whole address space from `memoryBase` up
 *     service   no managed allocation; memory is the process's address space from page 1
 *     program   managed strings, arrays and maps with a collector; memory as a service's
 *
 * In all of them a failed assertion or check is a trap at its place in the code (`--use abort=`).
 */
import { KERNEL_LINEAR_BASE, PROGRAM_LINEAR_BASE } from '../link/description.ts';
import type { Profile } from '../riscv/target.ts';

export type GuestProfile = Exclude<Profile, 'strict'>;

export function isManaged(profile: GuestProfile): boolean {
  return profile === 'program';
}

export function memoryBaseOf(profile: GuestProfile): number {
  return profile === 'kernel' ? KERNEL_LINEAR_BASE : PROGRAM_LINEAR_BASE;
}

/** Options of asc; the memory base in decimal, since asc reads a hexadecimal one as 0. */
export function compilerOptions(profile: GuestProfile, memoryBase: number): readonly string[] {
  return [...commonOptions(profile), '-O3', '--memoryBase', String(memoryBase)];
}

/** The same program without optimisation, with names: every call is still where the source has it. */
export function checkOptions(profile: GuestProfile): readonly string[] {
  return commonOptions(profile);
}

/**
 * Names go into the symbol table; they do not change the code.
 * The library folder has nothing on disk: modules like `rv` are given to the compiler as virtual files.
 */
function commonOptions(profile: GuestProfile): readonly string[] {
  const runtime = isManaged(profile) ? 'incremental' : 'stub';
  return ['--runtime', runtime, '--use', 'abort=', '--lib', 'guest-library', '--debug'];
}
