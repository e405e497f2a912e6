/**
 * A wire over TCP between two machine processes, or to QEMU's `-netdev socket` (hw/net/socket.c): each
 * frame after its length in four bytes, big-endian.
 *
 *     --net listen:5555      ⇄      --net connect:5555, or -netdev socket,id=n,connect=127.0.0.1:5555
 *
 * Frames go out when the guest sends them and come in when the host brings them: a run with such a wire
 * depends on the host. The carrier is there while the other side is connected.
 */
import { createServer, connect as openSocket, type Server, type Socket as TcpSocket } from 'node:net';
import { FRAME_HEADER_SIZE } from '../manual/ethernet.ts';
import { BadInput } from './bad-input.ts';

export interface LinkEvents {
  frame(frame: Uint8Array): void;
  carrier(level: boolean): void;
}

const LENGTH_SIZE = 4;
/** The longest that QEMU sends. */
const FRAME_MAX = 69_632;

export class TcpLink {
  private events: LinkEvents | undefined;
  private peer: TcpSocket | undefined;
  private server: Server | undefined;
  private received: Buffer = Buffer.alloc(0);

  /** `what` names the option that wants it, for whoever gave it. */
  static listen(port: number, what = `--net listen:${port}`): Promise<TcpLink> {
    const link = new TcpLink();
    const server = createServer(socket => link.join(socket));
    link.server = server;
    return new Promise((resolve, reject) => {
      server.once('error', () =>
        reject(new BadInput(`${what}: port ${port} is taken or not allowed: give another`)),
      );
      server.listen(port, '127.0.0.1', () => resolve(link));
    });
  }

  static connect(host: string, port: number): Promise<TcpLink> {
    const link = new TcpLink();
    return new Promise((resolve, reject) => {
      const socket = openSocket(port, host);
      socket.once('error', () =>
        reject(new BadInput(`--net connect:${host}:${port}: nobody answers: start the other side first`)),
      );
      socket.once('connect', () => {
        link.join(socket);
        resolve(link);
      });
    });
  }

  get carrier(): boolean {
    return this.peer !== undefined;
  }

  /** The port that it listens on; 0 where it does not. */
  get port(): number {
    const address = this.server?.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  open(events: LinkEvents): void {
    this.events = events;
    events.carrier(this.carrier);
  }

  transmit(frame: Uint8Array): void {
    if (this.peer === undefined) return;
    const message = Buffer.alloc(LENGTH_SIZE + frame.length);
    message.writeUInt32BE(frame.length);
    message.set(frame, LENGTH_SIZE);
    this.peer.write(message);
  }

  close(): void {
    this.server?.close();
    this.peer?.destroy();
  }

  /** One peer at a time; another is turned away. */
  private join(socket: TcpSocket): void {
    if (this.peer !== undefined) {
      socket.destroy();
      return;
    }
    this.peer = socket;
    this.received = Buffer.alloc(0);
    socket.setNoDelay(true);
    socket.on('data', bytes => this.take(bytes));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.peer = undefined;
      this.events?.carrier(false);
    });
    this.events?.carrier(true);
  }

  /** Whoever sends what cannot be a frame is not of our kind, and is let go. */
  private take(bytes: Buffer): void {
    this.received = Buffer.concat([this.received, bytes]);
    while (this.received.length >= LENGTH_SIZE) {
      const size = this.received.readUInt32BE();
      if (size < FRAME_HEADER_SIZE || size > FRAME_MAX) {
        this.peer?.destroy();
        return;
      }
      if (this.received.length < LENGTH_SIZE + size) return;
      const frame = Uint8Array.from(this.received.subarray(LENGTH_SIZE, LENGTH_SIZE + size));
      this.received = this.received.subarray(LENGTH_SIZE + size);
      this.events?.frame(frame);
    }
  }
}
