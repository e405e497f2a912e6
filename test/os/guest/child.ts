/**
 * A child of process-ways.ts, which does what its argument says.
 */
import * as file from '../../../os/proto/file.client.ts';
import * as programs from '../../../os/proto/process.client.ts';
import { ACTION_CATCH, ACTION_IGNORE, SIGNAL_TERM, SIGNAL_USR1 } from '../../../os/proto/process.ts';
import { type Message, receive, waitForEver } from '../../../os/runtime/message.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { createMemory, createPort, map } from '../../../os/runtime/system.ts';
import { inheritDescriptors, numberArgument, spawn } from './program.ts';

/** Roles: wait for ever; wait and ignore SIGTERM; catch it; leave a child; fault; use up all memory; echo. */
export const WAITS: u32 = 200;
export const IGNORES: u32 = 201;
export const CATCHES: u32 = 202;
export const LEAVES: u32 = 203;
export const FAULTS: u32 = 204;
export const GREEDY: u32 = 205;
export const SIXTH: u32 = 206;

const HEAP: u32 = 0x5000_0000;
const HEAP_PAGES: u32 = 2000;
const RIGHTS: u32 = 0x18;
const CAUGHT: i32 = 42;
const buffer = memory.data(64, 4);
const text = memory.data<u8>([0x73, 0x69, 0x78, 0x0a]);

export function main(_argument: u32): i32 {
  const own = handleNamed('process');
  switch (numberArgument(1)) {
    case WAITS:
      return wait();
    case IGNORES:
      programs.setSignal(own, SIGNAL_TERM, ACTION_IGNORE);
      return wait();
    case CATCHES:
      programs.setSignal(own, SIGNAL_USR1, ACTION_CATCH);
      wait();
      return programs.takeSignals(own) === 1 << SIGNAL_USR1 && programs.takeSignals(own) === 0 ? CAUGHT : 1;
    case LEAVES:
      inheritDescriptors();
      return spawn('child', WAITS, 0) > 0 ? 3 : 1;
    case FAULTS:
      store<u32>(0x10, 1);
      return 0;
    case GREEDY:
      return takeMemory();
    case SIXTH:
      return file.write(handleNamed('fd5'), text, 4) === 4 && handleNamed('fd6') === 0 ? 0 : 1;
    default:
      return numberArgument(1);
  }
}

function wait(): i32 {
  const message = changetype<Message>(buffer);
  message.port = createPort();
  waitForEver(message);
  return -receive(message);
}

/** Ends by a fault at the page that its limit does not allow. */
function takeMemory(): i32 {
  map(handleNamed('space'), HEAP, createMemory(HEAP_PAGES), 0, HEAP_PAGES, RIGHTS);
  for (let page: u32 = 0; page < HEAP_PAGES; page += 1) store<u32>(HEAP + (page << 12), page);
  return 0;
}
