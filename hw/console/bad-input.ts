/**
 * What the person at the command line can mend: an option, a file, a name. Its message is one line that
 * names the thing and says the mend; the command prints it, writes nothing else, and exits with 2.
 */
import { ElfError } from '../elf.ts';

export class BadInput extends Error {
  override readonly name = 'BadInput';
}

/** Runs the step; what it throws is about the input that `prefix` names, and is told as such. */
export function aboutInput<T>(prefix: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof BadInput || !isPlain(error)) throw error;
    throw new BadInput(prefix + error.message);
  }
}

const HOST_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist: correct its name',
  EACCES: 'is not allowed: change its permissions (chmod)',
  EISDIR: 'is a folder: give a file',
  ENOTDIR: 'lies in something that is not a folder: correct its name',
  EROFS: 'lies on a file system that is read-only: give another place',
  ENOSPC: 'finds no space left: free some',
};

/** Runs a step on a file of the host; its errors are told in words. */
export function aboutHost<T>(what: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    const words = hostWords(error);
    if (words === undefined) throw error;
    throw new BadInput(`${what} ${words}`);
  }
}

/** What the host refuses and how to mend it; undefined for every other error. */
export function hostWords(error: unknown): string | undefined {
  const { code = '' } = error as NodeJS.ErrnoException;
  return error instanceof Error ? HOST_ERRORS[code] : undefined;
}

/** An error that was thrown in words, not a slip of the program (TypeError, RangeError …). */
function isPlain(error: unknown): error is Error {
  return error instanceof Error && (error.constructor === Error || error instanceof ElfError);
}
