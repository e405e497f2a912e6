/**
 * The packet layer of GDB's remote serial protocol (GDB manual, appendix E, "Overview"): bytes of any
 * transport in, packets out, and back.
 *
 *     $ body # two hex digits: sum of the body's bytes, modulo 256
 *     + / -      the packet before arrived whole / damaged
 *     0x03       stop, outside of packets
 *
 * In a body `}` escapes: the next byte was exclusive-ored with 0x20. Bodies are strings of characters
 * 0 … 255, one a byte. Whatever does not parse is damage and nothing worse; the next `$` begins anew.
 */

/** The longest body accepted and sent, told to GDB as PacketSize. */
export const BODY_SIZE_MAX = 0x4000;

export type PacketEvent =
  | { readonly kind: 'packet'; readonly body: string }
  | { readonly kind: 'ack' | 'nak' | 'stop' | 'damage' };

type ReaderPhase = 'outside' | 'body' | 'sum1' | 'sum2';

export class PacketReader {
  private phase: ReaderPhase = 'outside';
  private body: number[] = [];
  private sum = 0;
  private escaped = false;
  private stated = 0;

  push(bytes: Uint8Array): PacketEvent[] {
    const events: PacketEvent[] = [];
    for (const byte of bytes) {
      const event = this.take(byte);
      if (event !== undefined) events.push(event);
    }
    return events;
  }

  private take(byte: number): PacketEvent | undefined {
    switch (this.phase) {
      case 'outside':
        return this.takeOutside(byte);
      case 'body':
        return this.takeBody(byte);
      case 'sum1':
        this.stated = hexDigit(byte) * 16;
        this.phase = 'sum2';
        return undefined;
      case 'sum2':
        this.phase = 'outside';
        if (this.escaped || this.stated + hexDigit(byte) !== this.sum) return { kind: 'damage' };
        return { kind: 'packet', body: String.fromCharCode(...this.body) };
    }
  }

  private takeOutside(byte: number): PacketEvent | undefined {
    if (byte === DOLLAR) this.begin();
    else if (byte === PLUS) return { kind: 'ack' };
    else if (byte === MINUS) return { kind: 'nak' };
    else if (byte === STOP) return { kind: 'stop' };
    return undefined;
  }

  private takeBody(byte: number): PacketEvent | undefined {
    if (byte === DOLLAR) {
      this.begin();
      return { kind: 'damage' };
    }
    if (byte === HASH) {
      this.phase = 'sum1';
      return undefined;
    }
    this.sum = (this.sum + byte) & 0xff;
    if (byte === ESCAPE && !this.escaped) {
      this.escaped = true;
      return undefined;
    }
    this.body.push(this.escaped ? byte ^ 0x20 : byte);
    this.escaped = false;
    if (this.body.length <= BODY_SIZE_MAX) return undefined;
    this.phase = 'outside';
    return { kind: 'damage' };
  }

  private begin(): void {
    this.phase = 'body';
    this.body = [];
    this.sum = 0;
    this.escaped = false;
  }
}

/** A body as it goes over the line. */
export function framePacket(body: string): Uint8Array {
  const bytes: number[] = [DOLLAR];
  let sum = 0;
  const put = (byte: number) => {
    bytes.push(byte);
    sum = (sum + byte) & 0xff;
  };
  for (let at = 0; at < body.length; at += 1) {
    const byte = body.charCodeAt(at) & 0xff;
    if (byte === DOLLAR || byte === HASH || byte === ESCAPE || byte === STAR) {
      put(ESCAPE);
      put(byte ^ 0x20);
    } else put(byte);
  }
  bytes.push(HASH, ...[...sum.toString(16).padStart(2, '0')].map(digit => digit.charCodeAt(0)));
  return Uint8Array.from(bytes);
}

export function hexOfBytes(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** Undefined where the text is not pairs of hexadecimal digits. */
export function bytesOfHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || /[^0-9a-fA-F]/.test(text)) return undefined;
  return Uint8Array.from({ length: text.length / 2 }, (_, index) =>
    Number.parseInt(text.slice(index * 2, index * 2 + 2), 16),
  );
}

/** A number as the protocol writes it, big-endian hex; undefined for anything else or beyond 32 bits. */
export function numberOfHex(text: string): number | undefined {
  return /^[0-9a-fA-F]{1,8}$/.test(text) ? Number.parseInt(text, 16) : undefined;
}

export function bytesOfText(text: string): Uint8Array {
  return Uint8Array.from(text, character => character.charCodeAt(0) & 0xff);
}

const DOLLAR = 0x24;
const HASH = 0x23;
const ESCAPE = 0x7d;
const STAR = 0x2a;
const PLUS = 0x2b;
const MINUS = 0x2d;
const STOP = 0x03;

/** NaN for what is no digit, so that no sum ever equals it. */
function hexDigit(byte: number): number {
  return Number.parseInt(String.fromCharCode(byte), 16);
}
