/**
 * What this process was started with (os/abi/start.ts), as functions: its named handles, its number, and where
 * its arguments, environment and working directory are.
 */
import {
  START_ADDRESS,
  START_HANDLE_COUNT,
  START_HANDLE_NAME_SIZE,
  START_HANDLE_SIZE,
  START_HANDLE_VALUE,
  START_HANDLES,
  START_PID,
} from '../abi/start.ts';

/** The handle of this name, at most 12 ASCII characters; 0 where it was given none. */
export function handleNamed(name: string): u32 {
  const count = load<u32>(START_ADDRESS, START_HANDLE_COUNT);
  let entry = START_ADDRESS + load<u32>(START_ADDRESS, START_HANDLES);
  for (let index: u32 = 0; index < count; index += 1) {
    if (isNamed(entry, name)) return load<u32>(entry, START_HANDLE_VALUE);
    entry += START_HANDLE_SIZE;
  }
  return 0;
}

function isNamed(entry: u32, name: string): bool {
  const length: u32 = name.length;
  const text = changetype<usize>(name);
  for (let at: u32 = 0; at < START_HANDLE_NAME_SIZE; at += 1) {
    const expected: u32 = at < length ? load<u16>(text + (at << 1)) : 0;
    if (load<u8>(entry + at) !== expected) return false;
  }
  return true;
}

/** The same for a name in memory, ended by a zero. */
export function handleAt(name: u32): u32 {
  const count = load<u32>(START_ADDRESS, START_HANDLE_COUNT);
  let entry = START_ADDRESS + load<u32>(START_ADDRESS, START_HANDLES);
  for (let index: u32 = 0; index < count; index += 1) {
    let at: u32 = 0;
    while (at < START_HANDLE_NAME_SIZE && load<u8>(entry + at) === load<u8>(name + at)) {
      if (load<u8>(name + at) === 0) return load<u32>(entry, START_HANDLE_VALUE);
      at += 1;
    }
    entry += START_HANDLE_SIZE;
  }
  return 0;
}

/** The process's number. */
export function ownPid(): i32 {
  return load<i32>(START_ADDRESS, START_PID);
}
