/**
 * The terminal service: a screen and a keyboard at a serial line, for the programs of one session.
 *
 *     serial line ─ typed ─→ [typing.ts] ─→ readers         one thread serves; others carry (line.ts): bytes in,
 *                 ←─────────  [output.ts] ←─ writers, echo          bytes out, signals, exchanges (console.ts)
 *
 * Its port serves os/proto/terminal.ts; what that opens is a handle of the same port with a badge that says
 * what it may do, and obeys os/proto/file.ts. So an open object costs nothing and needs no closing.
 *
 * Who has to wait is kept in a queue: readers for input, for their turn in the foreground, or for more bytes
 * (VMIN, VTIME); writers for room; others until the output has gone. After every request all that can be
 * answered is.
 */
import {
  ERROR_ACCESS,
  ERROR_BAD_ARGUMENT,
  ERROR_CANCELLED,
  ERROR_INPUT_OUTPUT,
  ERROR_NO_SUCH_CALL,
  ERROR_NOT_DIRECTORY,
  ERROR_NOT_SEEKABLE,
} from '../../abi/errors.ts';
import {
  KIND_DEVICE,
  OPEN_READ,
  OPEN_WRITE,
  STAT_KIND,
  STAT_LINKS,
  STAT_MODE,
  STAT_RECORD_SIZE,
} from '../../abi/file.ts';
import { NOTIFIED } from '../../abi/message.ts';
import { RIGHT_SEND } from '../../abi/rights.ts';
import { CONTRACT as CONSOLE_CONTRACT, dispatch as dispatchConsole } from '../../proto/console.server.ts';
import type { ConsoleState, Exchanged } from '../../proto/console.ts';
import { dispatch as dispatchFile } from '../../proto/file.server.ts';
import type { Position } from '../../proto/file.ts';
import { SIGNAL_TTOU } from '../../proto/process.ts';
import { dispatch as dispatchTerminal, CONTRACT as TERMINAL_CONTRACT } from '../../proto/terminal.server.ts';
import {
  completeNextSignal,
  completeTyped,
  dispatch as dispatchLine,
  CONTRACT as LINE_CONTRACT,
} from '../../proto/terminal-line.server.ts';
import type { Attachment, TypedSignal } from '../../proto/terminal-line.ts';
import { deliverLent, fetchLent } from '../../runtime/lent.ts';
import type { Message } from '../../runtime/message.ts';
import { makeObject } from '../../runtime/open-objects.ts';
import { firstRequest, LATER, nextRequest, refuse } from '../../runtime/serve.ts';
import { handleNamed } from '../../runtime/start.ts';
import { copyHandle } from '../../runtime/system.ts';
import { makeSane } from './attributes.ts';
import {
  bring,
  consoleState,
  exchange,
  finishAttach,
  keepRunner,
  loseLine,
  openConsole,
  refuseAttach,
  setConsole,
  useInputThread,
} from './console.ts';
import { answerAskers, command, isChange, openControl, WINDOW_TIME_UP } from './control.ts';
import {
  foregroundGroup,
  hasSignal,
  isInBackground,
  signalGroup,
  signalledGroup,
  signalOfGroup,
  signalTold,
} from './foreground.ts';
import {
  CARRY_EXCHANGES,
  CARRY_INPUT,
  CARRY_OUTPUT,
  CARRY_SIGNALS,
  carry,
  NET_CHANGED,
  offerTerminal,
  startCarrier,
} from './line.ts';
import {
  answerReaders,
  hangUpReaders,
  isTerminalHungUp,
  keepReader,
  openReaders,
  READ_TIME_UP,
  readMayGoOn,
  readTimeUp,
} from './readers.ts';
import { isTypedFull, isUrgent, takeSignals, typeByte } from './typing.ts';
import { ANSWERED, filter, HELD_BACK, heldAt, heldBack } from './window.ts';
import { answerWriters, keepCarrier, keepDrainer, keepWriter, openWriters } from './writers.ts';

/** Badges: of the threads that carry, and of open objects with their flags in the low bits. */
const CARRIER: u32 = 0x100;
const OPENED: u32 = 0x200;
const OPEN_MASK: u32 = OPEN_READ | OPEN_WRITE;

const TYPED_MAX: u32 = 64;
/** A character device that everybody may read and write. */
const MODE: u32 = 0o20666;
const SIGNALS_END: u32 = 32;

