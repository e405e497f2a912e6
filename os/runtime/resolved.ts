/**
 * Resources that this process has found before: their ports, kept for the next time, so that to find one again takes
 * no system call. What has died, or gone with its node, is noticed by who calls it:
 *
 *     const status = counter.add(resolved(locateService, id), 1);
 *     if (isGone(status)) forgetResolved(id);      and once more, where the call may be made twice
 *
 * Who moves a resource to another node ends the port that it had, so that everybody notices.
 */
import { ERROR_BAD_HANDLE, ERROR_NODE_LOST, ERROR_PEER_DIED } from '../abi/errors.ts';
import * as locate from '../proto/locate.client.ts';
import { close } from './system.ts';

//@unmanaged
class Found {
  id: u64 = 0;
  /** 0 where the place is free. */
  port: u32 = 0;
}

const PLACE_SHIFT: u32 = 4;
const PLACES_MASK: u32 = 15;

const table = memory.data(256, 8);

/** A port, or an error. It is this cache's own: good until another is asked for. */
export function resolved(service: u32, id: u64): i32 {
  const found = placeOf(id);
  return found.id === id && found.port !== 0 ? <i32>found.port : find(found, service, id);
}

function find(found: Found, service: u32, id: u64): i32 {
  empty(found);
  const port = locate.resolve(service, id);
  if (port < 0) return port;
  found.id = id;
  found.port = port;
  return port;
}

/** It is to be looked for again. */
export function forgetResolved(id: u64): void {
  if (placeOf(id).id === id) empty(placeOf(id));
}

/** Whether a call to it was answered so that it may be elsewhere now. */
export function isGone(status: i32): bool {
  return status === ERROR_PEER_DIED || status === ERROR_NODE_LOST || status === ERROR_BAD_HANDLE;
}

function empty(found: Found): void {
  if (found.port !== 0) close(found.port);
  found.port = 0;
}

//@inline
function placeOf(id: u64): Found {
  const word = (id as u32) ^ ((id >> 32) as u32);
  const place = word ^ (word >> 11) ^ (word >> 22);
  return changetype<Found>(table + ((place & PLACES_MASK) << PLACE_SHIFT));
}
