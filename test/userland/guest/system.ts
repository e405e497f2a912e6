/**
 * What the shell asks of its system, in a world of the tests (../shell-host.ts): it takes the place of
 * userland/sh/system.ts, function for function.
 */
import { normalPath } from '../../../userland/lib/path.ts';
import { View } from '../../../userland/lib/view.ts';

//@external("host", "copy")
declare function copy(into: usize): void;
//@external("host", "startup")
declare function startup(): i32;
//@external("host", "object")
declare function object(descriptor: i32): i32;
//@external("host", "pid")
declare function pid(): i32;
//@external("host", "close")
declare function close(object: i32): void;
//@external("host", "write")
declare function write(object: i32, text: string): i32;
//@external("host", "read")
declare function read(object: i32, max: i32): i32;
//@external("host", "open")
declare function open(path: string, flags: u32): i32;
//@external("host", "pipe")
declare function pipe(): i32;
//@external("host", "source")
declare function source(text: string): i32;
//@external("host", "stat")
declare function stat(path: string): i32;
//@external("host", "list")
declare function list(path: string): i32;
//@external("host", "file")
declare function file(path: string): i32;
//@external("host", "enter")
declare function enter(path: string): i32;
//@external("host", "spawn")
declare function spawn(args: string, environment: string, table: string): i32;
//@external("host", "wait")
declare function wait(isBlocking: bool): i32;
//@external("host", "terminal")
declare function terminal(): i32;
//@external("host", "kill")
declare function kill(target: i32, signal: i32): i32;

export const SUBSHELL_OPTION: string = '--subshell';

/** The text of so many units that the host has ready. */
function given(size: i32): string {
  const units = heap.alloc((<usize>size) << 1);
  copy(units);
  const text = String.UTF16.decodeUnsafe(units, (<usize>size) << 1);
  heap.free(units);
  return text;
}

export class Pipe {
  constructor(
    public reader: i32,
    public writer: i32,
  ) {}
}

export class Child {
  constructor(
    public pid: i32,
    public how: i32,
    public value: i32,
  ) {}

  /** Time is not counted here. */
  get cycles(): u64 {
    return 0;
  }
}

/** Working directory, environment, '', arguments. */
function started(): string[] {
  return given(startup()).split('\0');
}

export function programArguments(): string[] {
  const all = started();
  return all.slice(all.indexOf('', 1) + 1);
}

export function environment(): string[] {
  const all = started();
  return all.slice(1, all.indexOf('', 1));
}

let directory: string = '';

export function workingDirectory(): string {
  if (directory === '') directory = started()[0];
  return directory;
}

export function changeDirectory(path: string): i32 {
  directory = path;
  return enter(path);
}

export function absolutePath(path: string): string {
  return normalPath(workingDirectory(), path);
}

const view = new View('');

export function ownView(): View {
  return view;
}

export function meaningsOf(path: string): string[] {
  return view.meanings(absolutePath(path));
}

export function processId(): i32 {
  return pid();
}

export function inheritedObject(descriptor: i32): i32 {
  return object(descriptor);
}

export function closeObject(object: i32): void {
  close(object);
}

export function writeText(object: i32, text: string): i32 {
  return write(object, text);
}

export function openFile(path: string, flags: u32, _mode: u32): i32 {
  return open(path, flags);
}

export function makePipe(): Pipe {
  const reader = pipe();
  return reader < 0 ? new Pipe(reader, reader) : new Pipe(reader, reader + 1);
}

export function makeTextSource(text: string): i32 {
  return source(text);
}

export function readByte(object: i32): i32 {
  const size = read(object, 1);
  return size === 0 ? -1 : given(size).charCodeAt(0);
}

export function readAll(object: i32): string {
  let text = '';
  while (true) {
    const more = given(read(object, i32.MAX_VALUE));
    if (more === '') return text;
    text += more;
  }
}

export function textOfBytes(bytes: u8[]): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === 0xef) {
      text += '\uffff';
      i += 2;
    } else text += String.fromCharCode(bytes[i]);
  }
  return text;
}

export function readFile(path: string): string {
  return given(file(path));
}

export function fileKind(path: string): i32 {
  return stat(path);
}

export function linkKind(path: string): i32 {
  return stat(path);
}

export function fileMode(path: string): i32 {
  return path.startsWith('/bin/') ? 0o755 : 0o644;
}

export function fileSize(path: string): i64 {
  return file(path);
}

export function isSameFile(path: string, other: string): bool {
  return path === other && fileKind(path) > 0;
}

export function fileModified(_path: string): i64 {
  return 0;
}

export function directoryNames(path: string): string[] {
  const names = given(list(path));
  return names === '' ? [] : names.split('\0');
}

export function isTerminal(_object: i32): bool {
  return terminal() > 0;
}

export function terminalColumns(_object: i32): i32 {
  return terminal();
}

export class TerminalMode {
  constructor(_object: i32) {}
  enterRaw(): void {}
  leaveRaw(): void {}
}

export function setForeground(_group: i32): void {}

export function spawnProgram(
  path: string,
  args: string[],
  environment: string[],
  table: i32[],
  _group: i32,
): i32 {
  const all = args.slice();
  all[0] = path;
  return spawn(all.join('\0'), environment.join('\0'), table.join(','));
}

export function spawnShell(state: string, table: i32[], group: i32): i32 {
  const all = table.slice();
  const args: string[] = ['sh', SUBSHELL_OPTION, all.length.toString()];
  const object = source(state);
  all.push(object);
  const child = spawnProgram('/bin/sh', args, [], all, group);
  close(object);
  return child;
}

export function waitForChild(isBlocking: bool): Child {
  const words = given(wait(isBlocking)).split(',');
  return new Child(<i32>parseInt(words[0], 10), <i32>parseInt(words[1], 10), <i32>parseInt(words[2], 10));
}

export function sendSignal(target: i32, signal: i32): i32 {
  return kill(target, signal);
}

export function takeSignals(): u32 {
  return 0;
}

export function catchSignal(_signal: i32): void {}
export function ignoreSignal(_signal: i32): void {}
export function defaultSignal(_signal: i32): void {}

let mask: i32 = 0o22;

export function modeMask(): i32 {
  return mask;
}

export function setModeMask(value: i32): void {
  mask = value;
}

export function cyclesPerMillisecond(): u64 {
  return 1;
}

export function milliseconds(): u64 {
  return 0;
}

export function ownCycles(): u64 {
  return 0;
}
