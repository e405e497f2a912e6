/**
 * What a process finds when it starts: a read-only block at START_ADDRESS, written by whoever made it.
 *
 *      0  magic                     20  environment: count
 *      4  size of the block         24  environment: offset
 *      8  process number            28  working directory: offset
 *     12  arguments: count          32  handles: count
 *     16  arguments: offset         36  handles: offset, a multiple of 4
 *                                   40  view: offset, or 0 for none
 *                                   44  permissions that its new files do not get
 *
 * Offsets are from the block's beginning. Strings are UTF-8 and each ended by a zero; arguments lie one behind
 * the other, so do `NAME=value` of the environment. A handle is a name of at most 12 bytes, padded with
 * zeros, and its value. A view is what paths mean to the process (userland/lib/view.ts).
 *
 *     every process   space, process          a service   port, and what its manifest names
 *     a program       name, fd0, fd1 …        a driver    interrupt, device; registers at DEVICE_ADDRESS
 */

export const START_ADDRESS: u32 = 0x7f00_0000;
export const START_PAGES_MAX: u32 = 16;

/** "GsS1" */
export const START_MAGIC: u32 = 0x3153_7347;
export const START_SIZE: u32 = 4;
export const START_PID: u32 = 8;
export const START_ARGUMENT_COUNT: u32 = 12;
export const START_ARGUMENTS: u32 = 16;
export const START_ENVIRONMENT_COUNT: u32 = 20;
export const START_ENVIRONMENT: u32 = 24;
export const START_DIRECTORY: u32 = 28;
export const START_HANDLE_COUNT: u32 = 32;
export const START_HANDLES: u32 = 36;
export const START_VIEW: u32 = 40;
export const START_MODE_MASK: u32 = 44;
export const START_HEADER_SIZE: u32 = 48;

/** Of the first programs: others may not write. */
export const MODE_MASK_USUAL: u32 = 0o022;

export const START_HANDLE_SIZE: u32 = 16;
export const START_HANDLE_NAME_SIZE: u32 = 12;
export const START_HANDLE_VALUE: u32 = 12;

/** Where a driver's registers are mapped. */
export const DEVICE_ADDRESS: u32 = 0x3000_0000;
