/**
 * A service of one node, the one whose number is its first argument: it binds itself as the service of its own name,
 * and answers every call with its node's number. On other nodes it only waits. After as many calls as its second
 * argument says, each time, it has the locate service of its node ended and started again; 0: never.
 */

import { NOTIFIED } from '../../../os/abi/message.ts';
import { RIGHT_COPY, RIGHT_SEND } from '../../../os/abi/rights.ts';
import { START_ADDRESS, START_ARGUMENTS } from '../../../os/abi/start.ts';
import { spelled } from '../../../os/lib/spelling.ts';
import { textsSize } from '../../../os/lib/start-block.ts';
import * as init from '../../../os/proto/init.client.ts';
import { CLASS_SERVICE, CLASS_SHIFT } from '../../../os/proto/locate.ts';
import { bindAgain, bindResource, startBinding } from '../../../os/runtime/bound.ts';
import { numberVariable } from '../../../os/runtime/environment.ts';
import type { Message } from '../../../os/runtime/message.ts';
import { firstRequest, nextRequest } from '../../../os/runtime/serve.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { copyHandle } from '../../../os/runtime/system.ts';
import { numberArgument } from './program.ts';

const BADGE: u32 = 1;
const BIT_LOCATE: u32 = 1;
const buffer = memory.data(64, 4);
/** "locate" */
const locateName = memory.data<u8>([0x6c, 0x6f, 0x63, 0x61, 0x74, 0x65]);
const LOCATE_NAME_SIZE: u32 = 6;

export function main(_argument: u32): i32 {
  const node = numberVariable('node');
  const port = handleNamed('port');
  if (node === numberArgument(1)) bindHere(port);
  const every = numberArgument(2);
  const request = changetype<Message>(buffer);
  let calls: u32 = 0;
  let result = firstRequest(request, port, 0);
  while (result >= 0) {
    if (result === NOTIFIED) assert(bindAgain() === 0);
    else {
      request.label = node;
      calls += 1;
      if (every !== 0 && calls % every === 0)
        assert(init.restart(handleNamed('init'), locateName, LOCATE_NAME_SIZE) === 0);
    }
    result = nextRequest(request);
  }
  return -result;
}

function bindHere(port: u32): void {
  const name = START_ADDRESS + load<u32>(START_ADDRESS, START_ARGUMENTS);
  const id = ((CLASS_SERVICE as u64) << (CLASS_SHIFT as u64)) | spelled(name, textsSize(name, 1) - 1);
  assert(startBinding(handleNamed('locate'), BIT_LOCATE) === 0);
  assert(bindResource(id, copyHandle(port, RIGHT_SEND | RIGHT_COPY, BADGE)) === 0);
}
