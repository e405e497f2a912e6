/**
 * Processes: starting programs, waiting for them, signals. Everything gives an error below 0.
 *
 *     spawn('/bin/ls', ['ls', '-l'], environment(), SAME_GROUP, [fd0, fd1, fd2])    a process number
 *     waitFor(ANY_CHILD, 0)       a Child: which, how and by what
 *     sendSignal(-group, signal)
 *
 * A program gets handles of its own to the same open objects, and the spawner's view of names. A descriptor that
 * is −1 is closed in it.
 */
import { ERROR_CROSS_DEVICE, ERROR_TOO_LARGE } from '../../os/abi/errors.ts';
import { OPEN_READ, OPEN_WRITE } from '../../os/abi/file.ts';
import { PAGE_SIZE } from '../../os/abi/layout.ts';
import {
  START_ARGUMENT_COUNT,
  START_ARGUMENTS,
  START_DIRECTORY,
  START_ENVIRONMENT,
  START_ENVIRONMENT_COUNT,
  START_HEADER_SIZE,
  START_MAGIC,
  START_MODE_MASK,
  START_PAGES_MAX,
  START_SIZE,
  START_VIEW,
} from '../../os/abi/start.ts';
import * as processes from '../../os/proto/process.client.ts';
import { ANY_NODE, type End, type Identity } from '../../os/proto/process.ts';
import { handleNamed } from '../../os/runtime/start.ts';
import { openFile } from './file.ts';
import { modeMask } from './mode-mask.ts';
import { canonicalPath, leadsOn, ownView, placeOf, workingDirectory } from './mount.ts';
import { encodeText } from './utf8.ts';

/** Groups of a new process: its parent's, or one of its own. */
export const SAME_GROUP: i32 = -1;
export const OWN_GROUP: i32 = 0;

const UNIT_BYTES_MAX: i32 = 3;
/** Handles that one message carries. */
const HANDLES_MAX: i32 = 4;

/** What has become of a child. `pid` is an error below 0, and 0 where nothing has happened yet. */
export class Child {
  pid: i32 = 0;
  /** HOW_… of os/proto/process.ts. */
  how: u32 = 0;
  /** The exit status, or the signal. */
  value: u32 = 0;
  /** Of the processor, by it and those that it has waited for, where it has ended. */
  cycles: u64 = 0;
}

export function spawn(
  path: string,
  args: string[],
  environment: string[],
  group: i32,
  descriptors: i32[],
  node: i32 = ANY_NODE,
): i32 {
  const pid = spawnAt(canonicalPath(path), args, environment, group, descriptors, node);
  if (pid !== ERROR_CROSS_DEVICE) return pid;
  return spawnBeyond(path, args, environment, group, descriptors, node);
}

/** By a symbolic link that leads to another tree. */
function spawnBeyond(
  path: string,
  args: string[],
  environment: string[],
  group: i32,
  descriptors: i32[],
  node: i32,
): i32 {
  const place = placeOf(path);
  let pid: i32 = ERROR_CROSS_DEVICE;
  while (leadsOn(place, pid, 0))
    pid = place.error !== 0 ? place.error : spawnAt(place.path, args, environment, group, descriptors, node);
  return pid;
}

/** `path` is canonical. */
function spawnAt(
  path: string,
  args: string[],
  environment: string[],
  group: i32,
  descriptors: i32[],
  node: i32,
): i32 {
  const image = heap.alloc(path.length * UNIT_BYTES_MAX);
  const imageSize = encodeText(path, image);
  const block = new StartBlock(args, environment);
  const handles = heap.alloc(descriptors.length << 2);
  const count = fillHandles(handles, descriptors);
  let result: i32 = ERROR_TOO_LARGE;
  if (block.size > <i32>(START_PAGES_MAX * PAGE_SIZE)) result = ERROR_TOO_LARGE;
  else if (count <= HANDLES_MAX) {
    result = processes.spawn(own(), image, imageSize, block.address, block.size, group, node, handles, count);
  } else result = spawnWithMany(image, imageSize, block, group, node, handles, count);
  heap.free(handles);
  heap.free(block.address);
  heap.free(image);
  return result;
}

export function waitFor(which: i32, options: u32): Child {
  const end = changetype<End>(heap.alloc(offsetof<End>()));
  const child = new Child();
  const status = processes.wait(own(), which, options, end);
  if (status < 0) child.pid = status;
  else {
    child.pid = end.pid;
    child.how = end.how;
    child.value = end.value;
    child.cycles = end.cycles;
  }
  heap.free(changetype<usize>(end));
  return child;
}

