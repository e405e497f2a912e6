/**
 * NAME
 *     services: list the services of the cluster
 * SYNOPSIS
 *     services [-l] [SERVICE...]
 * DESCRIPTION
 *     A line for each service, or those that are named: the nodes where it runs, in brackets those where it has ended
 *     for good, how often it was started again, and the path by which any node reaches it, where it is offered to all.
 *     A service is absent where its device is.
 *
 *     -l, --long    a line for each service of each node: node, name, state, restarts, process
 * SEE ALSO
 *     locate, ps, nodes
 */
import { STATE_ABSENT, STATE_RUNS } from '../../os/proto/init.ts';
import { complainOf } from '../lib/complaint.ts';
import {
  type LocateServer,
  locateError,
  locateServers,
  offeredBy,
  type Service,
  servicesOf,
} from '../lib/locate.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';

/** A service on all nodes. */
class Summary {
  nodes: string[] = [];
  restarts: u32 = 0;

  constructor(readonly name: string) {}
}

const states: string[] = ['absent', 'runs', 'ended'];

let wanted: string[] = [];
let isLong: bool = false;
const summaries: Summary[] = [];
let offered: string[] = [];

export function main(): i32 {
  const options = new Options('services [-l] [SERVICE...]', 'l', 'long=l');
  while (options.next()) isLong = true;
  wanted = options.operands;
  const servers = locateServers();
  if (servers.length === 0) {
    complainOf('/service', locateError);
    return 1;
  }
  if (isLong) print('NODE SERVICE      STATE  RESTARTS     PID\n');
  for (let index = 0; index < servers.length; index++) take(servers[index]);
  if (!isLong) showSummaries();
  return 0;
}

function take(node: LocateServer): void {
  const services = servicesOf(node.server);
  if (locateError !== 0) complainOf(`node ${node.node}`, locateError);
  offered = offered.concat(offeredBy(node.server));
  for (let index = 0; index < services.length; index++) {
    const service = services[index];
    if (wanted.length > 0 && !wanted.includes(service.name)) continue;
    if (isLong) show(node.node, service);
    else add(node.node, service);
  }
}

function show(node: i32, service: Service): void {
  const state = states[service.state].padEnd(6);
  const restarts = service.restarts.toString().padStart(8);
  const pid = (service.pid === 0 ? '-' : service.pid.toString()).padStart(7);
  print(`${node.toString().padStart(4)} ${service.name.padEnd(12)} ${state} ${restarts} ${pid}\n`);
}

function add(node: i32, service: Service): void {
  const summary = summaryOf(service.name);
  summary.restarts += service.restarts;
  if (service.state === STATE_RUNS) summary.nodes.push(node.toString());
  else if (service.state !== STATE_ABSENT) summary.nodes.push(`[${node}]`);
}

function summaryOf(name: string): Summary {
  for (let index = 0; index < summaries.length; index++)
    if (summaries[index].name === name) return summaries[index];
  const summary = new Summary(name);
  summaries.push(summary);
  return summary;
}

function showSummaries(): void {
  print('SERVICE      RESTARTS PATH                 NODES\n');
  for (let index = 0; index < summaries.length; index++) {
    const name = summaries[index].name;
    const restarts = summaries[index].restarts;
    const nodes = summaries[index].nodes;
    const path = offered.includes(name) ? `/service/${name}` : '-';
    print(
      `${name.padEnd(12)} ${restarts.toString().padStart(8)} ${path.padEnd(20)} ${nodes.length === 0 ? '-' : nodes.join(' ')}\n`,
    );
  }
}
