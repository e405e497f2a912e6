/**
 * From this node's processes outward: a message that came through a proxy becomes a request (remote/wire.ts), and
 * what comes back becomes its reply. Handles of ports that go along are exported, those that come are imported;
 * other kinds of handles do not leave their node. What is lent is lent in full, up to DATA_MAX bytes in all.
 */
import { unlikely } from 'rv';
import { ERROR_REFUSED, ERROR_TOO_LARGE, ERROR_TOO_MANY } from '../../abi/errors.ts';
import {
  EXTRAS_HANDLES,
  EXTRAS_LENT,
  EXTRAS_RECEIVE_ONLY,
  EXTRAS_RIGHTS,
  EXTRAS_VALUES,
  LENT_READABLE,
  LENT_WRITABLE,
} from '../../abi/message.ts';
import { KIND_PORT } from '../../abi/rights.ts';
import { type Message, reply } from '../../runtime/message.ts';
import { close, inspectHandle, inspectLent } from '../../runtime/system.ts';
import { exportPort, REMOTE_RIGHTS, releaseExport } from './exports.ts';
import { type Import, importNamed, importPort, watchGiven } from './imports.ts';
import { launch, NO_SLOT, requestAt, takeSlot } from './remote/caller.ts';
import { callPlain } from './remote/plain.ts';
import {
  copyWords,
  DATA_MAX,
  DATA_SIZE,
  FLAG_EXTRAS,
  FLAG_ONE_WAY,
  FLAGS,
  HANDLES,
  LABEL,
  SENT,
  SHAPE,
  shapeHandles,
  WORDS,
  WORDS_SIZE,
  WRITABLE,
} from './remote/wire.ts';
import { extrasOf, heldBy, messageOf } from './worker.ts';

const HANDLES_MASK: u32 = 0xf;
const LENT_SHIFT: u32 = 4;
const ACCESS_SHIFT: u32 = 8;

const found = memory.data(12, 4);

/** A message for another node has come; `extras` is what it brought, `token` its caller's, 0 for none. */
//@inline
export function callOut(message: Message, token: u32, extras: u32, now: u32): void {
  const entry = importNamed(message.badge);
  const isPlain = token !== 0 && message.counts === 0;
  if (isPlain && callPlain(entry.peer, entry.id, token, wordsOf(message) - 4, now)) return;
  unlikely();
  callRichly(entry, message, token, extras, now);
}

/** One with handles or lent memory, or that nobody waits for an answer to. */
function callRichly(entry: Import, message: Message, token: u32, extras: u32, now: u32): void {
  const slot = takeSlot(token !== 0);
  if (slot === NO_SLOT) {
    closeAll(message.counts, extras);
    answerOut(0, token, ERROR_TOO_MANY, 0);
    return;
  }
  const request = requestAt(slot);
  store<u8>(request, token !== 0 ? 0 : FLAG_ONE_WAY, FLAGS);
  store<u32>(request, message.label, LABEL);
  copyWords(request + WORDS, wordsOf(message));
  if (message.counts !== 0) {
    const fault = addExtras(entry.peer, request, message.counts, token, extras);
    if (fault !== 0) {
      answerOut(0, token, fault, 0);
      return;
    }
  }
  launch(slot, entry.peer, entry.id, token, now);
}

//@inline
function wordsOf(message: Message): u32 {
  return changetype<usize>(message) + offsetof<Message>('word0');
}

function addExtras(peer: u32, request: u32, counts: u32, token: u32, extras: u32): i32 {
  store<u8>(request, <u32>load<u8>(request, FLAGS) | FLAG_EXTRAS, FLAGS);
  store<u32>(request, counts, SHAPE);
  const fault = addRanges(request, token, counts >> LENT_SHIFT);
  if (fault === 0) return addHandles(peer, request, extras, counts & HANDLES_MASK);
  closeAll(counts, extras);
  return fault;
}

