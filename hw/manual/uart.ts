/**
 * UART: a 16550A, one byte a register at UART_BASE + offset, registers as in the PC16550D data sheet
 * (National Semiconductor, 1995) and QEMU's `serial`.
 *
 *     offset  DLAB = 0, read  write        DLAB = 1
 *     0       RBR received    THR to send  DLL divisor, low byte
 *     1       IER enables     IER          DLM divisor, high byte
 *     2       IIR cause       FCR FIFOs
 *     3       LCR line control; 4 MCR modem control; 5 LSR line status (read only);
 *     6       MSR modem status (read only); 7 SCR scratch
 *
 * Accesses of 2 and 4 bytes reach the register at their own offset and carry its byte, zero-extended;
 * offsets of 8 and more are bus errors.
 *
 * The transmitter holds UART_FIFO_SIZE characters (one with FIFOs off) besides the one in the shift
 * register. A character written to a full FIFO is lost; with FIFOs off it replaces the waiting one.
 */

/**
 * Time. A character lasts its bits (start, 5–8 data, parity, stop) of 16 · divisor / UART_CLOCK_HZ each;
 * divisor 0 counts as 65,536. The board may wire the line `fast` instead: then a character leaves in the
 * moment it is written, and one arrives every UART_FAST_CHARACTER_NS. The line carries eight bits whatever
 * the word length, as QEMU's does, so that software which never sets LCR can be understood; word length,
 * parity and stop bits only take time. Parity, framing and break errors do not occur.
 */
export const UART_CLOCK_HZ = 3_686_400;
export const UART_FIFO_SIZE = 16;
export const UART_FAST_CHARACTER_NS = 1000;
/** The divisor after reset. */
export const UART_DIVISOR_RESET = 12;
/** Character times without a read or an arrival after which waiting characters are announced. */
export const UART_TIMEOUT_CHARACTERS = 4;

export const UART_RBR = 0;
export const UART_THR = 0;
export const UART_DLL = 0;
export const UART_IER = 1;
export const UART_DLM = 1;
export const UART_IIR = 2;
export const UART_FCR = 2;
export const UART_LCR = 3;
export const UART_MCR = 4;
export const UART_LSR = 5;
export const UART_MSR = 6;
export const UART_SCR = 7;

/** IER: received data available and time-out. */
export const UART_IER_RECEIVED = 0x01;
/** IER: transmitter holding register empty. */
export const UART_IER_EMPTY = 0x02;
export const UART_IER_LINE = 0x04;
export const UART_IER_MODEM = 0x08;

/** IIR: nothing pending. The causes below stand in bits 3–0; the lowest row wins. */
export const UART_IIR_NONE = 0x01;
export const UART_IIR_MODEM = 0x00;
/** Transmitter empty: set when it empties or is enabled while empty; cleared by this read or by writing THR. */
export const UART_IIR_EMPTY = 0x02;
export const UART_IIR_TIMEOUT = 0x0c;
export const UART_IIR_RECEIVED = 0x04;
export const UART_IIR_LINE = 0x06;
/** IIR: both bits are set while the FIFOs are on. */
export const UART_IIR_FIFO = 0xc0;

export const UART_FCR_ENABLE = 0x01;
export const UART_FCR_CLEAR_RECEIVER = 0x02;
export const UART_FCR_CLEAR_TRANSMITTER = 0x04;
/** FCR bits 7–6 choose the receiver's trigger: 1, 4, 8 or 14 characters. */
export const UART_FCR_TRIGGER_SHIFT = 6;

export const UART_LCR_WORD_LENGTH = 0x03;
export const UART_LCR_STOP = 0x04;
export const UART_LCR_PARITY = 0x08;
export const UART_LCR_DLAB = 0x80;

export const UART_MCR_DTR = 0x01;
export const UART_MCR_RTS = 0x02;
export const UART_MCR_OUT1 = 0x04;
export const UART_MCR_OUT2 = 0x08;
/** Transmitter, RTS, DTR, OUT1 and OUT2 are led back to receiver, CTS, DSR, RI and DCD. */
export const UART_MCR_LOOP = 0x10;
export const UART_MCR_MASK = 0x1f;

export const UART_LSR_READY = 0x01;
/** A character arrived and found no room; cleared by reading LSR. */
export const UART_LSR_OVERRUN = 0x02;
/** THR, or the transmitter's FIFO, is empty. */
export const UART_LSR_HOLDING_EMPTY = 0x20;
/** The shift register is empty too. */
export const UART_LSR_TRANSMITTER_EMPTY = 0x40;

/** MSR: bits 3–0 say what changed since the last read (ring: the trailing edge only). */
export const UART_MSR_DELTA = 0x0f;
export const UART_MSR_RING_DELTA = 0x04;
export const UART_MSR_CTS = 0x10;
export const UART_MSR_DSR = 0x20;
export const UART_MSR_RING = 0x40;
export const UART_MSR_DCD = 0x80;
