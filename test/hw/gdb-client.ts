/**
 * The debugger's side of the remote protocol, for stories about the stub: it checks every checksum, and
 * lets the machine run until it stops.
 *
 *     const gdb = new GdbClient(debuggee);
 *     gdb.ask('qSupported')        one packet there, one back
 *     gdb.resume('c')              the same, with the machine running in between
 */
import type { Debuggee } from '../../hw/lab/gdb/debuggee.ts';
import { bytesOfText, framePacket, hexOfBytes, PacketReader } from '../../hw/lab/gdb/packet.ts';
import { GdbSession } from '../../hw/lab/gdb/session.ts';

const SLICES_MAX = 200;

export class GdbClient {
  readonly session: GdbSession;
  /** Everything that came back and was no packet: `+`, `-`, damage. */
  readonly marks: string[] = [];
  private readonly reader = new PacketReader();
  private readonly answers: string[] = [];

  constructor(debuggee: Debuggee) {
    this.session = new GdbSession(debuggee, bytes => this.take(bytes));
  }

  ask(body: string): string {
    this.session.receive(framePacket(body));
    const answer = this.answers.shift();
    if (answer === undefined) throw new Error(`no answer to ${body}`);
    return answer;
  }

  /** Packets that are answered when the machine stops. */
  resume(body: string): string {
    this.session.receive(framePacket(body));
    for (let slice = 0; slice < SLICES_MAX && this.session.running; slice += 1) this.session.slice();
    const answer = this.answers.shift();
    if (answer === undefined) throw new Error(`the machine runs on after ${body}`);
    return answer;
  }

  send(bytes: Uint8Array): void {
    this.session.receive(bytes);
  }

  /** All packets that came and were not asked for. */
  unasked(): string[] {
    return this.answers.splice(0);
  }

  monitor(command: string): string {
    const answer = this.ask(`qRcmd,${hexOfBytes(bytesOfText(command))}`);
    return Buffer.from(answer, 'hex').toString();
  }

  /** A register by GDB's number. */
  register(number: number): number {
    return Buffer.from(this.ask(`p${number.toString(16)}`), 'hex').readUInt32LE();
  }

  private take(bytes: Uint8Array): void {
    for (const event of this.reader.push(bytes)) {
      if (event.kind === 'packet') this.answers.push(event.body);
      else this.marks.push(event.kind);
    }
  }
}
