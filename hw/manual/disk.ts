/**
 * Disk: virtio-blk (virtio 1.2, section 5.2), device id 2, one request queue.
 *
 *     request   readable: type, 32 bits · reserved, 32 bits · sector, 64 bits · data to write
 *               writable: data that was read · status, the last byte
 *     config    +0 capacity · +8 size_max · +12 seg_max · +20 blk_size · +32 writeback · +34 num_queues
 *               +36 max_discard_sectors · +40 max_discard_seg · +44 discard_sector_alignment
 *               +48 max_write_zeroes_sectors · +52 max_write_zeroes_seg · +56 write_zeroes_may_unmap
 *
 * Requests are served one at a time in the order of the driver ring; each is done, and its memory touched,
 * when its time is over. Data not a multiple of a sector, beyond the capacity, in a segment above
 * DISK_SIZE_MAX, or written to a read-only disk: IOERR. Unknown types and flags: UNSUPP. A chain without
 * sixteen readable bytes or without a writable byte breaks the rules (hw/manual/virtio.ts).
 */

export const DISK_SECTOR_SIZE = 512;
/**
 * Time. Every request takes DISK_COMMAND_NS, and besides it:
 *
 *     read            DISK_BYTE_NS a byte; if not all of it is in the cache, a seek first
 *     write           DISK_BYTE_NS a byte
 *     discard, zeroes DISK_ZERO_SECTOR_NS a sector
 *     flush           DISK_FLUSH_NS, and DISK_DESTAGE_SECTOR_NS for every sector in the cache
 *     seek            nothing where the last read from the medium ended; otherwise DISK_SEEK_NS, and of
 *                     DISK_SEEK_FULL_NS the share that the distance has in the capacity
 *
 * Where the cache overflows, DISK_DESTAGE_SECTOR_NS for every sector that must leave it.
 */
export const DISK_COMMAND_NS = 4_000;
export const DISK_BYTE_NS = 2;
export const DISK_ZERO_SECTOR_NS = 50;
export const DISK_FLUSH_NS = 50_000;
export const DISK_DESTAGE_SECTOR_NS = 1_024;
export const DISK_SEEK_NS = 20_000;
export const DISK_SEEK_FULL_NS = 80_000;
/**
 * Durability. Written sectors stand in a volatile cache of so many, every version of a sector by itself,
 * and become durable by a flush or, oldest first, when it overflows. Power loss keeps of each sector in the
 * cache its durable contents or any version written since, by seed; a sector is never torn, a longer write
 * is, also one under way. Without write-back (writeback 0, or a driver that accepted neither FLUSH nor
 * CONFIG_WCE) each write is flushed before it is done, at a flush's cost. Discarded sectors read as zeros.
 */
export const DISK_CACHE_SECTORS = 8_192;

/** Bytes of a segment. */
export const DISK_SIZE_MAX = 65_536;
/** Data segments of a request: a full chain less header and status. */
export const DISK_SEG_MAX = 254;
/** Sectors of a discard or write-zeroes request, which has one range. */
export const DISK_ZERO_SECTORS_MAX = 16_384;

/** Feature bits. */
export const DISK_F_SIZE_MAX = 1;
export const DISK_F_SEG_MAX = 2;
export const DISK_F_RO = 5;
export const DISK_F_BLK_SIZE = 6;
export const DISK_F_FLUSH = 9;
export const DISK_F_CONFIG_WCE = 11;
export const DISK_F_DISCARD = 13;
export const DISK_F_WRITE_ZEROES = 14;

export const DISK_CONFIG_CAPACITY = 0;
export const DISK_CONFIG_SIZE_MAX = 8;
export const DISK_CONFIG_SEG_MAX = 12;
export const DISK_CONFIG_BLK_SIZE = 20;
export const DISK_CONFIG_WRITEBACK = 32;
export const DISK_CONFIG_NUM_QUEUES = 34;
export const DISK_CONFIG_MAX_DISCARD_SECTORS = 36;
export const DISK_CONFIG_MAX_DISCARD_SEG = 40;
export const DISK_CONFIG_DISCARD_ALIGNMENT = 44;
export const DISK_CONFIG_MAX_ZEROES_SECTORS = 48;
export const DISK_CONFIG_MAX_ZEROES_SEG = 52;
export const DISK_CONFIG_ZEROES_MAY_UNMAP = 56;
export const DISK_CONFIG_SIZE = 60;

/** Request types. */
export const DISK_IN = 0;
export const DISK_OUT = 1;
export const DISK_FLUSH = 4;
export const DISK_GET_ID = 8;
export const DISK_DISCARD = 11;
export const DISK_WRITE_ZEROES = 13;

export const DISK_HEADER_SIZE = 16;
export const DISK_ID_SIZE = 20;
/** A range of a discard or write-zeroes request: sector, 64 bits · count, 32 bits · flags, 32 bits. */
export const DISK_RANGE_SIZE = 16;
/** A range's only flag, and only for write-zeroes. */
export const DISK_RANGE_UNMAP = 1;

export const DISK_STATUS_OK = 0;
export const DISK_STATUS_IOERR = 1;
export const DISK_STATUS_UNSUPP = 2;
