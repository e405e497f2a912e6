/**
 * The disk's driver: virtio-blk (hw/manual/disk.ts) for the clients of os/proto/block.ts.
 *
 *     call ─→ transfer ─→ parts, at most SLOT_SIZE each, in slots ─→ device ─→ interrupt ─→ … ─→ reply
 *
 * A transfer is a client's call until it is answered. Its data is cut in parts; a part has a slot while the
 * device works on it: a header, a status and pages for data, copied from and to the client's lent range. So
 * several calls, and several parts of a long one, are with the device at a time. The oldest transfer that has
 * parts left takes the slots first.
 *
 *     kept memory   page 0 the queue · page 1 headers and statuses of the slots · then their data
 *
 * When the driver dies, its calls fail with ERROR_PEER_DIED; the next one resets the device first of all. So a
 * driver whose device has done nothing for PATIENCE_TICKS ends, and leaves the rest to the next one.
 */

import { load8, load32, store32 } from 'rv';
import {
  DISK_CONFIG_CAPACITY,
  DISK_F_FLUSH,
  DISK_F_RO,
  DISK_FLUSH,
  DISK_HEADER_SIZE,
  DISK_IN,
  DISK_OUT,
  DISK_SECTOR_SIZE,
  DISK_STATUS_OK,
} from '../../hw/manual/disk.ts';
import { VIRTIO_CONFIG, VIRTIO_ID_BLOCK, VIRTQ_DESC_WRITE } from '../../hw/manual/virtio.ts';
import {
  ERROR_BAD_ARGUMENT,
  ERROR_INPUT_OUTPUT,
  ERROR_READ_ONLY,
  ERROR_TIMED_OUT,
  ERROR_TOO_MANY,
} from '../abi/errors.ts';
import { PAGE_SHIFT, PAGE_SIZE } from '../abi/layout.ts';
import { NOTIFIED } from '../abi/message.ts';
import { DEVICE_ADDRESS } from '../abi/start.ts';
import { isNone, none } from '../lib/pointer.ts';
import { beginDevice, hasStopped, runDevice, takeCauses } from '../lib/virtio.ts';
import { addPart, kick, NO_PART, offer, openQueue, takeUsed, type Virtqueue } from '../lib/virtqueue.ts';
import { completeRead, dispatch } from '../proto/block.server.ts';
import type { Geometry } from '../proto/block.ts';
import { KEPT_ADDRESS, openKept, physicalOf } from '../runtime/kept.ts';
import { deliverLent, fetchLent } from '../runtime/lent.ts';
import type { Message } from '../runtime/message.ts';
import { firstRequest, LATER, nextRequest } from '../runtime/serve.ts';
import { handleNamed } from '../runtime/start.ts';
import { acknowledge, createTimer } from '../runtime/system.ts';
import { setTimerIn } from '../runtime/timer.ts';

const SLOTS: u32 = 8;
const SLOT_PAGES: u32 = 8;
const SLOT_SIZE: u32 = SLOT_PAGES << PAGE_SHIFT;
const SLOT_SECTORS: u32 = SLOT_SIZE / DISK_SECTOR_SIZE;
const HEADERS: u32 = KEPT_ADDRESS + PAGE_SIZE;
const HEADER_STRIDE: u32 = 32;
const DATA: u32 = HEADERS + PAGE_SIZE;
const KEPT_PAGES: u32 = 2 + SLOTS * SLOT_PAGES;

/** The bit of the port that says that the device is slow; 10 s. */
const TIME_UP: u32 = 2;
const PATIENCE_TICKS: u32 = 100_000_000;
/** What can be addressed where the disk has more. */
const SECTORS_MAX: u32 = 0xffff_ffff;
/** Calls of clients that are not answered yet. */
const TRANSFERS: u32 = 32;

//@unmanaged
class Transfer {
  /** Of the client's call. */
  token: u32 = 0;
  /** DISK_IN, DISK_OUT or DISK_FLUSH. */
  type: u32 = 0;
  /** What has not been given to the device yet: from this sector and this offset in the client's range. */
  sector: u32 = 0;
  offset: u32 = 0;
  /** Parts left, counted by sectors; a flush has one. */
  left: u32 = 0;
  /** Parts with the device. */
  underWay: u32 = 0;
  /** What it will be answered: sectors, or the first error. */
  status: i32 = 0;
  /** The next free one, or the next one that has parts left. */
  next: Transfer = changetype<Transfer>(0);
}

