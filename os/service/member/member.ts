/**
 * The member service: which nodes are in the cluster. This node and all that it can reach, and whether they are
 * a majority of those that the command line names (`members=0-2,5`); a node without a number is alone.
 */
import { ERROR_ACCESS, ERROR_BAD_ARGUMENT, ERROR_TOO_LARGE, ERROR_TOO_MANY } from '../../abi/errors.ts';
import { BADGE_SERVICE } from '../../abi/manifest.ts';
import { NOTIFIED } from '../../abi/message.ts';
import { none } from '../../lib/pointer.ts';
import { dispatch } from '../../proto/member.server.ts';
import {
  MEMBER_ALIVE,
  MEMBER_RECORD_AGE,
  MEMBER_RECORD_INCARNATION,
  MEMBER_RECORD_NODE,
  MEMBER_RECORD_SIZE,
  MEMBER_RECORD_STATE,
  type View,
} from '../../proto/member.ts';
import * as net from '../../proto/net.client.ts';
import { NODE_RECORD_INCARNATION, NODE_RECORD_NODE, NODE_RECORD_SIZE } from '../../proto/net.ts';
import { NO_NUMBER, numberVariable } from '../../runtime/environment.ts';
import { deliverLent } from '../../runtime/lent.ts';
import type { Message } from '../../runtime/message.ts';
import { firstRequest, nextRequest } from '../../runtime/serve.ts';
import { handleNamed } from '../../runtime/start.ts';
import { close, notify } from '../../runtime/system.ts';
import { foundersMask } from './founders.ts';

const BIT_REACH: u32 = 1;
const NODES_MAX: u32 = 64;
const ATTENDANTS_MAX: u32 = 8;

const buffer = memory.data(64, 4);
const extras = memory.data(64, 64);
const nodes = memory.data(1024, 4);
const record = memory.data(12, 4);
/** A handle and bits for each that attends. */
const attendants = memory.data(64, 4);

let attendantCount: u32 = 0;
let self: u32 = 0;
let found: u32 = 0;
let members: u64 = 0;
let founders: u64 = 0;
let number: u32 = 0;

export function main(_argument: u32): i32 {
  const port = handleNamed('port');
  self = numberVariable('node');
  founders = foundersMask();
  if (self === NO_NUMBER) members = 1;
  else net.attend(handleNamed('net'), port, BIT_REACH);
  look();
  const request = changetype<Message>(buffer);
  let result = firstRequest(request, port, extras);
  while (result >= 0) {
    if (result === NOTIFIED) look();
    else dispatch(none<Server>(), request);
    result = nextRequest(request);
  }
  return -result;
}

/** Whom net can reach now. */
function look(): void {
  const size = self === NO_NUMBER ? 0 : net.list(handleNamed('net'), nodes, NODES_MAX * NODE_RECORD_SIZE);
  let now: u64 = self === NO_NUMBER ? 1 : 0;
  found = 0;
  for (let at: i32 = 0; at < size; at += NODE_RECORD_SIZE) {
    now |= (<u64>1) << (<u64>load<u16>(nodes + at, NODE_RECORD_NODE));
    found += 1;
  }
  if (now === members && number !== 0) return;
  members = now;
  number += 1;
  for (let index: u32 = 0; index < attendantCount; index += 1) {
    const at = attendants + (index << 3);
    notify(load<u32>(at), load<u32>(at, 4));
  }
}

//@unmanaged
class Server {
  view(_request: Message, result: View): i32 {
    result.number = number;
    result.count = popcnt<u64>(members) as u32;
    result.low = members as u32;
    result.high = (members >> 32) as u32;
    result.isMajority = u32(popcnt<u64>(members & founders) * 2 > popcnt<u64>(founders));
    return 0;
  }

  list(request: Message, intoSize: u32): i32 {
    if (intoSize < found * MEMBER_RECORD_SIZE) return ERROR_TOO_LARGE;
    for (let index: u32 = 0; index < found; index += 1) {
      const from = nodes + index * NODE_RECORD_SIZE;
      store<u16>(record, load<u16>(from, NODE_RECORD_NODE), MEMBER_RECORD_NODE);
      store<u16>(record, MEMBER_ALIVE, MEMBER_RECORD_STATE);
      store<u32>(record, load<u32>(from, NODE_RECORD_INCARNATION), MEMBER_RECORD_INCARNATION);
      store<u32>(record, 0, MEMBER_RECORD_AGE);
      const at = index * MEMBER_RECORD_SIZE;
      const result = deliverLent(request.token, 0, at, record, MEMBER_RECORD_SIZE);
      if (result < 0) return result;
    }
    return found * MEMBER_RECORD_SIZE;
  }

  attend(request: Message, handle: u32, bits: u32): i32 {
    const isRefused = request.badge < BADGE_SERVICE;
    if (isRefused || attendantCount === ATTENDANTS_MAX) {
      close(handle);
      return isRefused ? ERROR_ACCESS : ERROR_TOO_MANY;
    }
    const at = attendants + (attendantCount << 3);
    store<u32>(at, handle);
    store<u32>(at, bits, 4);
    attendantCount += 1;
    return 0;
  }

  leave(_request: Message): i32 {
    return ERROR_BAD_ARGUMENT;
  }
}
