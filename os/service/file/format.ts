/**
 * The volume as it is on a disk: version 1. Blocks of 4 KiB, little-endian; nothing else knows the layout.
 *
 *     block 0, 1              roots: that of generation g is in block g & 1, one sector, never torn
 *     2 …                     log: the operations since the newest root, as batches
 *     …                       maps: two copies of (their checksums · used blocks, a bit each)
 *     …                       data: every other block, written where no durable root reaches
 *     last two                the roots once more
 *
 * A pointer is {block, CRC-32C of its contents}; block 0 is a hole, which reads as zeros. A root holds the
 * node of the inode table; an inode's node holds ten pointers, to data or, by its depth, to blocks of 512
 * pointers. So every block's checksum is in its parent, up to the root, which holds its own.
 *
 * A root is durable after everything that it reaches. The state of a volume is its newest root, and upon it
 * the batches of its log generation, in order, up to the first that is not whole.
 */

export const BLOCK_SIZE: u32 = 4096;
export const BLOCK_SHIFT: u32 = 12;
export const SECTOR_SIZE: u32 = 512;
export const SECTORS_PER_BLOCK: u32 = 8;

/** "GossVol1"; the version counts from 1 and grows with every change that an older system cannot read. */
export const MAGIC_LOW: u32 = 0x7373_6f47;
export const MAGIC_HIGH: u32 = 0x316c_6f56;
export const FORMAT_VERSION: u32 = 1;

/** One sector. A generation of 0 marks a format that did not come to its end. */
//@unmanaged
export class Root {
  magicLow: u32 = 0;
  magicHigh: u32 = 0;
  version: u32 = 0;
  /** Of the whole sector, taken with this field as 0. */
  checksum: u32 = 0;
  generation: u64 = 0;
  /** Operations since the volume was made. */
  sequence: u64 = 0;
  /** Which volume this is: batches of another are not this one's. */
  identityLow: u32 = 0;
  identityHigh: u32 = 0;
  created: u64 = 0;
  blockCount: u32 = 0;
  logStart: u32 = 0;
  logBlocks: u32 = 0;
  mapStart: u32 = 0;
  /** Of one copy, without the block of checksums that comes first. */
  mapBlocks: u32 = 0;
  dataStart: u32 = 0;
  dataEnd: u32 = 0;
  /** Where the search for a free block goes on. */
  cursor: u32 = 0;
  /** Slots of the inode table, slot 0 not used. */
  inodeCount: u32 = 0;
  /** Lists through the inodes' `link`: free ones, and those without a name that are still open. */
  freeInode: u32 = 0;
  orphan: u32 = 0;
  /** Of the block of checksums of this generation's maps: copy g & 1. */
  mapChecksum: u32 = 0;
  /** The batches of this generation follow: the root's own, but while a long log is being replayed. */
  logGeneration: u64 = 0;
}

/** Where in the root the inode table's node is. */
export const ROOT_TABLE: u32 = 256;

/** 128 bytes; the pointers come last. */
//@unmanaged
export class Inode {
  /** KIND_…, or 0: free. */
  kind: u8 = 0;
  /** Levels of pointer blocks. */
  depth: u8 = 0;
  mode: u16 = 0;
  /** Names; a directory: its name, its own, and one for each directory in it. */
  links: u32 = 0;
  size: u64 = 0;
  modified: u64 = 0;
  uid: u32 = 0;
  gid: u32 = 0;
  /** A directory: its parent. Free or without a name: the next of its list. */
  link: u32 = 0;
  /** Blocks it takes, pointer blocks too. */
  blocks: u32 = 0;
  /** The operation that changed it last. */
  version: u64 = 0;
}

export const INODE_SIZE: u32 = 128;
export const INODES_PER_BLOCK: u32 = 32;
export const INODE_POINTERS: u32 = 48;
export const ROOT_DIRECTORY: u32 = 1;

export const POINTER_SIZE: u32 = 8;
export const POINTER_CHECKSUM: u32 = 4;
export const NODE_POINTERS: u32 = 10;
export const POINTERS_SHIFT: u32 = 9;
export const POINTERS_PER_BLOCK: u32 = 512;
export const DEPTH_MAX: u32 = 3;
/** Blocks of the largest object. */
export const OBJECT_BLOCKS_MAX: u32 = NODE_POINTERS << (POINTERS_SHIFT * DEPTH_MAX);
export const OBJECT_SIZE_MAX: u64 = (<u64>OBJECT_BLOCKS_MAX) << BLOCK_SHIFT;

/**
 * An entry of a directory's block; the entries tile it. Inode 0: free. The name is behind, and what remains
 * of `size` is room.
 */
//@unmanaged
export class Entry {
  inode: u32 = 0;
  size: u16 = 0;
  nameSize: u8 = 0;
  kind: u8 = 0;
  hash: u32 = 0;
}

export const ENTRY_NAME: u32 = 12;
/** Entries begin at multiples of it. */
export const ENTRY_ALIGNMENT: u32 = 4;

/** A batch: operations that became durable together. Sectors; records behind the header. */
//@unmanaged
export class Batch {
  magic: u32 = 0;
  /** Of the header, taken with this field as 0, and of the records. */
  checksum: u32 = 0;
  generation: u64 = 0;
  identityLow: u32 = 0;
  identityHigh: u32 = 0;
  /** From 0 in each generation. A batch is written when the one before it is durable. */
  index: u32 = 0;
  /** Of header and records, bytes. */
  size: u32 = 0;
  /** Of its first operation; a root has those up to its own sequence already. */
  sequence: u64 = 0;
}

/** "GBat" */
export const BATCH_MAGIC: u32 = 0x7461_4247;
export const BATCH_HEADER_SIZE: u32 = 40;

/**
 * An operation upon the tree: everything that its outcome depends on beside the tree itself. `first` and
 * `second` are the sizes of what is behind the record: names, a link's text, data.
 */
//@unmanaged
export class Record {
  /** With what is behind it, padded to a multiple of 8. */
  size: u32 = 0;
  operation: u32 = 0;
  time: u64 = 0;
  inode: u32 = 0;
  other: u32 = 0;
  /** An offset, a size, or a time. */
  value: u64 = 0;
  kind: u32 = 0;
  mode: u32 = 0;
  uid: u32 = 0;
  gid: u32 = 0;
  first: u32 = 0;
  second: u32 = 0;
}

export const RECORD_HEADER_SIZE: u32 = 56;

/** inode: directory; kind, mode, uid, gid; first: name; second: a symbolic link's text → a new object. */
export const OPERATION_CREATE: u32 = 1;
/** inode: directory; first: name; other: the object that gets one more. */
export const OPERATION_LINK: u32 = 2;
/** inode: directory; first: name; kind: KIND_DIRECTORY, or 0 for anything else. */
export const OPERATION_REMOVE: u32 = 3;
/** inode, first: from which directory, what name; other, second: to which. */
export const OPERATION_RENAME: u32 = 4;
/** inode; value: offset; first: data. */
export const OPERATION_WRITE: u32 = 5;
/** inode; value: size. */
export const OPERATION_TRUNCATE: u32 = 6;
/** inode; mode, uid, gid. */
export const OPERATION_SET_MODE: u32 = 7;
/** inode; value: when modified. */
export const OPERATION_SET_TIME: u32 = 8;
/** inode: it has no name and is open no more, and ends. */
export const OPERATION_RELEASE: u32 = 9;
