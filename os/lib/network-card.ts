/**
 * A network card as whoever has its registers sees it: virtio-net (hw/manual/nic.ts) with a ring of buffers
 * each way, in memory that the device can reach. Who serves frames to others, or sends and receives them for
 * itself, is another's business: the driver's (os/driver/nic.ts), or that of a service in the same process.
 *
 *     openCard ─→ frameToSend ─→ sendFrame …       where all buffers are on their way there is none
 *              └→ nextFrame ─→ frameDone …      a frame lies still between the two
 *
 *     memory    page 0 the receive queue · page 1 the transmit queue · buffers to receive, buffers to send
 *     buffer    BUFFER_SIZE bytes: headroom, the card's header, then the frame
 *
 * A descriptor's index is its buffer's, in each queue: every request is one descriptor. The headroom puts a frame
 * at 2 more than a multiple of 4, so that what is behind its 14 bytes of Ethernet is aligned, and out of the places
 * in the cache that the first bytes of pages and of their halves share. It is another each way, so that frames that
 * come, each in another buffer, do not drive out those that are made, mostly in the same.
 */

import { load8, load16, store32, unlikely } from 'rv';
import {
  NIC_CONFIG_MAC,
  NIC_CONFIG_MTU,
  NIC_CONFIG_STATUS,
  NIC_F_MAC,
  NIC_F_MTU,
  NIC_F_STATUS,
  NIC_HEADER_SIZE,
  NIC_LINK_UP,
  NIC_MTU_DEFAULT,
  NIC_OVERHEAD,
  NIC_RECEIVE_QUEUE,
  NIC_TRANSMIT_QUEUE,
} from '../../hw/manual/nic.ts';
import {
  VIRTIO_CONFIG,
  VIRTIO_ID_NET,
  VIRTIO_INTERRUPT_ACK,
  VIRTIO_INTERRUPT_CONFIG,
  VIRTIO_INTERRUPT_USED,
  VIRTQ_DESC_WRITE,
} from '../../hw/manual/virtio.ts';
import { PAGE_SHIFT, PAGE_SIZE } from '../abi/layout.ts';
import { beginDevice, hasStopped, runDevice, takeCauses } from './virtio.ts';
import {
  hasUsed,
  kick,
  lookUsed,
  NO_PART,
  offer,
  offerAgain,
  openQueue,
  QUEUE_SIZE,
  sizePart,
  takePart,
  takeUsed,
  type Virtqueue,
  wantInterrupts,
  writePart,
} from './virtqueue.ts';

const BUFFER_SHIFT: u32 = 11;
const BUFFER_SIZE: u32 = 1 << BUFFER_SHIFT;
const HEADROOM_IN: u32 = 322;
const HEADROOM_OUT: u32 = 450;
const FRAME_IN: u32 = HEADROOM_IN + NIC_HEADER_SIZE;
const FRAME_OUT: u32 = HEADROOM_OUT + NIC_HEADER_SIZE;
const ROOM: u32 = BUFFER_SIZE - HEADROOM_OUT;
/** So many buffers are given back to the card at once. */
const REFILL: u32 = QUEUE_SIZE >> 2;
/** Not at the beginning of its page, for the same reason. */
const TRANSMIT_QUEUE: u32 = PAGE_SIZE + 576;
const BUFFERS_SIZE: u32 = QUEUE_SIZE << BUFFER_SHIFT;
const RECEIVE_BUFFERS: u32 = PAGE_SIZE << 1;
const TRANSMIT_BUFFERS: u32 = RECEIVE_BUFFERS + BUFFERS_SIZE;
export const CARD_PAGES: u32 = (TRANSMIT_BUFFERS + BUFFERS_SIZE) >> PAGE_SHIFT;

//@unmanaged
export class NetworkCard {
  registers: u32 = 0;
  /** Where its memory is mapped, and where the physical addresses of its pages are listed. */
  base: u32 = 0;
  places: u32 = 0;
  features: u32 = 0;
  /** How much a frame may carry behind its Ethernet header. */
  mtu: u32 = 0;
  /** Of the frame that nextFrame gave. */
  frameSize: u32 = 0;
  /** Frames that are done with, and whose buffers the card does not have yet. */
  framesDone: u32 = 0;
  receive: Virtqueue = changetype<Virtqueue>(0);
  transmit: Virtqueue = changetype<Virtqueue>(0);
}

/** What a card and its two queues take in memory: more than the sum of their fields. */
export const CARD_SIZE: u32 = 128;

/** A card at `at`, of CARD_SIZE bytes, with CARD_PAGES mapped at `base`. → 0, or an error of beginDevice's. */
export function openCard(at: u32, registers: u32, base: u32, places: u32): i32 {
  const card = changetype<NetworkCard>(at);
  const features = beginDevice(
    registers,
    VIRTIO_ID_NET,
    (1 << NIC_F_MAC) | (1 << NIC_F_STATUS) | (1 << NIC_F_MTU),
  );
  if (features < 0) return features;
  card.registers = registers;
  card.base = base;
  card.places = places;
  card.features = features;
  card.mtu = mtuOf(card);
  card.receive = changetype<Virtqueue>(at + offsetof<NetworkCard>());
  card.transmit = changetype<Virtqueue>(at + offsetof<NetworkCard>() + offsetof<Virtqueue>());
  assert(offsetof<NetworkCard>() + 2 * offsetof<Virtqueue>() <= CARD_SIZE);
  const receive = openQueue(card.receive, registers, NIC_RECEIVE_QUEUE, base, pageAt(card, 0));
  if (receive < 0) return receive;
  const sending = TRANSMIT_QUEUE - PAGE_SIZE;
  const transmit = openQueue(
    card.transmit,
    registers,
    NIC_TRANSMIT_QUEUE,
    base + TRANSMIT_QUEUE,
    pageAt(card, 1) + sending,
  );
  if (transmit < 0) return transmit;
  wantInterrupts(card.transmit, false);
  for (let buffer: u32 = 0; buffer < QUEUE_SIZE; buffer += 1) {
    const into = RECEIVE_BUFFERS + (buffer << BUFFER_SHIFT) + HEADROOM_IN;
    const out = TRANSMIT_BUFFERS + (buffer << BUFFER_SHIFT) + HEADROOM_OUT;
    writePart(card.receive, buffer, physicalAt(card, into), ROOM, VIRTQ_DESC_WRITE);
    writePart(card.transmit, buffer, physicalAt(card, out), ROOM, 0);
    memory.fill(base + into, 0, NIC_HEADER_SIZE);
    memory.fill(base + out, 0, NIC_HEADER_SIZE);
  }
  while (card.receive.freeCount > 0) offer(card.receive, takePart(card.receive));
  runDevice(registers);
  kick(card.receive);
  return 0;
}

