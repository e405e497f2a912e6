/**
 * A program that has a service killed a thousand times while it calls it, and counts the answers: each call is
 * answered by the instance that got it, or told that this has died. Then it asks init what it knows.
 */
import * as init from '../../../os/proto/init.client.ts';
import { SERVICE_RECORD_RESTARTS, SERVICE_RECORD_SIZE } from '../../../os/proto/init.ts';
import { call, type Message, waitForEver } from '../../../os/runtime/message.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { add, begin, end, tell } from './program.ts';

const KILLS: u32 = 1000;
const CALLS_EACH: u32 = 3;
const ASK: u32 = 1;

const buffer = memory.data(64, 4);
const name = memory.data<u8>([0x6d, 0x6f, 0x72, 0x74, 0x61, 0x6c, 0]);
const records = memory.data(576, 4);

export function main(_argument: u32): i32 {
  const message = changetype<Message>(buffer);
  const control = handleNamed('init');
  let right: u32 = 0;
  let told: u32 = 0;
  for (let count: u32 = 0; count < KILLS; count += 1) {
    if (init.restart(control, name, 6) < 0) told += 1;
    for (let round: u32 = 0; round < CALLS_EACH; round += 1) {
      waitForEver(message);
      message.port = handleNamed('mortal');
      message.label = ASK;
      message.extras = 0;
      message.word0 = count;
      const result = call(message);
      if (result === 0 && message.word0 === count + 1) right += 1;
      else told += 1;
    }
  }
  begin('answers');
  add(right + told);
  end();
  const size: u32 = init.list(control, records, 576);
  for (let at: u32 = 0; at < size; at += SERVICE_RECORD_SIZE) {
    if (memory.compare(records + at, name, 7) === 0)
      tell('restarts', load<u32>(records + at, SERVICE_RECORD_RESTARTS));
  }
  return init.restart(control, name + 1, 5) === -32 ? 0 : 1;
}