/** A part of a transfer that the device has. */
//@unmanaged
class Slot {
  transfer: Transfer = changetype<Transfer>(0);
  /** Where its data is in the client's range. */
  offset: u32 = 0;
  size: u32 = 0;
  /** The next free one. */
  next: Slot = changetype<Slot>(0);
}

const transfers = memory.data(1024, 4);
const slots = memory.data(128, 4);
const queueBytes = memory.data(64, 4);
/** The slot of each request in the queue, by its head. */
const slotOfHead = memory.data(512, 4);
const requestBytes = memory.data(64, 4);

let freeTransfers = changetype<Transfer>(0);
/** Transfers that have parts left, oldest first. */
let first = changetype<Transfer>(0);
let last = changetype<Transfer>(0);
let freeSlots = changetype<Slot>(0);

let interrupt: u32 = 0;
let port: u32 = 0;
let timer: u32 = 0;
/** Parts with the device, of all transfers. */
let partsUnderWay: u32 = 0;
let sectors: u32 = 0;
let isReadOnly: u32 = 0;

export function main(_argument: u32): i32 {
  const opened = open();
  if (opened < 0) return opened;
  const server = changetype<Disk>(0);
  const request = changetype<Message>(requestBytes);
  let result = firstRequest(request, port, 0);
  while (result >= 0) {
    if (result !== NOTIFIED) dispatch(server, request);
    else if (request.label !== TIME_UP) takeInterrupt();
    else if (partsUnderWay > 0) return ERROR_TIMED_OUT;
    result = nextRequest(request);
  }
  return result;
}

/** Resets the device, and only then touches the memory that it may have been writing to. */
function open(): i32 {
  const features = beginDevice(DEVICE_ADDRESS, VIRTIO_ID_BLOCK, (1 << DISK_F_FLUSH) | (1 << DISK_F_RO));
  if (features < 0) return features;
  const kept = openKept(KEPT_PAGES);
  if (kept < 0) return kept;
  const queue = openQueue(theQueue(), DEVICE_ADDRESS, 0, KEPT_ADDRESS, physicalOf(KEPT_ADDRESS));
  if (queue < 0) return queue;
  interrupt = handleNamed('interrupt');
  port = handleNamed('port');
  timer = createTimer();
  assert(timer > 0);
  isReadOnly = (features >> DISK_F_RO) & 1;
  const capacity = DEVICE_ADDRESS + VIRTIO_CONFIG + DISK_CONFIG_CAPACITY;
  sectors = load32(capacity + 4) === 0 ? load32(capacity) : SECTORS_MAX;
  fillPools();
  runDevice(DEVICE_ADDRESS);
  return 0;
}

function fillPools(): void {
  for (let index: u32 = 0; index < TRANSFERS; index += 1) {
    freeTransfer(changetype<Transfer>(transfers + index * offsetof<Transfer>()));
  }
  for (let index: u32 = 0; index < SLOTS; index += 1) {
    freeSlot(changetype<Slot>(slots + index * offsetof<Slot>()));
  }
}

//@unmanaged
class Disk {
  read(request: Message, sector: u32, intoSize: u32): i32 {
    return accept(request.token, DISK_IN, sector, intoSize);
  }

  write(request: Message, sector: u32, fromSize: u32): i32 {
    return isReadOnly !== 0 ? ERROR_READ_ONLY : accept(request.token, DISK_OUT, sector, fromSize);
  }

  flush(request: Message): i32 {
    return begin(request.token, DISK_FLUSH, 0, 1, 0);
  }

  geometry(_request: Message, result: Geometry): i32 {
    result.sectors = sectors;
    result.isReadOnly = isReadOnly;
    return 0;
  }
}

function accept(token: u32, type: u32, sector: u32, size: u32): i32 {
  const count = size / DISK_SECTOR_SIZE;
  if (count === 0 || size % DISK_SECTOR_SIZE !== 0) return ERROR_BAD_ARGUMENT;
  if (sector > sectors || count > sectors - sector) return ERROR_BAD_ARGUMENT;
  return begin(token, type, sector, count, count);
}

function begin(token: u32, type: u32, sector: u32, parts: u32, status: i32): i32 {
  const transfer = freeTransfers;
  if (isNone(transfer)) return ERROR_TOO_MANY;
  freeTransfers = transfer.next;
  transfer.token = token;
  transfer.type = type;
  transfer.sector = sector;
  transfer.offset = 0;
  transfer.left = parts;
  transfer.underWay = 0;
  transfer.status = status;
  transfer.next = none<Transfer>();
  if (isNone(first)) first = transfer;
  else last.next = transfer;
  last = transfer;
  startParts();
  return LATER;
}

