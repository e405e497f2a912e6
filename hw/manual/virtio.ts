/**
 * virtio over MMIO: version 2 of the transport (OASIS virtio 1.2, section 4.2) and split virtqueues
 * (section 2.7). Slot n is at VIRTIO_BASE + n · VIRTIO_STRIDE; an empty slot shows device id 0.
 *
 * Registers below VIRTIO_CONFIG are words: accesses of other sizes, and offsets not listed, read zero and
 * change nothing, as in QEMU. The device's configuration from VIRTIO_CONFIG on takes 1, 2 and 4 bytes; all
 * ones beyond its end.
 *
 *     descriptor  16 bytes  +0 address, 64 bits · +8 size · +12 flags, 16 bits · +14 next, 16 bits
 *     driver ring (avail)   +0 flags · +2 index · +4 + 2·n head n · +4 + 2·size used_event
 *     device ring (used)    +0 flags · +2 index · +4 + 8·n head, written · +4 + 8·size avail_event
 *
 * What a driver must never do (a ring outside RAM or misaligned, a head or link out of range, a loop, more
 * than VIRTIO_QUEUE_SIZE_MAX descriptors in a chain, a buffer of no bytes or outside RAM, readable after
 * writable, a bad indirect table, DRIVER_OK without FEATURES_OK, a chain without the parts that the device's
 * sheet asks for) sets DEVICE_NEEDS_RESET: work in progress is dropped, nothing more is read or written,
 * and a configuration change is signalled if the driver had started the device.
 */

export const VIRTIO_MAGIC = 0x000;
export const VIRTIO_VERSION = 0x004;
export const VIRTIO_DEVICE_ID = 0x008;
export const VIRTIO_VENDOR_ID = 0x00c;
export const VIRTIO_DEVICE_FEATURES = 0x010;
export const VIRTIO_DEVICE_FEATURES_SEL = 0x014;
export const VIRTIO_DRIVER_FEATURES = 0x020;
export const VIRTIO_DRIVER_FEATURES_SEL = 0x024;
export const VIRTIO_QUEUE_SEL = 0x030;
export const VIRTIO_QUEUE_NUM_MAX = 0x034;
export const VIRTIO_QUEUE_NUM = 0x038;
export const VIRTIO_QUEUE_READY = 0x044;
export const VIRTIO_QUEUE_NOTIFY = 0x050;
export const VIRTIO_INTERRUPT_STATUS = 0x060;
export const VIRTIO_INTERRUPT_ACK = 0x064;
export const VIRTIO_STATUS = 0x070;
export const VIRTIO_QUEUE_DESC_LOW = 0x080;
export const VIRTIO_QUEUE_DESC_HIGH = 0x084;
export const VIRTIO_QUEUE_DRIVER_LOW = 0x090;
export const VIRTIO_QUEUE_DRIVER_HIGH = 0x094;
export const VIRTIO_QUEUE_DEVICE_LOW = 0x0a0;
export const VIRTIO_QUEUE_DEVICE_HIGH = 0x0a4;
/** There are no shared memory regions: length and base read all ones. */
export const VIRTIO_SHM_LEN_LOW = 0x0b0;
export const VIRTIO_SHM_LEN_HIGH = 0x0b4;
export const VIRTIO_SHM_BASE_LOW = 0x0b8;
export const VIRTIO_SHM_BASE_HIGH = 0x0bc;
export const VIRTIO_CONFIG_GENERATION = 0x0fc;
export const VIRTIO_CONFIG = 0x100;

/** "virt" */
export const VIRTIO_MAGIC_VALUE = 0x7472_6976;
export const VIRTIO_VERSION_VALUE = 2;
/** "Goss" */
export const VIRTIO_VENDOR_VALUE = 0x7373_6f47;

export const VIRTIO_STATUS_ACKNOWLEDGE = 1;
export const VIRTIO_STATUS_DRIVER = 2;
export const VIRTIO_STATUS_DRIVER_OK = 4;
/**
 * Does not stay set where the driver asks for what was not offered. VIRTIO_F_VERSION_1 may be left out, as
 * xv6's driver does and QEMU allows, except with the NIC; the rules are the same with and without it.
 */
export const VIRTIO_STATUS_FEATURES_OK = 8;
/** Set by the device alone; only a reset clears it. */
export const VIRTIO_STATUS_NEEDS_RESET = 64;
export const VIRTIO_STATUS_FAILED = 128;

export const VIRTIO_INTERRUPT_USED = 1;
export const VIRTIO_INTERRUPT_CONFIG = 2;

/** Features are bit numbers, 0 … 63; every device of this machine offers these three. */
export const VIRTIO_F_INDIRECT_DESC = 28;
export const VIRTIO_F_EVENT_IDX = 29;
export const VIRTIO_F_VERSION_1 = 32;

export const VIRTIO_ID_NET = 1;
export const VIRTIO_ID_BLOCK = 2;
export const VIRTIO_ID_ENTROPY = 4;

/** Every queue's QueueNumMax, and the most descriptors that a chain may have. */
export const VIRTIO_QUEUE_SIZE_MAX = 256;

export const VIRTQ_DESC_SIZE = 16;
export const VIRTQ_DESC_NEXT = 1;
export const VIRTQ_DESC_WRITE = 2;
export const VIRTQ_DESC_INDIRECT = 4;
/** In the driver ring's flags: do not interrupt; without meaning once VIRTIO_F_EVENT_IDX is agreed on. */
export const VIRTQ_AVAIL_NO_INTERRUPT = 1;
