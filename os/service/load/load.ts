/**
 * The load service: where a program should run. By policy it is this node, or any of those in this node's view.
 */
import { ERROR_BAD_ARGUMENT } from '../../abi/errors.ts';
import { none } from '../../lib/pointer.ts';
import { dispatch } from '../../proto/load.server.ts';
import { POLICY_HERE, POLICY_RANDOM } from '../../proto/load.ts';
import * as member from '../../proto/member.client.ts';
import type { View } from '../../proto/member.ts';
import { now } from '../../runtime/clock.ts';
import { NO_NUMBER, numberVariable } from '../../runtime/environment.ts';
import type { Message } from '../../runtime/message.ts';
import { firstRequest, nextRequest } from '../../runtime/serve.ts';
import { handleNamed } from '../../runtime/start.ts';

const buffer = memory.data(64, 4);
const view = memory.data(20, 4);

let self: u32 = 0;
let policy: u32 = 0;
let chance: u32 = 0;

export function main(_argument: u32): i32 {
  policy = POLICY_HERE;
  const number = numberVariable('node');
  self = number === NO_NUMBER ? 0 : number;
  chance = ((now() as u32) ^ (self << 16)) | 1;
  const request = changetype<Message>(buffer);
  let result = firstRequest(request, handleNamed('port'), 0);
  while (result >= 0) {
    dispatch(none<Server>(), request);
    result = nextRequest(request);
  }
  return -result;
}

/** xorshift32 (Marsaglia, 2003). */
function draw(): u32 {
  chance ^= chance << 13;
  chance ^= chance >> 17;
  chance ^= chance << 5;
  return chance;
}

//@unmanaged
class Server {
  place(_request: Message, _pages: u32): i32 {
    if (policy === POLICY_HERE) return self;
    const nodes = changetype<View>(view);
    if (member.view(handleNamed('member'), nodes) < 0 || nodes.count === 0) return self;
    let mask: u64 = ((<u64>nodes.high) << 32) | <u64>nodes.low;
    for (let skipped = draw() % nodes.count; skipped > 0; skipped -= 1) mask &= mask - 1;
    return ctz<u64>(mask) as i32;
  }

  policy(_request: Message): i32 {
    return policy;
  }

  setPolicy(_request: Message, wanted: u32): i32 {
    if (wanted > POLICY_RANDOM) return ERROR_BAD_ARGUMENT;
    policy = wanted;
    return 0;
  }

  list(_request: Message, _intoSize: u32): i32 {
    return 0;
  }
}
