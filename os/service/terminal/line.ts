/**
 * The terminal service's threads: from the serial line, to it, to the process service, and to other nodes'
 * terminals. Each waits in calls to others, so that the service itself never does: it stays open for an interrupt
 * while a line is slow, and for the process service while that has something to say.
 *
 * The line may become another (console.ts): a thread that finds it so goes on there, where that stands.
 */
import { ERROR_CANCELLED, ERROR_NO_RIGHT } from '../../abi/errors.ts';
import { PRIORITY_MAX } from '../../abi/limits.ts';
import { RIGHT_COPY, RIGHT_SEND } from '../../abi/rights.ts';
import * as console from '../../proto/console.client.ts';
import type { Exchanged } from '../../proto/console.ts';
import * as net from '../../proto/net.client.ts';
import { PEER_TERMINAL } from '../../proto/net.ts';
import * as processes from '../../proto/process.client.ts';
import * as serial from '../../proto/serial.client.ts';
import type { Positions } from '../../proto/serial.ts';
import * as line from '../../proto/terminal-line.client.ts';
import type { Attachment, TypedSignal } from '../../proto/terminal-line.ts';
import { now, TICKS_PER_SECOND } from '../../runtime/clock.ts';
import { handleNamed } from '../../runtime/start.ts';
import { close, copyHandle, createThread, startThread } from '../../runtime/system.ts';
import { currentLine, PEER } from './console.ts';

export const CARRY_INPUT: u32 = 0;
export const CARRY_OUTPUT: u32 = 1;
export const CARRY_SIGNALS: u32 = 2;
export const CARRY_EXCHANGES: u32 = 3;

/** Of the service's port: other nodes have come or gone, or net has begun anew. */
export const NET_CHANGED: u32 = 8;

const STACK_SIZE: u32 = 2048;
const INPUT_SIZE: u32 = 64;
const OUTPUT_SIZE: u32 = 256;

const stacks = memory.data(8192, 16);
const input = memory.data(64);
const output = memory.data(256);
const inputPosition = memory.data(8, 4);
const outputPosition = memory.data(8, 4);
const signalBytes = memory.data(8, 4);
const attachmentBytes = memory.data(16, 4);
const exchangedBytes = memory.data(8, 4);

/** The service's own port. */
let own: u32 = 0;

//@external("thread", "entry")
declare function threadEntry(): u32;

/** Starts the thread with the highest priority that this process may give it: its own. Its handle. */
export function startCarrier(carrier: u32, port: u32): u32 {
  own = port;
  const top = stacks + (carrier + 1) * STACK_SIZE;
  const space = handleNamed('space');
  let made: i32 = ERROR_NO_RIGHT;
  for (let priority = PRIORITY_MAX; made < 0 && priority > 0; priority -= 1) {
    made = createThread(space, threadEntry(), top, carrier, priority);
  }
  assert(made > 0 && startThread(made) === 0);
  return made;
}

export function carry(carrier: u32): void {
  if (carrier === CARRY_INPUT) carryInput();
  else if (carrier === CARRY_OUTPUT) carryOutput();
  else if (carrier === CARRY_SIGNALS) carrySignals();
  else carryExchanges();
}

function carryInput(): void {
  const positions = changetype<Positions>(inputPosition);
  let known: u32 = 0;
  let position: u32 = 0;
  while (true) {
    const port = currentLine();
    let count: i32 = port === known ? 0 : serial.positions(port, positions);
    if (count >= 0 && port !== known) {
      known = port;
      position = positions.read;
    }
    if (count >= 0) count = serial.read(port, position, input, INPUT_SIZE);
    if (count > 0) position += typed(count);
    else if (count !== ERROR_CANCELLED) {
      known = 0;
      line.lost(own, port);
    }
  }
}

/** How many are taken. */
function typed(count: u32): u32 {
  let taken = line.typed(own, input, count);
  while (taken === ERROR_CANCELLED) taken = line.typed(own, input, count);
  assert(taken > 0);
  return taken;
}

function carryOutput(): void {
  const positions = changetype<Positions>(outputPosition);
  let known: u32 = 0;
  while (true) {
    const count: u32 = line.nextOutput(own, output, OUTPUT_SIZE);
    if (count === 0 && serial.drain(currentLine()) < 0) line.lost(own, currentLine());
    let done: u32 = 0;
    while (done < count) {
      const port = currentLine();
      let taken: i32 = port === known ? 0 : serial.positions(port, positions);
      known = taken < 0 ? 0 : port;
      if (taken >= 0) taken = serial.write(port, positions.written, output + done, count - done);
      if (taken > 0) {
        positions.written += taken;
        done += taken;
      } else {
        known = 0;
        line.lost(own, port);
      }
    }
  }
}

/** A group that is gone misses nothing. */
function carrySignals(): void {
  const port = handleNamed('process');
  const signal = changetype<TypedSignal>(signalBytes);
  while (true) {
    assert(line.nextSignal(own, signal) >= 0);
    processes.kill(port, signal.which, signal.signal);
  }
}

/** Lets other nodes' terminals ask this one; the port gets NET_CHANGED when that is to be done again. */
export function offerTerminal(): void {
  const nodes = handleNamed('net');
  const face = copyHandle(handleNamed('port'), RIGHT_SEND | RIGHT_COPY, PEER);
  assert(face > 0);
  const end = now() + (TICKS_PER_SECOND as u64);
  net.attendUntil(nodes, end as u32, (end >> 32) as u32, handleNamed('port'), NET_CHANGED);
  net.offerUntil(nodes, end as u32, (end >> 32) as u32, PEER_TERMINAL, face);
  close(face);
}

function carryExchanges(): void {
  const nodes = handleNamed('net');
  offerTerminal();
  const wanted = changetype<Attachment>(attachmentBytes);
  const got = changetype<Exchanged>(exchangedBytes);
  while (true) {
    assert(line.nextAttach(own, wanted) >= 0);
    const result = exchangeWith(net.peer(nodes, wanted.node, PEER_TERMINAL), wanted, got);
    if (result < 0) line.refused(own, result);
    else {
      line.attached(own, got.line, got.place);
      close(got.line);
    }
  }
}

function exchangeWith(peer: i32, wanted: Attachment, got: Exchanged): i32 {
  if (peer < 0) return peer;
  const end = now() + (TICKS_PER_SECOND as u64);
  const result = console.exchangeUntil(
    peer,
    end as u32,
    (end >> 32) as u32,
    currentLine(),
    wanted.place,
    wanted.user,
    got,
  );
  close(peer);
  return result;
}
