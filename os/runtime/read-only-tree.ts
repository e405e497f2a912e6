/**
 * What a tree that nobody can change answers to those who would (os/proto/tree.ts): a server's class begins with
 * it. No name in it is a symbolic link, so that no path leaves it.
 */
import { ERROR_BAD_ARGUMENT, ERROR_READ_ONLY } from '../abi/errors.ts';
import type { Message } from './message.ts';

//@unmanaged
export class ReadOnlyTree {
  makeDirectory(_request: Message, _pathSize: u32, _mode: u32): i32 {
    return ERROR_READ_ONLY;
  }

  remove(_request: Message, _pathSize: u32, _isDirectory: bool): i32 {
    return ERROR_READ_ONLY;
  }

  rename(_request: Message, _fromSize: u32, _toSize: u32): i32 {
    return ERROR_READ_ONLY;
  }

  link(_request: Message, _fromSize: u32, _toSize: u32): i32 {
    return ERROR_READ_ONLY;
  }

  symbolicLink(_request: Message, _targetSize: u32, _pathSize: u32): i32 {
    return ERROR_READ_ONLY;
  }

  setMode(_request: Message, _pathSize: u32, _mode: u32): i32 {
    return ERROR_READ_ONLY;
  }

  setTime(_request: Message, _pathSize: u32, _modified: u64): i32 {
    return ERROR_READ_ONLY;
  }

  beyond(_request: Message, _pathSize: u32, _flags: u32, _intoSize: u32): i32 {
    return ERROR_BAD_ARGUMENT;
  }

  setOwner(_request: Message, _pathSize: u32, _uid: u32, _gid: u32): i32 {
    return ERROR_READ_ONLY;
  }
}
