/**
 * Open objects as clients use them: os/proto/file.ts upon the numbers of open.ts.
 *
 * Bytes go between the client's memory and the cache, or the open batch, directly. A read or write that cannot
 * go on says what it has done so far, and only if that is nothing, why.
 */
import {
  ERROR_ACCESS,
  ERROR_BAD_ARGUMENT,
  ERROR_NO_SUCH_CALL,
  ERROR_NOT_DIRECTORY,
  ERROR_NOT_TERMINAL,
  ERROR_TOO_LARGE,
} from '../../abi/errors.ts';
import {
  KIND_DIRECTORY,
  OPEN_APPEND,
  OPEN_READ,
  OPEN_WRITE,
  SEEK_END,
  SEEK_POSITION,
  STAT_RECORD_SIZE,
} from '../../abi/file.ts';
import { isNone } from '../../lib/pointer.ts';
import type { Position } from '../../proto/file.ts';
import { deliverLent, fetchLent } from '../../runtime/lent.ts';
import type { Message } from '../../runtime/message.ts';
import { date } from './date.ts';
import { list, listedTo } from './directory.ts';
import { isFaulty, takeFault } from './fault.ts';
import { BLOCK_SIZE, RECORD_HEADER_SIZE } from './format.ts';
import { readInode } from './inode.ts';
import { WRITE_SIZE_MAX } from './limits.ts';
import type { OpenObject } from './open.ts';
import { keepForSync } from './syncing.ts';
import * as tree from './tree.ts';
import { perform } from './volume.ts';

const LISTING_SIZE: u32 = 4096;
const POSITION_MAX: i64 = i64.MAX_VALUE;

/** A stat record, or part of a listing. */
const record = memory.data(4096, 8);
/** What a hole reads as. */
const zeros = memory.data(4096, 8);

/** An OpenObject in place. */
//@unmanaged
export class Opened {
  read(request: Message, intoSize: u32): i32 {
    const object = objectOf(this);
    if ((object.flags & OPEN_READ) === 0) return ERROR_ACCESS;
    const size = tree.sizeOf(object.inode);
    if (size < 0) return <i32>size;
    let done: u32 = 0;
    while (done < intoSize && object.position < <u64>size) {
      const offset = object.position;
      const inBlock = BLOCK_SIZE - (<u32>offset & (BLOCK_SIZE - 1));
      const count = <u32>min<u64>(<u64>size - offset, min<u32>(inBlock, intoSize - done));
      const data = tree.dataAt(object.inode, offset, offset === object.readTo);
      const status = data === 0 && isFaulty() ? takeFault() : 0;
      const result =
        status < 0 ? status : deliverLent(request.token, 0, done, data === 0 ? zeros : data, count);
      if (result < 0) return done === 0 ? result : done;
      done += count;
      object.position = object.readTo = offset + count;
    }
    return done;
  }

  write(request: Message, fromSize: u32): i32 {
    const object = objectOf(this);
    if ((object.flags & OPEN_WRITE) === 0) return ERROR_ACCESS;
    if ((object.flags & OPEN_APPEND) !== 0) {
      const size = tree.sizeOf(object.inode);
      if (size < 0) return <i32>size;
      object.position = size;
    }
    let done: u32 = 0;
    while (done < fromSize) {
      const count = min<u32>(fromSize - done, WRITE_SIZE_MAX);
      const operation = tree.beginWrite(object.inode, object.position, count, date());
      const to = changetype<usize>(operation) + RECORD_HEADER_SIZE;
      let result = fetchLent(request.token, 0, done, to, count);
      if (result === 0) result = perform(operation);
      if (result < 0) return done === 0 ? result : done;
      done += count;
      object.position += count;
    }
    return done;
  }

  seek(_request: Message, offset: i64, whence: u32, result: Position): i32 {
    const object = objectOf(this);
    if (whence > SEEK_END) return ERROR_BAD_ARGUMENT;
    let start: i64 = 0;
    if (whence === SEEK_POSITION) start = object.position;
    if (whence === SEEK_END) start = tree.sizeOf(object.inode);
    if (start < 0 && whence === SEEK_END) return <i32>start;
    if (offset > POSITION_MAX - start || start + offset < 0) return ERROR_BAD_ARGUMENT;
    object.position = start + offset;
    result.offset = start + offset;
    return 0;
  }

  truncate(_request: Message, size: u64): i32 {
    const object = objectOf(this);
    if ((object.flags & OPEN_WRITE) === 0) return ERROR_ACCESS;
    return tree.truncate(object.inode, size, date());
  }

  stat(request: Message, intoSize: u32): i32 {
    return giveStat(request, 0, objectOf(this).inode, intoSize);
  }

  list(request: Message, intoSize: u32): i32 {
    const object = objectOf(this);
    const node = readInode(object.inode);
    if (isNone(node)) return takeFault();
    if (node.kind !== <u8>KIND_DIRECTORY) return ERROR_NOT_DIRECTORY;
    const size = list(object.inode, <u32>object.position, record, min<u32>(intoSize, LISTING_SIZE));
    if (isFaulty()) return takeFault();
    const result = deliverLent(request.token, 0, 0, record, size);
    if (result < 0) return result;
    object.position = listedTo();
    return size;
  }

  sync(request: Message): i32 {
    return keepForSync(request);
  }

  control(_request: Message, _command: u32, _valueSize: u32, _answerSize: u32): i32 {
    return ERROR_NOT_TERMINAL;
  }

  map(_request: Message): i32 {
    return ERROR_NO_SUCH_CALL;
  }
}

/** To the request's range; its size. */
export function giveStat(request: Message, range: u32, inode: u32, intoSize: u32): i32 {
  if (intoSize < STAT_RECORD_SIZE) return ERROR_TOO_LARGE;
  const status = tree.stat(inode, record);
  if (status < 0) return status;
  const result = deliverLent(request.token, range, 0, record, STAT_RECORD_SIZE);
  return result < 0 ? result : STAT_RECORD_SIZE;
}

//@inline
function objectOf(opened: Opened): OpenObject {
  return changetype<OpenObject>(changetype<usize>(opened));
}
