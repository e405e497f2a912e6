/**
 * A first process that measures: cycles and instructions of a null system call, of a call and reply with
 * another process, and of a notification to a thread that waits; once warm.
 */

import { csr_read } from 'rv';
import { INIT_CONTROL } from '../../../os/abi/layout.ts';
import { RIGHT_RECEIVE } from '../../../os/abi/rights.ts';
import { call, type Message, waitForEver } from '../../../os/runtime/message.ts';
import { createPort, grant, nullCall, reset, startThread } from '../../../os/runtime/system.ts';
import { childThread, smallSpace } from './children.ts';
import { say, sayNumber } from './say.ts';

const CYCLE: u32 = 0xc00;
const INSTRET: u32 = 0xc02;
const ROUNDS: u32 = 20;
const PRIORITY: u32 = 31;

const buffer = memory.data(64);

export function main(_argument: u32): i32 {
  say('null ');
  for (let round: u32 = 0; round < ROUNDS; round += 1) nullCall();
  measureNull();
  const port = createPort();
  const space = smallSpace();
  const name = grant(space, port, RIGHT_RECEIVE, 0);
  startThread(childThread(space, 'peer', name, PRIORITY));
  const message = changetype<Message>(buffer);
  waitForEver(message);
  message.port = port;
  message.word0 = 0;
  say('call ');
  for (let round: u32 = 0; round < ROUNDS; round += 1) assert(call(message) === 0);
  measureCall(message);
  assert(message.word0 === ROUNDS + 1);
  say('\n');
  return reset(INIT_CONTROL, 0, 0);
}

function measureNull(): void {
  const instructions = csr_read(INSTRET);
  const cycles = csr_read(CYCLE);
  nullCall();
  const cyclesAfter = csr_read(CYCLE);
  const instructionsAfter = csr_read(INSTRET);
  sayNumber(cyclesAfter - cycles);
  sayNumber(instructionsAfter - instructions);
}

function measureCall(message: Message): void {
  const instructions = csr_read(INSTRET);
  const cycles = csr_read(CYCLE);
  call(message);
  const cyclesAfter = csr_read(CYCLE);
  const instructionsAfter = csr_read(INSTRET);
  sayNumber(cyclesAfter - cycles);
  sayNumber(instructionsAfter - instructions);
}
