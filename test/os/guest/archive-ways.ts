/**
 * A program that reads the boot archive's tree in all ways there are, tries to change it, and prints what it was
 * answered.
 */
import {
  LISTED_NAME,
  LISTED_NAME_SIZE,
  OPEN_CREATE,
  OPEN_DIRECTORY,
  OPEN_READ,
  OPEN_WRITE,
  SEEK_END,
  SEEK_START,
  STAT_FILE_SIZE,
  STAT_KIND,
  STAT_MODE,
  STAT_RECORD_SIZE,
} from '../../../os/abi/file.ts';
import { RIGHT_READ } from '../../../os/abi/rights.ts';
import * as file from '../../../os/proto/file.client.ts';
import type { Position } from '../../../os/proto/file.ts';
import * as name from '../../../os/proto/name.client.ts';
import type { Resolution } from '../../../os/proto/name.ts';
import * as tree from '../../../os/proto/tree.client.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { close, map } from '../../../os/runtime/system.ts';
import { add, begin, end } from './program.ts';

const WINDOW: u32 = 0x5000_0000;
const SIZE: u32 = 8192;
const OBJECTS: u32 = 140;

const path = memory.data(256);
const place = memory.data(8, 4);
const record = memory.data(64, 8);
const position = memory.data(8, 8);
const bytes = memory.data(8192, 8);
const handles = memory.data(560, 4);

let root: u32 = 0;
let pathSize: u32 = 0;

export function main(_argument: u32): i32 {
  setPath('/boot');
  name.resolve(handleNamed('name'), path, pathSize, changetype<Resolution>(place));
  root = changetype<Resolution>(place).server;
  stats();
  opens();
  contents();
  lists();
  changes();
  crowd();
  return 0;
}

function setPath(text: string): void {
  pathSize = text.length;
  for (let index: u32 = 0; index < pathSize; index += 1) {
    store<u8>(path + index, load<u16>(changetype<usize>(text) + (index << 1)));
  }
}

function stat(text: string): void {
  setPath(text);
  const result = tree.stat(root, path, pathSize, 0, record, STAT_RECORD_SIZE);
  add(result < 0 ? result : load<u32>(record, STAT_KIND));
  if (result >= 0) add(load<u32>(record, STAT_MODE));
}

function stats(): void {
  begin('stat');
  stat('');
  stat('/bin');
  stat('/bin/nothing');
  stat('/manifest');
  stat('/absent');
  stat('/bin/nothin');
  end();
}

function open(text: string, flags: u32): i32 {
  setPath(text);
  return tree.open(root, path, pathSize, flags, 0);
}

function opens(): void {
  begin('open');
  add(open('/absent', OPEN_READ));
  add(open('/absent', OPEN_READ | OPEN_CREATE));
  add(open('/manifest', OPEN_WRITE));
  add(open('/manifest', OPEN_READ | OPEN_DIRECTORY));
  add(open('manifest', OPEN_READ));
  const directory = open('/bin', OPEN_READ | OPEN_DIRECTORY);
  add(file.read(directory, bytes, SIZE));
  add(file.map(directory));
  close(directory);
  end();
}

/** By reading, and as a memory: the same bytes. */
function contents(): void {
  begin('contents');
  const opened = open('/bin/nothing', OPEN_READ);
  file.stat(opened, record, STAT_RECORD_SIZE);
  const size = load<u32>(record, STAT_FILE_SIZE);
  add(file.read(opened, bytes, 4096) === <i32>min<u32>(size, 4096) ? 1 : 0);
  const mapped = file.map(opened);
  add(map(handleNamed('space'), WINDOW, mapped, 0, 1, RIGHT_READ));
  add(memory.compare(bytes, WINDOW, min<u32>(size, 4096)));
  const reached = changetype<Position>(position);
  file.seek(opened, -4, SEEK_END, reached);
  add(file.read(opened, bytes, SIZE));
  add(file.read(opened, bytes, SIZE));
  add(file.seek(opened, -1, SEEK_START, reached));
  add(file.write(opened, bytes, 4));
  close(opened);
  end();
}

/** How many entries, and how long their names are together: none twice. */
function lists(): void {
  begin('list');
  const directory = open('/bin', OPEN_READ);
  let entries: u32 = 0;
  let letters: u32 = 0;
  let count: i32 = 1;
  while (count > 0) {
    count = file.list(directory, bytes, 40);
    for (let at: i32 = 0; at < count; ) {
      const nameSize: u32 = load<u8>(bytes + at + LISTED_NAME_SIZE);
      entries += 1;
      letters += nameSize;
      at += (LISTED_NAME + nameSize + 3) & ~3;
    }
  }
  add(entries);
  add(letters);
  const again = open('/bin', OPEN_READ);
  add(file.list(again, bytes, 8));
  add(file.list(open('/manifest', OPEN_READ), bytes, SIZE));
  close(directory);
  close(again);
  end();
}

function changes(): void {
  begin('change');
  setPath('/bin/nothing');
  add(tree.remove(root, path, pathSize, false));
  add(tree.rename(root, path, pathSize, path, 4));
  add(tree.makeDirectory(root, path, pathSize, 0));
  add(tree.readLink(root, path, pathSize, bytes, SIZE));
  end();
}

/** As many open objects as there are, and again when those are closed. */
function crowd(): void {
  begin('crowd');
  let count: u32 = 0;
  let last: i32 = 1;
  while (last > 0 && count < OBJECTS) {
    last = open('/manifest', OPEN_READ);
    if (last > 0) store<u32>(handles + (count << 2), last);
    if (last > 0) count += 1;
  }
  add(last);
  for (let index: u32 = 0; index < count; index += 1) close(load<u32>(handles + (index << 2)));
  add(open('/manifest', OPEN_READ) > 0 ? 1 : 0);
  end();
}
