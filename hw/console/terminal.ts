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
const NEWLINE = 0x0a;
const HELP =
  '\nCtrl-A x  end the machine\nCtrl-A w  say where the guest is\nCtrl-A a  send Ctrl-A\nCtrl-A h  this list\n';

export class Terminal {
  readonly isInteractive = process.stdin.isTTY === true;
  private events: TerminalEvents | undefined;
  private prefixed = false;
  private pending: number[] = [];
  /** What was last written. */
  private last = NEWLINE;
  private readonly restore = (): void => {
    if (this.isInteractive) process.stdin.setRawMode(false);
  };

  open(events: TerminalEvents): void {
    this.events = events;
    process.stdout.on('error', error => {
      if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
      events.brokenPipe();
    });
    if (isFile(0)) {
      events.input(readFileSync(0));
      events.end();
      return;
    }
    if (this.isInteractive) {
      process.stdin.setRawMode(true);
      process.once('exit', this.restore);
    }
    process.stdin.on('data', (bytes: Buffer) => {
      if (this.isInteractive) this.keys(bytes);
      else events.input(bytes);
    });
    process.stdin.on('end', () => events.end());
    process.stdin.on('error', () => events.end());
  }

  close(): void {
    this.flush();
    if (this.isInteractive && this.last !== NEWLINE) process.stdout.write('\r\n');
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
    this.last = this.pending.at(-1)!;
    this.pending = [];
  }

  /** Lines to the person, whatever mode the terminal is in. */
  tell(text: string): void {
    process.stderr.write(this.isInteractive ? text.replaceAll('\n', '\r\n') : text);
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
    if (forGuest.length > 0) this.events!.input(Uint8Array.from(forGuest));
  }

  private command(byte: number): void {
    if (byte === letter('x')) this.events!.quit();
    else if (byte === letter('w')) this.events!.where();
    else this.tell(HELP);
  }
}

function letter(text: string): number {
  return text.charCodeAt(0);
}

/** A regular file or a device such as /dev/null, which can be read to its end without waiting. */
function isFile(descriptor: number): boolean {
  const status = fstatSync(descriptor);
  return status.isFile() || (status.isCharacterDevice() && process.stdin.isTTY !== true);
}
