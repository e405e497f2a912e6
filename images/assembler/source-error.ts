/**
 * What is wrong with an assembly source: every fault with its place, one line each.
 *
 *     boot.s:12:9: there is no register a8: the argument registers are a0 to a7
 *
 * A statement throws a SourceFault; the assembler goes on with the next statement and throws one
 * AssemblyError with all faults at the end, at most FAULTS_MAX of them.
 */

export interface Place {
  readonly line: number;
  readonly column: number;
}

const FAULTS_MAX = 20;

/** One thing that is wrong, at one place; lines and columns count from 1. */
export class SourceFault extends Error {
  readonly place: Place;

  constructor(place: Place, message: string) {
    super(message);
    this.place = place;
  }
}

/** All that is wrong with a source. The message has a line for each. */
export class AssemblyError extends Error {
  readonly faults: readonly SourceFault[];

  constructor(file: string, faults: readonly SourceFault[]) {
    const shown = faults.slice(0, FAULTS_MAX);
    const lines = shown.map(({ place, message }) => `${file}:${place.line}:${place.column}: ${message}`);
    if (faults.length > shown.length) lines.push(`${file}: and ${faults.length - shown.length} more`);
    super(lines.join('\n'));
    this.faults = faults;
  }
}
