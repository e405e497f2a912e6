/**
 * Checks and repairs at a client's wish: os/proto/volume.ts upon check.ts and repair.ts. A disk that was damaged
 * when the service started can be recovered: its tree takes the place of that in memory, whose open objects are
 * gone.
 */
import { ERROR_DAMAGED, ERROR_TOO_LARGE } from '../../abi/errors.ts';
import { FINDINGS_SIZE } from '../../lib/findings.ts';
import { deliverLent } from '../../runtime/lent.ts';
import type { Message } from '../../runtime/message.ts';
import { useDisk, useMemoryAsDisk } from './backing.ts';
import { check, KEEP_MAPS } from './check.ts';
import { closeAllObjects } from './open.ts';
import { recover, repair } from './repair.ts';
import { mount } from './volume.ts';

const findings = memory.data(44, 4);

/** The driver of a disk whose volume was damaged; 0: there is none. */
let damagedDisk: u32 = 0;

export function setDamagedDisk(driver: u32): void {
  damagedDisk = driver;
}

//@unmanaged
export class Checked {
  check(request: Message, isRepair: bool, findingsSize: u32): i32 {
    if (findingsSize < FINDINGS_SIZE) return ERROR_TOO_LARGE;
    const left = checked(isRepair);
    if (left < 0) return left;
    const result = deliverLent(request.token, 0, 0, findings, FINDINGS_SIZE);
    return result < 0 ? result : left;
  }
}

function checked(isRepair: bool): i32 {
  if (damagedDisk === 0) return isRepair ? repair(findings) : check(findings, KEEP_MAPS);
  return isRepair ? recoverDisk() : ERROR_DAMAGED;
}

function recoverDisk(): i32 {
  const blocks = useDisk(damagedDisk);
  closeAllObjects();
  const left = blocks < 0 ? blocks : recover(blocks, findings);
  if (left < 0) mount(useMemoryAsDisk(), false);
  else damagedDisk = 0;
  return left;
}
