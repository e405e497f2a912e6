/**
 * The file service: one tree on one disk, for the clients of os/proto/tree.ts and os/proto/file.ts.
 *
 *     format.ts                                     what is on the disk: nobody else knows it
 *     cache, space                                  blocks in memory, and which are used
 *     blocks, inode, directory, content             what they are made into
 *     operation                                     records applied to the tree
 *     log, root, volume                             what of it is durable
 *     path, tree, open                              what can be asked, by path, inode and open object
 *     permission                                    by whom
 *     check, repair                                 whether all is in order, and how it comes to be
 *     served, opened, checked, syncing, date, …     the service around it
 *     library                                       the same tree for a host
 *
 * A disk that is blank is formatted. What is anything else and not a volume in order is left as it is: it is
 * said, and the tree is in memory, as it is where there is no disk.
 *
 * Named handles: port, and if there are any disk, clock, control (for messages).
 */
import {
  ERROR_ACCESS,
  ERROR_BAD_HANDLE,
  ERROR_NO_RIGHT,
  ERROR_NO_SUCH_CALL,
  ERROR_TIMED_OUT,
} from '../../abi/errors.ts';
import { NOTIFIED } from '../../abi/message.ts';
import { none } from '../../lib/pointer.ts';
import { isUser } from '../../lib/user.ts';
import * as files from '../../proto/file.server.ts';
import * as trees from '../../proto/tree.server.ts';
import * as volumes from '../../proto/volume.server.ts';
import { now } from '../../runtime/clock.ts';
import type { Message } from '../../runtime/message.ts';
import { firstRequest, nextRequest, refuse } from '../../runtime/serve.ts';
import { handleNamed } from '../../runtime/start.ts';
import { isDiskReadOnly, useDisk, useMemoryAsDisk } from './backing.ts';
import { type Checked, setDamagedDisk } from './checked.ts';
import { date, useCalendar } from './date.ts';
import { isOpenNumber, OPEN_MAX, openObjectAt } from './open.ts';
import type { Opened } from './opened.ts';
import { actAs } from './permission.ts';
import { reportFailure, reportFormatted, reportInMemory, reportVolume, useConsole } from './report.ts';
import { VOLUME_BLANK, VOLUME_DAMAGED, VOLUME_READY, VOLUME_UNFINISHED } from './root.ts';
import { closeUnheld, type Served, useServicePort } from './served.ts';
import { openSyncing, setDeadline, timePassed } from './syncing.ts';
import { format, mount, useMemory, volumeFailure } from './volume.ts';

export { flushSectors, readSectors, writeSectors } from './backing.ts';

const MEMORY_SIZE: u32 = 4_194_304;
const CONTRACT_SHIFT: u32 = 8;

/** Maps, cache and log; a page is there from when it is touched. */
const arena = memory.data(4194304, 4096);
const requestBytes = memory.data(64, 4);

export function main(_argument: u32): i32 {
  const port = handleNamed('port');
  useConsole(handleNamed('control'));
  useCalendar(handleNamed('clock'));
  useServicePort(port);
  useMemory(arena, MEMORY_SIZE);
  openSyncing();
  if (!openDisk(handleNamed('disk'))) openMemory();
  return serveAll(port);
}

/** False where there is none, or none to be used. */
function openDisk(driver: u32): bool {
  const blocks = driver === 0 ? 0 : useDisk(driver);
  if (blocks <= 0) return false;
  const isReadOnly = isDiskReadOnly();
  let found = mount(blocks, isReadOnly);
  if ((found === VOLUME_BLANK || found === VOLUME_UNFINISHED) && !isReadOnly) {
    found = format(blocks, date() ^ (now() << 32), date());
    if (found === VOLUME_READY) reportFormatted(blocks);
  }
  if (found !== VOLUME_READY) reportVolume(found);
  if (found === VOLUME_DAMAGED) setDamagedDisk(driver);
  return found === VOLUME_READY;
}

function openMemory(): void {
  reportInMemory();
  const made = format(useMemoryAsDisk(), 1, date());
  assert(made === VOLUME_READY);
}

function serveAll(port: u32): i32 {
  const request = changetype<Message>(requestBytes);
  let result = firstRequest(request, port, 0);
  let failure = volumeFailure();
  while (result >= 0 || result === ERROR_TIMED_OUT) {
    if (result === ERROR_TIMED_OUT) timePassed();
    else if (result === NOTIFIED) closeUnheld();
    else serve(request);
    if (volumeFailure() !== failure) {
      failure = volumeFailure();
      reportFailure(failure);
    }
    setDeadline(request);
    if (result === ERROR_TIMED_OUT) request.token = 0;
    result = nextRequest(request);
  }
  return -result;
}

/** Who was given an object may use that, not the tree. */
function serve(request: Message): void {
  const contract = request.label >> CONTRACT_SHIFT;
  const isObject = request.badge - 1 < OPEN_MAX;
  if (contract === files.CONTRACT) {
    if (isObject && isOpenNumber(request.badge)) files.dispatch(openedAt(request.badge), request);
    else refuse(request, ERROR_BAD_HANDLE);
  } else if (isObject) {
    const isTree = contract === trees.CONTRACT || contract === volumes.CONTRACT;
    refuse(request, isTree ? ERROR_NO_RIGHT : ERROR_NO_SUCH_CALL);
  } else if (contract === volumes.CONTRACT) {
    if (isUser(request.badge)) refuse(request, ERROR_ACCESS);
    else volumes.dispatch(none<Checked>(), request);
  } else {
    actAs(request.badge);
    trees.dispatch(none<Served>(), request);
  }
}

//@inline
function openedAt(number: u32): Opened {
  return changetype<Opened>(changetype<usize>(openObjectAt(number)));
}
