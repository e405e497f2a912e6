/**
 * A program's end: output that is still gathered is written, and complaints and failed writes become its exit
 * status. Every program is compiled with this file; os/runtime/program.s calls `finish` behind `main`.
 */

import { exit } from '../../os/runtime/system.ts';
import { complain, hasComplained } from './complaint.ts';
import { errorText } from './error.ts';
import { flushOutput } from './output.ts';

export { growMemory, memorySize } from '../../os/runtime/heap.ts';

/** → the exit status. */
export function finish(status: i32): i32 {
  const error = flushOutput();
  if (error < 0) complain(`write error: ${errorText(error)}`);
  return status === 0 && hasComplained() ? 1 : status;
}

/** Ends the program here and now. */
export function end(status: i32): void {
  exit(finish(status));
}
