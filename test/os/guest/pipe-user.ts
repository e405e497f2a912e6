/**
 * The other side of pipe-ways.ts, by its argument: 1 writes more than a pipe holds, 2 signals its parent and then
 * writes two bytes.
 */
import * as file from '../../../os/proto/file.client.ts';
import * as programs from '../../../os/proto/process.client.ts';
import { type Identity, SIGNAL_USR1 } from '../../../os/proto/process.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { numberArgument } from './program.ts';

const RING: u32 = 0x1_0000;
const page = memory.data(65536, 16);
const identity = memory.data(16, 4);

export function main(_argument: u32): i32 {
  const output = handleNamed('fd1');
  if (numberArgument(1) === 1) {
    if (file.write(output, page, RING) !== <i32>RING) return 1;
    return file.write(output, page, 4096) === 4096 ? 12 : 2;
  }
  const own = changetype<Identity>(identity);
  programs.identify(handleNamed('process'), own);
  if (programs.kill(handleNamed('process'), own.parent, SIGNAL_USR1) < 0) return 3;
  return file.write(output, page, 2) === 2 ? 0 : 4;
}
