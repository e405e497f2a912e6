/**
 * Making processes: a request is noted, the loader finds where it is to be and its image, and then the process is
 * made of it: a space with limits, the image's segments, a stack, a start block with named handles, and a thread.
 * On another node that is done there (away.ts), for one of its processes here (foreign.ts).
 *
 *     0x0000_1000  data, heap       0x7f00_0000  start block       below 0x8000_0000  stack
 *
 * A process may have few pages at first, so that many find room, and more when it asks for them; what this service
 * makes for it (stack, start block, pages of data that it writes to) is set aside at the same time.
 */
import { RESOURCE_PAGES } from '../../abi/account.ts';
import {
  ERROR_ACCESS,
  ERROR_BAD_ARGUMENT,
  ERROR_BAD_STATE,
  ERROR_BUSY,
  ERROR_NAME_TOO_LONG,
  ERROR_NO_SUCH_PROCESS,
  ERROR_NODE_LOST,
  ERROR_NOT_EXECUTABLE,
  ERROR_QUOTA,
  ERROR_TOO_LARGE,
  ERROR_TOO_MANY,
} from '../../abi/errors.ts';
import { PAGE_SHIFT, PAGE_SIZE, USER_END } from '../../abi/layout.ts';
import { RIGHT_COPY, RIGHT_READ, RIGHT_SEND, RIGHT_WRITE, RIGHTS_ALL } from '../../abi/rights.ts';
import {
  START_ADDRESS,
  START_ARGUMENTS,
  START_DIRECTORY,
  START_ENVIRONMENT,
  START_HANDLE_SIZE,
  START_HEADER_SIZE,
  START_MAGIC,
  START_MODE_MASK,
  START_PAGES_MAX,
  START_PID,
  START_SIZE,
  START_VIEW,
} from '../../abi/start.ts';
import { isNone, none } from '../../lib/pointer.ts';
import { addStartHandle, addStartHandleNamed, beginStart } from '../../lib/start-block.ts';
import { completePrepare, completeSpawn } from '../../proto/process.server.ts';
import { ANY_NODE } from '../../proto/process.ts';
import { fetchLent } from '../../runtime/lent.ts';
import type { Message } from '../../runtime/message.ts';
import { LATER, receivedHandle } from '../../runtime/serve.ts';
import {
  allowed,
  allowMore,
  cloneMemory,
  close,
  createMemory,
  createSpace,
  createThread,
  grant,
  kill,
  map,
  rightsOf,
  startThread,
  unmap,
  used,
  watchSpace,
} from '../../runtime/system.ts';
import { sendAway } from './away.ts';
import { GIVE, START } from './courier.ts';
import { ask, handlesOf, newErrand } from './errand.ts';
import { tellReady } from './foreign.ts';
import { type Image, imageAt, segmentAt, unpin } from './image.ts';
import { JOB_LOAD, JOB_NONE, JOB_PLACE, order, setJob } from './loader.ts';
import { isThere, setOf } from './nodes.ts';
import { addSessionView, keepSessionView, SESSION_VIEW_MAX, sessionViewSize } from './session-view.ts';
import {
  callerOf,
  deathBit,
  init,
  isAway,
  isForeign,
  isGroupOf,
  LOADS,
  newProgram,
  ownNode,
  PATH_SIZE_MAX,
  PREPARED,
  type Process,
  pathOf,
  processOf,
  RUNS,
  release,
} from './table.ts';
import { inheritUser } from './user.ts';

/** Groups of a spawn: the caller's, or one of its own; else an existing one. */
const SAME_GROUP: i32 = -1;
const OWN_GROUP: i32 = 0;

const STACK_PAGES: u32 = 16;
/** Of programs; services are above. */
export const PROGRAM_PRIORITY: u32 = 10;
const PAGES_AT_FIRST: u32 = 96;
const HANDLES_LIMIT: u32 = 256;
const THREADS_LIMIT: u32 = 2;
const PORTS_LIMIT: u32 = 8;
const MEMORIES_LIMIT: u32 = 12;
const TIMERS_LIMIT: u32 = 4;