function addRanges(request: u32, token: u32, count: u32): i32 {
  memory.fill(request + DATA_SIZE, 0, SHAPE - DATA_SIZE);
  let shape = load<u32>(request, SHAPE);
  let room = DATA_MAX;
  for (let index: u32 = 0; index < count; index += 1) {
    const size: u32 = inspectLent(token, index, found);
    const access = load<u32>(found);
    const ways: u32 = access === (LENT_READABLE | LENT_WRITABLE) ? 2 : 1;
    if (size > room / ways) return ERROR_TOO_LARGE;
    room -= size * ways;
    if ((access & LENT_READABLE) !== 0) store<u32>(request + (index << 2), size, SENT);
    if ((access & LENT_WRITABLE) !== 0) store<u32>(request + (index << 2), size, WRITABLE);
    shape |= access << (ACCESS_SHIFT + (index << 1));
  }
  store<u32>(request, shape, SHAPE);
  store<u32>(request, load<u32>(request, SENT) + load<u32>(request, SENT + 4), DATA_SIZE);
  return 0;
}

/** Exports the handles in the extras; they are this service's no more, whatever comes of it. → 0, or an error. */
export function addHandles(peer: u32, payload: u32, extras: u32, count: u32): i32 {
  store<u32>(extras, 0, EXTRAS_HANDLES);
  for (let index: u32 = 0; index < count; index += 1) {
    const handle = load<u32>(extras + (index << 2), EXTRAS_VALUES);
    const id = inspectHandle(handle, found) === KIND_PORT ? exportPort(peer, handle) : 0;
    store<u32>(payload + (index << 2), id, HANDLES);
    if (id !== 0) continue;
    for (let done: u32 = 0; done < index; done += 1)
      releaseExport(peer, load<u32>(payload + (done << 2), HANDLES));
    for (let left = index; left < count; left += 1) close(load<u32>(extras + (left << 2), EXTRAS_VALUES));
    return ERROR_REFUSED;
  }
  return 0;
}

function closeAll(counts: u32, extras: u32): void {
  const count = counts & HANDLES_MASK;
  for (let index: u32 = 0; index < count; index += 1) close(load<u32>(extras + (index << 2), EXTRAS_VALUES));
}

/** Proxies for the handles that a payload names, to be given on by the extras. → 0, or ERROR_REFUSED. */
export function takeHandles(peer: u32, payload: u32, extras: u32): i32 {
  const count = shapeHandles(load<u32>(payload, SHAPE));
  store<u32>(extras, count, EXTRAS_HANDLES);
  for (let index: u32 = 0; index < count; index += 1) {
    const proxy = importPort(peer, load<u32>(payload + (index << 2), HANDLES), extras);
    if (proxy === 0) return ERROR_REFUSED;
    store<u32>(extras + (index << 2), proxy, EXTRAS_VALUES);
    store<u32>(extras + (index << 2), REMOTE_RIGHTS, EXTRAS_RIGHTS);
  }
  return 0;
}

/**
 * The end of a call: the peer's reply, or an error and no reply. It goes with the next receive of the thread that has
 * heard it, which is the shortest way; what brings handles, or is not the last, goes at once.
 */
export function answerOut(peer: u32, token: u32, error: i32, payload: u32): void {
  if (token === 0) return;
  const message = messageOf(heldBy());
  if (message.token !== 0) {
    unlikely();
    sendAnswer();
  }
  message.token = token;
  message.label = error;
  if (error !== 0) {
    unlikely();
    memory.fill(wordsOf(message), 0, WORDS_SIZE);
    return;
  }
  message.label = load<u32>(payload, LABEL);
  copyWords(wordsOf(message), payload + WORDS);
  if ((<u32>load<u8>(payload, FLAGS) & FLAG_EXTRAS) === 0) return;
  unlikely();
  if (shapeHandles(load<u32>(payload, SHAPE)) !== 0) answerHandles(message, peer, payload);
}

/** The answer that this thread has still to give goes now. */
export function sendAnswer(): void {
  const message = messageOf(heldBy());
  if (message.token === 0) return;
  unlikely();
  reply(message);
  message.token = 0;
}

function answerHandles(message: Message, peer: u32, payload: u32): void {
  const extras = extrasOf(heldBy());
  store<u32>(extras, 0, EXTRAS_LENT);
  let result: i32 = ERROR_REFUSED;
  if (takeHandles(peer, payload, extras) === 0) {
    message.extras = extras;
    result = reply(message);
    message.extras = extras | EXTRAS_RECEIVE_ONLY;
  }
  watchGiven(extras);
  // there is no room for the handles, here or with the caller
  if (result === ERROR_REFUSED) message.label = ERROR_REFUSED;
  else message.token = 0;
}
