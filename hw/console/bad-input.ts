/**
 * What the person at the command line can mend: an option, a file, a name. Its message is one line that
 * names the thing and says the mend; the command prints it, writes nothing else, and exits with 2.
 */
export class BadInput extends Error {
  override readonly name = 'BadInput';
}

/** Runs the step; any error it throws is about the named input, and is told as such. */
export function aboutInput<T>(what: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof BadInput || !(error instanceof Error)) throw error;
    throw new BadInput(`${what}: ${error.message}`);
  }
}
