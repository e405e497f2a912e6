/**
 * The UART, from the PC16550D data sheet: FIFOs, causes, loopback, line time; and the probing that
 * Linux's 8250 driver does.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Uart, type UartOptions } from '../../hw/device/uart.ts';
import * as R from '../../hw/manual/uart.ts';
import {
  type Action,
  Bench,
  expectSameAfterRestore,
  passing,
  read,
  reading,
  write,
  writing,
} from './bench.ts';

/** Nanoseconds of a character of 8N1 with divisor 2, 115,200 baud. */
const CHARACTER = 86_805;

function makeUart(options: Partial<UartOptions> = {}) {
  const bench = new Bench();
  const sent: [byte: number, at: number][] = [];
  const uart = new Uart(bench.wiring, {
    line: 'divisor',
    transmit: (byte, at) => void sent.push([byte, at]),
    ...options,
  });
  return { bench, uart, sent };
}

/** As a driver sets it up: 115,200 baud, 8N1, FIFOs with the trigger, no interrupts. */
function openUart(trigger = 3, options: Partial<UartOptions> = {}) {
  const made = makeUart(options);
  write(made.uart, R.UART_LCR, R.UART_LCR_DLAB, 1);
  write(made.uart, R.UART_DLL, 2, 1);
  write(made.uart, R.UART_DLM, 0, 1);
  write(made.uart, R.UART_LCR, 3, 1);
  write(made.uart, R.UART_FCR, R.UART_FCR_ENABLE | (trigger << R.UART_FCR_TRIGGER_SHIFT), 1);
  return made;
}

const get = (uart: Uart, register: number) => read(uart, register, 1);
const put = (uart: Uart, register: number, byte: number) => write(uart, register, byte, 1);
const bytes = (text: string) => new TextEncoder().encode(text);

function drain(uart: Uart): string {
  let text = '';
  while (get(uart, R.UART_LSR) & R.UART_LSR_READY) text += String.fromCharCode(get(uart, R.UART_RBR));
  return text;
}

describe('uart registers', () => {
  it('reset to what the data sheet says', () => {
    const { uart } = makeUart();
    const registers = [R.UART_RBR, R.UART_IER, R.UART_IIR, R.UART_LCR, R.UART_MCR, R.UART_LSR, R.UART_MSR];
    expect(registers.map(at => get(uart, at))).toEqual([0, 0, 0x01, 0, 0, 0x60, 0xb0]);
  });

  it('show the divisor under DLAB and keep only the bits that exist', () => {
    const { uart } = makeUart();
    put(uart, R.UART_IER, 0xff);
    put(uart, R.UART_MCR, 0xef);
    put(uart, R.UART_SCR, 0x5a);
    put(uart, R.UART_LCR, 0x80);
    expect([get(uart, R.UART_DLL), get(uart, R.UART_DLM)]).toEqual([12, 0]);
    put(uart, R.UART_DLL, 0x34);
    put(uart, R.UART_DLM, 0x12);
    expect([get(uart, R.UART_DLL), get(uart, R.UART_DLM)]).toEqual([0x34, 0x12]);
    put(uart, R.UART_LCR, 0x03);
    const kept = [R.UART_IER, R.UART_MCR, R.UART_SCR, R.UART_LCR].map(at => get(uart, at));
    expect(kept).toEqual([0x0f, 0x0f, 0x5a, 0x03]);
  });

  it('carry their byte in wider accesses and end after eight', () => {
    const { uart } = makeUart();
    write(uart, R.UART_MCR, 0xffff_ff03, 4);
    expect([read(uart, R.UART_MCR, 4), read(uart, R.UART_MSR, 2)]).toEqual([3, 0xb0]);
    expect([uart.read(8, 1), uart.write(8, 1, 0), uart.read(0x100, 4)]).toEqual([
      undefined,
      false,
      undefined,
    ]);
  });

  it('ignore writes to line and modem status', () => {
    const { uart } = makeUart();
    put(uart, R.UART_LSR, 0);
    put(uart, R.UART_MSR, 0);
    expect([get(uart, R.UART_LSR), get(uart, R.UART_MSR)]).toEqual([0x60, 0xb0]);
  });
});

