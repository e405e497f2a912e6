/**
 * A program that has the name service killed, and has children from a path before and after that.
 */
import * as init from '../../../os/proto/init.client.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { add, begin, changed, end, inheritDescriptors, spawn, waitFor } from './program.ts';

const name = memory.data<u8>([0x6e, 0x61, 0x6d, 0x65]);

export function main(_argument: u32): i32 {
  inheritDescriptors();
  waitFor(spawn('nothing', 4, -1), 0);
  begin('before');
  add(changed().value);
  init.restart(handleNamed('init'), name, 4);
  waitFor(spawn('nothing', 4, -1), 0);
  add(changed().value);
  end();
  return 0;
}
