/**
 * The commands of os/abi/terminal.ts, as `control` of an open object or `controlAs` of a process group: in
 * both, the first lent range is the value and the second one the answer.
 */
import { ERROR_BAD_ARGUMENT } from '../../abi/errors.ts';
import {
  ATTRIBUTES_SIZE,
  ICANON,
  TERMINAL_ASK_WINDOW,
  TERMINAL_DRAIN,
  TERMINAL_FLUSH,
  TERMINAL_GET_ATTRIBUTES,
  TERMINAL_GET_FOREGROUND,
  TERMINAL_GET_WINDOW,
  TERMINAL_HANG_UP,
  TERMINAL_SET_AFTER_OUTPUT,
  TERMINAL_SET_AND_FLUSH,
  TERMINAL_SET_ATTRIBUTES,
  TERMINAL_SET_FOREGROUND,
  TERMINAL_SET_WINDOW,
  WINDOW_SIZE,
} from '../../abi/terminal.ts';
import { CONTROL_ANSWER, CONTROL_VALUE, completeControl } from '../../proto/file.server.ts';
import { SIGNAL_CONT, SIGNAL_HUP, SIGNAL_WINCH } from '../../proto/process.ts';
import { type CallQueue, dropCall, keepCall, openCalls, tokenAt } from '../../runtime/call-queue.ts';
import { deliverLent, fetchLent } from '../../runtime/lent.ts';
import { LATER } from '../../runtime/serve.ts';
import { createTimer } from '../../runtime/system.ts';
import { setTimerIn } from '../../runtime/timer.ts';
import { attributes, hasLocal } from './attributes.ts';
import { foregroundGroup, setForegroundGroup, signalGroup } from './foreground.ts';
import { dropOutput } from './output.ts';
import { hangUpReaders } from './readers.ts';
import { canonicalChanged, dropTyped } from './typing.ts';
import { askForWindow, giveUpAsking, setWindowSize, windowSize } from './window.ts';
import { keepDrainer } from './writers.ts';

/** The bit of the port that says that the terminal has not answered in time. */
export const WINDOW_TIME_UP: u32 = 4;
/** 0.2 s. */
const WINDOW_TICKS: u32 = 2_000_000;
const FLUSH_TYPED: u32 = 1;
const FLUSH_OUTPUT: u32 = 2;
const WORD_SIZE: u32 = 4;

const askersBytes = memory.data(72, 4);
const record = memory.data(36, 4);

let askers = changetype<CallQueue>(0);
let port: u32 = 0;
let timer: u32 = 0;

export function openControl(own: u32): void {
  askers = openCalls(askersBytes, 72);
  port = own;
  timer = createTimer();
  assert(timer > 0);
}

/** Whether a group in the background has to be stopped before. */
export function isChange(command: u32): bool {
  if (command === TERMINAL_SET_WINDOW || command === TERMINAL_FLUSH) return true;
  return command >= TERMINAL_SET_ATTRIBUTES && command <= TERMINAL_SET_AND_FLUSH;
}

/** → bytes of the answer; LATER; ERROR_BAD_ARGUMENT for what is no command of a terminal. */
export function command(number: u32, token: u32, valueSize: u32, answerSize: u32): i32 {
  switch (number) {
    case TERMINAL_GET_ATTRIBUTES:
      return give(token, attributes, ATTRIBUTES_SIZE, answerSize);
    case TERMINAL_SET_ATTRIBUTES:
      return setAttributes(token, valueSize);
    case TERMINAL_SET_AFTER_OUTPUT: {
      // what was written before has been processed already
      const result = setAttributes(token, valueSize);
      return result < 0 ? result : keepDrainer(token);
    }
    case TERMINAL_SET_AND_FLUSH: {
      const result = setAttributes(token, valueSize);
      if (result === 0) dropTyped();
      return result;
    }
    case TERMINAL_GET_WINDOW:
      return giveWord(token, windowSize(), answerSize);
    case TERMINAL_SET_WINDOW:
      return setWindow(token, valueSize);
    case TERMINAL_ASK_WINDOW:
      return askWindow(token, answerSize);
    case TERMINAL_GET_FOREGROUND:
      return giveWord(token, foregroundGroup(), answerSize);
    case TERMINAL_SET_FOREGROUND:
      if (!hasWord(token, valueSize)) return ERROR_BAD_ARGUMENT;
      setForegroundGroup(load<u32>(record));
      return 0;
    case TERMINAL_FLUSH:
      if (!hasWord(token, valueSize)) return ERROR_BAD_ARGUMENT;
      return flush(load<u32>(record));
    case TERMINAL_DRAIN:
      return keepDrainer(token);
    case TERMINAL_HANG_UP:
      return hangUp();
    default:
      return ERROR_BAD_ARGUMENT;
  }
}

/** The terminal has said its size, or will not. */
export function answerAskers(): void {
  giveUpAsking();
  store<u32>(record, windowSize());
  while (askers.count > 0) {
    const token = tokenAt(askers, 0);
    dropCall(askers, 0);
    const fault = deliverLent(token, CONTROL_ANSWER, 0, record, WINDOW_SIZE);
    completeControl(token, fault < 0 ? fault : WINDOW_SIZE);
  }
}

function setAttributes(token: u32, valueSize: u32): i32 {
  if (valueSize !== ATTRIBUTES_SIZE) return ERROR_BAD_ARGUMENT;
  const fault = fetchLent(token, CONTROL_VALUE, 0, record, ATTRIBUTES_SIZE);
  if (fault < 0) return fault;
  const wasCanonical = hasLocal(ICANON);
  memory.copy(attributes, record, ATTRIBUTES_SIZE);
  if (hasLocal(ICANON) !== wasCanonical) canonicalChanged();
  return 0;
}

function setWindow(token: u32, valueSize: u32): i32 {
  if (!hasWord(token, valueSize)) return ERROR_BAD_ARGUMENT;
  if (setWindowSize(load<u32>(record))) signalGroup(foregroundGroup(), SIGNAL_WINCH);
  return 0;
}

function askWindow(token: u32, answerSize: u32): i32 {
  if (answerSize < WINDOW_SIZE) return ERROR_BAD_ARGUMENT;
  const kept = keepCall(askers, token, 0);
  if (kept !== LATER || askers.count > 1) return kept;
  askForWindow();
  setTimerIn(timer, port, WINDOW_TIME_UP, WINDOW_TICKS);
  return LATER;
}

function flush(which: u32): i32 {
  if ((which & FLUSH_TYPED) !== 0) dropTyped();
  if ((which & FLUSH_OUTPUT) !== 0) dropOutput();
  return 0;
}

function hangUp(): i32 {
  hangUpReaders(true);
  signalGroup(foregroundGroup(), SIGNAL_HUP);
  signalGroup(foregroundGroup(), SIGNAL_CONT);
  dropTyped();
  return 0;
}

/** The value is a word: it is in the record then. */
function hasWord(token: u32, valueSize: u32): bool {
  return valueSize === WORD_SIZE && fetchLent(token, CONTROL_VALUE, 0, record, WORD_SIZE) === 0;
}

function giveWord(token: u32, word: u32, answerSize: u32): i32 {
  store<u32>(record, word);
  return give(token, record, WORD_SIZE, answerSize);
}

function give(token: u32, from: usize, size: u32, answerSize: u32): i32 {
  if (answerSize < size) return ERROR_BAD_ARGUMENT;
  const fault = deliverLent(token, CONTROL_ANSWER, 0, from, size);
  return fault < 0 ? fault : size;
}