const requestBytes = memory.data(64, 4);
const extras = memory.data(64, 64);
const typed = memory.data(64);
const record = memory.data(64, 4);
/** A handle for each way to open the terminal; 0 where nobody has yet. */
const objects = memory.data(16, 4);

let port: u32 = 0;
/** Calls of the carrying threads that wait, 0 for none. */
let typist: u32 = 0;
let typistSize: u32 = 0;
let teller: u32 = 0;

export function main(_argument: u32): i32 {
  port = handleNamed('port');
  makeSane();
  openReaders(port);
  openWriters();
  openControl(port);
  openConsole();
  const own = copyHandle(port, RIGHT_SEND, CARRIER);
  if (own < 0) return own;
  useInputThread(startCarrier(CARRY_INPUT, own));
  startCarrier(CARRY_OUTPUT, own);
  startCarrier(CARRY_SIGNALS, own);
  if (handleNamed('net') !== 0) startCarrier(CARRY_EXCHANGES, own);
  const request = changetype<Message>(requestBytes);
  let result = firstRequest(request, port, extras);
  while (result >= 0) {
    if (result === NOTIFIED) timeIsUp(request.label);
    else serve(request);
    answerAll();
    result = nextRequest(request);
  }
  return result;
}

export function thread(carrier: u32): void {
  carry(carrier);
}

function timeIsUp(bits: u32): void {
  if ((bits & READ_TIME_UP) !== 0) readTimeUp();
  if ((bits & WINDOW_TIME_UP) !== 0) answerAskers();
  if ((bits & NET_CHANGED) !== 0) offerTerminal();
}

function serve(request: Message): void {
  const contract = request.label >> 8;
  if (contract === LINE_CONTRACT) {
    if (request.badge === CARRIER) dispatchLine(changetype<Line>(0), request);
    else refuse(request, ERROR_NO_SUCH_CALL);
  } else if (contract === TERMINAL_CONTRACT) {
    dispatchTerminal(changetype<Screen>(0), request);
  } else if (contract === CONSOLE_CONTRACT) {
    dispatchConsole(changetype<Seat>(0), request);
  } else {
    dispatchFile(changetype<Opened>(0), request);
  }
}

/** What has become possible: input makes readers go on, they make room for input, and so on. */
function answerAll(): void {
  answerReaders();
  if (typist !== 0) {
    const taken = take(typist, typistSize);
    if (taken !== 0) {
      completeTyped(typist, taken);
      typist = 0;
    }
    answerReaders();
  }
  answerWriters();
  if (teller !== 0 && hasSignal()) {
    const signal = changetype<TypedSignal>(record);
    tell(signal);
    completeNextSignal(teller, 0, signal);
    teller = 0;
  }
}

function tell(signal: TypedSignal): void {
  signal.which = -(signalledGroup() as i32);
  signal.signal = signalOfGroup();
  signalTold();
}

/** Only for the service's own threads. */
//@unmanaged
class Line {
  typed(request: Message, fromSize: u32): i32 {
    const taken = take(request.token, fromSize);
    if (taken !== 0) return taken;
    typist = request.token;
    typistSize = fromSize;
    return LATER;
  }

  nextOutput(request: Message, intoSize: u32): i32 {
    return keepCarrier(request.token, intoSize);
  }

  nextSignal(request: Message, result: TypedSignal): i32 {
    if (!hasSignal()) {
      teller = request.token;
      return LATER;
    }
    tell(result);
    return 0;
  }

  lost(_request: Message, line: u32): i32 {
    loseLine(line);
    return 0;
  }

  nextAttach(request: Message, _result: Attachment): i32 {
    return keepRunner(request.token);
  }

  attached(_request: Message, line: u32, place: u32): i32 {
    finishAttach(line, place);
    return 0;
  }

  refused(_request: Message, error: i32): i32 {
    refuseAttach(error);
    return 0;
  }
}

/** os/proto/console.ts. */
//@unmanaged
class Seat {
  set(request: Message, user: u32, mode: u32, since: u64): i32 {
    return setConsole(request.badge, user, mode, since);
  }

  state(_request: Message, result: ConsoleState): i32 {
    memory.copy(changetype<usize>(result), changetype<usize>(consoleState()), offsetof<ConsoleState>());
    return 0;
  }

  bring(request: Message, node: u32): i32 {
    return (request.badge & OPEN_READ) === 0 ? ERROR_ACCESS : bring(request, node);
  }

  exchange(request: Message, line: u32, place: u32, user: u32, result: Exchanged): i32 {
    return exchange(request, line, place, user, result);
  }
}

