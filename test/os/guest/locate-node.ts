/**
 * One node's locate service for a test that plays the network, the callers and the ports in the host: the service's
 * own code, with what it says and answers handed to the test.
 */

import { counters } from '../../../os/service/locate/counters.ts';
import {
  bindHere,
  changeView,
  hearDirectory,
  moveHere,
  resolveFor,
  startDirectory,
  tickDirectory,
  unbindHere,
  useStrategy,
} from '../../../os/service/locate/directory.ts';
import { inUse, previous, wanted } from '../../../os/service/locate/generation.ts';
import { hintCount } from '../../../os/service/locate/hints.ts';
import type { Words } from '../../../os/service/locate/message.ts';
import { ownCount } from '../../../os/service/locate/own.ts';
import { rowCount } from '../../../os/service/locate/rows.ts';
import { setDistance } from '../../../os/service/locate/view.ts';
import { bindWorld } from '../../../os/service/locate/world.ts';

//@external("world", "send")
declare function worldSend(node: u32, address: u32, port: u32): void;
//@external("world", "answer")
declare function worldAnswer(token: u32, status: i32, port: u32): void;
//@external("world", "drop")
declare function worldDrop(port: u32): void;

const incoming = memory.data(32, 8);

function send(node: u32, address: u32, port: u32): void {
  worldSend(node, address, port);
}

function answer(token: u32, status: i32, port: u32): void {
  worldAnswer(token, status, port);
}

function drop(port: u32): void {
  worldDrop(port);
}

export function start(node: u32, count: u32, strategy: u32): void {
  bindWorld(send.index, answer.index, drop.index);
  startDirectory(node, count, strategy);
}

export function incomingAt(): u32 {
  return incoming;
}

export function hear(port: u32, now: u32): void {
  hearDirectory(changetype<Words>(incoming), port, now);
}

export {
  bindHere,
  changeView,
  counters,
  hintCount,
  inUse,
  moveHere,
  ownCount,
  previous,
  resolveFor,
  rowCount,
  setDistance,
  tickDirectory,
  unbindHere,
  useStrategy,
  wanted,
};
