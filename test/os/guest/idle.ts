/**
 * A service of the tests that takes requests and does nothing about them but to live.
 */
import { ERROR_NO_SUCH_CALL } from '../../../os/abi/errors.ts';
import type { Message } from '../../../os/runtime/message.ts';
import { firstRequest, nextRequest, PING, refuse } from '../../../os/runtime/serve.ts';
import { handleNamed } from '../../../os/runtime/start.ts';

const buffer = memory.data(64, 4);

export function main(_argument: u32): i32 {
  const request = changetype<Message>(buffer);
  let result = firstRequest(request, handleNamed('port'), 0);
  while (result >= 0) {
    if (request.label === PING) request.label = 0;
    else refuse(request, ERROR_NO_SUCH_CALL);
    result = nextRequest(request);
  }
  return -result;
}
