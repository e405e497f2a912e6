/**
 * NAME
 *     fsck: check the volume that a tree is on, and repair it
 * SYNOPSIS
 *     fsck [-nrvy] [PATH]
 * DESCRIPTION
 *     Reads everything on the disk of the tree that PATH is in, `/` unless named, while it is in use; others wait
 *     meanwhile. Data that are damaged stay so, and are refused when they are read: remove the file. What has lost
 *     its name gets one in /lost+found.
 *     -n           change nothing, as if neither -r nor -y were there
 *     -r, -y       repair what can be
 *     -v           say what there is
 *     Ends with 0 where nothing was wrong, 1 where all was repaired, 4 where something is left, 8 where it could
 *     not be checked.
 * SEE ALSO
 *     df, mount, sync
 */

import { ERROR_DAMAGED, ERROR_NO_SUCH_CALL } from '../../os/abi/errors.ts';
import { FINDINGS_SIZE, type Findings } from '../../os/lib/findings.ts';
import * as volume from '../../os/proto/volume.client.ts';
import { complain } from '../lib/complaint.ts';
import { errorText } from '../lib/error.ts';
import { placeOf } from '../lib/mount.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';

const REPAIRED: i32 = 1;
const FAULTS_LEFT: i32 = 4;
const NOT_CHECKED: i32 = 8;

export function main(): i32 {
  const options = new Options('fsck [-nrvy] [PATH]', 'nrvy', '', NOT_CHECKED);
  let repairs = false;
  let changes = true;
  let isVerbose = false;
  while (options.next()) {
    if (options.letter === 'r' || options.letter === 'y') repairs = true;
    if (options.letter === 'n') changes = false;
    if (options.letter === 'v') isVerbose = true;
  }
  const path = options.operands.length > 0 ? options.operands[0] : '/';
  const place = placeOf(path);
  if (place.error < 0) return refused(path, place.error);
  const memory = heap.alloc(FINDINGS_SIZE);
  const found = changetype<Findings>(memory);
  let left = volume.check(place.server, false, memory, FINDINGS_SIZE);
  const before = left;
  if (left > 0) tell(path, found);
  if (repairs && changes && (left > 0 || left === ERROR_DAMAGED)) {
    left = volume.check(place.server, true, memory, FINDINGS_SIZE);
    if (left >= 0) print(left > 0 ? `${path}: repaired but for ${left} faults\n` : `${path}: repaired\n`);
  }
  if (left < 0) return refused(path, left);
  if (isVerbose || before === 0) print(summary(path, found, left));
  if (left > 0) return FAULTS_LEFT;
  return before === 0 ? 0 : REPAIRED;
}

function refused(path: string, error: i32): i32 {
  if (error === ERROR_NO_SUCH_CALL) complain(`${path} is on no volume`);
  else if (error === ERROR_DAMAGED)
    complain(`${path}: the volume is too damaged to be used: repair it with -r`);
  else complain(`${path} cannot be checked: ${errorText(error)}`);
  return NOT_CHECKED;
}

function summary(path: string, found: Findings, left: i32): string {
  const state = left === 0 ? 'in order' : `${left} faults`;
  return `${path}: ${state}: ${found.files} files, ${found.directories} directories, ${found.blocks} blocks\n`;
}

/** A line for each sort of fault that there is. */
function tell(path: string, found: Findings): void {
  tellCount(path, found.damaged, 'damaged blocks');
  tellCount(path, found.pointers, 'wrong pointers to blocks');
  tellCount(path, found.inodes, 'inodes whose kind, size or blocks are wrong');
  tellCount(path, found.names, 'names that mean nothing');
  tellCount(path, found.links, 'wrong counts of names');
  tellCount(path, found.lists, 'wrong lists of inodes');
  tellCount(path, found.lost, 'blocks marked as used that are free');
  tellCount(path, found.unmarked, 'blocks marked as free that are used');
}

function tellCount(path: string, count: u32, what: string): void {
  if (count > 0) print(`${path}: ${count} ${what}\n`);
}
