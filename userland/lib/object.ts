/**
 * Reading open objects. What a terminal has goes only to programs in the foreground: one in the background waits
 * its turn, and is stopped as job control has it; a program that is stopped leaves what is typed to others.
 *
 *     readObject(handle, address, size)                bytes read; 0 at the end
 *     readKeys(terminal, deadline, address, size)      the same; ERROR_TIMED_OUT at the deadline, in ticks
 */
import { ERROR_NO_SUCH_CALL } from '../../os/abi/errors.ts';
import * as file from '../../os/proto/file.client.ts';
import * as processes from '../../os/proto/process.client.ts';
import type { Identity } from '../../os/proto/process.ts';
import * as terminal from '../../os/proto/terminal.client.ts';
import { handleNamed } from '../../os/runtime/start.ts';

let input: u32 = 0;
/** 0 where the standard input is no terminal. */
let group: u32 = 0;

export function readObject(handle: u32, into: usize, size: i32): i32 {
  if (input === 0) {
    input = handleNamed('fd0');
    group = ownGroup();
  }
  if (handle !== input || group === 0) return file.read(handle, into, size);
  const count = terminal.readAs(handle, group, into, size);
  if (count !== ERROR_NO_SUCH_CALL) return count;
  group = 0;
  return file.read(handle, into, size);
}

export function readKeys(handle: u32, deadline: u64, into: usize, size: i32): i32 {
  return terminal.readAsUntil(handle, <u32>deadline, <u32>(deadline >> 32), ownGroup(), into, size);
}

/** 0 where it is not known. */
function ownGroup(): u32 {
  const identity = changetype<Identity>(heap.alloc(offsetof<Identity>()));
  const status = processes.identify(handleNamed('process'), identity);
  const own = status < 0 ? 0 : identity.group;
  heap.free(changetype<usize>(identity));
  return own;
}
