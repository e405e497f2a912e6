/**
 * Calls as generated client stubs make them (os/proto/<name>.client.ts). What does not fit into the registers
 * of a function goes through the thread's frame, which tp points to and entry.s sets up:
 *
 *      0  extras, as os/abi/message.ts has them
 *     64  words 0–6: coming out all of them, going in words 5 and 6
 *     92  deadline, low and high word
 *    100  the return address meanwhile
 *
 * A frame is good for one call: stubs fill it and read it without anything between.
 */
import { EXTRAS_RANGES, EXTRAS_RIGHTS, EXTRAS_VALUES } from '../abi/message.ts';
import { RIGHTS_ALL } from '../abi/rights.ts';
import { rightsOf } from './system.ts';

/** How often a call that may be repeated is, before its server counts as dead for good. */
export const REPEATS_MAX: u32 = 16;

export const FRAME_WORDS: u32 = 64;
export const FRAME_WORD5: u32 = 84;
export const FRAME_WORD6: u32 = 88;
export const FRAME_DEADLINE_LOW: u32 = 92;
export const FRAME_DEADLINE_HIGH: u32 = 96;

/** Calls and waits for ever: the reply's label, or an error of the kernel's. `extras` is 0 or the frame. */
//@external("ipc", "call_port")
export declare function callPort(
  port: u32,
  label: u32,
  word0: u32,
  word1: u32,
  word2: u32,
  word3: u32,
  word4: u32,
  extras: u32,
): i32;

/** The same until the frame's deadline, with the other words of both messages in the frame. */
//@external("ipc", "call_framed")
export declare function callFramed(
  port: u32,
  label: u32,
  word0: u32,
  word1: u32,
  word2: u32,
  word3: u32,
  word4: u32,
  extras: u32,
): i32;

/** A range of memory for as long as the call lasts. */
//@inline
export function lend(frame: u32, index: u32, address: u32, size: u32, access: u32): void {
  const range = frame + EXTRAS_RANGES + index * 12;
  store<u32>(range, address);
  store<u32>(range, size, 4);
  store<u32>(range, access, 8);
}

/** A handle that goes with the message; RIGHTS_ALL: with as many rights as it has. */
//@inline
export function attach(frame: u32, index: u32, handle: u32, rights: u32): void {
  store<u32>(frame + (index << 2), handle, EXTRAS_VALUES);
  store<u32>(frame + (index << 2), rights === RIGHTS_ALL ? rightsOf(handle) : rights, EXTRAS_RIGHTS);
}

/** `count` handles, at most four, whose values are at `values`. */
export function attachAll(frame: u32, values: u32, count: u32): void {
  for (let index: u32 = 0; index < min<u32>(count, 4); index += 1) {
    attach(frame, index, load<u32>(values + (index << 2)), RIGHTS_ALL);
  }
}

/** A handle that came with the reply. */
//@inline
export function received(frame: u32, index: u32): i32 {
  return load<i32>(frame + (index << 2), EXTRAS_VALUES);
}
