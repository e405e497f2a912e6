/**
 * What WASI is bound to: the functions that a system provides to programs of other languages, as the module
 * `system`. Addresses are of the program's memory.
 *
 *     open descriptors   0 standard input, 1 standard output, 2 standard error; others are not open
 *     write, read        how many bytes were, or minus a WASI error number
 *     argument_*         the command line: its first word is the program's name
 *     environment_*      strings NAME=VALUE; sizes are without the zero that ends a string in memory
 */

//@external("system", "write")
export declare function write(descriptor: u32, address: u32, count: u32): i32;
//@external("system", "read")
export declare function read(descriptor: u32, address: u32, count: u32): i32;
//@external("system", "is_open")
export declare function is_open(descriptor: u32): u32;
//@external("system", "close")
export declare function close(descriptor: u32): void;
/** Nanoseconds since 1970. */
//@external("system", "date")
export declare function date(): u64;
/** Nanoseconds since some beginning; never goes back. */
//@external("system", "monotonic")
export declare function monotonic(): u64;
/** The smallest step of both clocks, nanoseconds. */
//@external("system", "clock_step")
export declare function clock_step(): u64;
//@external("system", "random")
export declare function random(address: u32, count: u32): void;
//@external("system", "yield")
export declare function yield_(): void;
/** Never returns. */
//@external("system", "exit")
export declare function exit(status: u32): void;

//@external("system", "argument_count")
export declare function argument_count(): u32;
//@external("system", "argument_size")
export declare function argument_size(index: u32): u32;
//@external("system", "argument_copy")
export declare function argument_copy(index: u32, address: u32): void;
//@external("system", "environment_count")
export declare function environment_count(): u32;
//@external("system", "environment_size")
export declare function environment_size(index: u32): u32;
//@external("system", "environment_copy")
export declare function environment_copy(index: u32, address: u32): void;