/** Gives the device as many parts as there are slots for. */
function startParts(): void {
  let started: u32 = 0;
  while (!isNone(first) && !isNone(freeSlots)) {
    const transfer = first;
    if (transfer.left > 0) started += startPart(transfer);
    if (transfer.left > 0) continue;
    first = transfer.next;
    if (transfer.underWay === 0) end(transfer);
  }
  if (started > 0) kick(theQueue());
  if (partsUnderWay > 0) assert(setTimerIn(timer, port, TIME_UP, PATIENCE_TICKS) === 0);
}

/** The number of parts started: none where the client's range cannot be read. */
function startPart(transfer: Transfer): u32 {
  const slot = freeSlots;
  const isData = transfer.type !== DISK_FLUSH;
  const count = isData ? min<u32>(transfer.left, SLOT_SECTORS) : 1;
  const size = isData ? count * DISK_SECTOR_SIZE : 0;
  if (transfer.type === DISK_OUT) {
    const fault = fetchLent(transfer.token, 0, transfer.offset, dataOf(slot), size);
    if (fault < 0) {
      fail(transfer, fault);
      return 0;
    }
  }
  freeSlots = slot.next;
  slot.transfer = transfer;
  slot.offset = transfer.offset;
  slot.size = size;
  submit(slot, transfer.type, transfer.sector);
  transfer.left -= count;
  transfer.sector += count;
  transfer.offset += size;
  transfer.underWay += 1;
  partsUnderWay += 1;
  return 1;
}

function submit(slot: Slot, type: u32, sector: u32): void {
  const queue = theQueue();
  const header = HEADERS + indexOf(slot) * HEADER_STRIDE;
  store32(header, type);
  store32(header + 4, 0);
  store32(header + 8, sector);
  store32(header + 12, 0);
  const head = addPart(queue, NO_PART, physicalOf(header), DISK_HEADER_SIZE, 0);
  let part = head;
  const access = type === DISK_IN ? VIRTQ_DESC_WRITE : 0;
  for (let done: u32 = 0; done < slot.size; done += PAGE_SIZE) {
    const size = min<u32>(slot.size - done, PAGE_SIZE);
    part = addPart(queue, part, physicalOf(dataOf(slot) + done), size, access);
  }
  addPart(queue, part, physicalOf(header + DISK_HEADER_SIZE), 1, VIRTQ_DESC_WRITE);
  store<u32>(slotOfHead + (head << 2), changetype<usize>(slot));
  offer(queue, head);
}

function takeInterrupt(): void {
  takeCauses(DEVICE_ADDRESS);
  assert(!hasStopped(DEVICE_ADDRESS));
  acknowledge(interrupt);
  let head = takeUsed(theQueue());
  while (head !== NO_PART) {
    finish(changetype<Slot>(load<u32>(slotOfHead + (head << 2))));
    head = takeUsed(theQueue());
  }
  startParts();
}

/** The device has done a part. */
function finish(slot: Slot): void {
  const transfer = slot.transfer;
  const status = HEADERS + indexOf(slot) * HEADER_STRIDE + DISK_HEADER_SIZE;
  if (load8(status) !== DISK_STATUS_OK) {
    fail(transfer, ERROR_INPUT_OUTPUT);
  } else if (transfer.type === DISK_IN && transfer.status >= 0) {
    const fault = deliverLent(transfer.token, 0, slot.offset, dataOf(slot), slot.size);
    if (fault < 0) fail(transfer, fault);
  }
  freeSlot(slot);
  transfer.underWay -= 1;
  partsUnderWay -= 1;
  if (transfer.underWay === 0 && transfer !== first) end(transfer);
}

/** The first error counts; parts that were not started never are. */
function fail(transfer: Transfer, error: i32): void {
  if (transfer.status >= 0) transfer.status = error;
  transfer.left = 0;
}

/** Nothing of it is under way, and nothing is left: its client is answered, if it still waits. */
function end(transfer: Transfer): void {
  completeRead(transfer.token, transfer.status);
  freeTransfer(transfer);
}

function freeTransfer(transfer: Transfer): void {
  transfer.next = freeTransfers;
  freeTransfers = transfer;
}

function freeSlot(slot: Slot): void {
  slot.next = freeSlots;
  freeSlots = slot;
}

function theQueue(): Virtqueue {
  return changetype<Virtqueue>(queueBytes);
}

function indexOf(slot: Slot): u32 {
  return (changetype<usize>(slot) - slots) / offsetof<Slot>();
}

function dataOf(slot: Slot): u32 {
  return DATA + indexOf(slot) * SLOT_SIZE;
}
