/**
 * What the service's logic asks of its surroundings: to send a message to a peer, to answer a caller, and to give
 * up a port. The service does that by system calls, the tests by what they are about.
 */

let sendIndex: u32 = 0;
let answerIndex: u32 = 0;
let dropIndex: u32 = 0;

/** By the indices of functions. */
export function bindWorld(send: u32, answer: u32, drop: u32): void {
  sendIndex = send;
  answerIndex = answer;
  dropIndex = drop;
}

/** The message at `address` (message.ts) goes to the node, with a copy of the port if that is not 0. May get lost. */
export function sendTo(node: u32, address: u32, port: u32): void {
  call_indirect<void>(sendIndex, node, address, port);
}

/** The caller with the token gets the status; from 0 on, with a copy of the port if that is not 0. */
export function answerCaller(token: u32, status: i32, port: u32): void {
  call_indirect<void>(answerIndex, token, status, port);
}

/** The handle is needed no more. */
export function dropPort(port: u32): void {
  call_indirect<void>(dropIndex, port);
}
