/**
 * What the manifest says to this service by its arguments, each WORD=VALUE. Where the value is a path, the node offers
 * to all, by the name of WORD, what is mounted there. Mounts come after all services have started; until then it is
 * looked again and again.
 */
import { START_ADDRESS, START_ARGUMENT_COUNT, START_ARGUMENTS } from '../../abi/start.ts';
import { spelled } from '../../lib/spelling.ts';
import { textsSize } from '../../lib/start-block.ts';
import { CLASS_SERVICE, CLASS_SHIFT } from '../../proto/locate.ts';
import * as name from '../../proto/name.client.ts';
import type { Resolution } from '../../proto/name.ts';
import { close } from '../../runtime/system.ts';
import { bindHere } from './directory.ts';
import { portHere } from './own.ts';

export const LOOK_BEATS: u32 = 24;
const LOOKS_MAX: u32 = 100;
const EQUALS: u32 = 0x3d;
const SLASH: u32 = 0x2f;

const resolution = memory.data(8, 4);
let looks: u32 = 0;

/** The id of the service of that name; 0 where none can be called so. */
export function serviceId(address: u32, size: u32): u64 {
  const number = spelled(address, size);
  return number === 0 ? 0 : ((CLASS_SERVICE as u64) << (CLASS_SHIFT as u64)) | number;
}

/** The value of the word, ended by a zero; 0 where the manifest has none. */
export function argumentOf(word: string): u32 {
  for (let index: u32 = 1; index < argumentCount(); index += 1) {
    const text = argumentAt(index);
    if (isText(text, valueAt(text) - 1 - text, word)) return valueAt(text);
  }
  return 0;
}

/** Whether the bytes are those of the word. */
export function isText(at: u32, size: u32, word: string): bool {
  if (size !== <u32>word.length) return false;
  for (let index: u32 = 0; index < size; index += 1) {
    if (<u32>load<u8>(at + index) !== <u32>load<u16>(changetype<usize>(word) + (index << 1))) return false;
  }
  return true;
}

function argumentCount(): u32 {
  return load<u32>(START_ADDRESS, START_ARGUMENT_COUNT);
}

/** The first is this service's own name. */
function argumentAt(index: u32): u32 {
  const texts = START_ADDRESS + load<u32>(START_ADDRESS, START_ARGUMENTS);
  return texts + textsSize(texts, index);
}

/** What is behind the equals sign; where there is none, the argument's end. */
function valueAt(text: u32): u32 {
  let at = text;
  while (load<u8>(at) !== EQUALS && load<u8>(at) !== 0) at += 1;
  return load<u8>(at) === 0 ? at : at + 1;
}

/** Binds what is there. Whether it is worth while to look again. */
export function bindOffered(names: u32): bool {
  let isMissing = false;
  for (let index: u32 = 1; index < argumentCount(); index += 1) {
    if (!offer(names, argumentAt(index))) isMissing = true;
  }
  looks += 1;
  return isMissing && looks < LOOKS_MAX;
}

/** Whether it is bound, or not to be. */
function offer(names: u32, text: u32): bool {
  const path = valueAt(text);
  if (load<u8>(path) !== SLASH) return true;
  const id = serviceId(text, path - 1 - text);
  if (id === 0 || portHere(id) !== 0) return true;
  const size = textsSize(path, 1) - 1;
  const found = changetype<Resolution>(resolution);
  if (name.resolve(names, path, size, found) < 0) return false;
  if (found.consumed === size) {
    bindHere(id, found.server, 0);
    return true;
  }
  close(found.server);
  return false;
}
