/**
 * The loader: a thread that does for the process service what takes long, because it calls other services:
 * asking where a program is to be, reading executables, and writing messages about faults. The main thread never
 * waits for anybody.
 *
 * A process's entry belongs to the loader while its `job` is JOB_PLACE, JOB_LOAD or JOB_REPORT. Both threads tell each
 * other by notification that there is something to do.
 */

import { load32, store32 } from 'rv';
import {
  ERROR_ACCESS,
  ERROR_BUSY,
  ERROR_INPUT_OUTPUT,
  ERROR_IS_DIRECTORY,
  ERROR_NOT_EXECUTABLE,
  ERROR_TOO_LARGE,
} from '../../abi/errors.ts';
import {
  KIND_DIRECTORY,
  KIND_FILE,
  OPEN_EXECUTE,
  OPEN_READ,
  STAT_FILE_SIZE,
  STAT_KIND,
  STAT_RECORD_SIZE,
} from '../../abi/file.ts';
import { PAGE_SHIFT, PAGE_SIZE } from '../../abi/layout.ts';
import { RIGHT_READ, RIGHT_WRITE } from '../../abi/rights.ts';
import { addFault } from '../../lib/fault.ts';
import { addByte, addText, addZeroEnded, beginLine } from '../../lib/line.ts';
import * as file from '../../proto/file.client.ts';
import * as placement from '../../proto/load.client.ts';
import * as name from '../../proto/name.client.ts';
import type { Resolution } from '../../proto/name.ts';
import * as tree from '../../proto/tree.client.ts';
import { now, TICKS_PER_MILLISECOND, TICKS_PER_SECOND } from '../../runtime/clock.ts';
import { type Message, receive, waitForEver } from '../../runtime/message.ts';
import { close, createMemory, createPort, map, notify, unmap } from '../../runtime/system.ts';
import { findImage, IMAGES_MAX, makeImage } from './image.ts';
import { ownNode, type Process, pathOf, processAt, processesEnd } from './table.ts';
import { takeImageRights } from './user.ts';

export const JOB_NONE: u32 = 0;
/** Load the image of the path. */
export const JOB_LOAD: u32 = 1;
/** Done: `image` is its place, or an error. */
export const JOB_LOADED: u32 = 2;
/** Write a message about the fault to stderr. */
export const JOB_REPORT: u32 = 3;
export const JOB_REPORTED: u32 = 4;
/** Find where it is to be, and load the image if it is here; else the node is `result`. */
export const JOB_PLACE: u32 = 5;
export const JOB_PLACED: u32 = 6;

const WAKE: u32 = 1;
/** Where a file is while it is looked at. */
const WINDOW: u32 = 0x6400_0000;
const FILE_SIZE_MAX: u32 = 0x100_0000;
const READ_SIZE_MAX: u32 = 0x10_0000;
/** How long somebody may take to take a message about a fault. */
const REPORT_SECONDS: u32 = 1;
const LINE_SIZE: u32 = 512;
/** How long the choice of a node may take, and the pages that a small program will want. */
const PLACE_MILLISECONDS: u32 = 100;
const PAGES_WANTED: u32 = 96;
const SYMBOLS_PATH_MAX: u32 = 300;

const buffer = memory.data(64, 4);
const resolution = memory.data(8, 4);
const readingResolution = memory.data(8, 4);
const record = memory.data(64, 8);
const recordOpened = memory.data(64, 8);
const text = memory.data(512, 4);
const symbolsPath = memory.data(300, 4);

let port: u32 = 0;
let names: u32 = 0;
let loads: u32 = 0;
let space: u32 = 0;
let master: u32 = 0;
let masterBit: u32 = 0;

/** Before its thread begins; the load service may be 0. The main thread's `told` gets `bit` when a job is done. */
export function startLoader(ownSpace: u32, nameService: u32, loadService: u32, told: u32, bit: u32): void {
  port = createPort();
  space = ownSpace;
  names = nameService;
  loads = loadService;
  master = told;
  masterBit = bit;
}

/** By the main thread. */
export function order(process: Process, job: u32): void {
  setJob(process, job);
  notify(port, WAKE);
}

/** Its thread. */
export function runLoader(): void {
  const message = changetype<Message>(buffer);
  message.port = port;
  waitForEver(message);
  while (receive(message) >= 0) {
    for (let index: u32 = 0; index < processesEnd(); index += 1) {
      const process = processAt(index);
      const job = jobOf(process);
      if (job === JOB_PLACE && place(process) !== ownNode()) finish(process, JOB_PLACED);
      else if (job === JOB_LOAD || job === JOB_PLACE) {
        process.image = loadImage(process);
        finish(process, JOB_LOADED);
      } else if (job === JOB_REPORT) {
        reportFault(process);
        finish(process, JOB_REPORTED);
      }
    }
  }
}

function finish(process: Process, job: u32): void {
  setJob(process, job);
  notify(master, masterBit);
}

export function jobOf(process: Process): u32 {
  return load32(changetype<usize>(process) + offsetof<Process>('job'));
}

export function setJob(process: Process, job: u32): void {
  store32(changetype<usize>(process) + offsetof<Process>('job'), job);
}

/** Where a program is to be: here, unless there are others and they say otherwise. */
function place(process: Process): u32 {
  const end = now() + (PLACE_MILLISECONDS as u64) * (TICKS_PER_MILLISECOND as u64);
  const node = loads === 0 ? -1 : placement.placeUntil(loads, end as u32, (end >> 32) as u32, PAGES_WANTED);
  process.result = node < 0 ? <i32>ownNode() : node;
  return process.result;
}

