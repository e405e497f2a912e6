/**
 * The serial port: a 16550A with a person or a program at the other end of its line (registers and
 * times: hw/manual/uart.ts).
 *
 *     guest ─ THR ─→ [FIFO] ─→ shift register ─→ transmit(byte, at)       when its last bit has left
 *     receive(bytes) ─→ queue ─→ line, one character at a time ─→ [FIFO] ─ RBR ─→ guest
 *
 * The queue holds what the far end has sent and the line has not yet carried. Where `whenFull` is `hold`
 * (the default) the line waits while the receiver has no room, as a terminal with flow control does; where
 * it is `overrun` the line does not wait, and what finds no room is lost and reported in LSR.
 */
import type { AccessSize, Device, Wiring } from '../bus/device.ts';
import {
  UART_CLOCK_HZ,
  UART_DIVISOR_RESET,
  UART_DLL,
  UART_DLM,
  UART_FAST_CHARACTER_NS,
  UART_FCR,
  UART_FCR_CLEAR_RECEIVER,
  UART_FCR_CLEAR_TRANSMITTER,
  UART_FCR_ENABLE,
  UART_FCR_TRIGGER_SHIFT,
  UART_FIFO_SIZE,
  UART_IER,
  UART_IER_EMPTY,
  UART_IER_LINE,
  UART_IER_MODEM,
  UART_IER_RECEIVED,
  UART_IIR,
  UART_IIR_EMPTY,
  UART_IIR_FIFO,
  UART_IIR_LINE,
  UART_IIR_MODEM,
  UART_IIR_NONE,
  UART_IIR_RECEIVED,
  UART_IIR_TIMEOUT,
  UART_LCR,
  UART_LCR_DLAB,
  UART_LCR_PARITY,
  UART_LCR_STOP,
  UART_LCR_WORD_LENGTH,
  UART_LSR,
  UART_LSR_HOLDING_EMPTY,
  UART_LSR_OVERRUN,
  UART_LSR_READY,
  UART_LSR_TRANSMITTER_EMPTY,
  UART_MCR,
  UART_MCR_DTR,
  UART_MCR_LOOP,
  UART_MCR_MASK,
  UART_MCR_OUT1,
  UART_MCR_OUT2,
  UART_MCR_RTS,
  UART_MSR,
  UART_MSR_CTS,
  UART_MSR_DCD,
  UART_MSR_DSR,
  UART_MSR_RING,
  UART_RBR,
  UART_SCR,
  UART_THR,
  UART_TIMEOUT_CHARACTERS,
} from '../manual/uart.ts';
import type { StatePort } from '../state.ts';

export interface UartOptions {
  /** A character has left; `at` is when its last bit did, nanoseconds. */
  transmit(byte: number, at: number): void;
  /** `divisor`: characters take the time that the registers say. `fast`: see the data sheet. */
  readonly line: 'divisor' | 'fast';
  readonly whenFull?: 'hold' | 'overrun';
}

const REGISTERS = 8;
const IER_MASK = 0x0f;
/** What a terminal that is switched on asserts. */
const CABLE = UART_MSR_CTS | UART_MSR_DSR | UART_MSR_DCD;
const TRIGGERS = [1, 4, 8, 14] as const;

export class Uart implements Device {
  readonly name = 'uart';
  private readonly wiring: Pick<Wiring, 'now' | 'irq'>;
  private readonly options: UartOptions;

  private divisor = UART_DIVISOR_RESET;
  private enabled = 0;
  private lineControl = 0;
  private modemControl = 0;
  private scratch = 0;
  private fifoOn = false;
  private trigger = 1;
  private overrun = false;
  private modemDelta = 0;

  /** Waiting to be sent; the first of `sending` is in the shift register while `sentAt` is finite. */
  private sending: number[] = [];
  private shift = 0;
  private sentAt = Infinity;
  /** Characters that have gone out on the line since the beginning of time; no reset takes it back. */
  private sentCount = 0;
  /** The transmitter's interrupt: it became empty, and nobody has taken note. */
  private emptied = false;

