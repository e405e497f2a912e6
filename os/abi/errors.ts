/**
 * What a system call answers in a0 when it did not do what was asked. Every one is negative; 0 and above
 * is success. The caller’s misuse and the world’s ways are told apart by their number; services answer alike.
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

// What services answer, in the status of a reply. The kernel has none of these.
export const ERROR_NOT_FOUND: i32 = -32;
export const ERROR_EXISTS: i32 = -33;
export const ERROR_NOT_DIRECTORY: i32 = -34;
export const ERROR_IS_DIRECTORY: i32 = -35;
export const ERROR_NOT_EMPTY: i32 = -36;
export const ERROR_NO_SPACE: i32 = -37;
export const ERROR_NAME_TOO_LONG: i32 = -38;
export const ERROR_ACCESS: i32 = -39;
export const ERROR_READ_ONLY: i32 = -40;
/** The device did not do it. */
export const ERROR_INPUT_OUTPUT: i32 = -41;
/** What was read is not what was written. */
export const ERROR_DAMAGED: i32 = -42;
/** A pipe that nobody reads any more. */
export const ERROR_BROKEN_PIPE: i32 = -43;
export const ERROR_NOT_TERMINAL: i32 = -44;
export const ERROR_BUSY: i32 = -45;
export const ERROR_NO_SUCH_PROCESS: i32 = -46;
export const ERROR_NO_CHILD: i32 = -47;
/** Too many symbolic links on the way. */
export const ERROR_LOOP: i32 = -48;
export const ERROR_TOO_LARGE: i32 = -49;
export const ERROR_NOT_SEEKABLE: i32 = -50;
export const ERROR_NOT_EXECUTABLE: i32 = -51;
/** Of two names, each in another file tree. */
export const ERROR_CROSS_DEVICE: i32 = -52;
/** Of open objects, processes, or what else a service has a fixed number of. */
export const ERROR_TOO_MANY: i32 = -53;
export const ERROR_NODE_LOST: i32 = -54;
