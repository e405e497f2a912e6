/**
 * What the check of a volume finds (os/proto/volume.ts), in numbers: first what there is, then faults.
 */

//@unmanaged
export class Findings {
  files: u32 = 0;
  directories: u32 = 0;
  blocks: u32 = 0;
  /** Blocks that are not what was written. */
  damaged: u32 = 0;
  /** Pointers to where no data are, or to a block that has another pointer already. */
  pointers: u32 = 0;
  /** Inodes whose kind, size or count of blocks is wrong. */
  inodes: u32 = 0;
  /** Names that lead nowhere, to another kind, or are there twice. */
  names: u32 = 0;
  /** Counts of names that are wrong. */
  links: u32 = 0;
  /** Lists, of free inodes and of those without a name, that lack or have too many. */
  lists: u32 = 0;
  /** Blocks marked as used that nothing refers to, and the other way round. */
  lost: u32 = 0;
  unmarked: u32 = 0;
}

export const FINDINGS_SIZE: u32 = 44;
/** Where the faults begin. */
export const FINDINGS_FAULTS: u32 = 12;
