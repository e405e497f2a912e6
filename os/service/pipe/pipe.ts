/**
 * The pipe service. Bytes go from the writer's memory straight to a reader's that waits, or else through the
 * pipe's ring. Whoever cannot go on waits in line: readers while nothing is there, writers while there is no room.
 *
 *     badge   1 + pipe · 2 for the end that is read, 2 + pipe · 2 for the other; all others: the service itself
 *
 * Writes of at most ATOMIC_MAX bytes go in whole; of longer ones what there is room for, at least a byte. A call
 * whose caller is gone when it is answered has done nothing. Readers run before writers: so they wait when the
 * next bytes come, which go straight to them.
 */
import {
  ERROR_BAD_HANDLE,
  ERROR_BROKEN_PIPE,
  ERROR_NO_SUCH_CALL,
  ERROR_NO_SUCH_MESSAGE,
  ERROR_NOT_DIRECTORY,
  ERROR_NOT_SEEKABLE,
  ERROR_NOT_TERMINAL,
  ERROR_TOO_LARGE,
  ERROR_TOO_MANY,
} from '../../abi/errors.ts';
import {
  KIND_PIPE,
  STAT_FILE_SIZE,
  STAT_INODE,
  STAT_KIND,
  STAT_LINKS,
  STAT_MODE,
  STAT_RECORD_SIZE,
} from '../../abi/file.ts';
import { PAGE_SHIFT } from '../../abi/layout.ts';
import { NOTIFIED } from '../../abi/message.ts';
import { RIGHT_READ, RIGHT_WRITE } from '../../abi/rights.ts';
import { isNone, none } from '../../lib/pointer.ts';
import * as files from '../../proto/file.server.ts';
import type { Position } from '../../proto/file.ts';
import * as pipes from '../../proto/pipe.server.ts';
import type { Ends } from '../../proto/pipe.ts';
import { now } from '../../runtime/clock.ts';
import { deliverLent } from '../../runtime/lent.ts';
import { type Message, receive, replyAndReceive } from '../../runtime/message.ts';
import { isHeld, makeObject } from '../../runtime/open-objects.ts';
import { firstRequest, LATER, refuse } from '../../runtime/serve.ts';
import { handleNamed } from '../../runtime/start.ts';
import {
  close,
  createMemory,
  createTimer,
  lentPass,
  lentRead,
  lentWrite,
  map,
  setTimer,
  watchHandle,
} from '../../runtime/system.ts';
import { dropGone, join, type Line, leave, startPool, type Waiting } from './line.ts';
import { bytesIn, copyIn, copyOut, RING_SIZE, type Ring, roomIn, settle } from './ring.ts';

//@unmanaged
class Pipe {
  /** A Ring in place. */
  ringAt: u32 = 0;
  ringIn: u32 = 0;
  ringOut: u32 = 0;
  /** Two Lines in place. */
  readersFirst: u32 = 0;
  readersLast: u32 = 0;
  writersFirst: u32 = 0;
  writersLast: u32 = 0;
  /** The ends' handles; 0 once nobody holds the end any more. Both 0: the pipe is free. */
  reader: u32 = 0;
  writer: u32 = 0;

  read(request: Message, intoSize: u32): i32 {
    if (isWriter(request.badge)) return ERROR_BAD_HANDLE;
    if (intoSize === 0) return 0;
    if (isNone(readersOf(this).first)) {
      if (bytesIn(ringOf(this)) > 0) return readRing(this, request.token, intoSize);
      if (!isNone(writersOf(this).first)) {
        const count = readWriter(this, request.token, intoSize);
        if (count !== 0) return count;
      }
      if (this.writer === 0) return 0;
    }
    return wait(readersOf(this), request.token, intoSize);
  }

