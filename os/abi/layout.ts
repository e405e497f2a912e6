/**
 * The address space of a process, and what the first process finds in its own.
 *
 *     0x0000_0000  never mapped           0x4000_0000  text, read-only data, globals
 *     0x0000_1000  linear memory          0x8000_0000  the end; the machine stack grows down from below it
 *
 * The first process is started with these handles; it is made from the boot archive's file `init`.
 */

export const PAGE_SIZE: u32 = 4096;
export const PAGE_SHIFT: u32 = 12;
export const USER_START: u32 = 0x0000_1000;
export const USER_END: u32 = 0x8000_0000;
/** A program's linear memory grows up to here, below where drivers have their registers. */
export const PROGRAM_HEAP_END: u32 = 0x3000_0000;

/** Values of the first process's handles: slots 64 … of generation 1. */
export const INIT_SPACE: u32 = 0x440;
export const INIT_CONTROL: u32 = 0x441;
/** All addresses below RAM, page n at n · 4096: the devices. */
export const INIT_DEVICES: u32 = 0x442;
/** The boot archive, read-only. */
export const INIT_ARCHIVE: u32 = 0x443;
/** Where the kernel mapped the archive for it. */
export const INIT_ARCHIVE_ADDRESS: u32 = 0x7000_0000;
/** Where it finds the command line, ended by a zero, on a page of its own. */
export const INIT_COMMAND_LINE: u32 = 0x7e00_0000;
/** The first process's stack: below USER_END. */
export const INIT_STACK_SIZE: u32 = 0x1_0000;
/** The value of the first handle that a space is given. */
export const FIRST_HANDLE: u32 = 0x440;
