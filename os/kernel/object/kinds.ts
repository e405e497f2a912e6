/**
 * The table of kinds: what a handle's coming and going means to the object behind it. A new kind of object
 * is a file beside this one and a line in each of the two functions.
 */
import {
  KIND_CONTROL,
  KIND_INTERRUPT,
  KIND_MEMORY,
  KIND_PORT,
  KIND_SPACE,
  KIND_THREAD,
  KIND_TIMER,
  RIGHT_RECEIVE,
} from '../../abi/rights.ts';
import type { Interrupt, Memory, Port, Space, Thread, Timer } from '../structures.ts';
import { releaseInterrupt } from './interrupt.ts';
import { releaseMemory } from './memory.ts';
import { closeReceiver, releasePort } from './port.ts';
import { releaseSpace } from './space.ts';
import { releaseThread } from './thread.ts';
import { releaseTimer } from './timer.ts';

export function retain(kind: u32, rights: u32, object: u32): void {
  switch (kind) {
    case KIND_SPACE:
      changetype<Space>(object).references += 1;
      return;
    case KIND_THREAD:
      changetype<Thread>(object).references += 1;
      return;
    case KIND_PORT:
      changetype<Port>(object).references += 1;
      if ((rights & RIGHT_RECEIVE) !== 0) changetype<Port>(object).receivers += 1;
      return;
    case KIND_MEMORY:
      changetype<Memory>(object).references += 1;
      return;
    case KIND_INTERRUPT:
      changetype<Interrupt>(object).references += 1;
      return;
    case KIND_TIMER:
      changetype<Timer>(object).references += 1;
      return;
    default:
      assert(kind === KIND_CONTROL);
  }
}

export function release(kind: u32, rights: u32, object: u32): void {
  switch (kind) {
    case KIND_SPACE:
      releaseSpace(changetype<Space>(object));
      return;
    case KIND_THREAD:
      releaseThread(changetype<Thread>(object));
      return;
    case KIND_PORT:
      if ((rights & RIGHT_RECEIVE) !== 0) closeReceiver(changetype<Port>(object));
      releasePort(changetype<Port>(object));
      return;
    case KIND_MEMORY:
      releaseMemory(changetype<Memory>(object));
      return;
    case KIND_INTERRUPT:
      releaseInterrupt(changetype<Interrupt>(object));
      return;
    case KIND_TIMER:
      releaseTimer(changetype<Timer>(object));
      return;
    default:
      assert(kind === KIND_CONTROL);
  }
}
