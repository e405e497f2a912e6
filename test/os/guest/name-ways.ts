/**
 * A program that asks the name service where paths lead, and prints what it was answered.
 */
import * as name from '../../../os/proto/name.client.ts';
import type { Resolution } from '../../../os/proto/name.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { close } from '../../../os/runtime/system.ts';
import { add, begin, end } from './program.ts';

const SIZE: u32 = 2048;
const ROUNDS: u32 = 600;

const path = memory.data(2048);
const place = memory.data(8, 4);

let names: u32 = 0;

export function main(_argument: u32): i32 {
  names = handleNamed('name');
  begin('consumed');
  add(consumed('/boot'));
  add(consumed('/boot/bin/ls'));
  add(consumed('/boot/'));
  add(consumed('/dev/deep/x'));
  add(consumed('/dev/deeper'));
  add(consumed('/dev//console'));
  end();
  begin('refused');
  add(consumed('/bootx'));
  add(consumed('/'));
  add(consumed('boot'));
  add(name.resolve(names, path, 0, changetype<Resolution>(place)));
  add(name.resolve(names, path, 1025, changetype<Resolution>(place)));
  add(name.resolve(names, 0, 8, changetype<Resolution>(place)));
  end();
  begin('list');
  add(name.list(names, path, SIZE));
  add(name.list(names, path, 10));
  end();
  begin('again');
  let failed: u32 = 0;
  for (let round: u32 = 0; round < ROUNDS; round += 1) failed += consumed('/boot/x') === 5 ? 0 : 1;
  add(failed);
  end();
  return 0;
}

/** How much of the path names its server, or an error. */
function consumed(text: string): i32 {
  const size: u32 = text.length;
  for (let index: u32 = 0; index < size; index += 1) {
    store<u8>(path + index, load<u16>(changetype<usize>(text) + (index << 1)));
  }
  const found = changetype<Resolution>(place);
  const status = name.resolve(names, path, size, found);
  if (status < 0) return status;
  close(found.server);
  return found.consumed;
}
