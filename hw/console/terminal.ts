/**
 * Standard input and output as the machine's serial line.
 *
 * A terminal is put into raw mode: every key goes to the guest, Ctrl-C too, except after Ctrl-A:
 *
 *     Ctrl-A x   end the machine          Ctrl-A w   say where the guest is
 *     Ctrl-A a   send Ctrl-A itself       Ctrl-A h   this list
 *
 * Whatever way the process ends, the terminal gets its mode back. A file on standard input is read whole
 * before the machine starts, so that the run depends on nothing else; what comes from a pipe or a
 * terminal arrives when the host brings it.
 */
import { fstatSync, readFileSync } from 'node:fs';

export interface TerminalEvents {
  input(bytes: Uint8Array): void;
  /** Nothing more will come. */
  end(): void;
  quit(): void;
  where(): void;
  /** Nobody reads what the machine writes any more. */
  brokenPipe(): void;
}

const PREFIX = 0x01;
const HELP =
  '\r\nCtrl-A x  end the machine\r\nCtrl-A w  say where the guest is\r\nCtrl-A a  send Ctrl-A\r\nCtrl-A h  this list\r\n';

export class Terminal {
  readonly isInteractive = process.stdin.isTTY === true;
  private readonly events: TerminalEvents;
  private prefixed = false;
  private pending: number[] = [];
  private readonly restore = (): void => {
    if (this.isInteractive) process.stdin.setRawMode(false);
  };

  constructor(events: TerminalEvents) {
    this.events = events;
  }

  open(): void {
    process.stdout.on('error', error => {
      if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
      this.events.brokenPipe();
    });
    if (isFile(0)) {
      this.events.input(readFileSync(0));
      this.events.end();
      return;
    }
    if (this.isInteractive) {
      process.stdin.setRawMode(true);
      process.once('exit', this.restore);
    }
    process.stdin.on('data', (bytes: Buffer) => {
      if (this.isInteractive) this.keys(bytes);
      else this.events.input(bytes);
    });
    process.stdin.on('end', () => this.events.end());
    process.stdin.on('error', () => this.events.end());
  }

  close(): void {
    this.flush();
    this.restore();
    process.removeListener('exit', this.restore);
    process.stdin.destroy();
  }

  /** Keeps a character until `flush`. */
  put(byte: number): void {
    this.pending.push(byte);
  }

  flush(): void {
    if (this.pending.length === 0) return;
    process.stdout.write(Uint8Array.from(this.pending));
    this.pending = [];
  }

  private keys(bytes: Uint8Array): void {
    const forGuest: number[] = [];
    for (const byte of bytes) {
      if (this.prefixed) {
        this.prefixed = false;
        if (byte === PREFIX || byte === letter('a')) forGuest.push(PREFIX);
        else this.command(byte);
      } else if (byte === PREFIX) this.prefixed = true;
      else forGuest.push(byte);
    }
    if (forGuest.length > 0) this.events.input(Uint8Array.from(forGuest));
  }

  private command(byte: number): void {
    if (byte === letter('x')) this.events.quit();
    else if (byte === letter('w')) this.events.where();
    else process.stderr.write(HELP);
  }
}

function letter(text: string): number {
  return text.charCodeAt(0);
}

/** A regular file or a device such as /dev/null, which can be read to its end without waiting. */
function isFile(descriptor: number): boolean {
  try {
    const status = fstatSync(descriptor);
    return status.isFile() || (status.isCharacterDevice() && process.stdin.isTTY !== true);
  } catch {
    return true;
  }
}
