/**
 * This node's ports that other nodes may call: each is exported to one node, for every time a handle went there,
 * until that node says that nobody there has it any more, or is gone. Its id is all that the wire knows of it.
 *
 *     id     index in bits 7–0, generation above, never 0; those below OFFERS_END are for everybody
 */
import { RIGHT_COPY, RIGHT_NOTIFY, RIGHT_SEND } from '../../abi/rights.ts';
import { close, hasDied, watchPort } from '../../runtime/system.ts';
import { OFFERS_AT } from './tables.ts';

export const EXPORTS_MAX: u32 = 256;
/** Every node's own: its name service. */
export const DIRECTORY_ID: u32 = 1;
/** Up to here the ids are numbers of services that nodes offer: PEER_… of os/proto/net.ts, and DIRECTORY_ID. */
export const OFFERS_END: u32 = 16;
/** Not a port: what nodes tell each other about ports (control.ts). */
export const CONTROL_ID: u32 = 0;

const INDEX_MASK: u32 = 0xff;
const GENERATION: u32 = 0x100;

//@unmanaged
export class Export {
  /** 0 where the entry is free. */
  handle: u32 = 0;
  id: u32 = 0;
  peer: u32 = 0;
  /** Its port has died, and the peer was told. */
  isDead: u32 = 0;
}

const table = memory.data(4096, 4);
/** The entry behind the last that was ever taken. */
let end: u32 = 0;
let ownPort: u32 = 0;
let deathBits: u32 = 0;

export function exportAt(index: u32): Export {
  return changetype<Export>(table + index * offsetof<Export>());
}

/** `names` is what DIRECTORY_ID is for; deaths of exported ports come to `port` as `bits`. */
export function startExports(names: u32, port: u32, bits: u32): void {
  store<u32>(OFFERS_AT + (DIRECTORY_ID << 2), names);
  ownPort = port;
  deathBits = bits;
}

/** This node's service of that number; the handle is this table's from here on. False where there is none such. */
export function offerPort(service: u32, handle: u32): bool {
  if (service <= DIRECTORY_ID || service >= OFFERS_END) return false;
  const at = OFFERS_AT + (service << 2);
  if (load<u32>(at) !== 0) close(load<u32>(at));
  store<u32>(at, handle);
  return true;
}

/** Exports the handle, which from here on is this table's; its id, or 0 where there is no room. */
export function exportPort(peer: u32, handle: u32): u32 {
  for (let index: u32 = 2; index < EXPORTS_MAX; index += 1) {
    const entry = exportAt(index);
    if (entry.handle !== 0) continue;
    end = max(end, index + 1);
    entry.handle = handle;
    entry.id = entry.id === 0 ? GENERATION | index : entry.id + GENERATION;
    entry.peer = peer;
    entry.isDead = 0;
    watchPort(handle, ownPort, deathBits);
    return entry.id;
  }
  return 0;
}

/** The handle that the peer means; 0 for none. */
//@inline
export function exportedHandle(peer: u32, id: u32): u32 {
  if (id < OFFERS_END) return load<u32>(OFFERS_AT + (id << 2));
  const entry = exportAt(id & INDEX_MASK);
  return entry.handle !== 0 && entry.id === id && entry.peer === peer ? entry.handle : 0;
}

export function releaseExport(peer: u32, id: u32): void {
  if (id < OFFERS_END || exportedHandle(peer, id) === 0) return;
  endExport(exportAt(id & INDEX_MASK));
}

/** The peer is gone. */
export function loseExports(peer: u32): void {
  for (let index: u32 = 0; index < end; index += 1) {
    if (exportAt(index).handle !== 0 && exportAt(index).peer === peer) endExport(exportAt(index));
  }
}

function endExport(entry: Export): void {
  close(entry.handle);
  entry.handle = 0;
}

/** The next export from `index` on whose port has died without its peer's knowing; EXPORTS_MAX for none. */
export function nextDeadExport(from: u32): u32 {
  for (let index = from; index < end; index += 1) {
    const entry = exportAt(index);
    if (entry.handle !== 0 && entry.isDead === 0 && hasDied(entry.handle)) return index;
  }
  return EXPORTS_MAX;
}

/** Rights of a handle that another node may use. */
export const REMOTE_RIGHTS: u32 = RIGHT_SEND | RIGHT_NOTIFY | RIGHT_COPY;