describe('uart transmitter', () => {
  it('sends a character in the time that divisor, length, parity and stop bits say', () => {
    for (const [control, divisor, ns] of [
      [0x03, 2, 86_805], // 10 bits of 8.68 µs
      [0x1b, 24, 1_145_833], // 8 bits, parity, one stop: 11 bits of 104.2 µs
      [0x04, 1, 32_552], // 5 bits, one and a half stop: 7.5 bits of 4.34 µs
      [0x07, 1, 47_743], // 8 bits, two stop
      [0x03, 0, 2_844_444_444], // divisor 0 counts as 65,536
    ] as const) {
      const { bench, uart, sent } = makeUart();
      put(uart, R.UART_LCR, 0x80);
      put(uart, R.UART_DLL, divisor);
      put(uart, R.UART_LCR, control);
      put(uart, R.UART_THR, 0x41);
      bench.settle(uart);
      expect(sent).toEqual([[0x41, ns]]);
    }
  });

  it('holds one character besides the shift register with FIFOs off; a third replaces the second', () => {
    const { bench, uart, sent } = openUart();
    put(uart, R.UART_FCR, 0);
    put(uart, R.UART_THR, 0x61);
    expect(get(uart, R.UART_LSR)).toBe(R.UART_LSR_HOLDING_EMPTY);
    put(uart, R.UART_THR, 0x62);
    expect(get(uart, R.UART_LSR)).toBe(0);
    put(uart, R.UART_THR, 0x63);
    bench.settle(uart);
    expect(sent).toEqual([
      [0x61, CHARACTER],
      [0x63, 2 * CHARACTER],
    ]);
    expect(get(uart, R.UART_LSR)).toBe(0x60);
  });

  it('holds sixteen with FIFOs on, back to back on the line; the next is lost', () => {
    const { bench, uart, sent } = openUart();
    for (let byte = 0; byte < 18; byte += 1) put(uart, R.UART_THR, byte);
    bench.settle(uart);
    expect(sent.map(([byte]) => byte)).toEqual(Array.from({ length: 17 }, (_, byte) => byte));
    expect(sent.at(-1)![1]).toBe(17 * CHARACTER);
  });

  it('interrupts when it empties; reading the cause or writing clears that', () => {
    const { bench, uart } = openUart();
    put(uart, R.UART_THR, 1);
    put(uart, R.UART_THR, 2);
    put(uart, R.UART_IER, R.UART_IER_EMPTY);
    expect([bench.level, get(uart, R.UART_IIR)]).toEqual([false, 0xc1]);
    bench.runTo(uart, CHARACTER);
    expect([bench.level, get(uart, R.UART_IIR), bench.level]).toEqual([true, 0xc2, false]);
    expect(get(uart, R.UART_IIR)).toBe(0xc1);
    put(uart, R.UART_THR, 3);
    expect(bench.level).toBe(false);
    bench.runTo(uart, 2 * CHARACTER);
    expect(bench.level).toBe(true);
    put(uart, R.UART_THR, 4);
    expect(bench.level).toBe(false);
  });

  it('interrupts as soon as that is enabled while it is empty, each time anew', () => {
    const { bench, uart } = openUart();
    for (let time = 0; time < 2; time += 1) {
      put(uart, R.UART_IER, R.UART_IER_EMPTY);
      expect(get(uart, R.UART_IIR)).toBe(0xc2);
      put(uart, R.UART_IER, 0);
      expect([bench.level, get(uart, R.UART_IIR)]).toEqual([false, 0xc1]);
    }
  });

  it('on a fast line sends in the moment of writing', () => {
    const { bench, uart, sent } = makeUart({ line: 'fast' });
    bench.time = 777;
    for (const byte of bytes('hello')) put(uart, R.UART_THR, byte);
    expect(sent).toEqual([...bytes('hello')].map(byte => [byte, 777]));
    expect([get(uart, R.UART_LSR), uart.deadline]).toEqual([0x60, Infinity]);
    put(uart, R.UART_IER, R.UART_IER_EMPTY);
    get(uart, R.UART_IIR);
    put(uart, R.UART_THR, 0x21);
    expect(bench.level).toBe(true);
  });
});