const DESCRIPTORS_MAX: u32 = 16;
/** Beside descriptors: space, process, and what every program gets. */
const OWN_HANDLES_MAX: u32 = 8;
const HANDLES_ROOM: u32 = START_HEADER_SIZE + (DESCRIPTORS_MAX + OWN_HANDLES_MAX) * START_HANDLE_SIZE;
const BLOCK_SIZE_MAX: u32 = START_PAGES_MAX << PAGE_SHIFT;
/** Of a request. */
const SENT_SIZE_MAX: u32 = BLOCK_SIZE_MAX - HANDLES_ROOM - SESSION_VIEW_MAX;
const STDERR: u32 = 2;
const ASCII_ZERO: u32 = 48;

/** Where a start block is filled. */
const BLOCK: u32 = 0x6000_0000;

const handleName = memory.data(12, 4);

let ownSpace: u32 = 0;
let ownPort: u32 = 0;
/** Names of `shared` handles that every program gets, and their values. */
let sharedCount: u32 = 0;
const sharedNames = memory.data(6 * 12, 4);
const sharedHandles = memory.data(6 * 4, 4);
const SHARED_MAX: u32 = 6;

export function startSpawning(space: u32, port: u32): void {
  ownSpace = space;
  ownPort = port;
}

/** Every program gets this handle, with its user for a badge, by the name that ends with a zero. */
export function shareHandle(name: u32, handle: u32): void {
  assert(sharedCount < SHARED_MAX);
  const at = sharedNames + sharedCount * 12;
  for (let index: u32 = 0; index < 12 && load<u8>(name + index) !== 0; index += 1) {
    store<u8>(at + index, load<u8>(name + index));
  }
  store<u32>(sharedHandles + (sharedCount << 2), handle);
  sharedCount += 1;
}

/** LATER, or an error; then the handles of the request are the caller's to close. */
export function requestSpawn(
  request: Message,
  pathSize: u32,
  startSize: u32,
  group: i32,
  node: i32,
  handles: u32,
  isPrepared: u32,
): i32 {
  const caller = callerOf(request.badge);
  if (isNone(caller)) return ERROR_ACCESS;
  if (pathSize > PATH_SIZE_MAX) return ERROR_NAME_TOO_LONG;
  if (!isSizeOfBlock(startSize) || pathSize === 0)
    return startSize > SENT_SIZE_MAX ? ERROR_TOO_LARGE : ERROR_BAD_ARGUMENT;
  if (node !== ANY_NODE && node !== ownNode() && !isThere(node)) return ERROR_NODE_LOST;
  const process = newProgram();
  if (isNone(process)) return ERROR_TOO_MANY;
  const result = note(process, caller, request, pathSize, group);
  if (result < 0) {
    process.pid = 0;
    return result;
  }
  process.startSize = startSize;
  process.isPrepared = isPrepared;
  takeHandles(process, request, handles);
  if (node === ANY_NODE) order(process, JOB_PLACE);
  else settle(process, node);
  return LATER;
}

export function isSizeOfBlock(size: u32): bool {
  return size >= START_HEADER_SIZE && size <= SENT_SIZE_MAX;
}

/** The loader has found where it is to be: elsewhere. */
export function finishPlacing(process: Process): void {
  setJob(process, JOB_NONE);
  process.isPlaced = 1;
  settle(process, process.result);
}

/** It is to be on that node. */
function settle(process: Process, node: u32): void {
  if (node === ownNode() || !isThere(node)) order(process, JOB_LOAD);
  else sendAway(process, node);
}

function note(process: Process, caller: Process, request: Message, pathSize: u32, group: i32): i32 {
  const result = fetchLent(request.token, 0, 0, pathOf(process), pathSize);
  if (result < 0) return result;
  process.pathSize = pathSize;
  process.state = LOADS;
  process.priority = PROGRAM_PRIORITY;
  process.parent = caller.pid;
  process.session = caller.session === 0 ? process.pid : caller.session;
  inheritUser(process, caller);
  process.ignored = caller.ignored;
  process.token = request.token;
  process.group = group;
  if (group === SAME_GROUP) process.group = caller.session === 0 ? process.pid : caller.group;
  else if (group === OWN_GROUP) process.group = process.pid;
  else if (!isGroupOf(group, process.session, process)) return ERROR_NO_SUCH_PROCESS;
  return 0;
}

