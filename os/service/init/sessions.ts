/**
 * Sessions: the manifest's programs, which a thread of init's own starts through the process service, waits
 * for, and starts again. Its waits are long, and supervision goes on meanwhile.
 *
 * A session that ends at once, again and again, is given up: SHORT_LIVES_MAX lives shorter than a second.
 */
import { OPEN_READ, OPEN_WRITE } from '../../abi/file.ts';
import {
  SESSION_ARGUMENTS,
  SESSION_AT_END,
  SESSION_CONSOLE,
  SESSION_ENDS,
  SESSION_PROGRAM,
} from '../../abi/manifest.ts';
import {
  MODE_MASK_USUAL,
  START_ARGUMENT_COUNT,
  START_ARGUMENTS,
  START_DIRECTORY,
  START_ENVIRONMENT,
  START_ENVIRONMENT_COUNT,
  START_MODE_MASK,
  START_SIZE,
  START_VIEW,
} from '../../abi/start.ts';
import { addNumber, addText, addZeroEnded } from '../../lib/line.ts';
import { addStartBytes, beginStart, isStartWhole, textsSize } from '../../lib/start-block.ts';
import * as file from '../../proto/file.client.ts';
import * as name from '../../proto/name.client.ts';
import type { Resolution } from '../../proto/name.ts';
import * as programs from '../../proto/process.client.ts';
import { ANY_CHILD, type End, HOW_EXITED } from '../../proto/process.ts';
import * as tree from '../../proto/tree.client.ts';
import { now, TICKS_PER_SECOND } from '../../runtime/clock.ts';
import { close } from '../../runtime/system.ts';
import { isHalting, switchOff, syncTrees } from './end.ts';
import {
  environmentCount,
  environmentTexts,
  listCount,
  listPlace,
  placeInManifest,
  sessionCount,
  sessionRecord,
} from './manifest.ts';
import { beginReport, endReport } from './report.ts';
import { sessionView } from './view.ts';

//@unmanaged
class Session {
  /** 0 where it does not run. */
  pid: i32 = 0;
  shortLives: u32 = 0;
  startedLow: u32 = 0;
  startedHigh: u32 = 0;
}

export const SESSIONS_MAX: u32 = 8;
const SHORT_LIVES_MAX: u32 = 5;
const BLOCK_SIZE: u32 = 8192;
const OWN_GROUP: i32 = 0;
const DRAIN_SECONDS: u32 = 5;

const sessions = memory.data(8 * 16, 4);
const block = memory.data(8192, 16);
const root = memory.data<u8>([0x2f, 0]);
const descriptors = memory.data(12, 4);
const resolution = memory.data(8, 4);
const changed = memory.data(24, 8);

/** This one. */
let node: u32 = 0;

/** Runs them until the last one has ended for good; `names` and `processes` are the services' ports. */
export function runSessions(names: u32, processes: u32): void {
  assert(sessionCount() <= SESSIONS_MAX);
  const place = programs.place(processes, 0);
  if (place < 0) return;
  node = place;
  for (let index: u32 = 0; index < sessionCount(); index += 1) start(index, names, processes);
  const end = changetype<End>(changed);
  while (areRunning()) {
    if (programs.wait(processes, ANY_CHILD, 0, end) < 0) return;
    for (let index: u32 = 0; index < sessionCount(); index += 1) {
      const session = sessionAt(index);
      if (session.pid !== <i32>end.pid) continue;
      session.pid = 0;
      handleEnd(index, end, names, processes);
    }
  }
}

function handleEnd(index: u32, end: End, names: u32, processes: u32): void {
  if (isHalting()) return;
  const session = sessionAt(index);
  if (load<u32>(sessionRecord(index), SESSION_AT_END) === SESSION_ENDS) {
    if (areRunning()) return;
    drain(index, names);
    syncTrees();
    switchOff(end.how === HOW_EXITED ? end.value : 1);
  }
  const started = ((session.startedHigh as u64) << 32) | (session.startedLow as u64);
  session.shortLives = now() - started < (TICKS_PER_SECOND as u64) ? session.shortLives + 1 : 0;
  if (session.shortLives < SHORT_LIVES_MAX) start(index, names, processes);
  else giveUp(index, ' ends again and again, the last time with status ', end.value);
}