describe('uart receiver', () => {
  it('takes characters at the rate of the line and interrupts at the trigger', () => {
    for (const [setting, trigger] of [1, 4, 8, 14].entries()) {
      const { bench, uart } = openUart(setting);
      put(uart, R.UART_IER, R.UART_IER_RECEIVED);
      uart.receive(bytes('abcdefghijklmno'));
      bench.runTo(uart, trigger * CHARACTER - 1);
      expect(bench.level).toBe(false);
      bench.runTo(uart, trigger * CHARACTER);
      expect([bench.level, get(uart, R.UART_IIR)]).toEqual([true, 0xc4]);
      get(uart, R.UART_RBR);
      expect(bench.level).toBe(false);
    }
  });

  it('announces what waits below the trigger after four silent character times', () => {
    const { bench, uart } = openUart(3);
    put(uart, R.UART_IER, R.UART_IER_RECEIVED);
    uart.receive(bytes('ab'));
    bench.runTo(uart, 6 * CHARACTER - 1);
    expect(bench.level).toBe(false);
    bench.runTo(uart, 6 * CHARACTER);
    expect([bench.level, get(uart, R.UART_IIR)]).toEqual([true, 0xcc]);
    expect(get(uart, R.UART_RBR)).toBe(0x61);
    expect(bench.level).toBe(false);
    bench.runTo(uart, 10 * CHARACTER);
    expect([bench.level, drain(uart), bench.level]).toEqual([true, 'b', false]);
  });

  it('lets the line wait while there is no room, so that nothing is lost', () => {
    const { bench, uart } = openUart(3);
    const text = 'The quick brown fox jumps over the lazy dog. '.repeat(20);
    uart.receive(bytes(text));
    let got = '';
    while (got.length < text.length) {
      bench.runTo(uart, bench.time + 40 * CHARACTER);
      const part = drain(uart);
      expect(part.length).toBeLessThanOrEqual(16);
      got += part;
    }
    expect([got, uart.queued, get(uart, R.UART_LSR) & R.UART_LSR_OVERRUN]).toEqual([text, 0, 0]);
  });

  it('reports an overrun where the line does not wait: the FIFO keeps, RBR is replaced', () => {
    const { bench, uart } = openUart(3, { whenFull: 'overrun' });
    put(uart, R.UART_IER, R.UART_IER_LINE);
    uart.receive(bytes('0123456789abcdefgh'));
    bench.settle(uart);
    expect([bench.level, get(uart, R.UART_IIR)]).toEqual([true, 0xc6]);
    expect(get(uart, R.UART_LSR) & R.UART_LSR_OVERRUN).toBe(R.UART_LSR_OVERRUN);
    expect([bench.level, drain(uart)]).toEqual([false, '0123456789abcdef']);
    put(uart, R.UART_FCR, 0);
    uart.receive(bytes('xyz'));
    bench.settle(uart);
    expect(get(uart, R.UART_LSR) & R.UART_LSR_OVERRUN).toBe(R.UART_LSR_OVERRUN);
    expect(drain(uart)).toBe('z');
  });

  it('empties the FIFOs on command and whenever they are switched', () => {
    const { bench, uart } = openUart(3);
    for (const control of [R.UART_FCR_ENABLE | R.UART_FCR_CLEAR_RECEIVER, 0, R.UART_FCR_ENABLE]) {
      uart.receive(bytes('q'));
      bench.runTo(uart, bench.time + CHARACTER);
      expect(get(uart, R.UART_LSR) & R.UART_LSR_READY).toBe(1);
      put(uart, R.UART_FCR, control);
      expect(get(uart, R.UART_LSR) & R.UART_LSR_READY).toBe(0);
    }
  });

  it('prefers line errors to data, data to an empty transmitter, and that to the modem', () => {
    const { bench, uart } = openUart(0, { whenFull: 'overrun' });
    put(uart, R.UART_MCR, R.UART_MCR_LOOP);
    put(uart, R.UART_MCR, 0);
    put(uart, R.UART_IER, 0x0f);
    uart.receive(bytes('0123456789abcdefgh'));
    bench.settle(uart);
    expect(get(uart, R.UART_IIR) & 0x0f).toBe(R.UART_IIR_LINE);
    get(uart, R.UART_LSR);
    expect(get(uart, R.UART_IIR) & 0x0f).toBe(R.UART_IIR_RECEIVED);
    drain(uart);
    expect(get(uart, R.UART_IIR) & 0x0f).toBe(R.UART_IIR_EMPTY);
    expect(get(uart, R.UART_IIR) & 0x0f).toBe(R.UART_IIR_MODEM);
    expect(get(uart, R.UART_MSR)).toBe(0xbb);
    expect([get(uart, R.UART_IIR), bench.level]).toEqual([0xc1, false]);
  });
});