/** More descriptors for a child that does not run yet. 0, or an error: the handles are the caller's to close. */
export function giveMore(request: Message, pid: i32, handles: u32): i32 {
  const process = preparedChild(request.badge, pid);
  if (isNone(process)) return ERROR_NO_SUCH_PROCESS;
  return isAway(process) ? giveAway(process, request, handles) : giveTo(process, request, handles);
}

function giveAway(process: Process, request: Message, handles: u32): i32 {
  const errand = newErrand(GIVE, request.token, setOf(process.node));
  if (isNone(errand)) return ERROR_BUSY;
  errand.word0 = process.key;
  errand.given = handles;
  for (let index: u32 = 0; index < handles; index += 1)
    store<u32>(handlesOf(errand) + (index << 2), receivedHandle(request, index));
  return LATER;
}

/** The same for one that is here. */
export function giveTo(process: Process, request: Message, handles: u32): i32 {
  if (process.descriptors + handles > DESCRIPTORS_MAX) return ERROR_TOO_MANY;
  const mapped = mapBlock(process);
  if (mapped < 0) return mapped;
  takeHandles(process, request, handles);
  const result = giveDescriptors(process);
  unmap(ownSpace, BLOCK);
  return result;
}

/** 0, LATER, or an error. */
export function startPrepared(request: Message, pid: i32): i32 {
  const process = preparedChild(request.badge, pid);
  if (isNone(process)) return ERROR_NO_SUCH_PROCESS;
  if (isAway(process)) return ask(START, request.token, process.node, process.key, 0);
  run(process);
  return 0;
}

function preparedChild(badge: u32, pid: i32): Process {
  const process = processOf(pid);
  const caller = callerOf(badge);
  if (isNone(process) || isNone(caller) || process.parent !== caller.pid) return none<Process>();
  return process.state === PREPARED ? process : none<Process>();
}

export function takeHandles(process: Process, request: Message, handles: u32): void {
  process.given = handles;
  const given = changetype<usize>(process) + offsetof<Process>('given0');
  for (let index: u32 = 0; index < handles; index += 1) {
    store<u32>(given + (index << 2), receivedHandle(request, index));
  }
}

/** The loader has found the image, or not: the caller is answered, and the process runs. */
export function finishSpawn(process: Process): void {
  let result: i32 = process.image;
  if (result >= 0) {
    const image = imageAt(result);
    result = make(process, image);
    unpin(image);
  }
  setJob(process, JOB_NONE);
  if (isForeign(process)) tellReady(process, result);
  else if (result < 0) {
    complete(process, result);
    discard(process);
  } else if (complete(process, process.pid) < 0) {
    discard(process);
  } else if (process.isPrepared !== 0) {
    process.state = PREPARED;
  } else {
    run(process);
  }
}

/** Who waits for the spawn is told. */
export function complete(process: Process, status: i32): i32 {
  const token = process.token;
  return process.isPrepared !== 0 ? completePrepare(token, status) : completeSpawn(token, status);
}

/** Nothing of it stays. */
export function discard(process: Process): void {
  if (process.space !== 0) {
    kill(process.space);
    close(process.space);
  }
  if (process.thread !== 0) close(process.thread);
  if (process.block !== 0) close(process.block);
  if (process.stderr !== 0) close(process.stderr);
  process.space = process.thread = process.block = process.stderr = 0;
  closeGiven(process);
  release(process);
}

/** What was to be given and was not. */
export function closeGiven(process: Process): void {
  const given = changetype<usize>(process) + offsetof<Process>('given0');
  for (let index: u32 = 0; index < process.given; index += 1) close(load<u32>(given + (index << 2)));
  process.given = 0;
}

export function run(process: Process): void {
  close(process.block);
  process.block = 0;
  process.state = RUNS;
  startThread(process.thread);
}