  write(request: Message, fromSize: u32): i32 {
    if (!isWriter(request.badge)) return ERROR_BAD_HANDLE;
    if (this.reader === 0) return ERROR_BROKEN_PIPE;
    if (fromSize === 0) return 0;
    let passed: u32 = 0;
    while (passed < fromSize && !isNone(readersOf(this).first)) {
      const count = writeReader(this, request.token, passed, fromSize - passed);
      if (count < 0) return passed === 0 ? count : answerWriter(request.token, passed);
      passed += count;
    }
    if (passed === fromSize) return answerWriter(request.token, passed);
    if (!isNone(writersOf(this).first) || roomIn(ringOf(this)) < roomFor(fromSize - passed))
      return wait(writersOf(this), request.token, fromSize);
    const count = writeRing(ringOf(this), request.token, passed, fromSize);
    if (count < 0) return passed > 0 ? <i32>passed : count;
    changed = ringOf(this);
    put = count;
    return passed + count;
  }

  seek(_request: Message, _offset: i64, _whence: u32, _result: Position): i32 {
    return ERROR_NOT_SEEKABLE;
  }

  truncate(_request: Message, _size: u64): i32 {
    return ERROR_NOT_SEEKABLE;
  }

  stat(request: Message, intoSize: u32): i32 {
    if (intoSize < STAT_RECORD_SIZE) return ERROR_TOO_LARGE;
    memory.fill(record, 0, STAT_RECORD_SIZE);
    store<u32>(record, KIND_PIPE, STAT_KIND);
    store<u32>(record, MODE, STAT_MODE);
    store<u32>(record, 1, STAT_LINKS);
    store<u32>(record, bytesIn(ringOf(this)), STAT_FILE_SIZE);
    store<u32>(record, 1 + ((request.badge - 1) >> 1), STAT_INODE);
    const result = deliverLent(request.token, 0, 0, record, STAT_RECORD_SIZE);
    return result < 0 ? result : STAT_RECORD_SIZE;
  }

  list(_request: Message, _intoSize: u32): i32 {
    return ERROR_NOT_DIRECTORY;
  }

  sync(_request: Message): i32 {
    return 0;
  }

  control(_request: Message, _command: u32, _valueSize: u32, _answerSize: u32): i32 {
    return ERROR_NOT_TERMINAL;
  }

  map(_request: Message): i32 {
    return ERROR_NO_SUCH_CALL;
  }
}

const PIPES_MAX: u32 = 64;
const PIPE_SIZE: u32 = 36;
const ATOMIC_MAX: u32 = 4096;
const MODE: u32 = 0o600;
/** Where the rings are. */
const RINGS: u32 = 0x5000_0000;
/** Bits of the port that tell which pipes have lost an end: pipe modulo so many. */
const CLOSE_BITS: u32 = 16;
/** And of the timer, which is set where writers wait though there is room. */
const NOTIFY_TIMER: u32 = 1 << CLOSE_BITS;
const PATIENCE_TICKS: u32 = 5000;
const LABEL_CONTRACT_SHIFT: u32 = 8;

const table = memory.data(64 * 36, 4);
const buffer = memory.data(64, 4);
const record = memory.data(64, 8);
const probe = memory.data(4, 4);

let port: u32 = 0;
let timer: u32 = 0;
let isArmed = false;
/** What the request being served has done to a ring, to be undone if its caller is gone. */
let changed = changetype<Ring>(0);
let taken: u32 = 0;
let put: u32 = 0;

export function main(_argument: u32): i32 {
  assert(offsetof<Pipe>() === PIPE_SIZE);
  port = handleNamed('port');
  timer = createTimer();
  const pages = (PIPES_MAX * RING_SIZE) >> PAGE_SHIFT;
  const rings = createMemory(pages);
  if (rings < 0) return -rings;
  const mapped = map(handleNamed('space'), RINGS, rings, 0, pages, RIGHT_READ | RIGHT_WRITE);
  if (mapped < 0) return -mapped;
  startPool();
  changed = ringOf(pipeAt(0));
  const request = changetype<Message>(buffer);
  let result = firstRequest(request, port, 0);
  while (result >= 0) {
    if (result === NOTIFIED) handleBits(request.label);
    else serve(request);
    result = next(request);
  }
  return -result;
}

/** As nextRequest; where the caller was gone, what it did to a ring has not happened. */
function next(request: Message): i32 {
  if (request.token === 0) return receive(request);
  const result = replyAndReceive(request);
  if (result !== ERROR_NO_SUCH_MESSAGE) {
    taken = put = 0;
    return result;
  }
  changed.out -= taken;
  changed.in -= put;
  taken = put = 0;
  return receive(request);
}

