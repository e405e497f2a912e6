/**
 * What this node offers to all: services that the manifest names to this one as NAME=PATH, by where they are mounted.
 * Mounts come after all services have started; until then it is looked again and again.
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

const resolution = memory.data(8, 4);
let looks: u32 = 0;

/** The id of the service of that name; 0 where none can be called so. */
export function serviceId(address: u32, size: u32): u64 {
  const number = spelled(address, size);
  return number === 0 ? 0 : ((CLASS_SERVICE as u64) << (CLASS_SHIFT as u64)) | number;
}

/** Binds what is there. Whether it is worth while to look again. */
export function bindOffered(names: u32): bool {
  let isMissing = false;
  const count = load<u32>(START_ADDRESS, START_ARGUMENT_COUNT);
  let text = START_ADDRESS + load<u32>(START_ADDRESS, START_ARGUMENTS);
  for (let index: u32 = 0; index < count; index += 1) {
    // the first is this service's own name
    if (index > 0 && !offer(names, text)) isMissing = true;
    text += textsSize(text, 1);
  }
  looks += 1;
  return isMissing && looks < LOOKS_MAX;
}

/** Whether it is bound. */
function offer(names: u32, text: u32): bool {
  let equals = text;
  while (load<u8>(equals) !== EQUALS && load<u8>(equals) !== 0) equals += 1;
  const id = serviceId(text, equals - text);
  if (id === 0 || load<u8>(equals) === 0 || portHere(id) !== 0) return true;
  const path = equals + 1;
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