  private received: number[] = [];
  /** What the far end has sent; its first character is complete at `arrivesAt`. */
  private queue: Uint8Array = new Uint8Array(0);
  private arrivesAt = Infinity;
  private timeoutAt = Infinity;
  private timedOut = false;

  constructor(wiring: Pick<Wiring, 'now' | 'irq'>, options: UartOptions) {
    this.wiring = wiring;
    this.options = options;
  }

  get deadline(): number {
    return Math.min(this.sentAt, this.arrivesAt, this.timeoutAt);
  }

  /** Characters that the guest has not been offered yet. */
  get queued(): number {
    return this.queue.length;
  }

  /** The far end sends; nothing is lost for want of room in the queue. */
  receive(bytes: Uint8Array): void {
    const queue = new Uint8Array(this.queue.length + bytes.length);
    queue.set(this.queue);
    queue.set(bytes, this.queue.length);
    this.queue = queue;
    this.startArrival(this.wiring.now());
  }

  read(offset: number, _size: AccessSize): number | undefined {
    if (offset >= REGISTERS) return undefined;
    if (this.divisorShown && offset === UART_DLL) return this.divisor & 0xff;
    if (this.divisorShown && offset === UART_DLM) return this.divisor >>> 8;
    const value = this.readRegister(offset);
    this.update();
    return value;
  }

  write(offset: number, _size: AccessSize, value: number): boolean {
    if (offset >= REGISTERS) return false;
    const byte = value & 0xff;
    if (this.divisorShown && offset === UART_DLL) this.divisor = (this.divisor & 0xff00) | byte;
    else if (this.divisorShown && offset === UART_DLM) this.divisor = (this.divisor & 0xff) | (byte << 8);
    else this.writeRegister(offset, byte);
    this.update();
    return true;
  }

  get sent(): number {
    return this.sentCount;
  }

  advance(now: number): void {
    for (let at = this.deadline; at <= now; at = this.deadline) {
      if (at === this.sentAt) this.finishSending(at);
      else if (at === this.arrivesAt) this.finishArrival(at);
      else this.announceTimeout();
    }
    this.update();
  }

  /** What the far end has sent stays on its way. */
  reset(): void {
    this.divisor = UART_DIVISOR_RESET;
    this.enabled = 0;
    this.lineControl = 0;
    this.modemControl = 0;
    this.scratch = 0;
    this.overrun = false;
    this.modemDelta = 0;
    this.fifoOn = false;
    this.trigger = 1;
    this.clearReceiver();
    this.sending = [];
    this.sentAt = Infinity;
    this.emptied = false;
    this.arrivesAt = Infinity;
    this.startArrival(this.wiring.now());
    this.update();
  }

  state(port: StatePort): void {
    this.divisor = port.u32(this.divisor);
    this.enabled = port.u32(this.enabled);
    this.lineControl = port.u32(this.lineControl);
    this.modemControl = port.u32(this.modemControl);
    this.scratch = port.u32(this.scratch);
    this.fifoOn = port.flag(this.fifoOn);
    this.trigger = port.u32(this.trigger);
    this.overrun = port.flag(this.overrun);
    this.modemDelta = port.u32(this.modemDelta);
    this.sending = port.list(this.sending, byte => port.u32(byte ?? 0));
    this.shift = port.u32(this.shift);
    this.sentAt = port.integer(this.sentAt);
    this.sentCount = port.integer(this.sentCount);
    this.emptied = port.flag(this.emptied);
    this.received = port.list(this.received, byte => port.u32(byte ?? 0));
    this.queue = port.blob(this.queue);
    this.arrivesAt = port.integer(this.arrivesAt);
    this.timeoutAt = port.integer(this.timeoutAt);
    this.timedOut = port.flag(this.timedOut);
  }

  private get divisorShown(): boolean {
    return (this.lineControl & UART_LCR_DLAB) !== 0;
  }

  private get looped(): boolean {
    return (this.modemControl & UART_MCR_LOOP) !== 0;
  }

