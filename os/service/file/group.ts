/**
 * Who is in which group beside his own: what /etc/group of this tree says, in whose lines the members have the names
 * of /etc/passwd. A tree without these files knows no other members.
 *
 *     passwd    name:x:user:…                 group    name:x:group:member,member …
 *
 * A badge has room for one group (os/lib/user.ts), so that it is the tree that looks the others up, as servers of
 * network file systems do. Answers are kept until one of the files is another, or has changed. A line that is longer
 * than LINE_MAX is passed over.
 */
import { KIND_FILE } from '../../abi/file.ts';
import { isNone } from '../../lib/pointer.ts';
import { readBlock } from './blocks.ts';
import { find } from './directory.ts';
import { takeFault } from './fault.ts';
import { BLOCK_SHIFT, BLOCK_SIZE, ROOT_DIRECTORY } from './format.ts';
import { readInode } from './inode.ts';

const LINE_MAX: u32 = 1024;
const NAME_MAX: u32 = 64;
const NEWLINE: u32 = 0x0a;
const COLON: u32 = 0x3a;
const COMMA: u32 = 0x2c;
const ZERO: u32 = 0x30;
const NUMBER_FIELD: u32 = 2;
const MEMBERS_FIELD: u32 = 3;
const NO_NUMBER: u32 = 0xffff_ffff;

/** Of the answers: user in bits 13–0, group in bits 27–14; whether the answer is yes; whether there is one. */
const ANSWER_GROUP_SHIFT: u32 = 14;
const ANSWER_YES: u32 = 1 << 30;
const ANSWER_USED: u32 = 1 << 31;
const ANSWERS: u32 = 32;
const SPREAD: u32 = 0x9e37_79b1;
const SPREAD_SHIFT: u32 = 27;

/** "etc", "passwd", "group" */
const folderName = memory.data<u8>([0x65, 0x74, 0x63]);
const usersName = memory.data<u8>([0x70, 0x61, 0x73, 0x73, 0x77, 0x64]);
const groupsName = memory.data<u8>([0x67, 0x72, 0x6f, 0x75, 0x70]);

const answers = memory.data(128, 4);
const line = memory.data(1024);
const name = memory.data(64);

/** The files' inodes, 0 for none, and as of which operation they were read. */
let users: u32 = 0;
let groups: u32 = 0;
let usersVersion: u64 = 0;
let groupsVersion: u64 = 0;
/** Of the line that was read last; where the next one begins. */
let lineSize: u32 = 0;
let position: u64 = 0;

/** Whether the user is among the group's members. */
export function isMember(uid: u32, gid: u32): bool {
  followFiles();
  if (users === 0 || groups === 0) return false;
  const asked = ANSWER_USED | (gid << ANSWER_GROUP_SHIFT) | uid;
  const place = answers + (((asked * SPREAD) >> SPREAD_SHIFT) << 2);
  const known = load<u32>(place);
  if ((known & ~ANSWER_YES) === asked) return (known & ANSWER_YES) !== 0;
  const isOne = look(uid, gid);
  store<u32>(place, isOne ? asked | ANSWER_YES : asked);
  return isOne;
}

/** Answers count for the files as they were. */
function followFiles(): void {
  assert(ANSWERS === 1 << (32 - SPREAD_SHIFT));
  const folder = find(ROOT_DIRECTORY, folderName, 3);
  const usersNow = folder === 0 ? 0 : find(folder, usersName, 6);
  const groupsNow = folder === 0 ? 0 : find(folder, groupsName, 5);
  const usersAsOf = versionOf(usersNow);
  const groupsAsOf = versionOf(groupsNow);
  takeFault();
  const isSame = usersNow === users && groupsNow === groups;
  if (isSame && usersAsOf === usersVersion && groupsAsOf === groupsVersion) return;
  users = usersNow;
  groups = groupsNow;
  usersVersion = usersAsOf;
  groupsVersion = groupsAsOf;
  memory.fill(answers, 0, ANSWERS << 2);
}

/** 0 for what is no file. */
function versionOf(inode: u32): u64 {
  if (inode === 0) return 0;
  const node = readInode(inode);
  return isNone(node) || node.kind !== <u8>KIND_FILE ? 0 : node.version;
}

function look(uid: u32, gid: u32): bool {
  if (!findLine(users, uid)) return false;
  const nameSize = fieldSize(0);
  if (nameSize === 0 || nameSize > NAME_MAX) return false;
  memory.copy(name, line, nameSize);
  return findLine(groups, gid) && hasMember(nameSize);
}

/** Reads on until a line has the number. */
function findLine(file: u32, number: u32): bool {
  position = 0;
  while (readLine(file)) {
    if (numberAt(fieldAt(NUMBER_FIELD)) === number) return true;
  }
  return false;
}

/** The next line of the file; false at its end, and where it cannot be read. */
function readLine(file: u32): bool {
  lineSize = 0;
  while (true) {
    const node = readInode(file);
    const isOver = isNone(node) || node.kind !== <u8>KIND_FILE || position >= node.size;
    const block = isOver ? 0 : readBlock(node, <u32>(position >> BLOCK_SHIFT));
    if (block === 0) {
      takeFault();
      return lineSize > 0;
    }
    const first = <u32>position & (BLOCK_SIZE - 1);
    const end = first + <u32>min<u64>(node.size - position, BLOCK_SIZE - first);
    for (let at = first; at < end; at += 1) {
      position += 1;
      const byte = <u32>load<u8>(block + at);
      if (byte === NEWLINE) return true;
      if (lineSize < LINE_MAX) store<u8>(line + lineSize, byte);
      lineSize += 1;
    }
  }
}

/** Where the field of the line begins; its end for none. */
function fieldAt(index: u32): u32 {
  if (lineSize > LINE_MAX) return LINE_MAX;
  let left = index;
  let at: u32 = 0;
  for (; at < lineSize && left > 0; at += 1) {
    if (load<u8>(line + at) === <u8>COLON) left -= 1;
  }
  return at;
}

function fieldSize(start: u32): u32 {
  let at = start;
  while (at < lineSize && load<u8>(line + at) !== <u8>COLON) at += 1;
  return at - start;
}

/** The decimal number that is the whole field; NO_NUMBER for another. */
function numberAt(start: u32): u32 {
  if (lineSize > LINE_MAX) return NO_NUMBER;
  const size = fieldSize(start);
  if (size === 0 || size > 5) return NO_NUMBER;
  let number: u32 = 0;
  for (let at = start; at < start + size; at += 1) {
    const digit = <u32>load<u8>(line + at) - ZERO;
    if (digit > 9) return NO_NUMBER;
    number = number * 10 + digit;
  }
  return number;
}

/** Whether the line's members have the name among them. */
function hasMember(nameSize: u32): bool {
  let at = fieldAt(MEMBERS_FIELD);
  const end = at + fieldSize(at);
  while (at < end) {
    let next = at;
    while (next < end && load<u8>(line + next) !== <u8>COMMA) next += 1;
    if (next - at === nameSize && memory.compare(line + at, name, nameSize) === 0) return true;
    at = next + 1;
  }
  return false;
}
