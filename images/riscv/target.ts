/**
 * What code is made for: the options of the back end, and what each profile promises.
 *
 * WebAssembly's linear memory is the address space itself, from address 0. Memory bounds are therefore the
 * MMU's work; the other traps of the specification are kept or dropped by profile:
 *
 *     profile   divide  convert  indirect  wrap   for
 *     strict    kept    kept     kept      kept   the specification's tests
 *     program   kept    kept     kept      –      processes
 *     service   kept    –        kept      –      system processes
 *     kernel    –       –        –         –      the kernel, drivers, benchmarks against C
 *
 * divide: by zero, and overflow of a signed division; without it RISC-V's own results stand (all ones, the
 * dividend). convert: float to integer out of range; without it the result saturates. indirect: index and
 * type of call_indirect; without it the callee is whatever the table holds. wrap: base + offset beyond
 * 2³²; without it the address wraps. `unreachable` always is an illegal instruction at its own address.
 */

export type Profile = 'strict' | 'kernel' | 'service' | 'program';

export interface TargetOptions {
  /** The module's name: its exports become the global symbols `<name>.<export>`. */
  readonly name: string;
  readonly profile: Profile;
  /** Use of the address and bit-manipulation extensions. */
  readonly zba: boolean;
  readonly zbb: boolean;
  /** The text of the source map that the front end made beside the module; gives source lines. */
  readonly sourceMap?: string;
}

export interface KeptTraps {
  readonly divide: boolean;
  readonly convert: boolean;
  readonly indirect: boolean;
  readonly wrap: boolean;
}

const KEPT: Readonly<Record<Profile, KeptTraps>> = {
  strict: { divide: true, convert: true, indirect: true, wrap: true },
  program: { divide: true, convert: true, indirect: true, wrap: false },
  service: { divide: true, convert: false, indirect: true, wrap: false },
  kernel: { divide: false, convert: false, indirect: false, wrap: false },
};

export function keptTraps(profile: Profile): KeptTraps {
  return KEPT[profile];
}