describe('uart loopback', () => {
  it('leads the modem outputs to the inputs, and only the end of a ring counts as a change', () => {
    const { uart } = openUart();
    put(uart, R.UART_MCR, R.UART_MCR_LOOP);
    get(uart, R.UART_MSR);
    for (const [output, input] of [
      [R.UART_MCR_RTS, R.UART_MSR_CTS],
      [R.UART_MCR_DTR, R.UART_MSR_DSR],
      [R.UART_MCR_OUT1, R.UART_MSR_RING],
      [R.UART_MCR_OUT2, R.UART_MSR_DCD],
    ] as const) {
      put(uart, R.UART_MCR, R.UART_MCR_LOOP | output);
      const risen = input === R.UART_MSR_RING ? 0 : input >>> 4;
      expect(get(uart, R.UART_MSR)).toBe(input | risen);
      put(uart, R.UART_MCR, R.UART_MCR_LOOP);
      expect(get(uart, R.UART_MSR)).toBe(input >>> 4);
    }
  });

  it('leads what is sent to the receiver, and keeps the line out', () => {
    const { bench, uart, sent } = openUart();
    put(uart, R.UART_MCR, R.UART_MCR_LOOP);
    uart.receive(bytes('line'));
    for (const byte of bytes('loop')) put(uart, R.UART_THR, byte);
    bench.settle(uart);
    expect([drain(uart), sent]).toEqual(['loop', []]);
    put(uart, R.UART_MCR, 0);
    bench.settle(uart);
    expect(drain(uart)).toBe('line');
  });

  it('overruns the receiver with its own characters', () => {
    const { bench, uart } = openUart();
    put(uart, R.UART_MCR, R.UART_MCR_LOOP);
    for (let byte = 0; byte < 17; byte += 1) put(uart, R.UART_THR, byte);
    bench.settle(uart);
    expect(get(uart, R.UART_LSR) & R.UART_LSR_OVERRUN).toBe(R.UART_LSR_OVERRUN);
  });
});

describe('uart as Linux probes it', () => {
  it('is a 16550A with working FIFOs: scratch, loopback, IIR and no enhanced registers', () => {
    const { uart } = makeUart();
    put(uart, R.UART_IER, 0);
    const cleared = get(uart, R.UART_IER) & 0x0f;
    put(uart, R.UART_IER, 0x0f);
    expect([cleared, get(uart, R.UART_IER) & 0x0f]).toEqual([0, 0x0f]);
    put(uart, R.UART_IER, 0);
    put(uart, R.UART_MCR, R.UART_MCR_LOOP | R.UART_MCR_OUT2 | R.UART_MCR_RTS);
    expect(get(uart, R.UART_MSR) & 0xf0).toBe(R.UART_MSR_DCD | R.UART_MSR_CTS);
    put(uart, R.UART_MCR, 0);
    put(uart, R.UART_LCR, 0);
    put(uart, R.UART_FCR, R.UART_FCR_ENABLE);
    expect(get(uart, R.UART_IIR) >>> 6).toBe(3);
    put(uart, R.UART_LCR, 0xbf);
    expect(get(uart, R.UART_IIR)).not.toBe(0);
    put(uart, R.UART_LCR, 0);
    put(uart, R.UART_FCR, R.UART_FCR_ENABLE | 0x20);
    expect(get(uart, R.UART_IIR) & 0x20).toBe(0);
    put(uart, R.UART_IER, 0x40);
    expect(get(uart, R.UART_IER) & 0x40).toBe(0);
  });
});

describe('uart state', () => {
  it('after reset is quiet, and what was on its way to it still arrives', () => {
    const { bench, uart, sent } = openUart();
    put(uart, R.UART_IER, 0x0f);
    put(uart, R.UART_THR, 1);
    uart.receive(bytes('k'));
    uart.reset();
    expect([bench.level, get(uart, R.UART_LSR), get(uart, R.UART_IIR)]).toEqual([false, 0x60, 0x01]);
    bench.settle(uart);
    expect([drain(uart), sent]).toEqual(['k', []]);
  });

  it.each(['hold', 'overrun'] as const)('behaves the same after it was saved and restored: %s', whenFull => {
    const anywhere = fc.tuple(fc.constantFrom(R.UART_DLL, R.UART_IER, R.UART_THR), fc.nat(15));
    const action: fc.Arbitrary<Action> = fc.oneof(
      fc.nat(8).map(reading(1)),
      fc.oneof(fc.constantFrom(...SETTINGS), anywhere).map(writing(1)),
      fc.uint8Array({ maxLength: 20 }).map(typing),
      fc.nat(3_000_000).map(passing),
    );
    let heard = 0;
    const make = (bench: Bench) => {
      const transmit = (byte: number, at: number) => {
        bench.memory[at % bench.memory.length] = byte;
        heard += 1;
      };
      return new Uart(bench.wiring, { line: 'divisor', whenFull, transmit });
    };
    expectSameAfterRestore(make, action, { seed: 3, runs: 100 });
    expect(heard).toBeGreaterThan(100);
  });
});

/** Registers and what a driver may well put there. */
const SETTINGS: readonly (readonly [number, number])[] = [
  [R.UART_LCR, 3],
  [R.UART_LCR, 0x83],
  [R.UART_MCR, 0x10],
  [R.UART_MCR, 3],
  [R.UART_FCR, 0xc1],
  [R.UART_FCR, 0x07],
  [R.UART_FCR, 0],
];

const typing =
  (data: Uint8Array): Action =>
  device =>
    (device as Uart).receive(data);