/** 0, or an error: the caller discards what there is of it. */
function make(process: Process, image: Image): i32 {
  const pages = pagesFor(image, process.startSize);
  if (pages === 0) return ERROR_QUOTA;
  const space = createSpace(
    pages,
    HANDLES_LIMIT,
    THREADS_LIMIT,
    PORTS_LIMIT,
    MEMORIES_LIMIT,
    TIMERS_LIMIT,
    0,
  );
  if (space < 0) return space;
  process.space = space;
  for (let index: u32 = 0; index < image.segmentCount; index += 1) {
    const result = giveSegment(space, image, index);
    if (result < 0) return result;
  }
  const stack = giveNew(space, USER_END - (STACK_PAGES << PAGE_SHIFT), STACK_PAGES);
  if (stack < 0) return stack;
  const block = giveBlock(process);
  if (block < 0) return block;
  const thread = createThread(space, image.entry, USER_END, 0, process.priority);
  if (thread < 0) return thread;
  process.thread = thread;
  return watchSpace(space, ownPort, deathBit(process));
}

/** Its limit; 0 where there is too little left for a process. */
function pagesFor(image: Image, startSize: u32): u32 {
  const aside = STACK_PAGES + image.dataPages + ((startSize + HANDLES_ROOM) >> PAGE_SHIFT) + 4;
  return freePages() < PAGES_AT_FIRST + aside ? 0 : PAGES_AT_FIRST;
}

function freePages(): u32 {
  return allowed(ownSpace, RESOURCE_PAGES) - used(ownSpace, RESOURCE_PAGES);
}

/** Half of what is free stays so, that others find some. 0, or an error. */
export function giveMorePages(process: Process, pages: u32): i32 {
  if (process.space === 0 || pages > freePages() >> 1) return ERROR_QUOTA;
  return allowMore(process.space, RESOURCE_PAGES, pages);
}

function giveSegment(space: u32, image: Image, index: u32): i32 {
  const segment = segmentAt(image, index);
  const isData = (segment.rights & RIGHT_WRITE) !== 0;
  const contents = isData ? cloneMemory(segment.memory) : <i32>segment.memory;
  if (contents < 0) return contents;
  const result = map(space, segment.start, contents, 0, segment.pages, segment.rights);
  if (isData) close(contents);
  return result === ERROR_BAD_STATE ? ERROR_NOT_EXECUTABLE : result;
}

function giveNew(space: u32, start: u32, pages: u32): i32 {
  const made = createMemory(pages);
  if (made < 0) return made;
  const result = map(space, start, made, 0, pages, RIGHT_READ | RIGHT_WRITE);
  close(made);
  return result;
}

/** The start block: this service's header and handles, and behind them the request's block as it is. */
function giveBlock(process: Process): i32 {
  let result = process.block === 0 ? fetchBlock(process, process.token) : mapBlock(process);
  if (result < 0) return result;
  result = isBlock(process.startSize) ? writeBlock(process) : ERROR_BAD_ARGUMENT;
  unmap(ownSpace, BLOCK);
  return result < 0
    ? result
    : map(process.space, START_ADDRESS, process.block, 0, pagesOf(process), RIGHT_READ);
}

/** Takes the block of a request that is answered before the process is made. → 0, or an error. */
export function takeBlock(process: Process, token: u32, size: u32): i32 {
  process.startSize = size;
  const result = fetchBlock(process, token);
  if (result === 0) unmap(ownSpace, BLOCK);
  return result;
}

/** The request's block, where it is filled. → 0, or an error and nothing is mapped. */
function fetchBlock(process: Process, token: u32): i32 {
  const block = createMemory(pagesOf(process));
  if (block < 0) return block;
  process.block = block;
  const mapped = mapBlock(process);
  if (mapped < 0) return mapped;
  const result = fetchLent(token, 1, 0, BLOCK + HANDLES_ROOM, process.startSize);
  if (result < 0) unmap(ownSpace, BLOCK);
  return result;
}

function mapBlock(process: Process): i32 {
  return map(ownSpace, BLOCK, process.block, 0, pagesOf(process), RIGHT_READ | RIGHT_WRITE);
}

