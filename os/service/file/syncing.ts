/**
 * Syncs, many by one flush: those that have asked wait until no other request is there, and are answered
 * together. Where several clients sync one after the other, the first waits a little for those behind it: a
 * flush takes longer. What nobody syncs is written some time after it was done.
 *
 *     setDeadline   before a request is waited for: until when, as somebody waits for a sync
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
/** How long a sync waits for others, if there was one of somebody else's within the time before it. */
const GRACE_TICKS: u64 = 1_000;
const COMPANY_TICKS: u64 = 10_000;
/** How long it waits at most while requests keep coming. */
const PATIENCE_TICKS: u64 = 10_000;
const QUEUE_SIZE: u32 = 520;

const queueBytes = memory.data(520, 4);
/** When the oldest of what is not synced is to be written; 0: all is. */
let writeBackAt: u64 = 0;
/** When those who wait are to be answered. */
let syncAt: u64 = 0;
/** Whose sync was the last, by the badge, and when it came. */
let lastSyncer: u32 = 0;
let lastSyncAt: u64 = 0;

export function openSyncing(): void {
  openCalls(queueBytes, QUEUE_SIZE);
}

/** What the method returns. */
export function keepForSync(request: Message): i32 {
  if (!isUnsynced()) return sync();
  const time = now();
  const hasCompany = request.badge !== lastSyncer && time - lastSyncAt < COMPANY_TICKS;
  if (queue().count === 0) syncAt = hasCompany ? time + GRACE_TICKS : time;
  lastSyncer = request.badge;
  lastSyncAt = time;
  if (keepCall(queue(), request.token, 0) === LATER) return LATER;
  syncNow();
  return sync();
}

/** Until when to wait for a request. */
export function setDeadline(request: Message): void {
  if (queue().count > 0 && now() >= syncAt + PATIENCE_TICKS) syncNow();
  if (queue().count > 0) {
    request.deadlineLow = <u32>syncAt;
    request.deadlineHigh = <u32>(syncAt >> 32);
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