/** Where the next frame to be sent is to be written; 0 while all buffers are on their way. */
//@inline
export function frameToSend(card: NetworkCard): u32 {
  if (card.transmit.freeCount < REFILL) {
    unlikely();
    takeSent(card);
  }
  return frameAtHand(card);
}

/** Buffers of frames that have left are free again: to be looked for while there is time. The last is used first. */
export function takeSent(card: NetworkCard): void {
  while (takeUsed(card.transmit) !== NO_PART) {}
}

/** What `frameToSend` gave, until one is sent. */
//@inline
export function frameAtHand(card: NetworkCard): u32 {
  if (card.transmit.freeCount === 0) return 0;
  return card.base + TRANSMIT_BUFFERS + (card.transmit.free << BUFFER_SHIFT) + FRAME_OUT;
}

/** Sends the frame that was written to where `frameToSend` has said. */
//@inline
export function sendFrame(card: NetworkCard, size: u32): void {
  assert(size <= ROOM - NIC_HEADER_SIZE);
  const queue = card.transmit;
  const part = takePart(queue);
  sizePart(queue, part, NIC_HEADER_SIZE + size);
  offer(queue, part);
  kick(queue);
}

/** Whether the card is to interrupt when it has sent a frame. */
export function wantRoom(card: NetworkCard, isWanted: bool): void {
  wantInterrupts(card.transmit, isWanted);
}

/** Whether a frame has arrived that nextFrame has not given. */
//@inline
export function hasFrame(card: NetworkCard): bool {
  return hasUsed(card.receive);
}

/** Where the oldest frame that has arrived is, 0 for none; its size in `frameSize`. Then: frameDone. */
//@inline
export function nextFrame(card: NetworkCard): u32 {
  assert(card.frameSize === 0);
  const queue = card.receive;
  if (!hasUsed(queue)) return 0;
  const buffer = lookUsed(queue);
  const size = queue.written;
  assert(size > NIC_HEADER_SIZE);
  card.frameSize = size - NIC_HEADER_SIZE;
  return card.base + RECEIVE_BUFFERS + (buffer << BUFFER_SHIFT) + FRAME_IN;
}

/** The card may have the frame's buffer for another: soon, together with others. */
//@inline
export function frameDone(card: NetworkCard): void {
  assert(card.frameSize > 0);
  card.frameSize = 0;
  const done = card.framesDone + 1;
  card.framesDone = done;
  if (done < REFILL) return;
  unlikely();
  refill(card);
}

function refill(card: NetworkCard): void {
  offerAgain(card.receive, card.framesDone);
  card.framesDone = 0;
  kick(card.receive);
}

/**
 * Answers the card's interrupt as far as it is about frames: those that come from now on interrupt anew. What else
 * it may be about goes on interrupting, and is found where it comes without frames (takeCardInterrupt).
 */
//@inline
export function answerFrames(card: NetworkCard): void {
  store32(card.registers + VIRTIO_INTERRUPT_ACK, VIRTIO_INTERRUPT_USED);
}

/** Answers the card's interrupt; true where its carrier may have changed. */
export function takeCardInterrupt(card: NetworkCard): bool {
  if ((takeCauses(card.registers) & VIRTIO_INTERRUPT_CONFIG) === 0) return false;
  assert(!hasStopped(card.registers));
  return true;
}

export function hasCarrier(card: NetworkCard): bool {
  if ((card.features & (1 << NIC_F_STATUS)) === 0) return true;
  return (load16(card.registers + VIRTIO_CONFIG + NIC_CONFIG_STATUS) & NIC_LINK_UP) !== 0;
}

/** The longest frame that can be sent. */
export function frameMax(card: NetworkCard): u32 {
  return card.mtu + NIC_OVERHEAD;
}

/** By the card's word, and by the room in a buffer. */
function mtuOf(card: NetworkCard): u32 {
  const isSaid = (card.features & (1 << NIC_F_MTU)) !== 0;
  const mtu = isSaid ? load16(card.registers + VIRTIO_CONFIG + NIC_CONFIG_MTU) : NIC_MTU_DEFAULT;
  return min<u32>(mtu, ROOM - NIC_HEADER_SIZE - NIC_OVERHEAD);
}

/** A byte of the card's address. */
export function addressByte(card: NetworkCard, index: u32): u32 {
  return load8(card.registers + VIRTIO_CONFIG + NIC_CONFIG_MAC + index);
}

/** A buffer lies within a page. */
function physicalAt(card: NetworkCard, offset: u32): u32 {
  return pageAt(card, offset >> PAGE_SHIFT) + (offset & (PAGE_SIZE - 1));
}

function pageAt(card: NetworkCard, page: u32): u32 {
  return load<u32>(card.places + (page << 2));
}
