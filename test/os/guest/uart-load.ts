/**
 * A client of the UART's driver that writes numbered lines and takes what is typed, which it writes too at the
 * end. Whatever becomes of drivers, no call fails. Its exit status is 0 then.
 */
import * as serial from '../../../os/proto/serial.client.ts';
import { handleNamed } from '../../../os/runtime/start.ts';

const LINES: u32 = 6000;
const LINE_SIZE: u32 = 12;
const LINES_AT_A_TIME: u32 = 5;

const text = memory.data(64);
let position: u32 = 0;

export function main(_number: u32): i32 {
  const port = handleNamed('driver');
  for (let line: u32 = 0; line < LINES; line += LINES_AT_A_TIME) {
    for (let index: u32 = 0; index < LINES_AT_A_TIME; index += 1)
      format(text + index * LINE_SIZE, line + index);
    if (!write(port, LINES_AT_A_TIME * LINE_SIZE)) return 1;
  }
  return serial.drain(port);
}

function write(port: u32, size: u32): bool {
  let done: u32 = 0;
  while (done < size) {
    const count = serial.write(port, position, text + done, size - done);
    if (count <= 0) return false;
    position += count;
    done += count;
  }
  return true;
}

/** `line 01234\n` and a space before the end. */
function format(at: u32, number: u32): void {
  store<u32>(at, 0x656e_696c);
  store<u8>(at, 0x20, 4);
  let rest = number;
  for (let digit: u32 = 9; digit >= 5; digit -= 1) {
    store<u8>(at + digit, 0x30 + (rest % 10));
    rest /= 10;
  }
  store<u8>(at, 0x2e, 10);
  store<u8>(at, 0x0a, 11);
}
