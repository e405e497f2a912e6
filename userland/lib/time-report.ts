/**
 * What `time` says. The kernel does not keep apart what it does for a process itself, so that `user` is all that
 * the process had of the processor, counted to the cycle; what services did for it is theirs. There is no `sys`.
 *
 *     timeReport(1234, 56, false)     real 0m1.234s, user 0m0.056s, with tabs and a blank line before
 *     timeReport(1234, 56, true)      real 1.23, user 0.05
 */

/** In milliseconds. */
export function timeReport(passed: u64, busy: u64, isPortable: bool): string {
  return (isPortable ? '' : '\n') + line('real', passed, isPortable) + line('user', busy, isPortable);
}

function line(name: string, milliseconds: u64, isPortable: bool): string {
  const part = milliseconds % 1000;
  const seconds = milliseconds / 1000;
  if (isPortable) return `${name} ${seconds}.${(part / 10).toString().padStart(2, '0')}\n`;
  return `${name}\t${seconds / 60}m${seconds % 60}.${part.toString().padStart(3, '0')}s\n`;
}
