/**
 * NAME
 *     ping: ask a node whether it answers, and how soon
 * SYNOPSIS
 *     ping [-c COUNT] [-i SECONDS] NODE
 * DESCRIPTION
 *     Makes empty calls to the name service of the node with this number, one after the other, and says how long
 *     each took from call to answer; of this node too, by no wire then. Ends with how many were answered, and their
 *     shortest, mean and longest time.
 *
 *     -c, --count    how many calls: 4 unless stated      -i, --interval    seconds between them: 1 unless stated
 * EXIT STATUS
 *     0; 1 where a call was not answered, or there is no such node
 * SEE ALSO
 *     nodes, net
 */
import { ERROR_NOT_FOUND } from '../../os/abi/errors.ts';
import { callPort } from '../../os/runtime/call.ts';
import { now } from '../../os/runtime/clock.ts';
import { PING } from '../../os/runtime/serve.ts';
import { handleNamed } from '../../os/runtime/start.ts';
import { close } from '../../os/runtime/system.ts';
import { waitFor } from '../lib/clock.ts';
import { directoryOf, nodeNumber } from '../lib/cluster.ts';
import { complainOf } from '../lib/complaint.ts';
import { errorText } from '../lib/error.ts';
import { complainOfNode } from '../lib/members.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';
import { ownNode } from '../lib/process.ts';

const NANOSECONDS: u64 = 1_000_000_000;
const TICKS_PER_MICROSECOND: u64 = 10;

let count: i64 = 4;
let interval: i64 = 1;
/** In ticks, of those that were answered. */
let shortest: u64 = u64.MAX_VALUE;
let longest: u64 = 0;
let sum: u64 = 0;
let answered: i64 = 0;

export function main(): i32 {
  const options = new Options('ping [-c COUNT] [-i SECONDS] NODE', 'c:i:', 'count=c,interval=i');
  while (options.next()) {
    if (options.letter === 'c') count = options.number('count', 1);
    else interval = options.number('interval');
  }
  options.need(1);
  options.allow(1);
  const text = options.operands[0];
  const node = nodeNumber(options, text);
  const server: i32 = node === ownNode() ? handleNamed('name') : directoryOf(node);
  if (server < 0) {
    if (server === ERROR_NOT_FOUND) complainOfNode(node);
    else complainOf(`node ${text}`, server);
    return 1;
  }
  for (let turn: i64 = 0; turn < count; turn++) {
    if (turn > 0 && waitFor(<u64>interval * NANOSECONDS) === 0) break;
    ask(server, text);
  }
  close(server);
  sumUp(text);
  return answered === count ? 0 : 1;
}

function ask(server: u32, node: string): void {
  const before = now();
  const result = callPort(server, PING, 0, 0, 0, 0, 0, 0);
  const ticks = now() - before;
  if (result < 0) {
    print(`node ${node}: ${errorText(result)}\n`);
    return;
  }
  answered++;
  sum += ticks;
  shortest = min<u64>(shortest, ticks);
  longest = max<u64>(longest, ticks);
  print(`node ${node} answers in ${inMicroseconds(ticks)} us\n`);
}

function sumUp(node: string): void {
  print(`${answered} of ${count} calls to node ${node} answered`);
  if (answered === 0) print('\n');
  else {
    const mean = inMicroseconds(sum / <u64>answered);
    print(`: at least ${inMicroseconds(shortest)}, mean ${mean}, at most ${inMicroseconds(longest)} us\n`);
  }
}

function inMicroseconds(ticks: u64): string {
  return `${ticks / TICKS_PER_MICROSECOND}.${ticks % TICKS_PER_MICROSECOND}`;
}
