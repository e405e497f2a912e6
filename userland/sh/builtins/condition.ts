/**
 * `test` and `[`: the conditions of lib/condition.ts, with the shell's descriptors.
 */
import { Condition, type Witness } from '../../lib/condition.ts';
import type { Shell } from '../shell.ts';
import { fileKind, fileMode, fileModified, fileSize, isSameFile, isTerminal, linkKind } from '../system.ts';
import { complain } from './arguments.ts';

export function bracket(shell: Shell, args: string[]): i32 {
  if (args[args.length - 1] !== ']') return complain(shell, args, 'missing ]', 2);
  return test(shell, args.slice(0, args.length - 1));
}

export function test(shell: Shell, args: string[]): i32 {
  const condition = new Condition(new ShellWitness(shell), args);
  const isTrue = condition.whole();
  if (condition.error !== '') return complain(shell, args, condition.error, 2);
  return isTrue ? 0 : 1;
}

class ShellWitness implements Witness {
  constructor(private shell: Shell) {}

  kind(path: string): i32 {
    return fileKind(path);
  }

  linkKind(path: string): i32 {
    return linkKind(path);
  }

  mode(path: string): u32 {
    return fileMode(path);
  }

  size(path: string): i64 {
    return fileSize(path);
  }

  modified(path: string): i64 {
    return fileModified(path);
  }

  isSame(path: string, other: string): bool {
    return isSameFile(path, other);
  }

  isTerminal(descriptor: i32): bool {
    const table = this.shell.descriptors.table;
    return (
      descriptor >= 0 && descriptor < table.length && table[descriptor] >= 0 && isTerminal(table[descriptor])
    );
  }
}
