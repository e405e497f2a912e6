/**
 * What a system call answers in a0 when it did not do what was asked. Every one is negative; 0 and above
 * is success. The caller's misuse and the world's ways are told apart by their number.
 */

// Misuse.
export const ERROR_NO_SUCH_CALL: i32 = -1;
/** No handle of this space has this value, or what it meant is gone. */
export const ERROR_BAD_HANDLE: i32 = -2;
/** The handle is for another kind of object. */
export const ERROR_WRONG_KIND: i32 = -3;
/** The handle lacks a right that this needs. */
export const ERROR_NO_RIGHT: i32 = -4;
export const ERROR_BAD_ARGUMENT: i32 = -5;
/** A range that is not the caller's memory, or not to be accessed so. */
export const ERROR_BAD_ADDRESS: i32 = -6;
/** The token names no call that this space has yet to reply to. */
export const ERROR_NO_SUCH_MESSAGE: i32 = -7;
/** The object is not in the state that this needs: a running thread, an occupied page or address. */
export const ERROR_BAD_STATE: i32 = -8;

// The account's limit, or a peer's.
export const ERROR_QUOTA: i32 = -16;
/** The receiver has no room, or no wish, for the handles in the message. */
export const ERROR_REFUSED: i32 = -17;

// What happens to those who wait.
export const ERROR_TIMED_OUT: i32 = -24;
export const ERROR_CANCELLED: i32 = -25;
export const ERROR_PEER_DIED: i32 = -26;
