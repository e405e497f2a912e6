/**
 * Terminals: attributes, control characters and commands, with POSIX's names and Linux's numbers.
 *
 *     attributes   0 c_iflag   4 c_oflag   8 c_cflag   12 c_lflag   16 c_cc, 20 bytes
 *     window       0 rows, 16 bits   2 columns, 16 bits
 *
 * A control character of 0 is switched off.
 */

export const ATTRIBUTES_SIZE: u32 = 36;
export const ATTRIBUTES_INPUT: u32 = 0;
export const ATTRIBUTES_OUTPUT: u32 = 4;
export const ATTRIBUTES_CONTROL: u32 = 8;
export const ATTRIBUTES_LOCAL: u32 = 12;
export const ATTRIBUTES_CHARACTERS: u32 = 16;
export const WINDOW_SIZE: u32 = 4;

/** c_iflag: a newline typed is a return, returns are ignored, a return is a newline; ^S and ^Q hold the output. */
export const INLCR: u32 = 0x0040;
export const IGNCR: u32 = 0x0080;
export const ICRNL: u32 = 0x0100;
export const IXON: u32 = 0x0400;
/** The bell where a line is too long; code points of several bytes are erased whole. */
export const IMAXBEL: u32 = 0x2000;
export const IUTF8: u32 = 0x4000;

/** c_oflag: output is processed; a newline goes out as return and newline. */
export const OPOST: u32 = 0x0001;
export const ONLCR: u32 = 0x0004;

/** c_lflag: characters that signal; lines that can be edited. */
export const ISIG: u32 = 0x0001;
export const ICANON: u32 = 0x0002;
/** What is typed is shown; what is erased goes, after a kill the whole line; newlines show in any case. */
export const ECHO: u32 = 0x0008;
export const ECHOE: u32 = 0x0010;
export const ECHOK: u32 = 0x0020;
export const ECHONL: u32 = 0x0040;
/** A signal leaves what was typed before it. */
export const NOFLSH: u32 = 0x0080;
/** Background groups may not write. */
export const TOSTOP: u32 = 0x0100;
/** Control characters show as ^X; a killed line goes from the screen. */
export const ECHOCTL: u32 = 0x0200;
export const ECHOKE: u32 = 0x0800;
/** Word erase, reprint and the literal next character. */
export const IEXTEN: u32 = 0x8000;

/** Indices into c_cc. */
export const VINTR: u32 = 0;
export const VQUIT: u32 = 1;
export const VERASE: u32 = 2;
export const VKILL: u32 = 3;
export const VEOF: u32 = 4;
/** Without ICANON: how long a read waits for more, in tenths of a second, and for how many bytes. */
export const VTIME: u32 = 5;
export const VMIN: u32 = 6;
export const VSTART: u32 = 8;
export const VSTOP: u32 = 9;
export const VSUSP: u32 = 10;
export const VEOL: u32 = 11;
export const VREPRINT: u32 = 12;
export const VWERASE: u32 = 14;
export const VLNEXT: u32 = 15;
export const VEOL2: u32 = 16;
/** As BSD has it: another one that erases. */
export const VERASE2: u32 = 17;

/** Commands of `control`, with what goes in and comes out. */
/** → attributes. */
export const TERMINAL_GET_ATTRIBUTES: u32 = 1;
/** attributes: at once; when all output has gone; and what was typed before is dropped. */
export const TERMINAL_SET_ATTRIBUTES: u32 = 2;
export const TERMINAL_SET_AFTER_OUTPUT: u32 = 3;
export const TERMINAL_SET_AND_FLUSH: u32 = 4;
/** → window; window: the foreground group is told by a signal where it changes. */
export const TERMINAL_GET_WINDOW: u32 = 5;
export const TERMINAL_SET_WINDOW: u32 = 6;
/** Asks the terminal itself, by its cursor's report → window: the known one where it does not answer. */
export const TERMINAL_ASK_WINDOW: u32 = 7;
/** → the foreground process group, 32 bits, 0 for none. */
export const TERMINAL_GET_FOREGROUND: u32 = 8;
export const TERMINAL_SET_FOREGROUND: u32 = 9;
/** which, 32 bits: bit 0 what was typed and not read, bit 1 what was written and not sent. */
export const TERMINAL_FLUSH: u32 = 10;
/** Waits until all output has been sent. */
export const TERMINAL_DRAIN: u32 = 11;
/** Signals SIGHUP and SIGCONT to the foreground group; reads give the end from then on. */
export const TERMINAL_HANG_UP: u32 = 12;
