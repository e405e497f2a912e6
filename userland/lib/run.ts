/**
 * Running another program to its end, with this one's input, output and environment: found in PATH, as a shell
 * finds it.
 *
 *     runProgram(['ls', '-l'])     its exit status, 128 + n where signal n ended it; an error below 0
 *     cyclesOfRun()                of the processor, by the last one
 *     startProgram(words, environment(), node)     does not wait: its number, or an error
 */
import { ERROR_NOT_FOUND } from '../../os/abi/errors.ts';
import { ANY_NODE, HOW_EXITED, HOW_LOST } from '../../os/proto/process.ts';
import { handleNamed } from '../../os/runtime/start.ts';
import { environment } from './arguments.ts';
import { complain } from './complaint.ts';
import { joined } from './directory.ts';
import { type Child, SAME_GROUP, spawn, waitFor } from './process.ts';
import { statusOf } from './status.ts';

const SIGNALLED: i32 = 128;
/** Of what ran on a node that was lost. */
const LOST: i32 = 255;
/** Where an environment says nothing of PATH. */
const DEFAULT_PATH = '/bin:/boot/bin';

let cycles: u64 = 0;

export function cyclesOfRun(): u64 {
  return cycles;
}

export function runProgram(words: string[]): i32 {
  return runProgramIn(words, environment());
}

/** With another environment, in whose PATH it is looked for. */
export function runProgramIn(words: string[], all: string[]): i32 {
  const pid = startProgram(words, all, ANY_NODE);
  if (pid < 0) return pid;
  const child = waitFor(pid, 0);
  if (child.pid < 0) return child.pid;
  cycles = child.cycles;
  return exitStatus(words[0], child);
}

export function startProgram(words: string[], all: string[], node: i32): i32 {
  const path = programPath(words[0], all);
  if (path === '') return ERROR_NOT_FOUND;
  const descriptors: i32[] = [handleNamed('fd0'), handleNamed('fd1'), handleNamed('fd2')];
  return spawn(path, words, all, SAME_GROUP, descriptors, node);
}

/** What a shell would say of a child that has ended; where its node was lost this says so. */
export function exitStatus(name: string, child: Child): i32 {
  if (child.how === HOW_EXITED) return <i32>child.value;
  if (child.how !== HOW_LOST) return SIGNALLED + <i32>child.value;
  complain(`${name}: lost: node ${child.value}`);
  return LOST;
}

/** '' where there is none. */
function programPath(name: string, all: string[]): string {
  if (name.indexOf('/') >= 0) return statusOf(name).isThere() ? name : '';
  let path = DEFAULT_PATH;
  for (let index = 0; index < all.length; index++)
    if (all[index].startsWith('PATH=')) path = all[index].substring(5);
  const folders = path.split(':');
  for (let index = 0; index < folders.length; index++) {
    const candidate = joined(folders[index], name);
    if (statusOf(candidate).isFile()) return candidate;
  }
  return '';
}

/** The exit status of env, xargs and the like for a program that could not be run: 127 not found, 126 no program. */
export function failureStatus(error: i32): i32 {
  return error === ERROR_NOT_FOUND ? 127 : 126;
}
