/**
 * The terminal service's threads: from the serial line, to it, and to the process service. Each waits in calls
 * to others, so that the service itself never does: it stays open for an interrupt while a line is slow, and
 * for the process service while that has something to say.
 */
import { ERROR_NO_RIGHT } from '../../abi/errors.ts';
import { PRIORITY_MAX } from '../../abi/limits.ts';
import * as processes from '../../proto/process.client.ts';
import * as serial from '../../proto/serial.client.ts';
import type { Positions } from '../../proto/serial.ts';
import * as line from '../../proto/terminal-line.client.ts';
import type { TypedSignal } from '../../proto/terminal-line.ts';
import { handleNamed } from '../../runtime/start.ts';
import { createThread, startThread } from '../../runtime/system.ts';

export const CARRY_INPUT: u32 = 0;
export const CARRY_OUTPUT: u32 = 1;
export const CARRY_SIGNALS: u32 = 2;

const STACK_SIZE: u32 = 2048;
const INPUT_SIZE: u32 = 64;
const OUTPUT_SIZE: u32 = 256;

const stacks = memory.data(6144, 16);
const input = memory.data(64);
const output = memory.data(256);
const inputPosition = memory.data(8, 4);
const outputPosition = memory.data(8, 4);
const signalBytes = memory.data(8, 4);

/** The service's own port. */
let own: u32 = 0;

//@external("thread", "entry")
declare function threadEntry(): u32;

/** Starts the thread with the highest priority that this process may give it: its own. */
export function startCarrier(carrier: u32, port: u32): void {
  own = port;
  const top = stacks + (carrier + 1) * STACK_SIZE;
  const space = handleNamed('space');
  let made: i32 = ERROR_NO_RIGHT;
  for (let priority = PRIORITY_MAX; made < 0 && priority > 0; priority -= 1) {
    made = createThread(space, threadEntry(), top, carrier, priority);
  }
  assert(made > 0 && startThread(made) === 0);
}

export function carry(carrier: u32): void {
  if (carrier === CARRY_INPUT) carryInput();
  else if (carrier === CARRY_OUTPUT) carryOutput();
  else carrySignals();
}

function carryInput(): void {
  const port = handleNamed('serial');
  const positions = changetype<Positions>(inputPosition);
  assert(serial.positions(port, positions) >= 0);
  let position = positions.read;
  while (true) {
    const count = serial.read(port, position, input, INPUT_SIZE);
    assert(count > 0);
    const taken = line.typed(own, input, count);
    assert(taken > 0);
    position += taken;
  }
}

function carryOutput(): void {
  const port = handleNamed('serial');
  const positions = changetype<Positions>(outputPosition);
  assert(serial.positions(port, positions) >= 0);
  let position = positions.written;
  while (true) {
    const count: u32 = line.nextOutput(own, output, OUTPUT_SIZE);
    if (count === 0) serial.drain(port);
    let done: u32 = 0;
    while (done < count) {
      const taken = serial.write(port, position, output + done, count - done);
      assert(taken > 0);
      position += taken;
      done += taken;
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
