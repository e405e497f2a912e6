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
 *                       resources has its keeper), local (everybody is asked), full (everybody keeps all). Not
 *                       while this node has no say
 * EXIT STATUS
 *     0; 1 where a service is not found, or the strategy was not changed
 * SEE ALSO
 *     services, nodes
 */
import { ERROR_BUSY, ERROR_NOT_FOUND, ERROR_TIMED_OUT } from '../../os/abi/errors.ts';
import * as locate from '../../os/proto/locate.client.ts';
import { now, TICKS_PER_SECOND } from '../../os/runtime/clock.ts';
import { complain, complainOf, hasComplained } from '../lib/complaint.ts';
import { closeFile, openFile } from '../lib/file.ts';
import { locateError, locateServers, offeredBy, ownLocate, stateOf, strategyNames } from '../lib/locate.ts';
import { lastView } from '../lib/members.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';

const TICKS_PER_MICROSECOND: u64 = 10;
/** A change takes a few round trips, where all nodes answer. */
const TICKS_TO_AGREE: u64 = 5 * <u64>TICKS_PER_SECOND;

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
  const view = lastView();
  if (view.number > 0 && view.isMajority === 0) {
    complain('this node reaches too few others to have a say: nodes says which');
    return;
  }
  const end = now() + TICKS_TO_AGREE;
  const result = locate.useUntil(ownLocate(), end as u32, (end >> 32) as u32, number);
  if (result === ERROR_TIMED_OUT) complain(`not all nodes use ${strategy} yet: nodes says which are there`);
  else if (result === ERROR_BUSY) complain(`${strategy}: somebody has chosen another just now`);
  else if (result < 0) complainOf(strategy, result);
}

function find(service: string): void {
  const before = now();
  const handle = openFile(`/service/${service}`, 0, 0);
  const time = (now() - before) / TICKS_PER_MICROSECOND;
  if (handle < 0) {
    if (handle === ERROR_NOT_FOUND) complain(`no node offers ${service}: services lists what there is`);
    else complainOf(service, handle);
    return;
  }
  closeFile(handle);
  const nodes: string[] = [];
  const servers = locateServers();
  for (let index = 0; index < servers.length; index++) {
    if (offeredBy(servers[index].server).includes(service)) nodes.push(servers[index].node.toString());
  }
  if (nodes.length === 0) complain(`${service} is offered by no node any more`);
  else print(`${service}: at ${nodes.join(' ')}, in ${time} us\n`);
}

function showAll(): void {
  const servers = locateServers();
  let work = '\nNODE SEARCHES  HERE  HINT WRONG ASKED MESSAGES: TOLD   ASK GIVEN AGREE\n';
  print('NODE STRATEGY  HERE  ROWS HINTS BYTES\n');
  for (let index = 0; index < servers.length; index++) {
    const node = servers[index].node;
    const state = stateOf(servers[index].server);
    if (state === null) {
      complainOf(`node ${node}`, locateError);
      continue;
    }
    const kept = columns([state.own, state.rows, state.hints, state.bytes]);
    print(`${column(node, 4)} ${state.strategy.padEnd(8)}${kept}\n`);
    work += `${column(node, 4)} ${workOf(state.counts)}\n`;
  }
  print(work);
}

function workOf(counts: u32[]): string {
  const messages: u32[] = [sum(counts, 3, 4), sum(counts, 5, 9), sum(counts, 10, 12)];
  return `${column(counts[13], 8)}${columns(counts.slice(14, 18))}${column(sum(counts, 1, 2), 15)}${columns(messages)}`;
}

/** Of the messages of those kinds. */
function sum(counts: u32[], first: i32, last: i32): u32 {
  let total: u32 = 0;
  for (let kind = first; kind <= last; kind++) total += counts[kind];
  return total;
}

function columns(values: u32[]): string {
  let text = '';
  for (let index = 0; index < values.length; index++) text += column(values[index], 6);
  return text;
}

function column(value: u32, width: i32): string {
  return value.toString().padStart(width);
}
