/**
 * All that the shell asks of the system: open objects by handle, files by path, processes, the terminal.
 *
 * Errors are below 0. It is one file so that the rest of the shell is nothing but the language, which tests
 * run in a world of their own.
 */
import { ERROR_BROKEN_PIPE } from '../../os/abi/errors.ts';
import { OPEN_CREATE, OPEN_READ, OPEN_TRUNCATE, OPEN_WRITE } from '../../os/abi/file.ts';
import * as file from '../../os/proto/file.client.ts';
import * as pipes from '../../os/proto/pipe.client.ts';
import type { Ends } from '../../os/proto/pipe.ts';
import {
  ACTION_CATCH,
  ACTION_DEFAULT,
  ACTION_IGNORE,
  ANY_CHILD,
  SIGNAL_PIPE,
  WAIT_NO_HANG,
  WAIT_STOPPED,
} from '../../os/proto/process.ts';
import { now, TICKS_PER_MILLISECOND } from '../../os/runtime/clock.ts';
import { handleNamed, ownPid } from '../../os/runtime/start.ts';
import { cyclesUsed } from '../../os/runtime/system.ts';
import { environment, programArguments } from '../lib/arguments.ts';
import { listDirectory } from '../lib/directory.ts';
import { closeFile, openFile, removeFile, writeWhole } from '../lib/file.ts';
import { Input } from '../lib/input.ts';
import { modeMask, setModeMask } from '../lib/mode-mask.ts';
import { absolutePath, canonicalPath, ownView, setWorkingDirectory, workingDirectory } from '../lib/mount.ts';
import { isTerminal } from '../lib/output.ts';
import { Child, ownNode, sendSignal, setSignal, spawn, takeSignals, waitFor } from '../lib/process.ts';
import { cyclesPerSecond } from '../lib/process-list.ts';
import { linkStatusOf, statusOf } from '../lib/status.ts';
import {
  attributesOf,
  setAttributes,
  setForeground as setForegroundOf,
  setRaw,
  windowOf,
} from '../lib/terminal.ts';
import { decodeText, encodeText } from '../lib/utf8.ts';

export {
  absolutePath,
  Child,
  closeFile as closeObject,
  environment,
  isTerminal,
  modeMask,
  openFile,
  ownPid as processId,
  ownView,
  programArguments,
  sendSignal,
  setModeMask,
  takeSignals,
  workingDirectory,
};

/** What a pipe holds: a longer text could not be put in before somebody reads. */
const PIPE_SIZE: i32 = 65_536;

export class Pipe {
  constructor(
    public reader: i32,
    public writer: i32,
  ) {}
}

/** −1 where the process has none of this number. */
export function inheritedObject(descriptor: i32): i32 {
  const handle = handleNamed('fd' + descriptor.toString());
  return handle === 0 ? -1 : handle;
}

export function writeText(object: i32, text: string): i32 {
  const bytes = heap.alloc(text.length * 3);
  const status = writeWhole(object, bytes, encodeText(text, bytes));
  heap.free(bytes);
  if (status === ERROR_BROKEN_PIPE) sendSignal(ownPid(), SIGNAL_PIPE);
  return status;
}

const byte = memory.data(4);

/** −1 at the end, or an error below it. */
export function readByte(object: i32): i32 {
  const count = file.read(object, byte, 1);
  if (count === 1) return load<u8>(byte);
  return count === 0 ? -1 : count;
}

export function readAll(object: i32): string {
  return new Input(object).readAll();
}

export function textOfBytes(bytes: u8[]): string {
  return decodeText(bytes.dataStart, bytes.length);
}

export function makePipe(): Pipe {
  const ends = changetype<Ends>(heap.alloc(offsetof<Ends>()));
  const status = pipes.create(handleNamed('pipe'), ends);
  const pipe = status < 0 ? new Pipe(status, status) : new Pipe(ends.reader, ends.writer);
  heap.free(changetype<usize>(ends));
  return pipe;
}

/** An object from which the text can be read: a pipe, or a file without a name where it is long. */
export function makeTextSource(text: string): i32 {
  if (text.length * 3 > PIPE_SIZE) return makeTextFile(text);
  const pipe = makePipe();
  if (pipe.reader < 0) return pipe.reader;
  const status = writeText(pipe.writer, text);
  closeFile(pipe.writer);
  return status < 0 ? status : pipe.reader;
}

let textFiles: i32 = 0;

function makeTextFile(text: string): i32 {
  const path = `/tmp/sh-${ownPid()}-${textFiles++}`;
  const writer = openFile(path, OPEN_WRITE | OPEN_CREATE | OPEN_TRUNCATE, 0o600);
  if (writer < 0) return writer;
  const status = writeText(writer, text);
  closeFile(writer);
  const reader = status < 0 ? status : openFile(path, OPEN_READ, 0);
  removeFile(path);
  return reader;
}

