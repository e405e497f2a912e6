/**
 * Those who write to the terminal, in their order, and those who wait until everything has gone out. With
 * TOSTOP a writer in the background waits for the foreground.
 *
 * The thread that carries output asks for the next piece when the one before it is in the line's driver; an
 * empty piece tells it to wait until the driver has sent everything.
 */
import { TOSTOP } from '../../abi/terminal.ts';
import { completeControl, completeWrite } from '../../proto/file.server.ts';
import { SIGNAL_TTOU } from '../../proto/process.ts';
import { completeNextOutput } from '../../proto/terminal-line.server.ts';
import { type CallQueue, dropCall, keepCall, openCalls, tokenAt, wordAt } from '../../runtime/call-queue.ts';
import { deliverLent, fetchLent } from '../../runtime/lent.ts';
import { LATER } from '../../runtime/serve.ts';
import { hasLocal } from './attributes.ts';
import { isInBackground, signalGroup } from './foreground.ts';
import { isOutputEmpty, nextOutput, outputRoom, outputTaken, put } from './output.ts';

const TEXT_SIZE: u32 = 1024;
/** A call's word: the size asked for below, the process group above. */
const SIZE_BITS: u32 = 13;
const SIZE_MASK: u32 = (1 << SIZE_BITS) - 1;

const writersBytes = memory.data(264, 4);
const drainersBytes = memory.data(136, 4);
const text = memory.data(1024);

let writers = changetype<CallQueue>(0);
let drainers = changetype<CallQueue>(0);
/** The carrying thread's call, 0 while it is at work, and the room that it has. */
let carrier: u32 = 0;
let carrierRoom: u32 = 0;
/** How many of the drainers will have been waited for when the carrier comes back. */
let drained: u32 = 0;

export function openWriters(): void {
  writers = openCalls(writersBytes, 264);
  drainers = openCalls(drainersBytes, 136);
}

/** What the method returns. */
export function keepWriter(token: u32, group: u32, size: u32): i32 {
  if (mayNotWrite(group)) signalGroup(group, SIGNAL_TTOU);
  return keepCall(writers, token, min<u32>(size, TEXT_SIZE) | (group << SIZE_BITS));
}

/** What the method returns: a call that is answered 0 when all that was written before it has gone out. */
export function keepDrainer(token: u32): i32 {
  return keepCall(drainers, token, 0);
}

export function keepCarrier(token: u32, room: u32): i32 {
  outputTaken();
  carrier = token;
  carrierRoom = room;
  for (; drained > 0; drained -= 1) {
    completeControl(tokenAt(drainers, 0), 0);
    dropCall(drainers, 0);
  }
  return LATER;
}

/** Everybody for whom there is room is answered, and the carrier has something to do if there is something. */
export function answerWriters(): void {
  let index: u32 = 0;
  while (index < writers.count && outputRoom() > 0) {
    if (mayNotWrite(wordAt(writers, index) >> SIZE_BITS)) index += 1;
    else take(index);
  }
  if (carrier !== 0) giveOutput();
}

function mayNotWrite(group: u32): bool {
  return hasLocal(TOSTOP) && isInBackground(group);
}

/** A writer that is gone has not written. */
function take(index: u32): void {
  const token = tokenAt(writers, index);
  const count = min<u32>(wordAt(writers, index) & SIZE_MASK, outputRoom());
  const fault = fetchLent(token, 0, 0, text, count);
  dropCall(writers, index);
  const isAnswered = completeWrite(token, fault < 0 ? fault : count) === 0;
  if (!isAnswered || fault < 0) return;
  for (let at: u32 = 0; at < count; at += 1) put(load<u8>(text + at));
}

function giveOutput(): void {
  const count = nextOutput(text, min<u32>(carrierRoom, TEXT_SIZE));
  if (count === 0) {
    if (drainers.count === 0 || !isOutputEmpty()) return;
    drained = drainers.count;
  }
  const fault = deliverLent(carrier, 0, 0, text, count);
  assert(fault === 0);
  completeNextOutput(carrier, count);
  carrier = 0;
}
