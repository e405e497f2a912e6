/**
 * This node's side of remote calls, as the rest of the service sees it: whoever embeds it says by which functions
 * (table indices) callers are read, written and answered, and calls for this node's own ports are carried out.
 *
 *     read, write    token, range, offset, address, size → bytes, or an error: of a waiting caller's lent memory
 *     answer         peer, token, error, reply: the wire's reply, or 0 where there is an error
 *     isWaiting      token → whether its caller still waits
 *     begin          service index: its request has come
 *     cancel         service index: nobody wants its answer
 */

let readAt: u32 = 0;
let writeAt: u32 = 0;
let answerAt: u32 = 0;
let isWaitingAt: u32 = 0;
let beginAt: u32 = 0;
let cancelAt: u32 = 0;

export function bindLocal(read: u32, write: u32, answer: u32, isWaiting: u32, begin: u32, cancel: u32): void {
  readAt = read;
  writeAt = write;
  answerAt = answer;
  isWaitingAt = isWaiting;
  beginAt = begin;
  cancelAt = cancel;
}

/** For `moveCallers`: out of a caller's memory. */
export function reader(): u32 {
  return readAt;
}

/** For `moveCallers`: into it. */
export function writer(): u32 {
  return writeAt;
}

export function moveCallers(mover: u32, token: u32, range: u32, offset: u32, address: u32, size: u32): i32 {
  return call_indirect<i32>(mover, token, range, offset, address, size);
}

export function answerCaller(peer: u32, token: u32, error: i32, reply: u32): void {
  call_indirect(answerAt, peer, token, error, reply);
}

export function isCallerWaiting(token: u32): bool {
  return call_indirect<bool>(isWaitingAt, token);
}

export function beginService(index: u32): void {
  call_indirect(beginAt, index);
}

export function cancelService(index: u32): void {
  call_indirect(cancelAt, index);
}
