/**
 * A service of the tests: a tree whose every path opens one and the same console, which writes to the firmware's
 * and never has anything to read.
 */
import { ERROR_NO_SUCH_CALL, ERROR_READ_ONLY } from '../../../os/abi/errors.ts';
import { KIND_DEVICE, STAT_KIND, STAT_RECORD_SIZE } from '../../../os/abi/file.ts';
import { none } from '../../../os/lib/pointer.ts';
import * as files from '../../../os/proto/file.server.ts';
import type { Position } from '../../../os/proto/file.ts';
import * as trees from '../../../os/proto/tree.server.ts';
import type { Space } from '../../../os/proto/tree.ts';
import { deliverLent } from '../../../os/runtime/lent.ts';
import type { Message } from '../../../os/runtime/message.ts';
import { makeObject } from '../../../os/runtime/open-objects.ts';
import { ReadOnlyTree } from '../../../os/runtime/read-only-tree.ts';
import { firstRequest, nextRequest } from '../../../os/runtime/serve.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { lentRead, log } from '../../../os/runtime/system.ts';

const CHUNK: u32 = 256;
const buffer = memory.data(64, 4);
const text = memory.data(256);
const record = memory.data(64, 8);

let object: u32 = 0;

export function main(_argument: u32): i32 {
  const port = handleNamed('port');
  object = makeObject(port, 1);
  const request = changetype<Message>(buffer);
  let result = firstRequest(request, port, 0);
  while (result >= 0) {
    if (request.label >> 8 === files.CONTRACT) files.dispatch(none<Console>(), request);
    else trees.dispatch(none<Tree>(), request);
    result = nextRequest(request);
  }
  return -result;
}

//@unmanaged
class Console {
  read(_request: Message, _intoSize: u32): i32 {
    return 0;
  }

  write(request: Message, fromSize: u32): i32 {
    const count = lentRead(request.token, 0, 0, text, min<u32>(fromSize, CHUNK));
    if (count > 0) log(handleNamed('control'), text, count);
    return count;
  }

  seek(_request: Message, _offset: i64, _whence: u32, _result: Position): i32 {
    return ERROR_NO_SUCH_CALL;
  }

  truncate(_request: Message, _size: u64): i32 {
    return ERROR_NO_SUCH_CALL;
  }

  stat(request: Message, _intoSize: u32): i32 {
    store<u32>(record, KIND_DEVICE, STAT_KIND);
    const result = deliverLent(request.token, 0, 0, record, STAT_RECORD_SIZE);
    return result < 0 ? result : STAT_RECORD_SIZE;
  }

  list(_request: Message, _intoSize: u32): i32 {
    return ERROR_NO_SUCH_CALL;
  }

  sync(_request: Message): i32 {
    return 0;
  }

  control(_request: Message, _command: u32, _valueSize: u32, _answerSize: u32): i32 {
    return ERROR_NO_SUCH_CALL;
  }

  map(_request: Message): i32 {
    return ERROR_NO_SUCH_CALL;
  }
}

//@unmanaged
class Tree extends ReadOnlyTree {
  open(_request: Message, _pathSize: u32, _flags: u32, _mode: u32): i32 {
    return object;
  }

  stat(_request: Message, _pathSize: u32, _flags: u32, _intoSize: u32): i32 {
    return ERROR_NO_SUCH_CALL;
  }

  readLink(_request: Message, _pathSize: u32, _intoSize: u32): i32 {
    return ERROR_READ_ONLY;
  }

  space(_request: Message, _result: Space): i32 {
    return ERROR_NO_SUCH_CALL;
  }

  sync(_request: Message): i32 {
    return 0;
  }
}
