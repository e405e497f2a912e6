/**
 * A service of the tests that fails in the way its argument says: 1 ends at once, 2 faults at once, 3 never
 * answers. With none it writes what it is given to the console, as long as it lives.
 */
import type { Message } from '../../../os/runtime/message.ts';
import { firstRequest, nextRequest, PING } from '../../../os/runtime/serve.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { numberArgument } from './program.ts';

const buffer = memory.data(64, 4);

export function main(_argument: u32): i32 {
  const role = numberArgument(1);
  if (role === 1) return 9;
  if (role === 2) store<u32>(0x20, 1);
  while (role === 3) {}
  const request = changetype<Message>(buffer);
  let result = firstRequest(request, handleNamed('port'), 0);
  while (result >= 0) {
    // every answer is one more than the question
    if (request.label !== PING) request.word0 += 1;
    request.label = 0;
    result = nextRequest(request);
  }
  return -result;
}
