/**
 * NIC: virtio-net (virtio 1.2, section 5.1), device id 1, without offloads and without a control queue.
 *
 *     queue 0   receive: each frame after a header, in one chain, or over several with MRG_RXBUF
 *     queue 1   transmit: header, frame
 *     header    12 bytes: zeros, but for +10 the number of chains of a received frame, 16 bits
 *     config    +0 address, 6 bytes · +6 status, 16 bits · +8 queue pairs, 16 bits · +10 MTU, 16 bits
 *
 * Every frame that arrives is handed up: there is no address filter. Frames shorter than NIC_FRAME_MIN are
 * padded with zeros when sent. A frame longer than MTU + NIC_OVERHEAD is dropped and counted, also one sent
 * while there is no carrier. A chain for transmission with fewer than 12 readable bytes, or for reception
 * with fewer than 12 writable ones, breaks the rules (hw/manual/virtio.ts). A received frame that does not
 * fit its chain (without MRG_RXBUF) or the whole queue is dropped and counted.
 *
 * Time. Moving a frame between RAM and NIC takes NIC_FRAME_NS and NIC_BYTE_NS a byte, one frame at a time
 * each way, both ways at once. A frame goes to the wire when it has been moved; the next one is fetched
 * when it has begun to leave. An arrived frame waits in a memory of NIC_FIFO_SIZE bytes; one that does not
 * fit there is dropped and counted. The interrupt comes NIC_INTERRUPT_NS after the first completion that
 * asks for it; later ones share it.
 */

export const NIC_FRAME_NS = 300;
export const NIC_BYTE_NS = 1;
export const NIC_INTERRUPT_NS = 500;
export const NIC_FIFO_SIZE = 65_536;
export const NIC_FRAME_MIN = 60;
export const NIC_MTU_DEFAULT = 1500;
/** Virtio 1.2, 5.1.4.1. */
export const NIC_MTU_LEAST = 68;
export const NIC_MTU_MOST = 65_535;
/** Ethernet header and one VLAN tag. */
export const NIC_OVERHEAD = 18;

export const NIC_RECEIVE_QUEUE = 0;
export const NIC_TRANSMIT_QUEUE = 1;
export const NIC_HEADER_SIZE = 12;
/** In the header: how many chains hold the frame. */
export const NIC_HEADER_BUFFERS = 10;

/** Feature bits. */
export const NIC_F_MTU = 3;
export const NIC_F_MAC = 5;
export const NIC_F_MRG_RXBUF = 15;
export const NIC_F_STATUS = 16;

export const NIC_CONFIG_MAC = 0;
export const NIC_CONFIG_STATUS = 6;
export const NIC_CONFIG_QUEUE_PAIRS = 8;
export const NIC_CONFIG_MTU = 10;
export const NIC_CONFIG_SIZE = 12;
/** Status: there is a carrier. */
export const NIC_LINK_UP = 1;