  private get capacity(): number {
    return this.fifoOn ? UART_FIFO_SIZE : 1;
  }

  private readRegister(offset: number): number {
    switch (offset) {
      case UART_RBR:
        return this.takeReceived();
      case UART_IER:
        return this.enabled;
      case UART_IIR:
        return this.readCause();
      case UART_LCR:
        return this.lineControl;
      case UART_MCR:
        return this.modemControl;
      case UART_LSR:
        return this.readLineStatus();
      case UART_MSR:
        return this.readModemStatus();
      default:
        return this.scratch;
    }
  }

  private writeRegister(offset: number, byte: number): void {
    switch (offset) {
      case UART_THR:
        this.send(byte);
        break;
      case UART_IER:
        this.setEnabled(byte & IER_MASK);
        break;
      case UART_FCR:
        this.setFifo(byte);
        break;
      case UART_LCR:
        this.lineControl = byte;
        break;
      case UART_MCR:
        this.setModemControl(byte & UART_MCR_MASK);
        break;
      case UART_SCR:
        this.scratch = byte;
        break;
      default: // LSR and MSR: read only
    }
  }

  // The transmitter

  private send(byte: number): void {
    const now = this.wiring.now();
    this.emptied = false;
    if (this.options.line === 'fast') {
      this.emit(byte, now);
      this.emptied = true;
      return;
    }
    if (!this.fifoOn) this.sending = [byte];
    else if (this.sending.length < UART_FIFO_SIZE) this.sending.push(byte);
    this.startSending(now);
  }

  private startSending(now: number): void {
    if (this.sentAt !== Infinity) return;
    const byte = this.sending.shift();
    if (byte === undefined) return;
    this.shift = byte;
    this.sentAt = now + this.characterNs();
    if (this.sending.length === 0) this.emptied = true;
  }

  private finishSending(at: number): void {
    this.sentAt = Infinity;
    this.emit(this.shift, at);
    this.startSending(at);
  }

  private emit(byte: number, at: number): void {
    if (this.looped) {
      this.accept(byte, at);
      return;
    }
    this.sentCount += 1;
    this.options.transmit(byte, at);
  }

  // The receiver

  /** The next character of the queue starts to arrive, unless one is arriving or the line must wait. */
  private startArrival(now: number): void {
    if (this.arrivesAt !== Infinity || this.queue.length === 0 || this.looped) return;
    if (this.options.whenFull !== 'overrun' && this.received.length >= this.capacity) return;
    this.arrivesAt = now + this.characterNs();
  }

  private finishArrival(at: number): void {
    this.arrivesAt = Infinity;
    if (this.mustWait()) return;
    this.accept(this.queue[0]!, at);
    this.queue = this.queue.subarray(1);
    this.startArrival(at);
  }

  /** Whether the character that has just crossed the line stays at the far end. */
  private mustWait(): boolean {
    if (this.looped) return true;
    return this.options.whenFull !== 'overrun' && this.received.length >= this.capacity;
  }

  private accept(byte: number, at: number): void {
    if (this.received.length >= this.capacity) {
      this.overrun = true;
      if (!this.fifoOn) this.received = [byte];
      return;
    }
    this.received.push(byte);
    this.startTimeout(at);
  }

  private takeReceived(): number {
    const byte = this.received.shift();
    if (byte === undefined) return 0;
    const now = this.wiring.now();
    this.timedOut = false;
    this.startTimeout(now);
    this.startArrival(now);
    return byte;
  }

  private startTimeout(now: number): void {
    const waiting = this.fifoOn && this.received.length > 0;
    this.timeoutAt = waiting ? now + UART_TIMEOUT_CHARACTERS * this.characterNs() : Infinity;
  }

  private announceTimeout(): void {
    this.timeoutAt = Infinity;
    this.timedOut = true;
  }

  private clearReceiver(): void {
    this.received = [];
    this.timeoutAt = Infinity;
    this.timedOut = false;
  }

  // Control and status

