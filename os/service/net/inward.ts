/**
 * From other nodes inward: a request is carried out by a call to the port that it is for, as any process would make
 * it, by the thread that has heard it, or by another where there are several. There is one thread more than requests
 * can be under way, so that one always hears (worker.ts).
 *
 *     the buffer of a request     what was lent for reading ┊ room for what is lent for writing
 *
 * A range that is lent both ways lies in the second part, filled with what came for it.
 */
import { unlikely } from 'rv';
import { CALL_CALL, CALL_SEND } from '../../abi/calls.ts';
import { ERROR_PEER_DIED } from '../../abi/errors.ts';
import {
  EXTRAS_HANDLES,
  EXTRAS_LENT,
  EXTRAS_RANGE_SIZE,
  EXTRAS_RANGES,
  EXTRAS_RECEIVE_ONLY,
  LENT_WRITABLE,
  NO_INTERRUPT,
} from '../../abi/message.ts';
import { type Message, operate } from '../../runtime/message.ts';
import { acknowledge, cancelThread, lentDelivered, lentWritten } from '../../runtime/system.ts';
import { hearControl } from './control.ts';
import { CONTROL_ID, exportedHandle } from './exports.ts';
import { areUnwatched, watchGiven } from './imports.ts';
import { SERVICES_MAX } from './limits.ts';
import { addHandles, takeHandles } from './outward.ts';
import { answerPlain } from './remote/plain.ts';
import {
  canDeliver,
  deliverService,
  finishService,
  serviceBuffer,
  serviceHeader,
  servicePeer,
} from './remote/server.ts';
import {
  copyWords,
  DATA_SIZE,
  FLAG_EXTRAS,
  FLAG_FAILED,
  FLAG_ONE_WAY,
  FLAGS,
  LABEL,
  SENT,
  SHAPE,
  shapeAccess,
  shapeRanges,
  TARGET,
  WORDS,
  WORDS_SIZE,
  WRITABLE,
} from './remote/wire.ts';
import { steps } from './steps.ts';
import { READY_AT } from './tables.ts';
import {
  enter,
  extrasOf,
  leave,
  messageOf,
  NO_TASK,
  NO_WORKER,
  setTask,
  taskOf,
  threadOf,
  workerOf,
} from './worker.ts';

const HANDLES_MASK: u32 = 0xf;
const READY_MASK: u32 = SERVICES_MAX - 1;

/** Services whose request has come, first come, first served: a ring, each at most once. */
let readyFirst: u32 = 0;
let readyCount: u32 = 0;
/** A bit for each worker whose call may be answered with much data, of which the first can go before the last is there. */
let awaiting: u64 = 0;

/** A request has come whole. Those about ports themselves are done at once. */
export function beginInward(index: u32): void {
  const request = serviceHeader(index);
  if (load<u32>(request, TARGET) === CONTROL_ID) {
    hearControl(servicePeer(index), request);
    writeFailure(request, 0);
    finishService(index, 0, steps());
    return;
  }
  assert(readyCount < SERVICES_MAX);
  store<u32>(READY_AT + (((readyFirst + readyCount) & READY_MASK) << 2), index);
  readyCount += 1;
}

/** How many wait to be carried out. */
//@inline
export function countReady(): u32 {
  return readyCount;
}

/** Something has been delivered for replies that are still being made. */
export function passOn(now: u32): void {
  for (let left = awaiting; left !== 0; left &= left - 1) {
    const worker = ctz<u64>(left) as u32;
    deliverService(taskOf(worker), lentDelivered(threadOf(worker)), now);
  }
}

/** Nobody waits for it any more: its call ends. One that nobody has begun yet is made all the same. */
export function cancelInward(index: u32): void {
  const worker = workerOf(index);
  if (worker !== NO_WORKER) cancelThread(threadOf(worker));
}

/**
 * Carries out the first that waits, without the lock while the call lasts; with the call goes the acknowledgement of
 * an interrupt, or NO_INTERRUPT. False where it has been cancelled, of which this thread may not have heard yet: it
 * must receive before it calls again.
 */
export function carryOut(worker: u32, interrupt: u32): bool {
  const index = load<u32>(READY_AT + (readyFirst << 2));
  readyFirst = (readyFirst + 1) & READY_MASK;
  readyCount -= 1;
  const message = messageOf(worker);
  const own = extrasOf(worker);
  setTask(worker, index);
  const flags = <u32>load<u8>(serviceHeader(index), FLAGS);
  let result = prepare(message, own, index, flags);
  if ((flags & FLAG_EXTRAS) !== 0 && canDeliver(index)) awaiting |= (<u64>1) << worker;
  leave();
  if (result !== 0) {
    unlikely();
    if (interrupt !== NO_INTERRUPT) acknowledge(interrupt);
  } else result = operate(message, (flags & FLAG_ONE_WAY) !== 0 ? CALL_SEND : CALL_CALL, interrupt);
  enter(worker);
  if (areUnwatched()) {
    unlikely();
    watchGiven(own);
  }
  setTask(worker, NO_TASK);
  awaiting &= ~((<u64>1) << worker);
  const isPlain = (flags | result | (message.counts & HANDLES_MASK)) === 0;
  if (isPlain && answerPlain(index, wordsOf(message) - 4, steps())) return true;
  return finish(message, own, index, result, (flags & FLAG_ONE_WAY) !== 0);
}

