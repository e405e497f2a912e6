/**
 * A process that touches pages which a pager supplies, and reports what it finds. Its argument is what to do:
 * TELL, or else the page to touch.
 */

import { load32, store32 } from 'rv';
import { FIRST_HANDLE } from '../../../os/abi/layout.ts';
import { EXTRAS_LENT, EXTRAS_RANGES } from '../../../os/abi/message.ts';
import { call, type Message, waitForEver } from '../../../os/runtime/message.ts';

export const WINDOW: u32 = 0x5000_0000;
export const TELL: u32 = 1000;
const PORT: u32 = FIRST_HANDLE;

const buffer = memory.data(64);
const extras = memory.data(64, 64);

export function main(what: u32): i32 {
  if (what !== TELL) return load32(WINDOW + (what << 12));
  const message = changetype<Message>(buffer);
  waitForEver(message);
  message.port = PORT;
  message.word0 = load32(WINDOW);
  store32(WINDOW + (1 << 12), load32(WINDOW + (1 << 12)) + 1);
  message.word1 = load32(WINDOW + (1 << 12));
  store<u32>(extras, 1, EXTRAS_LENT);
  store<u32>(extras, WINDOW + (3 << 12) - 4, EXTRAS_RANGES);
  store<u32>(extras, 8, EXTRAS_RANGES + 4);
  store<u32>(extras, 1, EXTRAS_RANGES + 8);
  message.extras = extras;
  return call(message);
}
