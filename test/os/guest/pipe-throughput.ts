/**
 * A program that writes a megabyte into a pipe, 4 KiB at a time, for a child that reads as much at a time, and
 * tells how many cycles that took for each 1000 bytes; then the same with a reader that comes late, when the
 * pipe is full already. The child's status says whether it read what was written.
 */

import { csr_read } from 'rv';
import * as file from '../../../os/proto/file.client.ts';
import * as pipe from '../../../os/proto/pipe.client.ts';
import type { Ends } from '../../../os/proto/pipe.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { close } from '../../../os/runtime/system.ts';
import { changed, inheritDescriptors, setDescriptor, spawn, tell, waitFor } from './program.ts';

const CYCLE: u32 = 0xc00;
const SIZE: u32 = 4096;
const WRITES: u32 = 256;

const ends = memory.data(8, 4);
const page = memory.data(4096, 4096);

export function main(_argument: u32): i32 {
  const both = changetype<Ends>(ends);
  pipe.create(handleNamed('pipe'), both);
  inheritDescriptors();
  setDescriptor(0, both.reader);
  const child = spawn('pipe-reader', WRITES, -1);
  close(both.reader);
  const before = csr_read(CYCLE);
  let failed: u32 = 0;
  for (let count: u32 = 0; count < WRITES; count += 1) {
    store<u32>(page, count);
    store<u32>(page, count, SIZE - 4);
    if (file.write(both.writer, page, SIZE) !== <i32>SIZE) failed += 1;
  }
  close(both.writer);
  waitFor(child, 0);
  const cycles = csr_read(CYCLE) - before;
  tell('failed', failed);
  tell('status', changed().value);
  tell('cycles', cycles / ((WRITES * SIZE) / 1000));
  return 0;
}
