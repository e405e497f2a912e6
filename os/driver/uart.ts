/**
 * The UART's driver: a process with nothing but its registers, its interrupt and the port of its clients
 * (os/proto/serial.ts). Whoever starts it maps the registers at UART_REGISTERS, binds the interrupt to bit 0
 * of the port, and gives it two handles: the port to receive from, and the interrupt.
 *
 * Input is taken by interrupt into a ring; a byte that finds the ring full is lost. Output is sent while its
 * client waits, as fast as the line takes it. A read that is answered late is one that waits for input.
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
import { ERROR_BUSY } from '../abi/errors.ts';
import { FIRST_HANDLE } from '../abi/layout.ts';
import { NOTIFIED } from '../abi/message.ts';
import { completeRead, dispatch } from '../proto/serial.server.ts';
import type { Message } from '../runtime/message.ts';
import { firstRequest, LATER, nextRequest } from '../runtime/serve.ts';
import { acknowledge, lentRead, lentWrite } from '../runtime/system.ts';

/** Where the registers are mapped. */
const UART_REGISTERS: u32 = 0x3000_0000;
const PORT: u32 = FIRST_HANDLE;
const INTERRUPT: u32 = FIRST_HANDLE + 1;

const RING_SIZE: u32 = 1024;
const CHUNK_SIZE: u32 = 256;

const buffer = memory.data(64);
const ring = memory.data(1024);
const chunk = memory.data(256);
const state = memory.data(16);

export function main(_argument: u32): i32 {
  store8(UART_REGISTERS + UART_FCR, UART_FCR_ENABLE | UART_FCR_CLEAR_RECEIVER | UART_FCR_CLEAR_TRANSMITTER);
  store8(UART_REGISTERS + UART_IER, UART_IER_RECEIVED);
  const line = changetype<Line>(state);
  const request = changetype<Message>(buffer);
  let result = firstRequest(request, PORT, 0);
  while (result >= 0) {
    if (result === NOTIFIED) line.takeInput();
    else dispatch(line, request);
    line.answerReader();
    result = nextRequest(request);
  }
  return result;
}

//@unmanaged
class Line {
  /** Bytes ever put into and taken out of the ring. */
  ringIn: u32 = 0;
  ringOut: u32 = 0;
  /** Whose read waits for input, and how much it asks for; 0 for nobody's. */
  reader: u32 = 0;
  readSize: u32 = 0;

  /** Sends what fits in a chunk. */
  write(request: Message, _fromSize: u32): i32 {
    const count = lentRead(request.token, 0, 0, chunk, CHUNK_SIZE);
    for (let index: i32 = 0; index < count; index += 1) {
      if (index % UART_FIFO_SIZE === 0) {
        while ((load8(UART_REGISTERS + UART_LSR) & UART_LSR_HOLDING_EMPTY) === 0) {}
      }
      store8(UART_REGISTERS + UART_THR, load<u8>(chunk + index));
    }
    return count;
  }

  read(request: Message, intoSize: u32): i32 {
    if (this.reader !== 0) return ERROR_BUSY;
    this.reader = request.token;
    this.readSize = intoSize;
    return LATER;
  }

  takeInput(): void {
    while ((load8(UART_REGISTERS + UART_LSR) & UART_LSR_READY) !== 0) {
      const byte = load8(UART_REGISTERS + UART_RBR);
      if (this.ringIn - this.ringOut === RING_SIZE) continue;
      store<u8>(ring + (this.ringIn & (RING_SIZE - 1)), byte);
      this.ringIn += 1;
    }
    acknowledge(INTERRUPT);
  }

  /** What lies in one piece in the ring; it is gone from there when the reader has it. */
  answerReader(): void {
    if (this.reader === 0 || this.ringIn === this.ringOut) return;
    const start = this.ringOut & (RING_SIZE - 1);
    const count = min(min(this.ringIn - this.ringOut, RING_SIZE - start), this.readSize);
    const status = lentWrite(this.reader, 0, 0, ring + start, count);
    if (completeRead(this.reader, status) === 0 && status > 0) this.ringOut += status;
    this.reader = 0;
  }
}