function handleBits(bits: u32): void {
  closeEnds(bits);
  if ((bits & NOTIFY_TIMER) === 0) return;
  isArmed = false;
  for (let index: u32 = 0; index < PIPES_MAX; index += 1) fill(pipeAt(index));
}

function serve(request: Message): void {
  if (request.label >> LABEL_CONTRACT_SHIFT !== files.CONTRACT) {
    pipes.dispatch(none<Service>(), request);
    return;
  }
  const index = (request.badge - 1) >> 1;
  const pipe = pipeAt(index);
  const isOpen = index < PIPES_MAX && (isWriter(request.badge) ? pipe.writer : pipe.reader) !== 0;
  if (isOpen) files.dispatch(pipe, request);
  else refuse(request, ERROR_BAD_HANDLE);
}

//@unmanaged
class Service {
  create(request: Message, result: Ends): i32 {
    let index: u32 = 0;
    while (index < PIPES_MAX && (pipeAt(index).reader | pipeAt(index).writer) !== 0) index += 1;
    if (index === PIPES_MAX) return ERROR_TOO_MANY;
    const reader = makeObject(port, 1 + (index << 1));
    const writer = makeObject(port, 2 + (index << 1));
    result.reader = reader;
    result.writer = writer;
    if (reader < 0 || writer < 0 || pipes.completeCreate(request.token, 0, result) < 0) {
      close(reader);
      close(writer);
      return reader < 0 || writer < 0 ? ERROR_TOO_MANY : LATER;
    }
    const pipe = pipeAt(index);
    memory.fill(changetype<usize>(pipe), 0, PIPE_SIZE);
    pipe.ringAt = RINGS + index * RING_SIZE;
    pipe.reader = reader;
    pipe.writer = writer;
    watchHandle(reader, port, closeBit(index));
    watchHandle(writer, port, closeBit(index));
    return LATER;
  }
}

/** From the ring: bytes, or an error. The reader runs on at once, and comes again before a writer does. */
function readRing(pipe: Pipe, token: u32, size: u32): i32 {
  const ring = ringOf(pipe);
  const count = min<u32>(size, bytesIn(ring));
  const result = copyOut(ring, token, count);
  if (result < 0) return result;
  ring.out += count;
  changed = ring;
  taken = count;
  if (!isNone(writersOf(pipe).first)) armTimer();
  return count;
}

/** From the first writer that waits, the ring being empty. LATER; 0 where none is left; or an error. */
function readWriter(pipe: Pipe, token: u32, size: u32): i32 {
  const line = writersOf(pipe);
  while (!isNone(line.first)) {
    const writer = line.first;
    const count = pass(writer.token, 0, token, min<u32>(size, writer.size));
    if (count > 0) {
      if (files.completeRead(token, count) < 0) return LATER;
      finishWriter(ringOf(pipe), writer, count);
      leave(line);
      return LATER;
    }
    const own = lentWrite(token, 0, 0, probe, 0);
    if (own < 0) return own;
    files.completeWrite(writer.token, count);
    leave(line);
  }
  return 0;
}

/** Writers that wait go on as far as there is room: for readers that have stopped before the ring was empty. */
function fill(pipe: Pipe): void {
  const line = writersOf(pipe);
  while (!isNone(line.first) && roomIn(ringOf(pipe)) >= roomFor(line.first.size)) {
    finishWriter(ringOf(pipe), line.first, 0);
    leave(line);
  }
}

/** At first a reader is given the time to empty the ring: from then on writers' bytes go straight to it. */
function armTimer(): void {
  if (isArmed) return;
  const time = now() + (PATIENCE_TICKS as u64);
  isArmed = setTimer(timer, port, NOTIFY_TIMER, time as u32, (time >> 32) as u32) === 0;
}

/** Into the ring what there is room for, `passed` bytes having gone another way: bytes, or an error. */
function writeRing(ring: Ring, token: u32, passed: u32, size: u32): i32 {
  settle(ring);
  const count = min<u32>(size - passed, roomIn(ring));
  const result = copyIn(ring, token, passed, count);
  if (result < 0) return result;
  ring.in += count;
  return count;
}

