/**
 * The UART's driver: a 16550A (hw/manual/uart.ts) for the one client of os/proto/serial.ts.
 *
 *     client ─ write ─→ [ring] ─→ transmitter, a byte whenever it is empty      both rings, and how far each
 *     client ←─ read ── [ring] ←─ receiver, by interrupt                        has come, are in kept memory
 *
 * A driver that dies leaves rings and counts to the next, which goes on with the very byte. A byte on its way
 * to the transmitter is noted before and after (`sending`, `sent`); which side of it the driver died on is
 * told by the UART: its transmitter was empty and that cause had been read, so that it has no such cause now
 * unless the byte has got there. Hence one byte at a time, with the receiver's causes off meanwhile, since
 * they would hide it; and nobody else may write to the line while a driver is missing.
 *
 * A driver that is killed between reading a byte from the receiver and noting it, two instructions, loses
 * that byte. Where the ring is full, what arrives stays in the UART.
 */

import { load8, load32, store8, store32 } from 'rv';
import {
  UART_FCR,
  UART_FCR_ENABLE,
  UART_IER,
  UART_IER_EMPTY,
  UART_IER_RECEIVED,
  UART_IIR,
  UART_IIR_EMPTY,
  UART_IIR_FIFO,
  UART_LSR,
  UART_LSR_HOLDING_EMPTY,
  UART_LSR_READY,
  UART_RBR,
  UART_THR,
} from '../../hw/manual/uart.ts';
import { ERROR_BAD_ARGUMENT, ERROR_BUSY } from '../abi/errors.ts';
import { PAGE_SIZE } from '../abi/layout.ts';
import { NOTIFIED } from '../abi/message.ts';
import { DEVICE_ADDRESS } from '../abi/start.ts';
import { completeDrain, completeRead, completeWrite, dispatch } from '../proto/serial.server.ts';
import type { Positions } from '../proto/serial.ts';
import { KEPT_ADDRESS, openKept } from '../runtime/kept.ts';
import { deliverLent, fetchLent } from '../runtime/lent.ts';
import type { Message } from '../runtime/message.ts';
import { firstRequest, LATER, nextRequest } from '../runtime/serve.ts';
import { handleNamed } from '../runtime/start.ts';
import { acknowledge } from '../runtime/system.ts';

const KEPT_PAGES: u32 = 1;
/** "GsU1": the memory has been used by a driver. */
const MAGIC: u32 = 0x3155_7347;
/** Bytes at a time; after them the client's calls have their turn. */
const BURST: u32 = 256;
const OUT_SIZE: u32 = 1024;
const OUT: u32 = KEPT_ADDRESS + 1024;
const IN_SIZE: u32 = 2048;
const IN: u32 = KEPT_ADDRESS + 2048;

/** Words that outlive the driver. Counts of bytes, modulo 2^32: they are the streams' positions. */
const STARTED: u32 = KEPT_ADDRESS;
/** Output taken from the client. */
const WRITTEN: u32 = KEPT_ADDRESS + 4;
/** Output handed to the UART; while the next byte is on its way there, SENDING has the same value. */
const SENT: u32 = KEPT_ADDRESS + 8;
const SENDING: u32 = KEPT_ADDRESS + 12;
/** Input taken from the UART, and of that what the client has. */
const RECEIVED: u32 = KEPT_ADDRESS + 16;
const READ: u32 = KEPT_ADDRESS + 20;

const requestBytes = memory.data(64, 4);
/** Calls that wait, 0 for none, with what they asked for. */
let writer: u32 = 0;
let writerPosition: u32 = 0;
let writerSize: u32 = 0;
let reader: u32 = 0;
let readerSize: u32 = 0;
let drainer: u32 = 0;
let interrupt: u32 = 0;

export function main(_argument: u32): i32 {
  const kept = openKept(KEPT_PAGES);
  if (kept < 0) return kept;
  interrupt = handleNamed('interrupt');
  if (load32(STARTED) === MAGIC) goOn();
  else begin();
  takeInput();
  sendOutput();
  const server = changetype<Line>(0);
  const request = changetype<Message>(requestBytes);
  let result = firstRequest(request, handleNamed('port'), 0);
  while (result >= 0) {
    if (result === NOTIFIED) takeInterrupt();
    else dispatch(server, request);
    result = nextRequest(request);
  }
  return result;
}

/**
 * The first driver of this line. Switching the FIFOs on empties them, and whoever has typed already may send a
 * byte at that very moment: then they stay off, and the line waits for each byte to be taken.
 */
function begin(): void {
  memory.fill(KEPT_ADDRESS, 0, PAGE_SIZE);
  store32(SENDING, 0xffff_ffff);
  const hasCome = (load8(DEVICE_ADDRESS + UART_LSR) & UART_LSR_READY) !== 0;
  if (!hasCome) store8(DEVICE_ADDRESS + UART_FCR, UART_FCR_ENABLE);
  store8(DEVICE_ADDRESS + UART_IER, UART_IER_EMPTY);
  store32(STARTED, MAGIC);
}

