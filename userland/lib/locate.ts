/**
 * The locate services of the cluster's nodes, as the commands about them see them.
 *
 *     const nodes = locateServers();      of all nodes that can be reached: number and server
 *     const state = stateOf(server);      null, and `locateError`, where it does not say
 */
import { ERROR_NOT_FOUND } from '../../os/abi/errors.ts';
import { spellOut } from '../../os/lib/spelling.ts';
import {
  SERVICE_RECORD_PID,
  SERVICE_RECORD_RESTARTS,
  SERVICE_RECORD_SIZE,
  SERVICE_RECORD_STATE,
} from '../../os/proto/init.ts';
import * as locate from '../../os/proto/locate.client.ts';
import {
  CLASS_SERVICE,
  CLASS_SHIFT,
  LOCATE_BYTES,
  LOCATE_COUNTERS,
  LOCATE_COUNTS,
  LOCATE_HINTS,
  LOCATE_IN_USE,
  LOCATE_OWN,
  LOCATE_ROWS,
  LOCATE_STATE_SIZE,
} from '../../os/proto/locate.ts';
import { nodeList } from './cluster.ts';
import { mountOf } from './mount.ts';
import { decodeText } from './utf8.ts';

const PLACE: string = '/service';
const BUFFER_SIZE: u32 = 2048;
const STRATEGY_MASK: u32 = 3;
const NAME_SIZE: i32 = 12;

/** By their numbers (os/proto/locate.ts), and what the kernel's command line calls them. */
export const strategyNames: string[] = ['central', 'class', 'local', 'full'];

/** Why something was not to be had. */
export let locateError: i32 = 0;

export class LocateServer {
  constructor(
    readonly node: i32,
    readonly server: u32,
  ) {}
}

export class LocateState {
  strategy: string = '';
  own: u32 = 0;
  rows: u32 = 0;
  hints: u32 = 0;
  bytes: u32 = 0;
  /** As in os/service/locate/counters.ts. */
  counts: u32[] = [];
}

/** As init knows it. */
export class Service {
  constructor(
    readonly name: string,
    readonly state: u32,
    readonly restarts: u32,
    readonly pid: u32,
  ) {}
}

const buffer = memory.data(2048, 8);

/** 0 where there is none. */
export function ownLocate(): u32 {
  return serverAt(PLACE);
}

/** Of all nodes that can be reached and say where theirs is; of this one alone, if it is in no cluster. */
export function locateServers(): LocateServer[] {
  const found: LocateServer[] = [];
  const nodes = nodeList();
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index].number;
    const server = serverAt(`/node/${node}${PLACE}`);
    if (server !== 0) found.push(new LocateServer(node, server));
  }
  if (found.length === 0 && ownLocate() !== 0) found.push(new LocateServer(0, ownLocate()));
  return found;
}

function serverAt(path: string): u32 {
  const mount = mountOf(path);
  locateError = mount === null || !mount.path.endsWith(PLACE) ? ERROR_NOT_FOUND : 0;
  return mount === null || locateError !== 0 ? 0 : mount.server;
}

function note(answer: i32): void {
  locateError = 0;
  if (answer < 0) locateError = answer;
}

export function stateOf(server: u32): LocateState | null {
  const size = locate.inspect(server, buffer, LOCATE_STATE_SIZE);
  note(size);
  if (size < 0) return null;
  const state = new LocateState();
  state.strategy = strategyNames[load<u32>(buffer, LOCATE_IN_USE) & STRATEGY_MASK];
  state.own = load<u32>(buffer, LOCATE_OWN);
  state.rows = load<u32>(buffer, LOCATE_ROWS);
  state.hints = load<u32>(buffer, LOCATE_HINTS);
  state.bytes = load<u32>(buffer, LOCATE_BYTES);
  for (let index: u32 = 0; index < LOCATE_COUNTERS; index++)
    state.counts.push(load<u32>(buffer + (index << 2), LOCATE_COUNTS));
  return state;
}

/** Names of the services that the node offers to all. */
export function offeredBy(server: u32): string[] {
  const names: string[] = [];
  const size = locate.list(server, buffer, BUFFER_SIZE);
  note(size);
  const letters = heap.alloc(NAME_SIZE);
  for (let at = 0; at < size; at += 8) {
    const id = load<u64>(buffer + at);
    if (<u32>(id >> CLASS_SHIFT) !== CLASS_SERVICE) continue;
    names.push(decodeText(letters, spellOut(id & (((<u64>1) << CLASS_SHIFT) - 1), letters)));
  }
  heap.free(letters);
  return names;
}

/** All services of the node, in the order of their start. */
export function servicesOf(server: u32): Service[] {
  const services: Service[] = [];
  const size = locate.services(server, buffer, BUFFER_SIZE);
  note(size);
  for (let at = 0; at < size; at += SERVICE_RECORD_SIZE) {
    const record = buffer + at;
    let length = 0;
    while (length < NAME_SIZE && load<u8>(record + length) !== 0) length++;
    const name = decodeText(record, length);
    const state = load<u32>(record, SERVICE_RECORD_STATE);
    const restarts = load<u32>(record, SERVICE_RECORD_RESTARTS);
    services.push(new Service(name, state, restarts, load<u32>(record, SERVICE_RECORD_PID)));
  }
  return services;
}
