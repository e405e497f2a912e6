/**
 * What of the official tests is not passed, and why. Everything else is.
 *
 *     assert_malformed of quoted text   the text format is wabt's, not ours
 *     assert_unlinkable                 which imports fit is the loader's matter: the linker joins by name
 *                                       and reports what is missing
 *
 * Those two are counted apart by run.ts; single assertions are named here by file and line.
 */

export interface Exception {
  readonly lines: readonly number[];
  readonly reason: string;
}

export const EXCEPTIONS: Readonly<Record<string, Exception>> = {
  linking: {
    lines: [278, 279, 293],
    reason: 'two modules that are linked together each have a memory; a process has one, its address space',
  },
};