/** The message as this node's process would send it. → 0, or why it cannot be. */
//@inline
function prepare(message: Message, own: u32, index: u32, flags: u32): i32 {
  const request = serviceHeader(index);
  const peer = servicePeer(index);
  message.port = exportedHandle(peer, load<u32>(request, TARGET));
  if (message.port === 0) return ERROR_PEER_DIED;
  message.label = load<u32>(request, LABEL);
  copyWords(wordsOf(message), request + WORDS);
  // room for the handles of the reply
  message.extras = own | EXTRAS_RECEIVE_ONLY;
  if ((flags & FLAG_EXTRAS) === 0) return 0;
  unlikely();
  return prepareExtras(message, own, index);
}

function prepareExtras(message: Message, own: u32, index: u32): i32 {
  const request = serviceHeader(index);
  message.extras = own;
  store<u32>(own, 0, EXTRAS_HANDLES);
  store<u32>(own, 0, EXTRAS_LENT);
  lendRanges(own, request, serviceBuffer(index));
  return takeHandles(servicePeer(index), request, own);
}

//@inline
function wordsOf(message: Message): u32 {
  return changetype<usize>(message) + offsetof<Message>('word0');
}

function lendRanges(own: u32, request: u32, buffer: u32): void {
  const shape = load<u32>(request, SHAPE);
  let readable = buffer;
  let writable = buffer + load<u32>(request, DATA_SIZE);
  store<u32>(own, shapeRanges(shape), EXTRAS_LENT);
  for (let index: u32 = 0; index < shapeRanges(shape); index += 1) {
    const sent = load<u32>(request + (index << 2), SENT);
    const room = load<u32>(request + (index << 2), WRITABLE);
    const isWritable = (shapeAccess(shape, index) & LENT_WRITABLE) !== 0;
    if (isWritable && sent !== 0) memory.copy(writable, readable, sent);
    const range = own + EXTRAS_RANGES + index * EXTRAS_RANGE_SIZE;
    store<u32>(range, isWritable ? writable : readable);
    store<u32>(range, isWritable ? room : sent, 4);
    store<u32>(range, shapeAccess(shape, index), 8);
    readable += sent;
    writable += room;
  }
}

/** The reply, or why there is none, over the request. */
function finish(message: Message, own: u32, index: u32, result: i32, isOneWay: bool): bool {
  const header = serviceHeader(index);
  const hadExtras = (<u32>load<u8>(header, FLAGS) & FLAG_EXTRAS) !== 0;
  const dataAt = hadExtras ? load<u32>(header, DATA_SIZE) : 0;
  if (result !== 0) writeFailure(header, result);
  else if (isOneWay) writeFailure(header, 0);
  else {
    store<u8>(header, 0, FLAGS);
    store<u32>(header, message.label, LABEL);
    copyWords(header + WORDS, wordsOf(message));
    const shape = hadExtras ? load<u32>(header, SHAPE) : 0;
    if (hadExtras || (message.counts & HANDLES_MASK) !== 0)
      addReplyExtras(message, own, index, shape, serviceBuffer(index) + dataAt);
  }
  return finishService(index, dataAt, steps());
}

function writeFailure(header: u32, result: i32): void {
  store<u8>(header, FLAG_FAILED, FLAGS);
  store<u32>(header, result, LABEL);
  memory.fill(header + WORDS, 0, WORDS_SIZE);
}

/** `shape` is the request's, 0 for none with extras; what was lent for writing lies at `data`. */
function addReplyExtras(message: Message, own: u32, index: u32, shape: u32, data: u32): void {
  const header = serviceHeader(index);
  const handles = message.counts & HANDLES_MASK;
  const written = gather(header, shape, data);
  if (handles === 0 && written === 0) return;
  store<u8>(header, FLAG_EXTRAS, FLAGS);
  store<u32>(header, written, DATA_SIZE);
  store<u32>(header, 0, WRITABLE);
  store<u32>(header, 0, WRITABLE + 4);
  store<u32>(header, handles, SHAPE);
  const fault = addHandles(servicePeer(index), header, own, handles);
  if (fault !== 0) writeFailure(header, fault);
}

/** What the server has written into the ranges, one behind the other; how much that is. */
function gather(header: u32, shape: u32, at: u32): u32 {
  let from = at;
  let total: u32 = 0;
  for (let index: u32 = 0; index < 2; index += 1) {
    const room = index < shapeRanges(shape) ? load<u32>(header + (index << 2), WRITABLE) : 0;
    const written: u32 = room === 0 ? 0 : min<u32>(room, lentWritten(index));
    if (written !== 0 && from !== at + total) memory.copy(at + total, from, written);
    store<u32>(header + (index << 2), written, SENT);
    from += room;
    total += written;
  }
  return total;
}
