/**
 * A program that writes a line to its descriptor 1 and ends with status 3.
 */
import * as file from '../../../os/proto/file.client.ts';
import { handleNamed } from '../../../os/runtime/start.ts';

const text = memory.data<u8>([0x68, 0x69, 0x0a]);

export function main(_argument: u32): i32 {
  file.write(handleNamed('fd1'), text, 3);
  return 0;
}
