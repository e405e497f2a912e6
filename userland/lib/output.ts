/**
 * Writing text and bytes to an open object, gathered to whole buffers; to a terminal line by line. What is
 * still gathered at the end of the program is written then (finish.ts).
 *
 *     print('text')                         to standard output
 *     const out = new Output(handle);       out.write(text), out.writeByte(b), out.writeBytes(address, size)
 *     out.flush()                           0, or what was wrong, from now on and for good
 */
import { ERROR_BROKEN_PIPE } from '../../os/abi/errors.ts';
import { KIND_DEVICE, STAT_KIND, STAT_RECORD_SIZE } from '../../os/abi/file.ts';
import * as file from '../../os/proto/file.client.ts';
import * as processes from '../../os/proto/process.client.ts';
import { SIGNAL_PIPE } from '../../os/proto/process.ts';
import { handleNamed, ownPid } from '../../os/runtime/start.ts';
import { encodeText } from './utf8.ts';

const CAPACITY: i32 = 4096;
const UNIT_BYTES_MAX: i32 = 3;
const NEWLINE: u8 = 10;

export class Output {
  /** The first that went wrong; what comes behind it is not written. */
  error: i32 = 0;
  private buffer: usize = heap.alloc(CAPACITY);
  private used: i32 = 0;
  private isTerminal: bool;

  constructor(readonly handle: u32) {
    this.isTerminal = isTerminal(handle);
  }

  write(text: string): void {
    for (let start = 0; start < text.length; ) {
      let end = min(text.length, start + CAPACITY / UNIT_BYTES_MAX);
      if (end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800) end--;
      const piece = start === 0 && end === text.length ? text : text.substring(start, end);
      if (this.used + piece.length * UNIT_BYTES_MAX > CAPACITY) this.flush();
      this.used += encodeText(piece, this.buffer + this.used);
      start = end;
    }
    if (this.isTerminal && text.endsWith('\n')) this.flush();
  }

  writeByte(byte: u8): void {
    if (this.used === CAPACITY) this.flush();
    store<u8>(this.buffer + this.used++, byte);
    if (this.isTerminal && byte === NEWLINE) this.flush();
  }

  writeBytes(address: usize, size: i32): void {
    if (this.used + size > CAPACITY) this.flush();
    if (size > CAPACITY) {
      this.writeAll(address, size);
      return;
    }
    memory.copy(this.buffer + this.used, address, size);
    this.used += size;
    if (this.isTerminal && size > 0 && load<u8>(address + size - 1) === NEWLINE) this.flush();
  }

  flush(): i32 {
    const size = this.used;
    this.used = 0;
    this.writeAll(this.buffer, size);
    return this.error;
  }

  private writeAll(address: usize, size: i32): void {
    let done = 0;
    while (done < size && this.error === 0) {
      const count = file.write(this.handle, address + done, size - done);
      if (count > 0) done += count;
      else this.error = count;
    }
    if (this.error === ERROR_BROKEN_PIPE) processes.kill(handleNamed('process'), ownPid(), SIGNAL_PIPE);
  }
}

export function isTerminal(handle: u32): bool {
  const record = heap.alloc(STAT_RECORD_SIZE);
  const isDevice =
    file.stat(handle, record, STAT_RECORD_SIZE) >= 0 && load<u32>(record, STAT_KIND) === KIND_DEVICE;
  heap.free(record);
  return isDevice;
}

let standard: Output | null = null;

export function standardOutput(): Output {
  let output = standard;
  if (output === null) {
    output = new Output(handleNamed('fd1'));
    standard = output;
  }
  return output;
}

export function print(text: string): void {
  standardOutput().write(text);
}

/** What is gathered for standard output goes there: 0, or what was wrong. */
export function flushOutput(): i32 {
  const output = standard;
  return output === null ? 0 : output.flush();
}
