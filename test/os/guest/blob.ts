/**
 * The file /boot/blob of node 1, for programs that every node runs: on node 0 it is opened, the others only serve.
 */
import { OPEN_READ } from '../../../os/abi/file.ts';
import * as name from '../../../os/proto/name.client.ts';
import type { Resolution } from '../../../os/proto/name.ts';
import { originOf } from '../../../os/proto/process.ts';
import * as tree from '../../../os/proto/tree.client.ts';
import { handleNamed, ownPid } from '../../../os/runtime/start.ts';
import { rest, waitMillisecond } from './program.ts';

const PATH_SIZE: u32 = 17;
/** "/node/1/boot/blob" */
const path = memory.data<u8>([
  0x2f, 0x6e, 0x6f, 0x64, 0x65, 0x2f, 0x31, 0x2f, 0x62, 0x6f, 0x6f, 0x74, 0x2f, 0x62, 0x6c, 0x6f, 0x62,
]);
const resolution = memory.data(8, 4);

/** Once node 1 is there. */
export function openBlob(): u32 {
  if (originOf(ownPid()) !== 0) rest();
  const found = changetype<Resolution>(resolution);
  assert(name.resolve(handleNamed('name'), path, PATH_SIZE, found) === 0);
  const at = path + found.consumed;
  const size = PATH_SIZE - found.consumed;
  let opened = tree.open(found.server, at, size, OPEN_READ, 0);
  while (opened < 0) {
    waitMillisecond();
    opened = tree.open(found.server, at, size, OPEN_READ, 0);
  }
  return opened;
}
