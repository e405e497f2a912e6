/**
 * What a program says about what is wrong, on standard error, with its name before it. Having complained, it
 * ends with the status 1 unless it says another.
 *
 *     complain('missing operand')                "cp: missing operand"
 *     complainOf('x', ERROR_NOT_FOUND)           "cp: x: No such file or directory"
 */
import * as file from '../../os/proto/file.client.ts';
import { handleNamed } from '../../os/runtime/start.ts';
import { programName } from './arguments.ts';
import { errorText } from './error.ts';
import { flushOutput } from './output.ts';
import { encodeText } from './utf8.ts';

let count: i32 = 0;

export function complain(text: string): void {
  count++;
  writeError(`${programName()}: ${text}\n`);
}

export function complainOf(name: string, error: i32): void {
  complain(`${name}: ${errorText(error)}`);
}

export function hasComplained(): bool {
  return count > 0;
}

/** To standard error, behind what was said on standard output. */
export function writeError(text: string): void {
  flushOutput();
  const bytes = heap.alloc(text.length * 3);
  const size = encodeText(text, bytes);
  let done = 0;
  while (done < size) {
    const written = file.write(handleNamed('fd2'), bytes + done, size - done);
    if (written <= 0) break;
    done += written;
  }
  heap.free(bytes);
}
