/**
 * One debugger's conversation with one machine, free of any transport: bytes in by `receive`, bytes out by
 * `send`. The owner calls `slice` whenever `running` is true; that is what lets the machine run.
 *
 *     transport ─ receive(bytes) ─→ packets ─→ one command, one answer
 *     owner ─ slice() ─→ debuggee.run ─→ a stop ─→ stop reply
 *
 * All-stop, one thread named 1. An unknown command is answered with an empty packet, as the protocol
 * wants; nothing that arrives can do more than damage the machine it was meant for.
 */
import type { Debuggee, Halt } from './debuggee.ts';
import { readMemory, writeMemory } from './memory.ts';
import { monitor } from './monitor.ts';
import {
  BODY_SIZE_MAX,
  bytesOfHex,
  bytesOfText,
  framePacket,
  hexOfBytes,
  numberOfHex,
  PacketReader,
} from './packet.ts';
import { Points } from './points.ts';
import {
  hexOfWord,
  readAllRegisters,
  readRegister,
  targetDescription,
  wordOfHex,
  writeAllRegisters,
  writeRegister,
} from './registers.ts';
import { reverseContinue, reverseStep } from './reverse.ts';

const THREAD = '1';
const SIGINT = 2;
const SIGTRAP = 5;
/** Cycles a slice may take: a few milliseconds of the host. */
const SLICE_CYCLES = 1_000_000;

export class GdbSession {
  private readonly debuggee: Debuggee;
  private readonly send: (bytes: Uint8Array) => void;
  private readonly reader = new PacketReader();
  private readonly points: Points;
  private acknowledge = true;
  private lastSent: Uint8Array | undefined;
  private lastStop = `T0${SIGTRAP}thread:${THREAD};`;
  private isRunning = false;
  /** The cycle at which the machine was last let run: a breakpoint there has been told already. */
  private resumedAt = 0;
  /** The cycle at which an access to a watched place was last told. */
  private watchedAt: number | undefined;
  private isOver = false;

  constructor(debuggee: Debuggee, send: (bytes: Uint8Array) => void) {
    this.debuggee = debuggee;
    this.send = send;
    this.points = new Points(debuggee.hart);
  }

  /** Whether the debugger lets the machine run. */
  get running(): boolean {
    return this.isRunning;
  }

  /** The debugger has gone, or was told that the machine has. */
  get over(): boolean {
    return this.isOver;
  }

  receive(bytes: Uint8Array): void {
    for (const event of this.reader.push(bytes)) {
      if (this.isOver) return;
      if (event.kind === 'packet') this.handle(event.body);
      else if (event.kind === 'stop') this.interrupt();
      else if (event.kind === 'damage' && this.acknowledge) this.send(bytesOfText('-'));
      else if (event.kind === 'nak' && this.lastSent !== undefined) this.send(this.lastSent);
    }
  }

  /** Runs the machine a little and tells the debugger when it stops. */
  slice(): void {
    if (!this.isRunning) return;
    let halt = this.debuggee.run(SLICE_CYCLES);
    const hasMoved = this.debuggee.hart.cycle !== this.resumedAt;
    if (halt?.kind === 'breakpoint' && !hasMoved) halt = this.debuggee.run(SLICE_CYCLES);
    if (halt?.kind === 'watchpoint') halt = this.beforeAccess(halt);
    if (halt !== undefined) this.stop(halt);
  }

  /** The transport has gone: the machine runs free, without stopping anywhere. */
  close(): void {
    this.points.clear();
    this.isRunning = false;
    this.isOver = true;
  }

  /**
   * GDB expects of this architecture that the machine stands before the instruction that touches what is
   * watched, steps over it itself, and then looks. The hart stops after it, so one step back is taken. Who
   * just lets run from there is not stopped by the same access again.
   */
  private beforeAccess(halt: Halt): Halt | undefined {
    if (this.debuggee.history === undefined) return halt;
    reverseStep(this.debuggee);
    const { cycle } = this.debuggee.hart;
    if (cycle === this.resumedAt && cycle === this.watchedAt) {
      this.debuggee.step();
      return undefined;
    }
    this.watchedAt = cycle;
    return halt;
  }

  private handle(body: string): void {
    if (this.acknowledge) this.send(bytesOfText('+'));
    if (this.isRunning) return;
    const answer = this.answer(body);
    if (answer !== undefined) this.reply(answer);
  }

  private reply(body: string): void {
    this.lastSent = framePacket(body);
    this.send(this.lastSent);
  }

  /** The answer; undefined where it comes later, when the machine stops, or never. */
  private answer(body: string): string | undefined {
    const hart = this.debuggee.hart;
    const rest = body.slice(1);
    switch (body[0]) {
      case '?':
        return this.lastStop;
      case 'g':
        return readAllRegisters(hart);
      case 'G':
        return this.afterWrite(writeAllRegisters(hart, rest) ? 'OK' : 'E01');
      case 'p':
        return this.readOneRegister(rest);
      case 'P':
        return this.afterWrite(this.writeOneRegister(rest));
      case 'm':
        return readMemory(this.debuggee, rest);
      case 'M':
        return this.afterWrite(writeMemory(this.debuggee, rest, 'hex'));
      case 'X':
        return this.afterWrite(writeMemory(this.debuggee, rest, 'binary'));
      case 'Z':
      case 'z':
        return this.points.command(body[0], rest);
      case 'c':
      case 's':
        return this.resumeAt(body[0], rest);
      case 'C':
      case 'S':
        return this.resumeAt(body[0].toLowerCase(), rest.split(';')[1] ?? '');
      case 'b':
        return this.reverse(rest);
      case 'H':
      case 'T':
        return 'OK';
      case 'D':
        this.detach();
        return undefined;
      case 'k':
        this.kill();
        return undefined;
      case 'v':
        return this.verb(body);
      case 'q':
      case 'Q':
        return this.query(body);
      default:
        return '';
    }
  }

