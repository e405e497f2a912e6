/**
 * Other nodes' ports on this one: a proxy for each, whose messages come to this service under the import's name.
 * An import lives as long as anybody here has a handle of its proxy, and its node is there.
 *
 *     name     index in bits 7–0, IMPORT_MARK above: what a message has for a badge
 */
import { ERROR_NODE_LOST, ERROR_PEER_DIED } from '../../abi/errors.ts';
import { isHeld } from '../../runtime/open-objects.ts';
import { close, createPort, failPort, forwardPort, watchHandle } from '../../runtime/system.ts';
import { OFFERS_END } from './exports.ts';

export const IMPORTS_MAX: u32 = 256;
/** Badges of services and programs are smaller: os/abi/manifest.ts. */
export const IMPORT_MARK: u32 = 0x8000_0000;
const INDEX_MASK: u32 = 0xff;

//@unmanaged
export class Import {
  /** The proxy with all rights; 0 where the entry is free. */
  proxy: u32 = 0;
  peer: u32 = 0;
  /** The peer's export. */
  id: u32 = 0;
  /** What its first handle is being given away by, an address; 0 once it has been, and is watched. */
  carrier: u32 = 0;
}

const table = memory.data(4096, 4);
/** The entry behind the last that was ever taken. */
let end: u32 = 0;
let ownPort: u32 = 0;
let orphanBits: u32 = 0;
/** How many imports are not watched yet. */
let unwatched: u32 = 0;

//@inline
function importAt(index: u32): Import {
  return changetype<Import>(table + index * offsetof<Import>());
}

/** That nobody has a handle of some proxy any more comes to `port` as `bits`. */
export function startImports(port: u32, bits: u32): void {
  ownPort = port;
  orphanBits = bits;
}

/** A proxy for the peer's export, to be given away by the carrier; 0 where there is no room for one. */
export function importPort(peer: u32, id: u32, carrier: u32): u32 {
  for (let index: u32 = 0; index < IMPORTS_MAX; index += 1) {
    const entry = importAt(index);
    if (entry.proxy !== 0) continue;
    const proxy = createPort();
    if (proxy < 0) return 0;
    if (forwardPort(proxy, ownPort, IMPORT_MARK | index) < 0) {
      close(proxy);
      return 0;
    }
    end = max(end, index + 1);
    entry.proxy = proxy;
    entry.peer = peer;
    entry.id = id;
    entry.carrier = carrier;
    unwatched += 1;
    return proxy;
  }
  return 0;
}

/** The import of that name. */
//@inline
export function importNamed(name: u32): Import {
  const entry = importAt(name & INDEX_MASK);
  assert((name & IMPORT_MARK) !== 0 && entry.proxy !== 0);
  return entry;
}

/** Whether watchGiven has anything to do. */
//@inline
export function areUnwatched(): bool {
  return unwatched !== 0;
}

/**
 * Handles of new proxies have been given away by the carrier, or were refused: from now on it counts whether
 * anybody has one. What others are still giving away nobody has yet.
 */
export function watchGiven(carrier: u32): void {
  for (let index: u32 = 0; index < end; index += 1) {
    const entry = importAt(index);
    if (entry.proxy === 0 || entry.carrier !== carrier) continue;
    entry.carrier = 0;
    unwatched -= 1;
    watchHandle(entry.proxy, ownPort, orphanBits);
  }
}

/** The next import from `index` on that nobody has any more; IMPORTS_MAX for none. */
export function nextOrphan(from: u32): u32 {
  for (let index = from; index < end; index += 1) {
    const entry = importAt(index);
    if (entry.proxy !== 0 && entry.carrier === 0 && !isHeld(entry.proxy)) return index;
  }
  return IMPORTS_MAX;
}

/** Ends the import; its peer's export is no more in use by it. */
export function endImport(index: u32): void {
  const entry = importAt(index);
  close(entry.proxy);
  entry.proxy = 0;
  if (entry.carrier !== 0) unwatched -= 1;
}

/** The peer is gone: calls through its ports end, and those who watch them are told. */
export function loseImports(peer: u32): void {
  for (let index: u32 = 0; index < end; index += 1) {
    const entry = importAt(index);
    if (entry.proxy === 0 || entry.peer !== peer) continue;
    failPort(entry.proxy, ERROR_NODE_LOST);
    endImport(index);
  }
}

/** The peer says that the port behind its export has died. */
export function loseImport(peer: u32, id: u32): void {
  for (let index: u32 = 0; index < end; index += 1) {
    const entry = importAt(index);
    if (entry.proxy === 0 || entry.peer !== peer || entry.id !== id || id < OFFERS_END) continue;
    failPort(entry.proxy, ERROR_PEER_DIED);
    endImport(index);
  }
}
