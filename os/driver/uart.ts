/**
 * The UART's driver: a process with nothing but its registers, its interrupt and the port of its clients
 * (os/proto/serial.ts). Whoever starts it maps the registers at UART_REGISTERS, binds the interrupt to bit 0
 * of the port, and gives it two handles: the port to receive from, and the interrupt.
 *
 * Input is taken by interrupt into a ring; a byte that finds the ring full is lost. Output is sent while its
 * client waits, as fast as the line takes it.
 */

import { load8, store8 } from 'rv';
import {
  UART_FCR,
  UART_FCR_CLEAR_RECEIVER,
  UART_FCR_CLEAR_TRANSMITTER,
  UART_FCR_ENABLE,
  UART_FIFO_SIZE,
  UART_IER,
  UART_IER_RECEIVED,
  UART_LSR,
  UART_LSR_HOLDING_EMPTY,
  UART_LSR_READY,
  UART_RBR,
  UART_THR,
} from '../../hw/manual/uart.ts';
import { FIRST_HANDLE } from '../abi/layout.ts';
import { NOTIFIED } from '../abi/message.ts';
import { SERIAL_READ, SERIAL_READ_MAX, SERIAL_REFUSED, SERIAL_WRITE } from '../proto/serial.ts';
import { type Message, receive, reply, waitForEver } from '../runtime/message.ts';
import { acknowledge, lentRead } from '../runtime/system.ts';

/** Where the registers are mapped. */
const UART_REGISTERS: u32 = 0x3000_0000;
const PORT: u32 = FIRST_HANDLE;
const INTERRUPT: u32 = FIRST_HANDLE + 1;

const RING_SIZE: u32 = 1024;
const CHUNK_SIZE: u32 = 256;
const LENT_COUNT_SHIFT: u32 = 4;

const buffer = memory.data(64);
const ring = memory.data(1024);
const chunk = memory.data(256);

/** Bytes ever put into and taken out of the ring. */
let ringIn: u32 = 0;
let ringOut: u32 = 0;
/** Whose read waits for input; 0 for nobody's. */
let reader: u32 = 0;

export function main(_argument: u32): i32 {
  store8(UART_REGISTERS + UART_FCR, UART_FCR_ENABLE | UART_FCR_CLEAR_RECEIVER | UART_FCR_CLEAR_TRANSMITTER);
  store8(UART_REGISTERS + UART_IER, UART_IER_RECEIVED);
  const message = changetype<Message>(buffer);
  message.port = PORT;
  waitForEver(message);
  let result = receive(message);
  while (result >= 0) {
    if (result === NOTIFIED) takeInput();
    else serve(message);
    if (reader !== 0 && ringIn !== ringOut) answerRead(message, reader);
    message.extras = 0;
    result = receive(message);
  }
  return result;
}

function takeInput(): void {
  while ((load8(UART_REGISTERS + UART_LSR) & UART_LSR_READY) !== 0) {
    const byte = load8(UART_REGISTERS + UART_RBR);
    if (ringIn - ringOut === RING_SIZE) continue;
    store<u8>(ring + (ringIn & (RING_SIZE - 1)), byte);
    ringIn += 1;
  }
  acknowledge(INTERRUPT);
}

function serve(message: Message): void {
  if (message.token === 0) return;
  if (message.label === SERIAL_WRITE && message.counts >> LENT_COUNT_SHIFT === 1) write(message);
  else if (message.label === SERIAL_READ && reader === 0) reader = message.token;
  else refuse(message);
}

function refuse(message: Message): void {
  message.label = SERIAL_REFUSED;
  reply(message);
}

/** Sends what fits in a chunk. */
function write(message: Message): void {
  const count = lentRead(message.token, 0, 0, chunk, CHUNK_SIZE);
  if (count < 0) {
    refuse(message);
    return;
  }
  for (let index: u32 = 0; index < <u32>count; index += 1) {
    if (index % UART_FIFO_SIZE === 0) {
      while ((load8(UART_REGISTERS + UART_LSR) & UART_LSR_HOLDING_EMPTY) === 0) {}
    }
    store8(UART_REGISTERS + UART_THR, load<u8>(chunk + index));
  }
  message.label = 0;
  message.word0 = count;
  reply(message);
}

function answerRead(message: Message, token: u32): void {
  const count = min<u32>(ringIn - ringOut, SERIAL_READ_MAX);
  const words = changetype<usize>(message) + offsetof<Message>('word1');
  for (let index: u32 = 0; index < count; index += 1) {
    store<u8>(words + index, load<u8>(ring + ((ringOut + index) & (RING_SIZE - 1))));
  }
  message.label = 0;
  message.word0 = count;
  message.token = token;
  reader = 0;
  if (reply(message) === 0) ringOut += count;
}
