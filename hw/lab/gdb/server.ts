/**
 * The TCP edge of the GDB stub: one port, one debugger at a time; a second one is turned away.
 *
 *     const server = await GdbServer.listen(1234, send => new GdbSession(debuggee, send));
 *
 * Only this host can connect: the port is bound to 127.0.0.1.
 */
import { createServer, type Server, type Socket } from 'node:net';
import type { GdbSession } from './session.ts';

export type OpenSession = (send: (bytes: Uint8Array) => void) => GdbSession;

export class GdbServer {
  /** The debugger's conversation, while one is connected. */
  session: GdbSession | undefined;
  private readonly server: Server;
  private readonly openSession: OpenSession;
  /** Called after anything that may have changed whether the machine runs. */
  private readonly changed: () => void;

  private constructor(openSession: OpenSession, changed: () => void) {
    this.openSession = openSession;
    this.changed = changed;
    this.server = createServer(socket => this.accept(socket));
  }

  /** Listens on 127.0.0.1; rejects where the port is taken. Port 0 takes any that is free. */
  static listen(port: number, openSession: OpenSession, changed: () => void): Promise<GdbServer> {
    const server = new GdbServer(openSession, changed);
    return new Promise((resolve, reject) => {
      server.server.once('error', reject);
      server.server.listen(port, '127.0.0.1', () => resolve(server));
    });
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  close(): void {
    this.server.close();
    this.session?.close();
    this.session = undefined;
  }

  private accept(socket: Socket): void {
    if (this.session !== undefined) {
      socket.destroy();
      return;
    }
    socket.setNoDelay(true);
    const session = this.openSession(bytes => socket.write(bytes));
    this.session = session;
    socket.on('data', bytes => {
      session.receive(bytes);
      if (session.over) socket.end();
      this.changed();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      session.close();
      this.session = undefined;
      this.changed();
    });
    this.changed();
  }
}
