/**
 * What the server of a tree on a disk does beside: by the tree's own port.
 */
import type { Out } from './types.ts';

/** @contract 20 */
export interface Volume {
  /**
   * Checks everything that is on the disk, and with `isRepair` repairs what can be → faults that are left;
   * Findings (os/lib/findings.ts) are written. A volume that was too damaged to be mounted gives ERROR_DAMAGED,
   * but with `isRepair`: then it is mounted in place of the tree in memory. Others wait meanwhile.
   */
  check(isRepair: bool, findings: Out): u32;
}
