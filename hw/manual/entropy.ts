/**
 * Entropy: virtio-rng (virtio 1.2, section 5.4), device id 4, one queue of buffers to be filled.
 *
 * Requests are served one at a time; each gives at least one byte and at most ENTROPY_SIZE_MAX, after
 * ENTROPY_REQUEST_NS and ENTROPY_BYTE_NS a byte. A chain without writable bytes breaks the rules
 * (hw/manual/virtio.ts). The bytes follow from the cluster's seed, so a run repeats.
 */

export const ENTROPY_REQUEST_NS = 2_000;
export const ENTROPY_BYTE_NS = 20;
export const ENTROPY_SIZE_MAX = 4_096;
