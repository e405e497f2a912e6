/**
 * Those who read from the terminal, in their order. A reader in the background waits for the foreground; the
 * first of the others gets a line, an end of file, or without ICANON what VMIN and VTIME say:
 *
 *     VMIN  VTIME
 *     n     0      when n bytes are there            0   0   what is there, at once
 *     n     t      or t after the last one           0   t   when a byte is there, or after t with none
 */
import { ICANON, VMIN, VTIME } from '../../abi/terminal.ts';
import { completeRead } from '../../proto/file.server.ts';
import { SIGNAL_TTIN } from '../../proto/process.ts';
import { type CallQueue, dropCall, keepCall, openCalls, tokenAt, wordAt } from '../../runtime/call-queue.ts';
import { deliverLent } from '../../runtime/lent.ts';
import { createTimer } from '../../runtime/system.ts';
import { setTimerIn } from '../../runtime/timer.ts';
import { characterAt, hasLocal } from './attributes.ts';
import { isInBackground, signalGroup } from './foreground.ts';
import { consumeTyped, copyTyped, NOTHING_YET, TYPED_SIZE, typedCount } from './typing.ts';

/** The bit of the port that says that time is up. */
export const READ_TIME_UP: u32 = 2;

/** A call's word: the size asked for below, the process group above. */
const SIZE_BITS: u32 = 13;
const SIZE_MASK: u32 = (1 << SIZE_BITS) - 1;
const TICKS_PER_TENTH: u32 = 1_000_000;

const readersBytes = memory.data(264, 4);
const text = memory.data(4096);

let readers = changetype<CallQueue>(0);
let port: u32 = 0;
let timer: u32 = 0;
let isTimerSet: bool = false;
let isTimeUp: bool = false;
let isHungUp: bool = false;

export function openReaders(own: u32): void {
  readers = openCalls(readersBytes, 264);
  port = own;
  timer = createTimer();
  assert(timer > 0);
}

/** What the method returns. */
export function keepReader(token: u32, group: u32, size: u32): i32 {
  if (isInBackground(group)) signalGroup(group, SIGNAL_TTIN);
  return keepCall(readers, token, min<u32>(size, TYPED_SIZE) | (group << SIZE_BITS));
}

/** Everybody is at the end, until the terminal is opened again. */
export function hangUpReaders(isGone: bool): void {
  isHungUp = isGone;
}

export function isTerminalHungUp(): bool {
  return isHungUp;
}

/** A byte more: the time after it begins anew. */
export function readMayGoOn(): void {
  if (characterAt(VMIN) > 0) isTimerSet = false;
}

export function readTimeUp(): void {
  isTimeUp = isTimerSet;
}

/** Everybody who can be answered is. */
export function answerReaders(): void {
  let index: u32 = 0;
  while (index < readers.count) {
    const word = wordAt(readers, index);
    if (isInBackground(word >> SIZE_BITS) && !isHungUp) index += 1;
    else if (isHungUp) answer(index, 0);
    else if (isEnough(word & SIZE_MASK)) give(index, word & SIZE_MASK);
    else return;
  }
}

function isEnough(size: u32): bool {
  if (hasLocal(ICANON)) return copyTyped(text, 0) !== NOTHING_YET;
  const count = typedCount();
  const wanted = characterAt(VMIN);
  if (count > 0 && count >= min<u32>(wanted, size)) return true;
  if (characterAt(VTIME) === 0) return wanted === 0;
  if (isTimeUp && (wanted === 0 || count > 0)) return true;
  if (!isTimerSet && (wanted === 0 || count > 0)) {
    isTimerSet = true;
    setTimerIn(timer, port, READ_TIME_UP, characterAt(VTIME) * TICKS_PER_TENTH);
  }
  return false;
}

/** The reader gets it, or it stays, if the reader is gone. */
function give(index: u32, size: u32): void {
  const count = copyTyped(text, size);
  if (count <= 0) {
    if (answer(index, 0) && count === 0) consumeTyped();
    return;
  }
  const fault = deliverLent(tokenAt(readers, index), 0, 0, text, count);
  if (answer(index, fault < 0 ? fault : count) && fault === 0) consumeTyped();
}

/** Whether the caller has got it. */
function answer(index: u32, status: i32): bool {
  const token = tokenAt(readers, index);
  dropCall(readers, index);
  isTimerSet = false;
  isTimeUp = false;
  return completeRead(token, status) === 0;
}
