/**
 * A first process that starts the UART's driver and the terminal service, and is a program at the terminal: it
 * says back each line that it reads. It also plays the process service, which shows the signals that it is asked
 * for, and the shell: a group that is told that it may not read is brought to the foreground. The first word of a
 * line may say what else is to be done:
 *
 *     raw N     N bytes as they come, then lines again       window     the size that the terminal says
 *     as N      the next line as a member of group N         front N    group N in the foreground
 *     soon N    what comes within N tenths of a second       hang       the line is hung up, and opened again
 *     bye       the machine is switched off
 */

import { OPEN_READ, OPEN_WRITE } from '../../../os/abi/file.ts';
import { INIT_CONTROL, INIT_SPACE } from '../../../os/abi/layout.ts';
import * as terminals from '../../../os/abi/terminal.ts';
import * as file from '../../../os/proto/file.client.ts';
import { SIGNAL_TTIN } from '../../../os/proto/process.ts';
import * as terminal from '../../../os/proto/terminal.client.ts';
import { type Message, receive, reply, waitForEver } from '../../../os/runtime/message.ts';
import { createPort, createThread, reset, startThread } from '../../../os/runtime/system.ts';
import { type Device, startDriver, startService, uartDevice } from './driving.ts';

const PRIORITY: u32 = 20;
const LINE_SIZE: u32 = 256;

const deviceBytes = memory.data(64, 4);
const stack = memory.data(2048, 16);
const signalBytes = memory.data(64, 4);
const line = memory.data(256);
const words = memory.data(64);
const attributes = memory.data(36, 4);
const word = memory.data(4, 4);

/** The terminal service. */
let port: u32 = 0;
/** The open terminal, and where processes are signalled. */
let screen: u32 = 0;
let processes: u32 = 0;

//@external("thread", "entry")
declare function threadEntry(): u32;

export function main(_argument: u32): i32 {
  const device = changetype<Device>(deviceBytes);
  uartDevice(device);
  startDriver(device, 'uart');
  port = createPort();
  processes = createPort();
  startService('terminal', port, 'serial', device.port, 'process', processes);
  screen = terminal.open(port, OPEN_READ | OPEN_WRITE);
  startThread(createThread(INIT_SPACE, threadEntry(), stack + 2048, 0, PRIORITY));
  print('$ ');
  while (true) {
    const count = file.read(screen, line, LINE_SIZE);
    if (count === 0) print('end of file\n');
    if (count <= 0) continue;
    if (starts('bye')) break;
    obey(count);
    print('$ ');
  }
  file.sync(screen);
  return reset(INIT_CONTROL, 0, 0);
}

/** Plays the process service. */
export function thread(_argument: u32): void {
  const message = changetype<Message>(signalBytes);
  waitForEver(message);
  message.port = processes;
  while (receive(message) === 0) {
    print('[signal ');
    printNumber(message.word1);
    print(' to ');
    printNumber(message.word0);
    print(']\n');
    if (message.word1 === SIGNAL_TTIN) bringToFront(-(message.word0 as i32));
    message.label = 0;
    reply(message);
  }
}

function obey(count: u32): void {
  if (starts('raw ')) {
    raw(numberAt(4), 1, 0);
  } else if (starts('soon ')) {
    raw(1, 0, numberAt(5));
  } else if (starts('hang')) {
    hangUp();
  } else if (starts('window')) {
    file.control(screen, terminals.TERMINAL_ASK_WINDOW, 0, 0, word, 4);
    printNumber(load<u16>(word));
    print(' rows, ');
    printNumber(load<u16>(word, 2));
    print(' columns\n');
  } else if (starts('front ')) {
    bringToFront(numberAt(6));
  } else if (starts('as ')) {
    const read = terminal.readAs(screen, numberAt(3), line, LINE_SIZE);
    sayBack(read);
  } else {
    sayBack(count);
  }
}

function bringToFront(group: u32): void {
  store<u32>(word, group);
  file.control(screen, terminals.TERMINAL_SET_FOREGROUND, word, 4, 0, 0);
}

function sayBack(count: u32): void {
  print('read: ');
  file.write(screen, line, count);
}

/** Bytes as numbers, by as many reads as it takes to get that many, or none. */
function raw(count: u32, least: u32, tenths: u32): void {
  file.control(screen, terminals.TERMINAL_GET_ATTRIBUTES, 0, 0, attributes, terminals.ATTRIBUTES_SIZE);
  const flags = load<u32>(attributes, terminals.ATTRIBUTES_LOCAL);
  store<u32>(
    attributes,
    flags & ~(terminals.ICANON | terminals.ECHO | terminals.ISIG),
    terminals.ATTRIBUTES_LOCAL,
  );
  setCharacter(terminals.VMIN, least);
  setCharacter(terminals.VTIME, tenths);
  set();
  let read: i32 = 1;
  for (let done: u32 = 0; done < count && read > 0; done += read) {
    read = file.read(screen, line, LINE_SIZE);
    for (let at: i32 = 0; at < read; at += 1) {
      printNumber(load<u8>(line + at));
      print(' ');
    }
  }
  print(read === 0 ? 'nothing\n' : '\n');
  store<u32>(attributes, flags, terminals.ATTRIBUTES_LOCAL);
  set();
}

function setCharacter(index: u32, value: u32): void {
  store<u8>(attributes + terminals.ATTRIBUTES_CHARACTERS + index, value);
}

function hangUp(): void {
  file.control(screen, terminals.TERMINAL_HANG_UP, 0, 0, 0, 0);
  const read = file.read(screen, line, LINE_SIZE);
  const written = file.write(screen, line, 1);
  screen = terminal.open(port, OPEN_READ | OPEN_WRITE);
  printNumber(read);
  print(' ');
  printNumber(written);
  print('\n');
}

function set(): void {
  file.control(screen, terminals.TERMINAL_SET_AFTER_OUTPUT, attributes, terminals.ATTRIBUTES_SIZE, 0, 0);
}

function starts(text: string): bool {
  const length: u32 = text.length;
  for (let at: u32 = 0; at < length; at += 1) {
    if (load<u8>(line + at) !== load<u16>(changetype<usize>(text) + (at << 1))) return false;
  }
  return true;
}

function numberAt(from: u32): u32 {
  let number: u32 = 0;
  for (let at = line + from; load<u8>(at) >= 48 && load<u8>(at) < 58; at += 1)
    number = number * 10 + load<u8>(at) - 48;
  return number;
}

function print(text: string): void {
  const length: u32 = text.length;
  for (let at: u32 = 0; at < length; at += 1)
    store<u8>(words + at, load<u16>(changetype<usize>(text) + (at << 1)));
  file.write(screen, words, length);
}

function printNumber(value: i32): void {
  let rest: u32 = value < 0 ? -value : value;
  let at = words + 64;
  do {
    at -= 1;
    store<u8>(at, 48 + (rest % 10));
    rest /= 10;
  } while (rest > 0);
  if (value < 0) {
    at -= 1;
    store<u8>(at, 45);
  }
  file.write(screen, at, words + 64 - at);
}
