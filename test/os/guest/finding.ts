/**
 * A program that finds the service `held` from every node, wherever it is, and calls it. Its arguments: how many times;
 * the node that changes the strategy meanwhile, as often, or a number that is none. Each time it also looks for one
 * that is nowhere. It tells how many calls were answered, by which node, what the last error was, and how many cycles
 * finding it took at best, by its path and by this program's own cache (os/runtime/resolved.ts).
 */
import { csr_read } from 'rv';
import { ERROR_NOT_FOUND } from '../../../os/abi/errors.ts';
import { spelled } from '../../../os/lib/spelling.ts';
import * as locate from '../../../os/proto/locate.client.ts';
import { CLASS_SERVICE, CLASS_SHIFT, STRATEGIES } from '../../../os/proto/locate.ts';
import * as name from '../../../os/proto/name.client.ts';
import type { Resolution } from '../../../os/proto/name.ts';
import * as tree from '../../../os/proto/tree.client.ts';
import { callPort } from '../../../os/runtime/call.ts';
import { now } from '../../../os/runtime/clock.ts';
import { numberVariable } from '../../../os/runtime/environment.ts';
import { type Message, receive } from '../../../os/runtime/message.ts';
import { forgetResolved, isGone, resolved } from '../../../os/runtime/resolved.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { close, createPort } from '../../../os/runtime/system.ts';
import { numberArgument, tell } from './program.ts';

const CYCLE: u32 = 0xc00;
const ANY_LABEL: u32 = 7;
const PATH_SIZE: u32 = 13;
const CONSUMED: u32 = 8;
const NAME_SIZE: u32 = 4;
/** The first is to have everything in the processor's caches. */
const TIMES: u32 = 3;
const PAUSE_TICKS: u64 = 10_000;
const FOR_EVER: u32 = 0xffff_ffff;

/** "/service/held" */
const path = memory.data<u8>([0x2f, 0x73, 0x65, 0x72, 0x76, 0x69, 0x63, 0x65, 0x2f, 0x68, 0x65, 0x6c, 0x64]);
/** "/none" */
const absent = memory.data<u8>([0x2f, 0x6e, 0x6f, 0x6e, 0x65]);
const ABSENT_SIZE: u32 = 5;
const resolution = memory.data(8, 4);
const quiet = memory.data(64, 4);

let answered: u32 = 0;
let node: i32 = -1;
let error: i32 = 0;
let best: u32 = 0xffff_ffff;
let bestCached: u32 = 0xffff_ffff;

export function main(_argument: u32): i32 {
  const found = changetype<Resolution>(resolution);
  assert(name.resolve(handleNamed('name'), path, PATH_SIZE, found) === 0 && found.consumed === CONSUMED);
  const times = numberArgument(1);
  const changes = numberVariable('node') === numberArgument(2);
  pause(100);
  for (let round: u32 = 0; round < times; round += 1) {
    if (changes) change(found.server, round);
    else find(found.server);
    pause(1);
  }
  tell('node', node);
  tell('error', error);
  tell('cycles', best);
  tell('cached', bestCached);
  tell('answered', answered);
  pause(FOR_EVER);
  return 0;
}

function change(server: u32, round: u32): void {
  const result = locate.use(server, round % STRATEGIES);
  if (result === 0) answered += 1;
  else error = result;
}

function find(server: u32): void {
  const nothing = tree.open(server, absent, ABSENT_SIZE, 0, 0);
  if (nothing !== ERROR_NOT_FOUND) error = nothing;
  const before = csr_read(CYCLE);
  const handle = tree.open(server, path + CONSUMED, PATH_SIZE - CONSUMED, 0, 0);
  best = min<u32>(best, csr_read(CYCLE) - before);
  if (handle < 0) {
    error = handle;
    return;
  }
  node = callPort(handle, ANY_LABEL, 0, 0, 0, 0, 0, 0);
  if (node < 0) error = node;
  else answered += 1;
  close(handle);
  findCached(server);
}

/** The same port again, without asking anybody where it is. */
function findCached(server: u32): void {
  const id = ((CLASS_SERVICE as u64) << (CLASS_SHIFT as u64)) | spelled(path + CONSUMED + 1, NAME_SIZE);
  let port: i32 = 0;
  for (let time: u32 = 0; time < TIMES; time += 1) {
    const before = csr_read(CYCLE);
    port = resolved(server, id);
    bestCached = min<u32>(bestCached, csr_read(CYCLE) - before);
  }
  const answer: i32 = port < 0 ? port : callPort(port, ANY_LABEL, 0, 0, 0, 0, 0, 0);
  if (isGone(answer)) forgetResolved(id);
  if (answer !== node) error = answer;
}

function pause(milliseconds: u32): void {
  const message = changetype<Message>(quiet);
  const end = now() + (milliseconds as u64) * PAUSE_TICKS;
  message.port = createPort();
  message.deadlineLow = end as u32;
  message.deadlineHigh = (end >> 32) as u32;
  receive(message);
  close(message.port);
}
