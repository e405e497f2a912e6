/**
 * Writing the block with which a process starts (os/abi/start.ts): the header, room for handles, then texts.
 *
 *     const block = beginStart(at, size, handlesMax);
 *     addStartTexts(block, START_ARGUMENT_COUNT, count, from, bytes);
 *     addStartHandle(block, 'port', value);      it may also come later, while the block is still there
 *
 * What does not fit makes the block invalid, once and for all: `isStartWhole` says so at the end.
 */
import {
  START_HANDLE_COUNT,
  START_HANDLE_NAME_SIZE,
  START_HANDLE_SIZE,
  START_HANDLE_VALUE,
  START_HANDLES,
  START_HEADER_SIZE,
  START_MAGIC,
  START_SIZE,
} from '../abi/start.ts';

/** Kept in the block's size until it is known whether all fits. */
const TOO_LARGE: u32 = 0xffff_ffff;

/** In `capacity` bytes of zeros at `block`. */
export function beginStart(block: u32, capacity: u32, handlesMax: u32): void {
  const size = START_HEADER_SIZE + handlesMax * START_HANDLE_SIZE;
  store<u32>(block, START_MAGIC);
  store<u32>(block, size <= capacity ? size : TOO_LARGE, START_SIZE);
  store<u32>(block, START_HEADER_SIZE, START_HANDLES);
}

export function isStartWhole(block: u32): bool {
  return load<u32>(block, START_SIZE) !== TOO_LARGE;
}

/** Texts of `size` bytes in all, one after another at `from`; `field` is where their offset goes. */
export function addStartBytes(block: u32, capacity: u32, field: u32, from: u32, size: u32): void {
  const at = load<u32>(block, START_SIZE);
  if (at === TOO_LARGE || size > capacity - at) {
    store<u32>(block, TOO_LARGE, START_SIZE);
    return;
  }
  memory.copy(block + at, from, size);
  store<u32>(block + field, at);
  store<u32>(block, at + size, START_SIZE);
}

/** There must be room, which `beginStart` made. */
export function addStartHandle(block: u32, name: string, value: u32): void {
  const entry = nextHandle(block, value);
  const length: u32 = name.length;
  assert(length <= START_HANDLE_NAME_SIZE);
  for (let index: u32 = 0; index < length; index += 1) {
    store<u8>(entry + index, load<u16>(changetype<usize>(name) + (index << 1)));
  }
}

/** The same with the name in the 12 bytes at `name`. */
export function addStartHandleNamed(block: u32, name: u32, value: u32): void {
  memory.copy(nextHandle(block, value), name, START_HANDLE_NAME_SIZE);
}

function nextHandle(block: u32, value: u32): u32 {
  const count = load<u32>(block, START_HANDLE_COUNT);
  const entry = block + load<u32>(block, START_HANDLES) + count * START_HANDLE_SIZE;
  store<u32>(entry, value, START_HANDLE_VALUE);
  store<u32>(block, count + 1, START_HANDLE_COUNT);
  return entry;
}

/** How many bytes `count` texts take, one after another at `from`. */
export function textsSize(from: u32, count: u32): u32 {
  let at = from;
  for (let index: u32 = 0; index < count; index += 1) {
    while (load<u8>(at) !== 0) at += 1;
    at += 1;
  }
  return at - from;
}
