/**
 * A first process that uses the answerer by generated stubs, and prints what it was answered; then cycles and
 * instructions of a call without arguments by stub and dispatch.
 */

import { csr_read } from 'rv';
import { INIT_CONTROL } from '../../../os/abi/layout.ts';
import { RIGHT_RECEIVE } from '../../../os/abi/rights.ts';
import * as block from '../../../os/proto/block.client.ts';
import type { Geometry } from '../../../os/proto/block.ts';
import * as name from '../../../os/proto/name.client.ts';
import type { Resolution } from '../../../os/proto/name.ts';
import { callPort } from '../../../os/runtime/call.ts';
import { PING } from '../../../os/runtime/serve.ts';
import { createPort, grant, reset, rightsOf, startThread, used } from '../../../os/runtime/system.ts';
import { childThread, smallSpace } from './children.ts';
import { say, sayNumber } from './say.ts';

const CYCLE: u32 = 0xc00;
const INSTRET: u32 = 0xc02;
const ROUNDS: u32 = 20;
const PRIORITY: u32 = 31;
const HANDLES: u32 = 1;
const NO_METHOD: u32 = 0x2ff;

const text = memory.data(512);
const geometry = memory.data(8);
const resolution = memory.data(8);

export function main(_argument: u32): i32 {
  const port = createPort();
  const space = smallSpace();
  startThread(childThread(space, 'answerer', grant(space, port, RIGHT_RECEIVE, 0), PRIORITY));
  askBlock(port);
  askNames(port, space);
  refused(port);
  measure(port);
  return reset(INIT_CONTROL, 0, 0);
}

function askBlock(port: u32): void {
  say('block ');
  const shape = changetype<Geometry>(geometry);
  shape.isReadOnly = 7;
  sayNumber(block.geometry(port, shape));
  sayNumber(shape.sectors);
  sayNumber(shape.isReadOnly);
  store<u32>(text, 1234, 508);
  sayNumber(block.write(port, 3, text, 512));
  store<u32>(text, 0, 508);
  sayNumber(block.read(port, 3, text, 512));
  sayNumber(load<u32>(text, 508));
  sayNumber(block.read(port, 4, text, 512));
  say('\n');
}

function askNames(port: u32, space: u32): void {
  say('names ');
  const found = changetype<Resolution>(resolution);
  sayNumber(name.resolve(port, text, 3, found));
  sayNumber(name.listUntil(port, 1, 0, text, 16));
  const own = createPort();
  const before = used(space, HANDLES);
  sayNumber(name.bind(port, text, 5, own));
  sayNumber(name.bind(port, text, 5, own));
  sayNumber(used(space, HANDLES) - before);
  sayNumber(name.resolve(port, text, 9, found));
  sayNumber(found.consumed);
  sayNumber(rightsOf(found.server));
  sayNumber(name.list(port, text, 16));
  say('\n');
}

function refused(port: u32): void {
  say('refused ');
  sayNumber(callPort(port, PING, 0, 0, 0, 0, 0, 0));
  sayNumber(callPort(port, NO_METHOD, 0, 0, 0, 0, 0, 0));
  sayNumber(callPort(port, 0x201, 0, 0, 0, 0, 0, 0));
  say('\n');
}

function measure(port: u32): void {
  for (let round: u32 = 0; round < ROUNDS; round += 1) block.flush(port);
  const instructions = csr_read(INSTRET);
  const cycles = csr_read(CYCLE);
  const status = block.flush(port);
  const cyclesAfter = csr_read(CYCLE);
  const instructionsAfter = csr_read(INSTRET);
  assert(status === 0);
  say('stub ');
  sayNumber(cyclesAfter - cycles);
  sayNumber(instructionsAfter - instructions);
  say('\n');
}
