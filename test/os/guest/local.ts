/**
 * A node's side of remote calls where the host plays callers and servers, in place of os/service/net/remote/local.ts.
 */

//@external("local", "read")
declare function read(token: u32, range: u32, offset: u32, to: u32, size: u32): i32;
//@external("local", "write")
declare function write(token: u32, range: u32, offset: u32, from: u32, size: u32): i32;
//@external("local", "answer")
declare function answer(token: u32, status: i32, reply: u32): void;
//@external("local", "isWaiting")
export declare function isCallerWaiting(token: u32): bool;
//@external("local", "begin")
export declare function beginService(index: u32): void;
//@external("local", "cancel")
export declare function cancelService(index: u32): void;

export function reader(): u32 {
  return 0;
}

export function writer(): u32 {
  return 1;
}

export function moveCallers(mover: u32, token: u32, range: u32, offset: u32, address: u32, size: u32): i32 {
  if (mover === 0) return read(token, range, offset, address, size);
  return write(token, range, offset, address, size);
}

export function answerCaller(_peer: u32, token: u32, status: i32, reply: u32): void {
  answer(token, status, reply);
}
