/**
 * NAME
 *     locate: find services of the cluster, and choose how they are found
 * SYNOPSIS
 *     locate [-s STRATEGY] [SERVICE...]
 * DESCRIPTION
 *     For each service the nodes that offer it under /service, and how long it took to be given it. Without one, how
 *     resources are found at each node: the strategy in use, how many resources are there, what is kept about those of
 *     others, places found lately, and the bytes of all that; searches, of which it was at home, where the hint said,
 *     not where the hint said, asked for; and messages sent: about what there is, to ask for places, to get ports, to
 *     agree.
 *
 *     -s, --strategy    from now on the whole cluster uses it: central (one node keeps all), class (each class of
 *                       resources has its keeper), local (everybody is asked), full (everybody keeps all)
 * EXIT STATUS
 *     0; 1 where a service is not found, or the strategy was not changed
 * SEE ALSO
 *     services, nodes
 */
import { ERROR_NOT_FOUND } from '../../os/abi/errors.ts';
import * as locate from '../../os/proto/locate.client.ts';
import { now } from '../../os/runtime/clock.ts';
import { complain, complainOf, hasComplained } from '../lib/complaint.ts';
import { closeFile, openFile } from '../lib/file.ts';
import {
  type LocateServer,
  locateError,
  locateServers,
  offeredBy,
  ownLocate,
  stateOf,
  strategyNames,
} from '../lib/locate.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';

const TICKS_PER_MICROSECOND: u64 = 10;

export function main(): i32 {
  const options = new Options('locate [-s STRATEGY] [SERVICE...]', 's:', 'strategy=s');
  let strategy = '';
  while (options.next()) strategy = options.value;
  if (ownLocate() === 0) {
    complainOf('/service', locateError);
    return 1;
  }
  if (strategy !== '') change(strategy);
  for (let index = 0; index < options.operands.length; index++) find(options.operands[index]);
  if (strategy === '' && options.operands.length === 0) showAll();
  return hasComplained() ? 1 : 0;
}

function change(strategy: string): void {
  const number = strategyNames.indexOf(strategy);
  if (number < 0) {
    complain(`there is no strategy ${strategy}: take ${strategyNames.join(', ')}`);
    return;
  }
  const result = locate.use(ownLocate(), number);
  if (result < 0) complainOf(strategy, result);
}

function find(service: string): void {
  const before = now();
  const handle = openFile(`/service/${service}`, 0, 0);
  const time = (now() - before) / TICKS_PER_MICROSECOND;
  if (handle < 0) {
    complainOf(service, handle);
    return;
  }
  closeFile(handle);
  const nodes: string[] = [];
  const servers = locateServers();
  for (let index = 0; index < servers.length; index++) {
    if (offeredBy(servers[index].server).includes(service)) nodes.push(servers[index].node.toString());
  }
  if (nodes.length === 0) complainOf(service, ERROR_NOT_FOUND);
  else print(`${service}: at ${nodes.join(' ')}, in ${time} us\n`);
}

function showAll(): void {
  print('NODE STRATEGY  HERE ROWS HINTS BYTES  SEARCHES HERE HINT WRONG ASKED   TOLD ASK GIVEN AGREE\n');
  const servers = locateServers();
  for (let index = 0; index < servers.length; index++) show(servers[index]);
}

function show(node: LocateServer): void {
  const state = stateOf(node.server);
  if (state === null) {
    complainOf(`node ${node.node}`, locateError);
    return;
  }
  const counts = state.counts;
  print(
    `${column(node.node, 4)} ${state.strategy.padEnd(8)} ${column(state.own, 5)}${column(state.rows, 5)}`,
  );
  print(
    `${column(state.hints, 6)}${column(state.bytes, 6)}  ${column(counts[13], 8)}${column(counts[14], 5)}`,
  );
  print(
    `${column(counts[15], 5)}${column(counts[16], 6)}${column(counts[17], 6)}  ${column(sum(counts, 1, 2), 5)}`,
  );
  print(`${column(sum(counts, 3, 4), 4)}${column(sum(counts, 5, 9), 6)}${column(sum(counts, 10, 12), 6)}\n`);
}

/** Of the messages of those kinds. */
function sum(counts: u32[], first: i32, last: i32): u32 {
  let total: u32 = 0;
  for (let kind = first; kind <= last; kind++) total += counts[kind];
  return total;
}

function column(value: u32, width: i32): string {
  return value.toString().padStart(width);
}