function pagesOf(process: Process): u32 {
  return (HANDLES_ROOM + process.startSize + sessionViewSize() + PAGE_SIZE - 1) >> PAGE_SHIFT;
}

/** Its texts lie in it and end in it. */
function isBlock(size: u32): bool {
  const block = BLOCK + HANDLES_ROOM;
  if (load<u32>(block) !== START_MAGIC || load<u32>(block, START_SIZE) !== size) return false;
  if (load<u32>(block, START_ARGUMENTS) >= size || load<u32>(block, START_ENVIRONMENT) >= size) return false;
  if (load<u32>(block, START_DIRECTORY) >= size || load<u32>(block, START_VIEW) >= size) return false;
  return load<u8>(block + size - 1) === 0;
}

function writeBlock(process: Process): i32 {
  const sent = BLOCK + HANDLES_ROOM;
  beginStart(BLOCK, BLOCK_SIZE_MAX, DESCRIPTORS_MAX + OWN_HANDLES_MAX);
  store<u32>(BLOCK, HANDLES_ROOM + process.startSize, START_SIZE);
  store<u32>(BLOCK, process.pid, START_PID);
  for (let field = START_PID + 4; field <= START_DIRECTORY; field += 4) {
    const isOffset = field === START_ARGUMENTS || field === START_ENVIRONMENT || field === START_DIRECTORY;
    store<u32>(BLOCK + field, load<u32>(sent + field) + (isOffset ? HANDLES_ROOM : 0));
  }
  giveView(process, sent);
  store<u32>(BLOCK, load<u32>(sent, START_MODE_MASK), START_MODE_MASK);
  const space = process.space;
  let fault = give('space', grant(space, space, RIGHTS_ALL, 0));
  fault |= give('process', grant(space, ownPort, RIGHT_SEND, process.pid));
  for (let index: u32 = 0; index < sharedCount; index += 1) {
    const shared = load<u32>(sharedHandles + (index << 2));
    const value = grant(space, shared, RIGHT_SEND | RIGHT_COPY, process.user);
    if (value > 0) addStartHandleNamed(BLOCK, sharedNames + index * 12, value);
    else fault = -1;
  }
  if (fault !== 0) return ERROR_QUOTA;
  return giveDescriptors(process);
}

/** What whoever starts it says; of a program that gets the rights of another, what this node's sessions begin with. */
function giveView(process: Process, sent: u32): void {
  const view = load<u32>(sent, START_VIEW);
  if (process.parent === init().pid) keepSessionView(sent);
  if (process.isRaised !== 0) addSessionView(BLOCK);
  else if (view !== 0) store<u32>(BLOCK, view + HANDLES_ROOM, START_VIEW);
}

/** −1 where the space had no room for it. */
function give(name: string, value: i32): i32 {
  if (value <= 0) return -1;
  addStartHandle(BLOCK, name, value);
  return 0;
}

/** Those that have come with the present request become the next descriptors. */
function giveDescriptors(process: Process): i32 {
  const given = changetype<usize>(process) + offsetof<Process>('given0');
  for (let index: u32 = 0; index < process.given; index += 1) {
    const handle = load<u32>(given + (index << 2));
    const value = grant(process.space, handle, rightsOf(handle), 0);
    if (value < 0) return value;
    memory.fill(handleName, 0, 12);
    store<u16>(handleName, 0x6466);
    const number = process.descriptors;
    if (number >= 10) store<u8>(handleName, ASCII_ZERO + number / 10, 2);
    store<u8>(handleName + (number >= 10 ? 3 : 2), ASCII_ZERO + (number % 10));
    addStartHandleNamed(BLOCK, handleName, value);
    if (number === STDERR) process.stderr = handle;
    else close(handle);
    process.descriptors += 1;
  }
  process.given = 0;
  return 0;
}

/** What is refused leaves no handles behind. */
export function unlessRefused(request: Message, count: u32, result: i32): i32 {
  if (result >= 0 || result === LATER) return result;
  for (let index: u32 = 0; index < count; index += 1) close(receivedHandle(request, index));
  return result;
}
