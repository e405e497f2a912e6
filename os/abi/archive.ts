/**
 * The boot archive: the files of the first processes, as the initial RAM disk.
 *
 *     0   magic    4  count of entries    8  size of the archive    12  zero
 *     16  entries of 48 bytes: name (36 bytes, ended by a zero), mode, offset, size
 *         contents, each at a multiple of 4,096
 */

/** "GsA1" */
export const ARCHIVE_MAGIC: u32 = 0x3141_7347;
export const ARCHIVE_COUNT: u32 = 4;
export const ARCHIVE_SIZE: u32 = 8;
export const ARCHIVE_HEADER_SIZE: u32 = 16;
export const ARCHIVE_ENTRY_SIZE: u32 = 48;
export const ARCHIVE_NAME_SIZE: u32 = 36;
/** Permission bits, as POSIX has them. */
export const ARCHIVE_ENTRY_MODE: u32 = 36;
export const ARCHIVE_ENTRY_OFFSET: u32 = 40;
export const ARCHIVE_ENTRY_LENGTH: u32 = 44;
export const ARCHIVE_ALIGNMENT: u32 = 4096;
