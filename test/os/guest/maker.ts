/**
 * A process that watches a port of another's and makes a process with a thread that never runs, then ends.
 */
import { FIRST_HANDLE } from '../../../os/abi/layout.ts';
import { createPort, createSpace, createThread, watchPort } from '../../../os/runtime/system.ts';

export function main(_argument: u32): i32 {
  assert(watchPort(FIRST_HANDLE, createPort(), 1) === 0);
  const space = createSpace(2, 1, 1, 0, 0, 0, 0);
  assert(space > 0);
  assert(createThread(space, 0, 0, 0, 0) > 0);
  return 0;
}
