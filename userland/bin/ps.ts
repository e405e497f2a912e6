/**
 * NAME
 *     ps: list processes
 * SYNOPSIS
 *     ps [-Aef] [-n NODE,…] [-p PID,…] [aux]
 * DESCRIPTION
 *     Without anything the processes of the caller's session, on whatever nodes they are.
 *
 *     -A, -e   all, services too     -f   with user, parent, group, state, priority and memory
 *     -n       of these nodes, by number          -p   those of these numbers
 *     a, u, x  as BSD has them: all, and at length
 *
 *     STAT is R for one that runs or would, S for one that waits, T stopped, Z ended and not waited for. TIME is the
 *     processor's. RSS is in KiB. Where there are other nodes, NODE is the one that it runs on.
 * EXIT STATUS
 *     0; 1 where a node of -n cannot be reached
 * SEE ALSO
 *     kill, top, jobs, on
 */
import { userName } from '../lib/account.ts';
import { nodeNumber } from '../lib/cluster.ts';
import { hasComplained } from '../lib/complaint.ts';
import { complainOfNode } from '../lib/members.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';
import { ownSession } from '../lib/process.ts';
import {
  clusterList,
  cyclesPerSecond,
  type ListedProcess,
  processorTime,
  reachedNodes,
  stateLetter,
} from '../lib/process-list.ts';

const KIB_PER_PAGE: u32 = 4;

let isAll: bool = false;
let isLong: bool = false;
let pids: string[] = [];
let nodes: i32[] = [];
let hasNodes: bool = false;
let session: i32 = 0;

export function main(): i32 {
  const options = new Options('ps [-Aef] [-n NODE,...] [-p PID,...] [aux]', 'Aefn:p:', 'node=n,pid=p', 1);
  while (options.next()) {
    if (options.letter === 'p') pids = pids.concat(options.value.split(','));
    if (options.letter === 'n') takeNodes(options);
    if (options.letter === 'A' || options.letter === 'e') isAll = true;
    if (options.letter === 'f') isLong = true;
  }
  for (let index = 0; index < options.operands.length; index++) takeLetters(options, options.operands[index]);
  const reached = reachedNodes();
  hasNodes = nodes.length > 0 || reached.length > 1;
  if (nodes.length === 0) nodes = reached;
  for (let index = 0; index < nodes.length; index++)
    if (!reached.includes(nodes[index])) complainOfNode(nodes[index]);
  session = ownSession();
  const node = hasNodes ? 'NODE ' : '';
  print(
    node +
      (isLong
        ? 'USER        PID   PPID   PGRP PRI STAT   RSS     TIME COMMAND\n'
        : '   PID STAT     TIME COMMAND\n'),
  );
  const all = clusterList(nodes);
  for (let index = 0; index < all.length; index++) if (isWanted(all[index])) show(all[index]);
  return hasComplained() ? 1 : 0;
}

function takeNodes(options: Options): void {
  const names = options.value.split(',');
  for (let index = 0; index < names.length; index++) nodes.push(nodeNumber(options, names[index]));
}

/** As BSD has them, without a dash. */
function takeLetters(options: Options, letters: string): void {
  for (let index = 0; index < letters.length; index++) {
    const letter = letters.charAt(index);
    if (letter === 'a' || letter === 'x') isAll = true;
    else if (letter === 'u') isLong = true;
    else options.fail(`unknown option ${letters}`);
  }
}

function isWanted(process: ListedProcess): bool {
  if (pids.length > 0) return pids.includes(process.pid.toString());
  return isAll || process.session === session;
}

function show(process: ListedProcess): void {
  const pid = process.pid.toString().padStart(6);
  const state = stateLetter(process.state).padEnd(4);
  const time = processorTime(process.cycles, cyclesPerSecond(process.node)).padStart(8);
  const node = hasNodes ? process.node.toString().padStart(4) + ' ' : '';
  if (!isLong) {
    print(`${node}${pid} ${state} ${time} ${process.name}\n`);
    return;
  }
  const user = userName(process.uid).padEnd(8);
  const parent = process.parent.toString().padStart(6);
  const group = process.group.toString().padStart(6);
  const priority = process.priority.toString().padStart(3);
  const memory = (process.pages * KIB_PER_PAGE).toString().padStart(5);
  print(`${node}${user} ${pid} ${parent} ${group} ${priority} ${state} ${memory} ${time} ${process.name}\n`);
}