/** To a process, or with a negative number to a group. */
export function sendSignal(which: i32, signal: u32): i32 {
  return processes.kill(own(), which, signal);
}

/** ACTION_… of os/proto/process.ts. */
export function setSignal(signal: u32, action: u32): i32 {
  return processes.setSignal(own(), signal, action);
}

/** Bits of the caught signals that have come since it was asked last. */
export function takeSignals(): u32 {
  return processes.takeSignals(own());
}

/** Only root may: what this process starts from now on is that user's, and has a session of its own. */
export function startAs(uid: u32, gid: u32): i32 {
  return processes.startAs(own(), uid, gid);
}

/** Whose process this is, as os/lib/user.ts has users: also where it has the rights of its program's owner. */
export function ownUser(): u32 {
  return identity().user;
}

export function ownGroup(): i32 {
  return identity().group;
}

/** Where this process runs. */
export function ownNode(): i32 {
  return processes.place(own(), 0);
}

export function ownSession(): i32 {
  return identity().session;
}

/** What the process service says about this process. */
function identity(): Identity {
  if (known === 0) known = heap.alloc(offsetof<Identity>());
  const identity = changetype<Identity>(known);
  processes.identify(own(), identity);
  return identity;
}

let known: usize = 0;

function own(): u32 {
  return handleNamed('process');
}

/** Without the closed ones at the end; a closed one between others is an object that has nothing. */
function fillHandles(handles: usize, descriptors: i32[]): i32 {
  let count = descriptors.length;
  while (count > 0 && descriptors[count - 1] < 0) count--;
  for (let index = 0; index < count; index++) {
    store<u32>(handles + (index << 2), descriptors[index] < 0 ? nothing() : descriptors[index]);
  }
  return count;
}

let nothingHandle: i32 = 0;

function nothing(): i32 {
  if (nothingHandle <= 0) nothingHandle = openFile('/dev/null', OPEN_READ | OPEN_WRITE, 0);
  return nothingHandle;
}

function spawnWithMany(
  image: usize,
  imageSize: i32,
  block: StartBlock,
  group: i32,
  node: i32,
  handles: usize,
  count: i32,
): i32 {
  const pid = processes.prepare(
    own(),
    image,
    imageSize,
    block.address,
    block.size,
    group,
    node,
    handles,
    HANDLES_MAX,
  );
  for (let done = HANDLES_MAX; pid > 0 && done < count; done += HANDLES_MAX) {
    const result = processes.give(own(), pid, handles + (done << 2), min(HANDLES_MAX, count - done));
    if (result < 0) return result;
  }
  const started = pid > 0 ? processes.start(own(), pid) : 0;
  return started < 0 ? started : pid;
}

/** A start block without what the process service adds. */
class StartBlock {
  address: usize;
  size: i32 = START_HEADER_SIZE;

  constructor(args: string[], environment: string[]) {
    const directory = workingDirectory();
    const view = ownView().text;
    let units = directory.length + view.length + 2;
    for (let index = 0; index < args.length; index++) units += args[index].length + 1;
    for (let index = 0; index < environment.length; index++) units += environment[index].length + 1;
    this.address = heap.alloc(<i32>START_HEADER_SIZE + units * UNIT_BYTES_MAX);
    memory.fill(this.address, 0, START_HEADER_SIZE);
    store<u32>(this.address, START_MAGIC);
    store<u32>(this.address, modeMask(), START_MODE_MASK);
    this.addAll(args, START_ARGUMENTS, START_ARGUMENT_COUNT);
    this.addAll(environment, START_ENVIRONMENT, START_ENVIRONMENT_COUNT);
    store<u32>(this.address + START_DIRECTORY, this.size);
    this.add(directory);
    store<u32>(this.address + START_VIEW, view === '' ? 0 : this.size);
    this.add(view);
    store<u32>(this.address + START_SIZE, this.size);
  }

  private addAll(texts: string[], offset: u32, count: u32): void {
    store<u32>(this.address + offset, this.size);
    store<u32>(this.address + count, texts.length);
    for (let index = 0; index < texts.length; index++) this.add(texts[index]);
  }

  private add(text: string): void {
    this.size += encodeText(text, this.address + this.size);
    store<u8>(this.address + this.size, 0);
    this.size++;
  }
}