/** A pinned image's place, or an error. */
function loadImage(process: Process): i32 {
  const path = pathOf(process);
  const pathSize = process.pathSize;
  const place = changetype<Resolution>(resolution);
  const resolved = name.resolveAs(names, process.user, path, pathSize, place);
  if (resolved < 0) return resolved;
  const rest = path + place.consumed;
  const restSize = pathSize - place.consumed;
  let result = tree.stat(place.server, rest, restSize, OPEN_EXECUTE, record, STAT_RECORD_SIZE);
  if (result >= 0) result = statFault(record);
  if (result === 0) result = takeImageRights(process, record);
  if (result === 0) {
    const known = findImage(path, pathSize, record);
    result = known < IMAGES_MAX ? <i32>known : read(process);
  }
  close(place.server);
  return result;
}

/** Why this is no program; 0 where it may be one. */
function statFault(stat: u32): i32 {
  const kind = load<u32>(stat, STAT_KIND);
  if (kind === KIND_DIRECTORY) return ERROR_IS_DIRECTORY;
  if (kind !== KIND_FILE) return ERROR_ACCESS;
  if (load<u64>(stat, STAT_FILE_SIZE) > (FILE_SIZE_MAX as u64)) return ERROR_TOO_LARGE;
  return load<u64>(stat, STAT_FILE_SIZE) === 0 ? ERROR_NOT_EXECUTABLE : 0;
}

/** Who may run a file need not be allowed to read it: this service reads it for him. */
function read(process: Process): i32 {
  const place = changetype<Resolution>(readingResolution);
  const path = pathOf(process);
  const resolved = name.resolve(names, path, process.pathSize, place);
  if (resolved < 0) return resolved;
  const size = load<u32>(record, STAT_FILE_SIZE);
  const window = openWindow(place.server, path + place.consumed, process.pathSize - place.consumed, size);
  close(place.server);
  if (window < 0) return window;
  const result = makeImage(pathOf(process), process.pathSize, record, WINDOW, size);
  unmap(space, WINDOW);
  close(window);
  return result;
}

/** The bytes at WINDOW of the file that `record` tells of; the handle of the memory that they are in, or an error. */
function openWindow(server: u32, path: u32, pathSize: u32, size: u32): i32 {
  const opened = tree.open(server, path, pathSize, OPEN_READ, 0);
  if (opened < 0) return opened;
  if (!isAsFound(opened)) {
    close(opened);
    return ERROR_BUSY;
  }
  const pages = (size + PAGE_SIZE - 1) >> PAGE_SHIFT;
  let contents = file.map(opened);
  let result: i32 = 0;
  if (contents >= 0) {
    result = map(space, WINDOW, contents, 0, pages, RIGHT_READ);
  } else {
    contents = createMemory(pages);
    if (contents >= 0) result = map(space, WINDOW, contents, 0, pages, RIGHT_READ | RIGHT_WRITE);
    if (contents >= 0 && result === 0) {
      result = readWhole(opened, size);
      if (result < 0) unmap(space, WINDOW);
    }
  }
  close(opened);
  if (contents < 0 || result === 0) return contents;
  close(contents);
  return result;
}

/** Whether what lies at the path is still what was found there: whose rights it gives was decided by that. */
function isAsFound(opened: u32): bool {
  if (file.stat(opened, recordOpened, STAT_RECORD_SIZE) < 0) return false;
  return memory.compare(record, recordOpened, STAT_RECORD_SIZE) === 0;
}

/** 0, or an error; a file that is shorter now than it was is none that can be used. */
function readWhole(opened: u32, size: u32): i32 {
  let done: u32 = 0;
  while (done < size) {
    const count = file.read(opened, WINDOW + done, min<u32>(size - done, READ_SIZE_MAX));
    if (count <= 0) return count === 0 ? ERROR_INPUT_OUTPUT : count;
    done += count;
  }
  return 0;
}

/** "NAME: store page fault at 0x…, in FUNCTION (file:line)". */
function reportFault(process: Process): void {
  const line = beginLine(text, LINE_SIZE);
  addZeroEnded(line, lastComponent(pathOf(process)));
  addText(line, ': ');
  const size = openSymbols(process);
  addFault(line, process.cause, process.pc, process.address, WINDOW, size);
  addByte(line, 10);
  if (size > 0) unmap(space, WINDOW);
  const end = now() + (REPORT_SECONDS as u64) * (TICKS_PER_SECOND as u64);
  let at = line.start;
  while (at < line.at) {
    const count = file.writeUntil(process.stderr, end as u32, (end >> 32) as u32, at, line.at - at);
    if (count <= 0) return;
    at += count;
  }
}

/** The program's symbols at WINDOW: how many bytes; 0 for none. */
function openSymbols(process: Process): u32 {
  const place = changetype<Resolution>(resolution);
  const path = pathOf(process);
  if (name.resolve(names, path, process.pathSize, place) < 0) return 0;
  const line = beginLine(symbolsPath, SYMBOLS_PATH_MAX);
  addText(line, '/symbols');
  addZeroEnded(line, path + place.consumed);
  const pathSize = line.at - line.start;
  let size: u32 = 0;
  const stat = tree.stat(place.server, line.start, pathSize, 0, record, STAT_RECORD_SIZE);
  if (stat >= 0 && load<u64>(record, STAT_FILE_SIZE) <= (FILE_SIZE_MAX as u64)) {
    const window = openWindow(place.server, line.start, pathSize, load<u32>(record, STAT_FILE_SIZE));
    if (window >= 0) {
      size = load<u32>(record, STAT_FILE_SIZE);
      close(window);
    }
  }
  close(place.server);
  return size;
}

export function lastComponent(path: u32): u32 {
  let start = path;
  for (let at = path; load<u8>(at) !== 0; at += 1) {
    if (load<u8>(at) === 0x2f) start = at + 1;
  }
  return start;
}
