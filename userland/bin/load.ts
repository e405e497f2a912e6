/**
 * NAME
 *     load: show how busy the nodes are, or say where programs are placed
 * SYNOPSIS
 *     load [POLICY]
 * DESCRIPTION
 *     A line for each node: what share of its processor is used, how many threads wait for it, its clock, its free
 *     memory of how much, and how long ago it was so. Then the policy by which a program gets its node:
 *
 *     here           where it was started
 *     random         any node
 *     least-loaded   the node that has the most processor left
 *     two-choices    of two nodes by chance the one that has more left
 *     priority       the lowest-numbered node that is not busy
 *
 *     With a POLICY the whole cluster has that from now on.
 * SEE ALSO
 *     nodes, ps, top
 */
import * as loads from '../../os/proto/load.client.ts';
import { nodeError, serverAt } from '../lib/cluster.ts';
import { complainOf } from '../lib/complaint.ts';
import { type Load, loadList } from '../lib/members.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';
import { humanSize } from '../lib/size.ts';

const BYTES_PER_PAGE: u64 = 4096;
/** In the order of POLICY_… in os/proto/load.ts. */
const POLICIES: string[] = ['here', 'random', 'least-loaded', 'two-choices', 'priority'];

export function main(): i32 {
  const options = new Options('load [POLICY]', '', '');
  while (options.next()) {}
  options.allow(1);
  const server = serverAt('/dev/load');
  if (server === 0) {
    complainOf('/dev/load', nodeError);
    return 1;
  }
  return options.operands.length > 0 ? setPolicy(options, server) : showAll(server);
}

function setPolicy(options: Options, server: u32): i32 {
  const policy = POLICIES.indexOf(options.operands[0]);
  if (policy < 0) options.fail(`unknown policy ‘${options.operands[0]}’: ${POLICIES.join(', ')}`);
  const status = loads.setPolicy(server, policy);
  if (status < 0) complainOf(options.operands[0], status);
  return status < 0 ? 1 : 0;
}

function showAll(server: u32): i32 {
  print('NODE    USE  WAITING   CLOCK          FREE       AGE\n');
  const found = loadList();
  for (let index = 0; index < found.length; index++) print(lineOf(found[index]));
  print(`Programs are placed by: ${POLICIES[loads.policy(server)]}\n`);
  return 0;
}

function lineOf(load: Load): string {
  const use = `${load.use / 10}.${load.use % 10}%`.padStart(6);
  const waiting = `${load.waiting / 100}.${(load.waiting % 100).toString().padStart(2, '0')}`.padStart(8);
  const free = humanSize(<u64>load.freePages * BYTES_PER_PAGE);
  const all = humanSize(<u64>load.allPages * BYTES_PER_PAGE);
  const memory = `${free} of ${all}`.padStart(13);
  const clock = `${load.clock}MHz`.padStart(7);
  return `${load.number.toString().padStart(4)} ${use} ${waiting} ${clock} ${memory} ${load.age.toString().padStart(6)} ms\n`;
}
