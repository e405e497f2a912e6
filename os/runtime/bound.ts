/**
 * Resources that this service has bound, so that they are found again when the locate service has begun anew: it is
 * told of that, and binds everything once more.
 *
 *     startBinding(handleNamed('locate'), BIT_LOCATE);
 *     bindResource(id, copyHandle(port, RIGHT_SEND | RIGHT_COPY, BADGE));
 *     …
 *     if ((bits & BIT_LOCATE) !== 0) bindAgain();
 *
 * Where the node is cut off from most others, binding takes until that is over: the wait for it ends after a while,
 * and what was bound is found then.
 */
import { ERROR_EXISTS, ERROR_TOO_MANY } from '../abi/errors.ts';
import * as locate from '../proto/locate.client.ts';
import { now } from './clock.ts';

//@unmanaged
class Bound {
  id: u64 = 0;
  port: u32 = 0;
  unused: u32 = 0;
}

const BOUND_MAX: u32 = 16;
/** A tenth of a second. */
const PATIENCE_TICKS: u64 = 1_000_000;

const table = memory.data(256, 8);

let service: u32 = 0;
let count: u32 = 0;

/** The locate service; when that has begun anew, this service's port gets the bits. → 0, or an error. */
export function startBinding(locateService: u32, bits: u32): i32 {
  service = locateService;
  return locate.attend(service, bits);
}

/** The port is kept. → 0 when everybody finds it; ERROR_TIMED_OUT where that will be later; another error. */
export function bindResource(id: u64, server: u32): i32 {
  if (count === BOUND_MAX) return ERROR_TOO_MANY;
  const bound = boundAt(count);
  bound.id = id;
  bound.port = server;
  count += 1;
  return bind(bound);
}

/** The bits have come. → 0, or the last error. */
export function bindAgain(): i32 {
  let result = 0;
  for (let index: u32 = 0; index < count; index += 1) {
    const bound = bind(boundAt(index));
    // the first time may have come after the beginning that is told of now
    if (bound < 0 && bound !== ERROR_EXISTS) result = bound;
  }
  return result;
}

function bind(bound: Bound): i32 {
  const end = now() + PATIENCE_TICKS;
  return locate.bindUntil(service, end as u32, (end >> 32) as u32, bound.id, bound.port);
}

function boundAt(index: u32): Bound {
  return changetype<Bound>(table + index * offsetof<Bound>());
}
