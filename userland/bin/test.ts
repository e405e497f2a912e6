/**
 * NAME
 *     test, [: check a condition
 * SYNOPSIS
 *     test [EXPRESSION]
 *     [ [EXPRESSION] ]
 * DESCRIPTION
 *     Ends with 0 where the EXPRESSION is true, 1 where it is false or there is none, 2 where it is none.
 *
 *     TEXT, -n TEXT, -z TEXT       it is not empty, not empty, empty
 *     TEXT = TEXT, !=, <, >        texts, by their bytes
 *     NUMBER -eq NUMBER, -ne, -lt, -le, -gt, -ge
 *     -e, -f, -d, -h, -p, -c FILE  there is one, a regular one, a directory, a link, a pipe, a device
 *     -s, -r, -w, -x FILE          it is not empty, may be read, written, executed
 *     FILE -nt FILE, -ot, -ef      newer, older, the same
 *     -t NUMBER                    the descriptor is a terminal
 *     ! EXPRESSION, ( EXPRESSION ), EXPRESSION -a EXPRESSION, -o
 * SEE ALSO
 *     sh: the shell has its own
 */
import { handleNamed } from '../../os/runtime/start.ts';
import { programArguments, programName } from '../lib/arguments.ts';
import { complain } from '../lib/complaint.ts';
import { Condition, type Witness } from '../lib/condition.ts';
import { isTerminal } from '../lib/output.ts';
import { linkStatusOf, statusOf } from '../lib/status.ts';

const WRONG: i32 = 2;

export function main(): i32 {
  const args = programArguments();
  if (programName() === '[' && args.pop() !== ']') {
    complain('missing ]');
    return WRONG;
  }
  const condition = new Condition(new ProgramWitness(), args);
  const isTrue = condition.whole();
  if (condition.error === '') return isTrue ? 0 : 1;
  complain(condition.error);
  return WRONG;
}

class ProgramWitness implements Witness {
  kind(path: string): i32 {
    const status = statusOf(path);
    return status.isThere() ? <i32>status.kind : 0;
  }

  linkKind(path: string): i32 {
    const status = linkStatusOf(path);
    return status.isThere() ? <i32>status.kind : 0;
  }

  mode(path: string): u32 {
    return statusOf(path).mode;
  }

  size(path: string): i64 {
    return statusOf(path).size;
  }

  modified(path: string): i64 {
    return statusOf(path).modified;
  }

  isSame(path: string, other: string): bool {
    return statusOf(path).isSame(statusOf(other));
  }

  isTerminal(descriptor: i32): bool {
    const handle = handleNamed(`fd${descriptor}`);
    return handle !== 0 && isTerminal(handle);
  }
}