function areRunning(): bool {
  for (let index: u32 = 0; index < sessionCount(); index += 1) {
    if (sessionAt(index).pid !== 0) return true;
  }
  return false;
}

function start(index: u32, names: u32, processes: u32): void {
  const record = sessionRecord(index);
  const time = now();
  const session = sessionAt(index);
  session.startedLow = time as u32;
  session.startedHigh = (time >> 32) as u32;
  const console = openConsole(placeInManifest(load<u32>(record + SESSION_CONSOLE)), names);
  if (console < 0) {
    giveUp(index, ' has no console, error ', -console);
    return;
  }
  for (let place: u32 = 0; place < 12; place += 4) store<u32>(descriptors + place, console);
  const path = placeInManifest(load<u32>(record + SESSION_PROGRAM));
  writeBlock(record);
  const size = load<u32>(block, START_SIZE);
  const pathSize = textsSize(path, 1) - 1;
  const pid = programs.spawn(processes, path, pathSize, block, size, OWN_GROUP, node, descriptors, 3);
  close(console);
  if (pid < 0) giveUp(index, ' cannot be started, error ', -pid);
  else session.pid = pid;
}

/** What the console has been given and not shown yet; it has its time. */
function drain(index: u32, names: u32): void {
  const console = openConsole(placeInManifest(load<u32>(sessionRecord(index) + SESSION_CONSOLE)), names);
  if (console < 0) return;
  const until = now() + (DRAIN_SECONDS as u64) * (TICKS_PER_SECOND as u64);
  file.syncUntil(console, until as u32, (until >> 32) as u32);
}

/** Where that was the only one, nothing is left to be switched on for. */
function giveUp(index: u32, text: string, number: u32): void {
  const line = beginReport();
  addZeroEnded(line, placeInManifest(load<u32>(sessionRecord(index) + SESSION_PROGRAM)));
  addText(line, text);
  addNumber(line, number);
  if (!areRunning()) addText(line, ': no session is left, switching off');
  endReport(line);
  if (!areRunning()) switchOff(1);
}

/** An open object, or why there is none. */
function openConsole(path: u32, names: u32): i32 {
  const size = textsSize(path, 1) - 1;
  const place = changetype<Resolution>(resolution);
  const status = name.resolve(names, path, size, place);
  if (status < 0) return status;
  const rest = path + place.consumed;
  const opened = tree.open(place.server, rest, size - place.consumed, OPEN_READ | OPEN_WRITE, 0);
  close(place.server);
  return opened;
}

function writeBlock(record: u32): void {
  memory.fill(block, 0, BLOCK_SIZE);
  beginStart(block, BLOCK_SIZE, 0);
  store<u32>(block, MODE_MASK_USUAL, START_MODE_MASK);
  const count = listCount(record, SESSION_ARGUMENTS);
  const texts = listPlace(record, SESSION_ARGUMENTS);
  store<u32>(block, count, START_ARGUMENT_COUNT);
  addStartBytes(block, BLOCK_SIZE, START_ARGUMENTS, texts, textsSize(texts, count));
  store<u32>(block, environmentCount(), START_ENVIRONMENT_COUNT);
  const size = textsSize(environmentTexts(), environmentCount());
  addStartBytes(block, BLOCK_SIZE, START_ENVIRONMENT, environmentTexts(), size);
  addStartBytes(block, BLOCK_SIZE, START_DIRECTORY, root, 2);
  const view = sessionView(placeInManifest(load<u32>(record + SESSION_CONSOLE)));
  if (view !== 0) addStartBytes(block, BLOCK_SIZE, START_VIEW, view, textsSize(view, 1));
  assert(isStartWhole(block));
}

function sessionAt(index: u32): Session {
  return changetype<Session>(sessions + index * offsetof<Session>());
}