  /** Refused or not, something may have been written. */
  private afterWrite(answer: string): string {
    this.debuggee.changed();
    return answer;
  }

  private readOneRegister(rest: string): string {
    const number = numberOfHex(rest);
    const value = number === undefined ? undefined : readRegister(this.debuggee.hart, number);
    return value === undefined ? 'E01' : hexOfWord(value);
  }

  private writeOneRegister(rest: string): string {
    const [numberText = '', valueText = ''] = rest.split('=');
    const number = numberOfHex(numberText);
    const value = wordOfHex(valueText);
    if (number === undefined || value === undefined) return 'E01';
    return writeRegister(this.debuggee.hart, number, value) ? 'OK' : 'E01';
  }

  private verb(body: string): string | undefined {
    if (body === 'vCont?') return 'vCont;c;C;s;S';
    if (body.startsWith('vCont;')) {
      const action = body.slice(6).split(';')[0]!;
      return /^[cCsS]/.test(action) ? this.resumeAt(action[0]!.toLowerCase(), '') : 'E01';
    }
    if (body.startsWith('vKill')) {
      this.kill();
      this.reply('OK');
      return undefined;
    }
    return '';
  }

  private query(body: string): string {
    const xml = 'qXfer:features:read:target.xml:';
    if (body.startsWith('qSupported')) return this.features();
    if (body.startsWith(xml)) return piece(targetDescription(this.debuggee.hart), body.slice(xml.length));
    if (body.startsWith('qRcmd,')) return this.monitorCommand(body.slice(6));
    switch (body) {
      case 'QStartNoAckMode':
        this.acknowledge = false;
        return 'OK';
      case 'qC':
        return `QC${THREAD}`;
      case 'qfThreadInfo':
        return `m${THREAD}`;
      case 'qsThreadInfo':
        return 'l';
      case 'qAttached':
        return '1';
      case 'qSymbol::':
        return 'OK';
      default:
        return '';
    }
  }

  private features(): string {
    const features = [
      `PacketSize=${BODY_SIZE_MAX.toString(16)}`,
      'qXfer:features:read+',
      'QStartNoAckMode+',
      'vContSupported+',
      'swbreak+',
      'hwbreak+',
    ];
    if (this.debuggee.history !== undefined) features.push('ReverseStep+', 'ReverseContinue+');
    return features.join(';');
  }

  private monitorCommand(hex: string): string {
    const bytes = bytesOfHex(hex);
    if (bytes === undefined) return 'E01';
    const command = String.fromCharCode(...bytes);
    return hexOfBytes(new TextEncoder().encode(monitor(this.debuggee, command)));
  }

  private resumeAt(how: string, addressText: string): string | undefined {
    const address = addressText === '' ? this.debuggee.hart.pc : numberOfHex(addressText);
    if (address === undefined) return 'E01';
    if (address !== this.debuggee.hart.pc) {
      this.debuggee.hart.pc = address;
      this.debuggee.changed();
    }
    if (how === 's') this.stop(this.debuggee.step());
    else {
      this.isRunning = true;
      this.resumedAt = this.debuggee.hart.cycle;
    }
    return undefined;
  }

  private reverse(rest: string): string | undefined {
    if (this.debuggee.history === undefined || (rest !== 's' && rest !== 'c')) return '';
    this.stop(rest === 's' ? reverseStep(this.debuggee) : reverseContinue(this.debuggee));
    return undefined;
  }

  private interrupt(): void {
    if (this.isRunning) this.stop({ kind: 'stopped' });
  }

  private stop(halt: Halt): void {
    this.isRunning = false;
    if (halt.kind === 'off') {
      this.isOver = true;
      this.reply(`W${(halt.status & 0xff).toString(16).padStart(2, '0')}`);
      return;
    }
    this.lastStop = this.stopReply(halt);
    this.reply(this.lastStop);
  }

  private stopReply(halt: Exclude<Halt, { kind: 'off' }>): string {
    const trapped = `T0${SIGTRAP}thread:${THREAD};`;
    switch (halt.kind) {
      case 'stopped':
        return `T0${SIGINT}thread:${THREAD};`;
      case 'step':
        return trapped;
      case 'breakpoint':
        return `${trapped}hwbreak:;`;
      case 'beginning':
        return `${trapped}replaylog:begin;`;
      case 'watchpoint':
        return `${trapped}${this.points.watchName(halt.address)}:${halt.address.toString(16)};`;
    }
  }

  private detach(): void {
    this.reply('OK');
    this.close();
  }

  private kill(): void {
    this.points.clear();
    this.debuggee.powerOff();
    this.isRunning = false;
    this.isOver = true;
  }
}

/** The part of a document that `offset,length` asks for, marked `m` (more) or `l` (last). */
function piece(document: string, range: string): string {
  const [offsetText = '', sizeText = ''] = range.split(',');
  const offset = numberOfHex(offsetText);
  const size = numberOfHex(sizeText);
  if (offset === undefined || size === undefined) return 'E01';
  const end = Math.min(offset + Math.min(size, BODY_SIZE_MAX - 1), document.length);
  return (end < document.length ? 'm' : 'l') + document.slice(offset, end);
}
