/**
 * Syncs, many by one flush: those that have asked wait until no other request is there, and are answered
 * together. What nobody syncs is written some time after it was done.
 *
 *     setDeadline   before a request is waited for: at once, where somebody waits for a sync
 *     timePassed    when none came until then
 */

import { completeSync } from '../../proto/file.server.ts';
import { type CallQueue, dropCall, keepCall, openCalls, tokenAt } from '../../runtime/call-queue.ts';
import { now, TICKS_PER_SECOND } from '../../runtime/clock.ts';
import { type Message, waitForEver } from '../../runtime/message.ts';
import { LATER } from '../../runtime/serve.ts';
import { askCalendar } from './date.ts';
import { isUnsynced, sync } from './volume.ts';

/** How long what was done may stay in memory alone. */
const WRITE_BACK_TICKS: u64 = TICKS_PER_SECOND;
const QUEUE_SIZE: u32 = 520;

const queueBytes = memory.data(520, 4);
/** When the oldest of what is not synced is to be written; 0: all is. */
let writeBackAt: u64 = 0;

export function openSyncing(): void {
  openCalls(queueBytes, QUEUE_SIZE);
}

/** What the method returns. */
export function keepForSync(request: Message): i32 {
  if (!isUnsynced()) return sync();
  if (keepCall(queue(), request.token, 0) === LATER) return LATER;
  syncNow();
  return sync();
}

/** Until when to wait for a request. */
export function setDeadline(request: Message): void {
  if (queue().count > 0) {
    request.deadlineLow = 0;
    request.deadlineHigh = 0;
  } else if (isUnsynced()) {
    if (writeBackAt === 0) writeBackAt = now() + WRITE_BACK_TICKS;
    else if (now() >= writeBackAt) writeBack();
    request.deadlineLow = <u32>writeBackAt;
    request.deadlineHigh = <u32>(writeBackAt >> 32);
  } else {
    writeBackAt = 0;
    waitForEver(request);
  }
}

/** No request came until the deadline. */
export function timePassed(): void {
  if (queue().count > 0) syncNow();
  else writeBack();
}

function writeBack(): void {
  askCalendar();
  syncNow();
}

function syncNow(): void {
  writeBackAt = 0;
  const status = sync();
  while (queue().count > 0) {
    completeSync(tokenAt(queue(), 0), status);
    dropCall(queue(), 0);
  }
}

//@inline
function queue(): CallQueue {
  return changetype<CallQueue>(queueBytes);
}