/** '' where it cannot be read. */
export function readFile(path: string): string {
  const object = openFile(path, OPEN_READ, 0);
  if (object < 0) return '';
  const text = readAll(object);
  closeFile(object);
  return text;
}

/** KIND_… of os/abi/file.ts; 0 where there is nothing. */
export function fileKind(path: string): i32 {
  const status = statusOf(path);
  return status.error === 0 ? status.kind : 0;
}

/** Of the symbolic link itself. */
export function linkKind(path: string): i32 {
  const status = linkStatusOf(path);
  return status.error === 0 ? status.kind : 0;
}

export function fileMode(path: string): i32 {
  return statusOf(path).mode;
}

export function fileSize(path: string): i64 {
  return statusOf(path).size;
}

/** Nanoseconds since 1970. */
export function fileModified(path: string): i64 {
  return statusOf(path).modified;
}

export function isSameFile(path: string, other: string): bool {
  return statusOf(path).isSame(statusOf(other));
}

export function directoryNames(path: string): string[] {
  const entries = listDirectory(path).entries;
  const names: string[] = [];
  for (let index = 0; index < entries.length; index++) names.push(entries[index].name);
  return names;
}

/** The caller has seen that it is a directory. */
export function changeDirectory(path: string): i32 {
  setWorkingDirectory(absolutePath(path));
  return 0;
}

/** The canonical paths that a path which is there stands for. */
export function meaningsOf(path: string): string[] {
  const absolute = absolutePath(path);
  return ownView().isUnion(absolute) ? ownView().meanings(absolute) : [canonicalPath(path)];
}

export function spawnProgram(
  path: string,
  args: string[],
  environment: string[],
  table: i32[],
  group: i32,
): i32 {
  return spawn(path, args, environment, group, table);
}

/** A shell that begins with the state, which it reads from the descriptor behind the table's. */
export function spawnShell(state: string, table: i32[], group: i32): i32 {
  const pipe = makePipe();
  if (pipe.reader < 0) return pipe.reader;
  const descriptors = table.slice();
  while (descriptors.length > 0 && descriptors[descriptors.length - 1] < 0) descriptors.pop();
  const args: string[] = ['sh', SUBSHELL_OPTION, descriptors.length.toString()];
  descriptors.push(pipe.reader);
  const pid = spawn(shellPath(), args, [], group, descriptors);
  closeFile(pipe.reader);
  if (pid > 0) writeText(pipe.writer, state);
  closeFile(pipe.writer);
  return pid;
}

/** How a shell starts another for its subshells: no option that a person would type. */
export const SUBSHELL_OPTION = '--subshell';

/** Where this program is. */
function shellPath(): string {
  return statusOf('/bin/sh').isThere() ? '/bin/sh' : '/boot/bin/sh';
}

export function waitForChild(isBlocking: bool): Child {
  return waitFor(ANY_CHILD, isBlocking ? WAIT_STOPPED : WAIT_STOPPED | WAIT_NO_HANG);
}

export function catchSignal(signal: i32): void {
  setSignal(signal, ACTION_CATCH);
}

export function ignoreSignal(signal: i32): void {
  setSignal(signal, ACTION_IGNORE);
}

export function defaultSignal(signal: i32): void {
  setSignal(signal, ACTION_DEFAULT);
}

/** Since the machine was switched on. */
export function milliseconds(): u64 {
  return now() / TICKS_PER_MILLISECOND;
}

/** Of the processor, in cycles, by the shell itself. */
export function ownCycles(): u64 {
  const cycles = heap.alloc(sizeof<u64>());
  cyclesUsed(handleNamed('space'), cycles);
  const result = load<u64>(cycles);
  heap.free(cycles);
  return result;
}

export function terminalColumns(object: i32): i32 {
  return windowOf(object).columns;
}

/** A terminal's mode, to come back to. */
export class TerminalMode {
  private before: StaticArray<u8> | null;

  constructor(private object: i32) {
    this.before = attributesOf(object);
  }

  enterRaw(): void {
    const before = this.before;
    if (before !== null) setRaw(this.object, before);
  }

  leaveRaw(): void {
    const before = this.before;
    if (before !== null) setAttributes(this.object, before);
  }
}

/** Of the processor here. */
export function cyclesPerMillisecond(): u64 {
  return cyclesPerSecond(ownNode()) / 1000;
}

/** The terminal is the one of the standard input; group 0 is the shell's own. */
export function setForeground(group: i32): void {
  setForegroundOf(handleNamed('fd0'), group === 0 ? ownPid() : group);
}
