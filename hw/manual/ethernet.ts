/**
 * What a frame costs on a wire: the figures of IEEE 802.3 that software and wires agree on. Bytes.
 *
 *     | preamble + start | frame as the NIC hands it over, padded to 60 | frame check | gap |
 *     |        8         |                 60 … 1,518                   |      4      | 12  |
 *
 * A frame here is everything from the destination address to the end of the payload. The padding and
 * the frame check are paid for in time; the receiver is handed the frame as the sender handed it over.
 */

/** Preamble of seven bytes and the start-of-frame delimiter (802.3, 3.1.1). */
export const PREAMBLE_SIZE = 8;
/** Destination, source, type. Nothing shorter is a frame. */
export const FRAME_HEADER_SIZE = 14;
/** minFrameSize of 64 less the frame check (802.3, 4.4.2). */
export const FRAME_SIZE_MIN = 60;
/** maxBasicFrameSize of 1,518 with a VLAN tag of 4, less the frame check (802.3, 3.2.7 and 4.4.2). */
export const FRAME_SIZE_MAX = 1518;
export const FRAME_CHECK_SIZE = 4;
/** interPacketGap of 96 bit times. */
export const INTER_FRAME_GAP = 12;

export const WIRE_RATE_DEFAULT = 1_000_000_000;
export const WIRE_DELAY_DEFAULT_NS = 5_000;