/** The same for a writer that waits, which is answered. */
function finishWriter(ring: Ring, writer: Waiting, passed: u32): void {
  const count = writeRing(ring, writer.token, passed, writer.size);
  const answered = files.completeWrite(
    writer.token,
    count < 0 && passed === 0 ? count : passed + max(count, 0),
  );
  if (answered < 0 && count > 0) ring.in -= count;
}

/** Straight to the first reader in line: bytes, 0 where it was gone; or what is wrong with the writer. */
function writeReader(pipe: Pipe, token: u32, offset: u32, size: u32): i32 {
  const reader = readersOf(pipe).first;
  let count = pass(token, offset, reader.token, min<u32>(size, reader.size));
  if (count < 0) {
    const own = lentRead(token, 0, offset, probe, 1);
    if (own < 0) return own;
    files.completeRead(reader.token, count);
    count = 0;
  } else if (files.completeRead(reader.token, count) < 0) {
    count = 0;
  }
  leave(readersOf(pipe));
  return count;
}

/** From one call's memory to another's. → bytes, 1 or more; or what is wrong with either. */
function pass(from: u32, offset: u32, to: u32, size: u32): i32 {
  let done: u32 = 0;
  while (done < size) {
    const count = lentPass(from, offset + done, to, done, size - done);
    if (count <= 0) return done > 0 ? <i32>done : count === 0 ? ERROR_NO_SUCH_MESSAGE : count;
    done += count;
  }
  return done;
}

/** Now, so that a reader that was answered before comes first. */
function answerWriter(token: u32, count: u32): i32 {
  files.completeWrite(token, count);
  return LATER;
}

function wait(line: Line, token: u32, size: u32): i32 {
  if (join(line, token, size)) return LATER;
  for (let index: u32 = 0; index < PIPES_MAX; index += 1) {
    dropGone(readersOf(pipeAt(index)));
    dropGone(writersOf(pipeAt(index)));
  }
  return join(line, token, size) ? LATER : ERROR_TOO_MANY;
}

/** How much must be free for a write of so many bytes. */
function roomFor(size: u32): u32 {
  return size <= ATOMIC_MAX ? size : 1;
}

/** Ends that nobody holds any more, of the pipes whose bits are set. */
function closeEnds(bits: u32): void {
  for (let index: u32 = 0; index < PIPES_MAX; index += 1) {
    if ((bits & closeBit(index)) === 0) continue;
    const pipe = pipeAt(index);
    if (pipe.writer !== 0 && !isHeld(pipe.writer)) {
      close(pipe.writer);
      pipe.writer = 0;
      while (!isNone(readersOf(pipe).first)) {
        files.completeRead(readersOf(pipe).first.token, 0);
        leave(readersOf(pipe));
      }
    }
    if (pipe.reader !== 0 && !isHeld(pipe.reader)) {
      close(pipe.reader);
      pipe.reader = 0;
      while (!isNone(writersOf(pipe).first)) {
        files.completeWrite(writersOf(pipe).first.token, ERROR_BROKEN_PIPE);
        leave(writersOf(pipe));
      }
    }
  }
}

function closeBit(index: u32): u32 {
  return 1 << (index & (CLOSE_BITS - 1));
}

//@inline
function isWriter(badge: u32): bool {
  return (badge & 1) === 0;
}

function pipeAt(index: u32): Pipe {
  return changetype<Pipe>(table + index * PIPE_SIZE);
}

//@inline
function ringOf(pipe: Pipe): Ring {
  return changetype<Ring>(changetype<usize>(pipe) + offsetof<Pipe>('ringAt'));
}

//@inline
function readersOf(pipe: Pipe): Line {
  return changetype<Line>(changetype<usize>(pipe) + offsetof<Pipe>('readersFirst'));
}

//@inline
function writersOf(pipe: Pipe): Line {
  return changetype<Line>(changetype<usize>(pipe) + offsetof<Pipe>('writersFirst'));
}
