/**
 * A service of one node, the one whose number is its first argument: it binds itself as the service of its own name,
 * and answers every call with its node's number. On other nodes it only waits.
 */

import { RIGHT_COPY, RIGHT_SEND } from '../../../os/abi/rights.ts';
import { START_ADDRESS, START_ARGUMENTS } from '../../../os/abi/start.ts';
import { spelled } from '../../../os/lib/spelling.ts';
import { textsSize } from '../../../os/lib/start-block.ts';
import * as locate from '../../../os/proto/locate.client.ts';
import { CLASS_SERVICE, CLASS_SHIFT } from '../../../os/proto/locate.ts';
import { numberVariable } from '../../../os/runtime/environment.ts';
import { type Message, receive, replyAndReceive, waitForEver } from '../../../os/runtime/message.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { copyHandle } from '../../../os/runtime/system.ts';
import { numberArgument } from './program.ts';

const BADGE: u32 = 1;
const buffer = memory.data(64, 4);

export function main(_argument: u32): i32 {
  const node = numberVariable('node');
  const port = handleNamed('port');
  if (node === numberArgument(1)) {
    const name = START_ADDRESS + load<u32>(START_ADDRESS, START_ARGUMENTS);
    const id = ((CLASS_SERVICE as u64) << (CLASS_SHIFT as u64)) | spelled(name, textsSize(name, 1) - 1);
    const bound = locate.bind(handleNamed('locate'), id, copyHandle(port, RIGHT_SEND | RIGHT_COPY, BADGE));
    assert(bound === 0);
  }
  const message = changetype<Message>(buffer);
  message.port = port;
  waitForEver(message);
  let result = receive(message);
  while (result >= 0) {
    message.label = node;
    result = replyAndReceive(message);
  }
  return -result;
}
