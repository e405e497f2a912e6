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
 *     STAT is R for one that runs or would, S for one that waits, T stopped, Z ended and not waited for. TIME is the processor's; of a
 *     service the group is 0. RSS is in KiB. Where there are other nodes, NODE is the one that it runs on.
 * SEE ALSO
 *     kill, top, jobs, on
 */
import { ownPid } from '../../os/runtime/start.ts';
import { userName } from '../lib/account.ts';
import { nodeList, nodeNumber } from '../lib/cluster.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';
import { clusterList, type ListedProcess, processorTime, stateLetter } from '../lib/process-list.ts';

const KIB_PER_PAGE: u32 = 4;

let isAll: bool = false;
let isLong: bool = false;
let pids: string[] = [];
const nodes: i32[] = [];
let hasNodes: bool = false;

export function main(): i32 {
  const options = new Options('ps [-Aef] [-n NODE,...] [-p PID,...] [aux]', 'Aefn:p:', 'node=n,pid=p', 1);
  while (options.next()) {
    if (options.letter === 'p') pids = pids.concat(options.value.split(','));
    if (options.letter === 'n') takeNodes(options);
    if (options.letter === 'A' || options.letter === 'e') isAll = true;
    if (options.letter === 'f') isLong = true;
  }
  for (let index = 0; index < options.operands.length; index++) takeLetters(options, options.operands[index]);
  const all = clusterList();
  hasNodes = nodes.length > 0 || nodeList().length > 1;
  const session = sessionOf(all);
  const node = hasNodes ? 'NODE ' : '';
  print(
    node +
      (isLong
        ? 'USER        PID   PPID   PGRP PRI STAT   RSS     TIME COMMAND\n'
        : '   PID STAT     TIME COMMAND\n'),
  );
  for (let index = 0; index < all.length; index++) if (isWanted(all[index], session)) show(all[index]);
  return 0;
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

function sessionOf(all: ListedProcess[]): i32 {
  for (let index = 0; index < all.length; index++) if (all[index].pid === ownPid()) return all[index].session;
  return 0;
}

function isWanted(process: ListedProcess, session: i32): bool {
  if (nodes.length > 0 && !nodes.includes(process.node)) return false;
  if (pids.length > 0) return pids.includes(process.pid.toString());
  return isAll || process.session === session;
}

function show(process: ListedProcess): void {
  const pid = process.pid.toString().padStart(6);
  const state = stateLetter(process.state).padEnd(4);
  const time = processorTime(process.cycles).padStart(8);
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