  private setEnabled(enabled: number): void {
    const turnedOn = enabled & ~this.enabled;
    this.enabled = enabled;
    if ((enabled & UART_IER_EMPTY) === 0) this.emptied = false;
    else if ((turnedOn & UART_IER_EMPTY) !== 0 && this.sending.length === 0) this.emptied = true;
  }

  private setFifo(control: number): void {
    const on = (control & UART_FCR_ENABLE) !== 0;
    const changed = on !== this.fifoOn;
    this.fifoOn = on;
    if (changed || (on && (control & UART_FCR_CLEAR_RECEIVER) !== 0)) this.clearReceiver();
    if (changed || (on && (control & UART_FCR_CLEAR_TRANSMITTER) !== 0)) {
      this.sending = [];
      this.emptied = true;
    }
    this.trigger = on ? TRIGGERS[(control >>> UART_FCR_TRIGGER_SHIFT) as 0 | 1 | 2 | 3] : 1;
    this.startArrival(this.wiring.now());
  }

  private setModemControl(control: number): void {
    const before = this.modemInputs();
    this.modemControl = control;
    const after = this.modemInputs();
    const changed = (before ^ after) & ~(after & UART_MSR_RING);
    this.modemDelta |= changed >>> 4;
    this.startArrival(this.wiring.now());
  }

  private modemInputs(): number {
    if (!this.looped) return CABLE;
    const control = this.modemControl;
    return (
      (control & UART_MCR_RTS ? UART_MSR_CTS : 0) |
      (control & UART_MCR_DTR ? UART_MSR_DSR : 0) |
      (control & UART_MCR_OUT1 ? UART_MSR_RING : 0) |
      (control & UART_MCR_OUT2 ? UART_MSR_DCD : 0)
    );
  }

  private readModemStatus(): number {
    const status = this.modemInputs() | this.modemDelta;
    this.modemDelta = 0;
    return status;
  }

  private readLineStatus(): number {
    const holdingEmpty = this.sending.length === 0;
    const status =
      (this.received.length > 0 ? UART_LSR_READY : 0) |
      (this.overrun ? UART_LSR_OVERRUN : 0) |
      (holdingEmpty ? UART_LSR_HOLDING_EMPTY : 0) |
      (holdingEmpty && this.sentAt === Infinity ? UART_LSR_TRANSMITTER_EMPTY : 0);
    this.overrun = false;
    return status;
  }

  private readCause(): number {
    const cause = this.cause();
    if (cause === UART_IIR_EMPTY) this.emptied = false;
    return cause | (this.fifoOn ? UART_IIR_FIFO : 0);
  }

  /** The highest of the enabled causes. */
  private cause(): number {
    if (this.enabled & UART_IER_LINE && this.overrun) return UART_IIR_LINE;
    if (this.enabled & UART_IER_RECEIVED) {
      if (this.received.length >= this.trigger) return UART_IIR_RECEIVED;
      if (this.timedOut) return UART_IIR_TIMEOUT;
    }
    if (this.enabled & UART_IER_EMPTY && this.emptied) return UART_IIR_EMPTY;
    if (this.enabled & UART_IER_MODEM && this.modemDelta !== 0) return UART_IIR_MODEM;
    return UART_IIR_NONE;
  }

  private update(): void {
    this.wiring.irq.set(this.cause() !== UART_IIR_NONE);
  }

  /** How long a character takes on the line now. */
  private characterNs(): number {
    if (this.options.line === 'fast') return UART_FAST_CHARACTER_NS;
    const control = this.lineControl;
    const dataBits = 5 + (control & UART_LCR_WORD_LENGTH);
    const stopHalves = (control & UART_LCR_STOP) === 0 ? 2 : dataBits === 5 ? 3 : 4;
    const parityBits = (control & UART_LCR_PARITY) === 0 ? 0 : 1;
    const halves = 2 * (1 + dataBits + parityBits) + stopHalves;
    const divisor = this.divisor === 0 ? 0x1_0000 : this.divisor;
    return Math.floor((halves * 8 * divisor * 10_000_000) / (UART_CLOCK_HZ / 100));
  }
}
