/**
 * NAME
 *     dmesg: show what the system has said
 * SYNOPSIS
 *     dmesg [-w]
 * DESCRIPTION
 *     What the kernel, init and services have said at the firmware's console since the machine was switched on:
 *     what could not be started, what has died, why a file tree is not the disk's. The last 16 KiB are kept, in
 *     /dev/log.
 *
 *     -w, --follow   wait for more
 * SEE ALSO
 *     ps, top, fsck
 */

import { ERROR_CANCELLED } from '../../os/abi/errors.ts';
import { OPEN_READ } from '../../os/abi/file.ts';
import { waitFor } from '../lib/clock.ts';
import { complainOf } from '../lib/complaint.ts';
import { openFile } from '../lib/file.ts';
import { Input } from '../lib/input.ts';
import { Options } from '../lib/options.ts';
import { flushOutput, print } from '../lib/output.ts';

const PLACE = '/dev/log';
const PAUSE_NANOSECONDS: u64 = 500_000_000;

export function main(): i32 {
  const options = new Options('dmesg [-w]', 'w', 'follow=w');
  let isPatient = false;
  while (options.next()) isPatient = true;
  options.allow(0);
  const handle = openFile(PLACE, OPEN_READ, 0);
  if (handle < 0) {
    complainOf(PLACE, handle);
    return 1;
  }
  const input = new Input(handle);
  while (true) {
    const text = input.readAll();
    print(text);
    if (input.error < 0) complainOf(PLACE, input.error);
    if (!isPatient || input.error < 0 || flushOutput() < 0) return 0;
    if (waitFor(PAUSE_NANOSECONDS) === ERROR_CANCELLED) return 0;
  }
}
