/**
 * Reads descriptor 0 to its end, 4 KiB at a time; its status is 0 if each had its number at both ends, and there
 * were as many as its argument says.
 */
import * as file from '../../../os/proto/file.client.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { numberArgument } from './program.ts';

const SIZE: u32 = 4096;
const page = memory.data(4096, 4096);

export function main(_argument: u32): i32 {
  const input = handleNamed('fd0');
  let number: u32 = 0;
  while (true) {
    let size: u32 = 0;
    while (size < SIZE) {
      const count = file.read(input, page + size, SIZE - size);
      if (count < 0) return 2;
      if (count === 0) return size === 0 && number === numberArgument(1) ? 0 : 1;
      size += count;
    }
    if (load<u32>(page) !== number || load<u32>(page, SIZE - 4) !== number) return 3;
    number += 1;
  }
}
