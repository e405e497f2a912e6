/**
 * Kinds of objects, and what a handle allows. A derived handle has the same rights or fewer.
 */

export const KIND_SPACE: u32 = 1;
export const KIND_THREAD: u32 = 2;
export const KIND_PORT: u32 = 3;
export const KIND_MEMORY: u32 = 4;
export const KIND_INTERRUPT: u32 = 5;
export const KIND_TIMER: u32 = 6;
/** The machine itself: log, power, interrupt sources. The first process has the only one. */
export const KIND_CONTROL: u32 = 7;

/** Port: call and send. */
export const RIGHT_SEND: u32 = 0x01;
/** Port: notification bits. */
export const RIGHT_NOTIFY: u32 = 0x02;
/** Port: receive. The port lives as long as there is a handle with it. */
export const RIGHT_RECEIVE: u32 = 0x04;
/** Memory: what a mapping may allow. */
export const RIGHT_READ: u32 = 0x08;
export const RIGHT_WRITE: u32 = 0x10;
export const RIGHT_EXECUTE: u32 = 0x20;
/** Any: derive handles from it, send it in messages. */
export const RIGHT_COPY: u32 = 0x40;
/** Any: the object's own methods; port: give badges, watch. */
export const RIGHT_MANAGE: u32 = 0x80;
export const RIGHTS_ALL: u32 = 0xff;
