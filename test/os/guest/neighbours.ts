/**
 * A program that, on node 0, calls another node's services by the stubs it would use at home: its names, a file of
 * its boot archive, and a name that is not there. It prints what it was answered, and what calls cost: empty,
 * with a path lent, and with a handle besides.
 */

import { csr_read } from 'rv';
import { OPEN_READ } from '../../../os/abi/file.ts';
import * as file from '../../../os/proto/file.client.ts';
import * as name from '../../../os/proto/name.client.ts';
import type { Resolution } from '../../../os/proto/name.ts';
import * as net from '../../../os/proto/net.client.ts';
import { NODE_RECORD_COST, NODE_RECORD_SIZE } from '../../../os/proto/net.ts';
import * as tree from '../../../os/proto/tree.client.ts';
import { callPort } from '../../../os/runtime/call.ts';
import { type Message, receive, waitForEver } from '../../../os/runtime/message.ts';
import { PING } from '../../../os/runtime/serve.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { close, createPort, yieldTurn } from '../../../os/runtime/system.ts';
import { add, begin, end, numberArgument, tell, waitMillisecond } from './program.ts';

const CYCLE: u32 = 0xc00;
const ROUNDS: u32 = 64;
const CARRIED_ROUNDS: u32 = 16;
/** What is called to be measured. */
const BIND: u32 = 0;
const UNBIND: u32 = 1;
const RESOLVE: u32 = 2;
const PATH_SIZE: u32 = 10;

/** "/boot/init" */
const path = memory.data<u8>([0x2f, 0x62, 0x6f, 0x6f, 0x74, 0x2f, 0x69, 0x6e, 0x69, 0x74]);
const records = memory.data(256, 4);
const resolution = memory.data(8, 4);
const contents = memory.data(8192, 4);
const quiet = memory.data(64, 4);

export function main(_argument: u32): i32 {
  const wanted = numberArgument(1);
  const nodes = numberArgument(2);
  while (net.list(handleNamed('net'), records, 256) < <i32>(nodes * NODE_RECORD_SIZE)) yieldTurn();
  if (!isFirst()) rest();
  const names = net.directory(handleNamed('net'), wanted);
  tell('directory', names > 0 ? 1 : names);
  tell('nobody', net.directory(handleNamed('net'), 63));
  const found = changetype<Resolution>(resolution);
  begin('resolve');
  add(name.resolve(names, path, PATH_SIZE, found));
  add(found.consumed);
  end();
  const opened = tree.open(found.server, path + found.consumed, PATH_SIZE - found.consumed, OPEN_READ, 0);
  readOn(opened);
  tell('absent', tree.open(found.server, path, 3, OPEN_READ, 0));
  tell('lending', cyclesOf(names, UNBIND));
  tell('giving', cyclesOf(names, BIND));
  tell('getting', cyclesOf(names, RESOLVE));
  measure(names);
  return 0;
}

/** Whether this is node 0: the node that is no way off. */
function isFirst(): bool {
  return load<u32>(records, NODE_RECORD_COST) === 0;
}

/** The others only serve. */
function rest(): void {
  const message = changetype<Message>(quiet);
  message.port = createPort();
  waitForEver(message);
  receive(message);
}

/** An ELF begins with 0x7f, 'E', 'L', 'F'. */
function readOn(opened: i32): void {
  begin('read');
  add(file.read(opened, contents, 8192));
  add(load<u32>(contents) === 0x464c_457f ? 1 : 0);
  add(file.read(opened, contents, 1));
  end();
}

/** The best of several calls that lend a path, and either nothing more, or a handle goes along, or one comes back. */
function cyclesOf(names: u32, what: u32): u32 {
  const found = changetype<Resolution>(resolution);
  let cycles: u32 = 0xffff_ffff;
  for (let round: u32 = 0; round < CARRIED_ROUNDS; round += 1) {
    const port = createPort();
    waitMillisecond();
    const before = csr_read(CYCLE);
    if (what === BIND) assert(name.bind(names, path, PATH_SIZE, port) < 0);
    else if (what === UNBIND) assert(name.unbind(names, path, PATH_SIZE) < 0);
    else assert(name.resolve(names, path, PATH_SIZE, found) === 0);
    cycles = min<u32>(cycles, csr_read(CYCLE) - before);
    if (what === RESOLVE) close(found.server);
    close(port);
  }
  return cycles;
}

/** The best of several: hellos are sent meanwhile. */
function measure(names: u32): void {
  let cycles: u32 = 0xffff_ffff;
  for (let round: u32 = 0; round < ROUNDS; round += 1) {
    const before = csr_read(CYCLE);
    assert(callPort(names, PING, 0, 0, 0, 0, 0, 0) === 0);
    cycles = min<u32>(cycles, csr_read(CYCLE) - before);
  }
  tell('cycles', cycles);
}
