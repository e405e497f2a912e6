/**
 * This node's side of remote calls, as the calls see it; tests of them put their own in its place.
 *
 *     moveCallers       of a waiting caller's lent memory, one way or the other: → bytes, or an error
 *     answerCaller      with the wire's reply, or 0 where there is an error
 *     isCallerWaiting   whether the caller with that token still waits
 *     beginService      its request has come
 *     cancelService     nobody wants its answer
 */
import { ERROR_NO_SUCH_MESSAGE } from '../../../abi/errors.ts';
import { lentRead, lentWrite } from '../../../runtime/system.ts';
import { beginInward, cancelInward } from '../inward.ts';
import { answerOut } from '../outward.ts';

const OUT: u32 = 0;
const INTO: u32 = 1;

const nothing = memory.data(4, 4);

/** For `moveCallers`: out of a caller's memory. */
export function reader(): u32 {
  return OUT;
}

/** For `moveCallers`: into it. */
export function writer(): u32 {
  return INTO;
}

export function moveCallers(mover: u32, token: u32, range: u32, offset: u32, address: u32, size: u32): i32 {
  if (mover === OUT) return lentRead(token, range, offset, address, size);
  return lentWrite(token, range, offset, address, size);
}

//@inline
export function answerCaller(peer: u32, token: u32, error: i32, reply: u32): void {
  answerOut(peer, token, error, reply);
}

/** The kernel knows it by its token only then. */
export function isCallerWaiting(token: u32): bool {
  return token === 0 || lentRead(token, 0, 0, nothing, 0) !== ERROR_NO_SUCH_MESSAGE;
}

//@inline
export function beginService(index: u32): void {
  beginInward(index);
}

export function cancelService(index: u32): void {
  cancelInward(index);
}