/** What has been typed, as far as there is room; what signals needs none. → bytes taken, also those dropped. */
function take(token: u32, size: u32): i32 {
  const count = min<u32>(size, TYPED_MAX);
  const fault = fetchLent(token, 0, 0, typed, count);
  if (fault < 0) return fault;
  let at: u32 = 0;
  while (at < count) {
    if (isTypedFull()) {
      const urgent = firstUrgent(at, count);
      if (urgent === count) break;
      at = urgent;
    }
    receive(load<u8>(typed + at));
    at += 1;
  }
  if (at > 0) readMayGoOn();
  return at;
}

function firstUrgent(from: u32, count: u32): u32 {
  for (let at = from; at < count; at += 1) if (isUrgent(load<u8>(typed + at))) return at;
  return count;
}

function receive(byte: u32): void {
  let verdict = filter(byte);
  const held: u32 = verdict === HELD_BACK ? 0 : heldBack();
  if (held > 0) {
    for (let index: u32 = 0; index < held; index += 1) typeByte(heldAt(index));
    verdict = filter(byte);
  }
  if (verdict === ANSWERED) answerAskers();
  else if (verdict !== HELD_BACK) typeByte(byte);
  const signals = takeSignals();
  for (let signal: u32 = 1; signal < SIGNALS_END && signals >> signal !== 0; signal += 1) {
    if (((signals >> signal) & 1) !== 0) signalGroup(foregroundGroup(), signal);
  }
}

/** os/proto/terminal.ts. */
//@unmanaged
class Screen {
  open(_request: Message, flags: u32): i32 {
    hangUpReaders(false);
    const way = flags & OPEN_MASK;
    const known = load<u32>(objects + (way << 2));
    if (known !== 0) return known;
    const object = makeObject(port, OPENED | way);
    if (object > 0) store<u32>(objects + (way << 2), object);
    return object;
  }

  readAs(request: Message, group: u32, intoSize: u32): i32 {
    return read(request, group, intoSize);
  }

  writeAs(request: Message, group: u32, fromSize: u32): i32 {
    return write(request, group, fromSize);
  }

  controlAs(request: Message, group: u32, number: u32, valueSize: u32, answerSize: u32): i32 {
    if (isInBackground(group) && isChange(number)) {
      signalGroup(group, SIGNAL_TTOU);
      return ERROR_CANCELLED;
    }
    return command(number, request.token, valueSize, answerSize);
  }
}

/** os/proto/file.ts. */
//@unmanaged
class Opened {
  read(request: Message, intoSize: u32): i32 {
    return read(request, 0, intoSize);
  }

  write(request: Message, fromSize: u32): i32 {
    return write(request, 0, fromSize);
  }

  seek(_request: Message, _offset: i64, _whence: u32, _result: Position): i32 {
    return ERROR_NOT_SEEKABLE;
  }

  truncate(_request: Message, _size: u64): i32 {
    return ERROR_BAD_ARGUMENT;
  }

  stat(request: Message, intoSize: u32): i32 {
    if (intoSize < STAT_RECORD_SIZE) return ERROR_BAD_ARGUMENT;
    memory.fill(record, 0, STAT_RECORD_SIZE);
    store<u32>(record, KIND_DEVICE, STAT_KIND);
    store<u32>(record, MODE, STAT_MODE);
    store<u32>(record, 1, STAT_LINKS);
    const fault = deliverLent(request.token, 0, 0, record, STAT_RECORD_SIZE);
    return fault < 0 ? fault : STAT_RECORD_SIZE;
  }

  list(_request: Message, _intoSize: u32): i32 {
    return ERROR_NOT_DIRECTORY;
  }

  sync(request: Message): i32 {
    return keepDrainer(request.token);
  }

  control(request: Message, number: u32, valueSize: u32, answerSize: u32): i32 {
    return command(number, request.token, valueSize, answerSize);
  }

  map(_request: Message): i32 {
    return ERROR_BAD_ARGUMENT;
  }
}

function read(request: Message, group: u32, size: u32): i32 {
  if ((request.badge & OPEN_READ) === 0) return ERROR_ACCESS;
  return size === 0 ? 0 : keepReader(request.token, group, size);
}

function write(request: Message, group: u32, size: u32): i32 {
  if ((request.badge & OPEN_WRITE) === 0) return ERROR_ACCESS;
  if (isTerminalHungUp()) return ERROR_INPUT_OUTPUT;
  return size === 0 ? 0 : keepWriter(request.token, group, size);
}
