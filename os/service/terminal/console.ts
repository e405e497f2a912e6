/**
 * Whose this terminal is, and the serial line that it is seen at (os/proto/console.ts). The line is its own node's
 * at first; an exchange with another terminal gives it another, and the threads that carry (line.ts) go over to it.
 *
 *     a program here ─ bring ──→ [asked] ─ nextAttach ─→ a thread ─ exchange ─→ the other node's terminal
 *                      ←─────────────────── attached, refused ←──────────────── its line
 */
import { load32, store32 } from 'rv';
import { ERROR_ACCESS, ERROR_BUSY, ERROR_NOT_FOUND } from '../../abi/errors.ts';
import { BADGE_SERVICE } from '../../abi/manifest.ts';
import { addNumber, addText, beginLine } from '../../lib/line.ts';
import { isUser, uidOf } from '../../lib/user.ts';
import { completeBring, completeExchange } from '../../proto/console.server.ts';
import { type ConsoleState, type Exchanged, MODE_TAKEN } from '../../proto/console.ts';
import { SIGNAL_WINCH } from '../../proto/process.ts';
import { completeNextAttach } from '../../proto/terminal-line.server.ts';
import type { Attachment } from '../../proto/terminal-line.ts';
import { NO_NUMBER, numberVariable } from '../../runtime/environment.ts';
import type { Message } from '../../runtime/message.ts';
import { LATER } from '../../runtime/serve.ts';
import { handleNamed } from '../../runtime/start.ts';
import { cancelThread, close } from '../../runtime/system.ts';
import { foregroundGroup, signalGroup } from './foreground.ts';
import { put } from './output.ts';

/** The badge of what other nodes' terminals are offered. */
export const PEER: u32 = 0x400;
/** Everybody may use it, until somebody logs in. */
const FREE_MODE: u32 = 0o666;
const NEWLINE: u32 = 0x0a;
const TEXT_SIZE: u32 = 128;

/** Both kinds of threads read it. */
const lineWord = memory.data(4, 4);
const state = memory.data(24, 8);
const attachment = memory.data(12, 4);
const text = memory.data(128, 4);

let ownLine: u32 = 0;
let inputThread: u32 = 0;
/** The program's call that asks for an exchange, 0 for none; the node; and the thread's call that waits for one. */
let asker: u32 = 0;
let askedNode: u32 = 0;
let isOut = false;
let runner: u32 = 0;

export function openConsole(): void {
  ownLine = handleNamed('serial');
  store32(lineWord, ownLine);
  consoleState().place = ownPlace();
  consoleState().mode = FREE_MODE;
}

/** The thread that waits for what is typed has to look for another line when there is one. */
export function useInputThread(thread: u32): void {
  inputThread = thread;
}

export function currentLine(): u32 {
  return load32(lineWord);
}

export function consoleState(): ConsoleState {
  return changetype<ConsoleState>(state);
}

function ownPlace(): u32 {
  const own = numberVariable('node');
  return own === NO_NUMBER ? 0 : own;
}

/** What a service sets: programs' handles may not. */
export function setConsole(badge: u32, user: u32, mode: u32, since: u64): i32 {
  if (badge < BADGE_SERVICE) return ERROR_ACCESS;
  consoleState().user = user;
  consoleState().mode = mode;
  consoleState().since = since;
  return 0;
}

/** What the method returns. */
export function bring(request: Message, node: u32): i32 {
  if (asker !== 0 || isOut) return ERROR_BUSY;
  if (handleNamed('net') === 0 || node === ownPlace()) return ERROR_NOT_FOUND;
  asker = request.token;
  askedNode = node;
  sendRunner();
  return LATER;
}

/** What the thread's method returns. */
export function keepRunner(token: u32): i32 {
  runner = token;
  sendRunner();
  return LATER;
}

function sendRunner(): void {
  if (asker === 0 || runner === 0 || isOut) return;
  isOut = true;
  const wanted = changetype<Attachment>(attachment);
  wanted.node = askedNode;
  wanted.place = consoleState().place;
  wanted.user = consoleState().user;
  completeNextAttach(runner, 0, wanted);
  runner = 0;
}

/** The other terminal has the line, and gave its own. */
export function finishAttach(line: u32, place: u32): void {
  useLine(line, place);
  answer(0);
}

export function refuseAttach(error: i32): void {
  answer(error);
}

function answer(status: i32): void {
  completeBring(asker, status);
  asker = 0;
  isOut = false;
}

/** By another node's terminal: what the method returns. The line is this service's, where it is taken. */
export function exchange(request: Message, line: u32, place: u32, user: u32, result: Exchanged): i32 {
  const known = consoleState();
  let refusal: i32 = 0;
  if (request.badge !== PEER) refusal = ERROR_ACCESS;
  else if ((known.mode & MODE_TAKEN) === 0) refusal = ERROR_NOT_FOUND;
  else if (isUser(user) && uidOf(user) !== uidOf(known.user)) refusal = ERROR_ACCESS;
  else if (isOut) refusal = ERROR_BUSY;
  if (refusal < 0) {
    close(line);
    return refusal;
  }
  result.line = currentLine();
  result.place = known.place;
  completeExchange(request.token, 0, result);
  useLine(line, place);
  put(NEWLINE);
  signalGroup(foregroundGroup(), SIGNAL_WINCH);
  return LATER;
}

/** One of the threads cannot use the line any more. Another one than the own is given up for that. */
export function loseLine(line: u32): void {
  if (line !== currentLine() || line === ownLine) return;
  const lost = consoleState().place;
  useLine(ownLine, ownPlace());
  tellOfLoss(lost);
  signalGroup(foregroundGroup(), SIGNAL_WINCH);
}

/** Whoever sits here has another session before him now. */
function tellOfLoss(node: u32): void {
  const line = beginLine(text, TEXT_SIZE);
  addText(line, '\n[node ');
  addNumber(line, node);
  addText(line, ' cannot be reached: this is the session of node ');
  addNumber(line, ownPlace());
  addText(line, ']\n');
  for (let at = line.start; at < line.at; at += 1) put(load<u8>(at));
}

function useLine(line: u32, place: u32): void {
  const before = currentLine();
  store32(lineWord, line);
  consoleState().place = place;
  if (before !== ownLine) close(before);
  cancelThread(inputThread);
}
