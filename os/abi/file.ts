/**
 * Numbers of the file trees (os/proto/tree.ts) and of open objects (os/proto/file.ts), which every server of
 * either and every client of them share.
 *
 *     stat record, 64 bytes                      directory entry, padded to a multiple of 4
 *      0  kind    32 bits   32  inode  64 bits    0  inode   32 bits
 *      4  mode    32        40  blocks 32         4  kind     8
 *      8  links   32        44  block size 32     5  size of the name  8
 *     12  0       32        48  uid    32         6  name
 *     16  size    64        52  gid    32
 *     24  modified 64       56  0      64
 *
 * `modified` is nanoseconds since 1970; `blocks` counts what the object takes of its tree, in block sizes.
 */

/** Flags of `open`. */
export const OPEN_READ: u32 = 1;
export const OPEN_WRITE: u32 = 2;
export const OPEN_CREATE: u32 = 4;
/** With CREATE: it must not be there. */
export const OPEN_EXCLUSIVE: u32 = 8;
export const OPEN_TRUNCATE: u32 = 16;
/** Every write goes to the end. */
export const OPEN_APPEND: u32 = 32;
/** It must be a directory. */
export const OPEN_DIRECTORY: u32 = 64;
/** A symbolic link at the end of the path is not followed but refused: ERROR_LOOP. */
export const OPEN_NO_FOLLOW: u32 = 128;
export const OPEN_FLAGS: u32 = 255;
/** Only of `stat`: ERROR_ACCESS where whoever asks may not run it. */
export const OPEN_EXECUTE: u32 = 256;

export const KIND_FILE: u32 = 1;
export const KIND_DIRECTORY: u32 = 2;
export const KIND_SYMBOLIC_LINK: u32 = 3;
/** A device without positions: a terminal, null. */
export const KIND_DEVICE: u32 = 4;
export const KIND_PIPE: u32 = 5;

/** Where a seek counts from. */
export const SEEK_START: u32 = 0;
export const SEEK_POSITION: u32 = 1;
export const SEEK_END: u32 = 2;

export const STAT_KIND: u32 = 0;
export const STAT_MODE: u32 = 4;
export const STAT_LINKS: u32 = 8;
export const STAT_FILE_SIZE: u32 = 16;
export const STAT_MODIFIED: u32 = 24;
export const STAT_INODE: u32 = 32;
export const STAT_BLOCKS: u32 = 40;
export const STAT_BLOCK_SIZE: u32 = 44;
export const STAT_UID: u32 = 48;
export const STAT_GID: u32 = 52;
export const STAT_RECORD_SIZE: u32 = 64;

export const LISTED_KIND: u32 = 4;
export const LISTED_NAME_SIZE: u32 = 5;
export const LISTED_NAME: u32 = 6;

/** Permission bits of a mode, as POSIX has them. */
export const MODE_BITS: u32 = 0xfff;
/** Whoever runs it is its owner while it runs; or of its group. */
export const MODE_SET_USER: u32 = 0x800;
export const MODE_SET_GROUP: u32 = 0x400;
/** In a directory: names are only their owners' to take away. */
export const MODE_STICKY: u32 = 0x200;
/** Of an owner or group that is to be set: the one that it has. */
export const SAME_OWNER: u32 = 0xffff_ffff;
export const NAME_SIZE_MAX: u32 = 255;
/** Bytes of a path, and of what a symbolic link says. */
export const PATH_SIZE_MAX: u32 = 1024;
/** Symbolic links followed in one path. */
export const LINKS_FOLLOWED_MAX: u32 = 40;
