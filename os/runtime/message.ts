/**
 * Messages as a program holds them: the registers of os/abi/message.ts in memory, and the operations on them.
 * Every operation gives the system call's answer: 0, NOTIFIED, or an error.
 */

/** The order is known to entry.s. */
//@unmanaged
export class Message {
  /** The handle to call or send to, the port to receive from. */
  port: u32 = 0;
  /** Of a notification: its bits. */
  label: u32 = 0;
  word0: u32 = 0;
  word1: u32 = 0;
  word2: u32 = 0;
  word3: u32 = 0;
  word4: u32 = 0;
  word5: u32 = 0;
  word6: u32 = 0;
  /** 0, or the address of 64 aligned bytes for handles and lent ranges. */
  extras: u32 = 0;
  deadlineLow: u32 = 0;
  deadlineHigh: u32 = 0;
  /** Of the call received, or replied to. */
  token: u32 = 0;
  /** What was received: the badge of the sender's handle, and the counts of its extras. */
  badge: u32 = 0;
  counts: u32 = 0;
  /** Of a message that came through a proxy, whose name is the badge: the badge of the sender's handle. */
  proxied: u32 = 0;
}

//@external("ipc", "call")
export declare function call(message: Message): i32;
//@external("ipc", "receive")
export declare function receive(message: Message): i32;
//@external("ipc", "reply")
export declare function reply(message: Message): i32;
//@external("ipc", "send")
export declare function send(message: Message): i32;
//@external("ipc", "reply_and_receive")
export declare function replyAndReceive(message: Message): i32;

/** CALL_CALL, CALL_RECEIVE, … with the message, and the acknowledgement of an interrupt, or NO_INTERRUPT, in one. */
//@external("ipc", "operate")
export declare function operate(message: Message, call: u32, interrupt: u32): i32;

/** The message waits for ever. */
export function waitForEver(message: Message): void {
  message.deadlineLow = 0xffff_ffff;
  message.deadlineHigh = 0xffff_ffff;
}