/** Another driver died here: was it handing over a byte, and has the UART got it? */
function goOn(): void {
  if (load32(SENDING) !== load32(SENT)) return;
  const isHolding = (load8(DEVICE_ADDRESS + UART_LSR) & UART_LSR_HOLDING_EMPTY) === 0;
  const cause = load8(DEVICE_ADDRESS + UART_IIR) & ~UART_IIR_FIFO;
  if (isHolding || cause === UART_IIR_EMPTY) store32(SENT, load32(SENT) + 1);
  else store32(SENDING, load32(SENT) - 1);
}

//@unmanaged
class Line {
  write(request: Message, position: u32, fromSize: u32): i32 {
    if (fromSize === 0 || load32(WRITTEN) - position > fromSize) return ERROR_BAD_ARGUMENT;
    if (writer !== 0) completeWrite(writer, ERROR_BUSY);
    writer = 0;
    const taken = takeOutput(request.token, position, fromSize);
    if (taken !== 0) return taken;
    writer = request.token;
    writerPosition = position;
    writerSize = fromSize;
    return LATER;
  }

  read(request: Message, position: u32, intoSize: u32): i32 {
    if (intoSize === 0 || position - load32(READ) > load32(RECEIVED) - load32(READ))
      return ERROR_BAD_ARGUMENT;
    if (reader !== 0) completeRead(reader, ERROR_BUSY);
    reader = 0;
    store32(READ, position);
    takeInput();
    enableCauses();
    if (load32(RECEIVED) !== position) return giveInput(request.token, intoSize);
    reader = request.token;
    readerSize = intoSize;
    return LATER;
  }

  drain(request: Message): i32 {
    if (load32(SENT) === load32(WRITTEN)) return 0;
    if (drainer !== 0) completeDrain(drainer, ERROR_BUSY);
    drainer = request.token;
    return LATER;
  }

  positions(_request: Message, result: Positions): i32 {
    result.written = load32(WRITTEN);
    result.read = load32(READ);
    return 0;
  }
}

function takeInterrupt(): void {
  takeInput();
  sendOutput();
  acknowledge(interrupt);
  if (reader !== 0 && load32(RECEIVED) !== load32(READ)) {
    completeRead(reader, giveInput(reader, readerSize));
    reader = 0;
  }
  if (writer !== 0) {
    const taken = takeOutput(writer, writerPosition, writerSize);
    if (taken === 0) return;
    completeWrite(writer, taken);
    writer = 0;
  } else if (drainer !== 0 && load32(SENT) === load32(WRITTEN)) {
    completeDrain(drainer, 0);
    drainer = 0;
  }
}

/** Takes what there is room for, and sends what can be sent. → bytes of the range that are taken, 0: no room. */
function takeOutput(token: u32, position: u32, size: u32): i32 {
  const written = load32(WRITTEN);
  const had = written - position;
  const room = OUT_SIZE - (written - load32(SENT));
  const place = written & (OUT_SIZE - 1);
  const count = min<u32>(min<u32>(size - had, room), OUT_SIZE - place);
  const fault = fetchLent(token, 0, had, OUT + place, count);
  if (fault < 0) return fault;
  store32(WRITTEN, written + count);
  if (count > 0) sendOutput();
  return had + count;
}

/** Hands bytes to the transmitter as long as it is empty. Until this is over, only its own cause shows. */
function sendOutput(): void {
  store8(DEVICE_ADDRESS + UART_IER, UART_IER_EMPTY);
  let sent = load32(SENT);
  const written = load32(WRITTEN);
  const end = sent + min<u32>(written - sent, BURST);
  while (sent !== end && (load8(DEVICE_ADDRESS + UART_LSR) & UART_LSR_HOLDING_EMPTY) !== 0) {
    load8(DEVICE_ADDRESS + UART_IIR);
    store32(SENDING, sent);
    store8(DEVICE_ADDRESS + UART_THR, load8(OUT + (sent & (OUT_SIZE - 1))));
    sent += 1;
    store32(SENT, sent);
  }
  // with nothing more to send, its being empty is no news
  if (sent === written) load8(DEVICE_ADDRESS + UART_IIR);
  enableCauses();
}

function takeInput(): void {
  let received = load32(RECEIVED);
  const end = load32(READ) + IN_SIZE;
  while (received !== end && (load8(DEVICE_ADDRESS + UART_LSR) & UART_LSR_READY) !== 0) {
    store8(IN + (received & (IN_SIZE - 1)), load8(DEVICE_ADDRESS + UART_RBR));
    received += 1;
    store32(RECEIVED, received);
  }
}

/** → bytes given, from where the client stands. */
function giveInput(token: u32, size: u32): i32 {
  const read = load32(READ);
  const place = read & (IN_SIZE - 1);
  const count = min<u32>(min<u32>(size, load32(RECEIVED) - read), IN_SIZE - place);
  const fault = deliverLent(token, 0, 0, IN + place, count);
  return fault < 0 ? fault : count;
}

/** Input interrupts as long as there is room for it. */
function enableCauses(): void {
  const hasRoom = load32(RECEIVED) - load32(READ) < IN_SIZE;
  store8(DEVICE_ADDRESS + UART_IER, hasRoom ? UART_IER_EMPTY | UART_IER_RECEIVED : UART_IER_EMPTY);
}
