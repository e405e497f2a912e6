/**
 * From other nodes inward: each request is carried out by a thread of its own, which calls the port that it is for
 * as any process would. There is a worker for every request that can be under way (SERVICES_MAX).
 *
 *     the buffer of a request     what was lent for reading ┊ room for what is lent for writing
 *
 * A range that is lent both ways lies in the second part, filled with what came for it.
 */
import { ERROR_PEER_DIED } from '../../abi/errors.ts';
import {
  EXTRAS_HANDLES,
  EXTRAS_LENT,
  EXTRAS_RANGE_SIZE,
  EXTRAS_RANGES,
  EXTRAS_RECEIVE_ONLY,
  LENT_WRITABLE,
} from '../../abi/message.ts';
import { call, type Message, receive, send, waitForEver } from '../../runtime/message.ts';
import {
  cancelThread,
  close,
  createPort,
  createThread,
  inspectThread,
  lentWritten,
  ownThread,
  startThread,
} from '../../runtime/system.ts';
import { hearControl } from './control.ts';
import { CONTROL_ID, exportedHandle } from './exports.ts';
import { watchGiven } from './imports.ts';
import { enter, leave } from './lock.ts';
import { addHandles, takeHandles } from './outward.ts';
import { finishService, SERVICES_MAX, serviceBuffer, serviceHeader, servicePeer } from './remote/server.ts';
import {
  DATA_SIZE,
  FLAG_EXTRAS,
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
import { prepareAhead } from './router.ts';
import { steps } from './steps.ts';

const STACK_SIZE: u32 = 4096;
const HANDLES_MASK: u32 = 0xf;
const NOBODY: u32 = 0xffff_ffff;

const stacks = memory.data(131_072, 16);
/** Each worker's: its thread, the service that it carries out, a message and extras. */
const threads = memory.data(128, 4);
const tasks = memory.data(128, 4);
const messages = memory.data(2048, 4);
const extras = memory.data(2048, 64);
const calling = memory.data(64, 4);

let workPort: u32 = 0;

//@external("thread", "entry")
declare function threadEntry(): u32;

/** Makes the workers, of this thread's priority: nobody can keep another from giving the lock back. → 0, or an error. */
export function startWorkers(space: u32): i32 {
  workPort = createPort();
  const own = ownThread();
  inspectThread(own, calling);
  const priority = load<u32>(calling);
  close(own);
  for (let worker: u32 = 0; worker < SERVICES_MAX; worker += 1) {
    const stack = stacks + (worker + 1) * STACK_SIZE;
    const thread = createThread(space, threadEntry(), stack, worker, priority);
    if (thread < 0) return thread;
    store<u32>(threads + (worker << 2), thread);
    store<u32>(tasks + (worker << 2), NOBODY);
    startThread(thread);
  }
  return 0;
}

/** A request has come whole: a worker takes it. Those about ports themselves are done at once. */
export function beginInward(index: u32): void {
  const request = serviceHeader(index);
  if (load<u32>(request, TARGET) === CONTROL_ID) {
    hearControl(servicePeer(index), request);
    store<u8>(request, 0, FLAGS);
    finishService(index, 0, steps());
    return;
  }
  const message = changetype<Message>(calling);
  message.port = workPort;
  message.label = index;
  waitForEver(message);
  send(message);
}

/** Nobody waits for it any more: its call ends. */
export function cancelInward(index: u32): void {
  for (let worker: u32 = 0; worker < SERVICES_MAX; worker += 1) {
    if (load<u32>(tasks + (worker << 2)) === index) cancelThread(load<u32>(threads + (worker << 2)));
  }
}

/** A worker's life. */
export function work(worker: u32): void {
  const message = changetype<Message>(messages + (worker << 6));
  while (true) {
    message.port = workPort;
    message.extras = 0;
    waitForEver(message);
    if (receive(message) !== 0) continue;
    carryOut(worker, message, message.label);
  }
}

function carryOut(worker: u32, message: Message, index: u32): void {
  enter();
  store<u32>(tasks + (worker << 2), index);
  const own = extras + (worker << 6);
  const request = serviceHeader(index);
  const isOneWay = (<u32>load<u8>(request, FLAGS) & FLAG_ONE_WAY) !== 0;
  let result = prepare(message, own, index);
  leave();
  if (result === 0) result = isOneWay ? send(message) : call(message);
  enter();
  watchGiven();
  store<u32>(tasks + (worker << 2), NOBODY);
  finish(message, own, index, result, isOneWay);
  prepareAhead();
  leave();
}

/** The message as this node's process would send it. → 0, or why it cannot be. */
function prepare(message: Message, own: u32, index: u32): i32 {
  const request = serviceHeader(index);
  const peer = servicePeer(index);
  message.port = exportedHandle(peer, load<u32>(request, TARGET));
  if (message.port === 0) return ERROR_PEER_DIED;
  message.label = load<u32>(request, LABEL);
  memory.copy(changetype<usize>(message) + offsetof<Message>('word0'), request + WORDS, WORDS_SIZE);
  // room for the handles of the reply
  message.extras = own | EXTRAS_RECEIVE_ONLY;
  if ((<u32>load<u8>(request, FLAGS) & FLAG_EXTRAS) === 0) return 0;
  message.extras = own;
  store<u32>(own, 0, EXTRAS_HANDLES);
  store<u32>(own, 0, EXTRAS_LENT);
  lendRanges(own, request, serviceBuffer(index));
  return takeHandles(peer, request, own);
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
function finish(message: Message, own: u32, index: u32, result: i32, isOneWay: bool): void {
  const header = serviceHeader(index);
  const dataAt = load<u32>(header, DATA_SIZE);
  const hadExtras = (<u32>load<u8>(header, FLAGS) & FLAG_EXTRAS) !== 0;
  const shape = hadExtras ? load<u32>(header, SHAPE) : 0;
  store<u32>(header, result, TARGET);
  store<u8>(header, 0, FLAGS);
  if (result === 0 && !isOneWay) {
    store<u32>(header, message.label, LABEL);
    memory.copy(header + WORDS, changetype<usize>(message) + offsetof<Message>('word0'), WORDS_SIZE);
    addReplyExtras(message, own, index, shape, hadExtras ? dataAt : 0);
  }
  finishService(index, hadExtras ? dataAt : 0, steps());
}

function addReplyExtras(message: Message, own: u32, index: u32, shape: u32, dataAt: u32): void {
  const header = serviceHeader(index);
  const handles = message.counts & HANDLES_MASK;
  const written = gather(header, shape, serviceBuffer(index) + dataAt);
  if (handles === 0 && written === 0) return;
  store<u8>(header, FLAG_EXTRAS, FLAGS);
  store<u32>(header, written, DATA_SIZE);
  store<u32>(header, 0, WRITABLE);
  store<u32>(header, 0, WRITABLE + 4);
  store<u32>(header, handles, SHAPE);
  const fault = addHandles(servicePeer(index), header, own, handles);
  if (fault === 0) return;
  store<u32>(header, fault, TARGET);
  store<u8>(header, 0, FLAGS);
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
