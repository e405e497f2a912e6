/**
 * Open objects, as servers give them to clients: a handle of the server's own port with a badge that tells which
 * one is meant. The server keeps its own and is notified when nobody else has one any more.
 *
 *     const handle = makeObject(port, badge);
 *     if (completeOpen(request.token, handle) < 0) close(handle);        nobody got it
 *     else watchHandle(handle, port, bits);       only now: before, nobody would have had it
 *     …
 *     when the bits come: for each object, if (!isHeld(handle)) { close(handle); … }
 */
import { RIGHT_COPY, RIGHT_SEND } from '../abi/rights.ts';
import { copyHandle, inspectHandle } from './system.ts';

const found = memory.data(12, 4);

/** A handle, or an error. */
export function makeObject(port: u32, badge: u32): i32 {
  return copyHandle(port, RIGHT_SEND | RIGHT_COPY, badge);
}

/** Whether anybody has a handle that comes from this one. */
export function isHeld(handle: u32): bool {
  inspectHandle(handle, found);
  return load<u32>(found, 8) !== 0;
}
