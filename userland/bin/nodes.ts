/**
 * NAME
 *     nodes: list the nodes of the cluster
 * SYNOPSIS
 *     nodes [-q]
 * DESCRIPTION
 *     A line for each node that was ever heard of, this one among them: its number; whether it is alive, suspect,
 *     dead, or has left; whether it is in the last view on which the nodes have agreed; the neighbour that leads to
 *     it, over how many wires, how long a packet takes there and back; how many threads use its processor or wait for
 *     it, its free memory, its clock, and how long it has been on. Then the view: a node that reaches too few of it
 *     has no say, and acknowledges nothing that others rely on. The files of node N are under /node/N.
 *
 *     -q, --quiet    only the numbers of those that can be reached
 * EXIT STATUS
 *     0; 1 where this node is in no cluster
 * SEE ALSO
 *     ps, load, shutdown
 */
import type { View } from '../../os/proto/member.ts';
import { timeNow } from '../lib/clock.ts';
import { type Node, nodeError, nodeList, packetCounters } from '../lib/cluster.ts';
import { complain, complainOf } from '../lib/complaint.ts';
import { type Load, lastView, loadList, type Member, memberList } from '../lib/members.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';
import { humanSize } from '../lib/size.ts';

/** Of os/service/net/counters.ts. */
const COUNT_IMPOSTOR: i32 = 11;
const BYTES_PER_PAGE: u64 = 4096;
const STATES: string[] = ['-', 'alive', 'suspect', 'dead', 'left'];
/** 2020-01-01, in tenths of seconds since 1970. */
const FIRST_INCARNATION: u64 = 15_778_368_000;
const NANOSECONDS_PER_TENTH: u64 = 100_000_000;

export function main(): i32 {
  const options = new Options('nodes [-q]', 'q', 'quiet=q');
  let isQuiet = false;
  while (options.next()) isQuiet = true;
  options.allow(0);
  const nodes = nodeList();
  if (nodes.length === 0) {
    complainOf('/dev/net', nodeError);
    return 1;
  }
  if (isQuiet) for (let index = 0; index < nodes.length; index++) print(`${nodes[index].number}\n`);
  else showAll(nodes);
  return 0;
}

function showAll(nodes: Node[]): void {
  const members = memberList();
  const loads = loadList();
  const view = lastView();
  print('NODE STATE   VIEW VIA WIRES ROUND TRIP   LOAD   FREE  CLOCK        UP\n');
  for (let number = 0; number < 64; number++) {
    const node = nodeOf(nodes, number);
    const member = memberOf(members, number);
    if (node !== null || member !== null) print(lineOf(number, node, member, loadOf(loads, number), view));
  }
  if (view.number === 0) print('No view yet: the nodes that found the cluster are not all there.\n');
  else
    print(
      `View ${view.number}: ${view.count} nodes, ${view.isMajority !== 0 ? 'with a say' : 'without a say here'}.\n`,
    );
  const counters = packetCounters();
  const packets = counters.length > COUNT_IMPOSTOR ? counters[COUNT_IMPOSTOR] : 0;
  if (packets > 0) complain(`another board has the number of one of these: ${packets} packets refused`);
}

function lineOf(
  number: i32,
  node: Node | null,
  member: Member | null,
  load: Load | null,
  view: View,
): string {
  const bits = number < 32 ? view.low >> number : view.high >> (number - 32);
  const state = STATES[member === null ? 0 : member.state].padEnd(7);
  const start = `${number.toString().padStart(4)} ${state} ${(bits & 1) !== 0 ? ' yes' : '  no'}`;
  const line = `${start} ${wayOf(node)} ${loadText(load)} ${node === null ? '        -' : upText(node)}`;
  return `${line}\n`;
}

function wayOf(node: Node | null): string {
  if (node === null) return '  -     -          -';
  const via = (node.cost === 0 ? '-' : node.hop.toString()).padStart(3);
  const time = (node.roundTrip === 0 ? '-' : `${node.roundTrip} us`).padStart(10);
  return `${via} ${node.cost.toString().padStart(5)} ${time}`;
}

function loadText(load: Load | null): string {
  if (load === null) return '     -      -      -';
  const hundredths = load.use / 10 + load.waiting;
  const threads = `${hundredths / 100}.${(hundredths % 100).toString().padStart(2, '0')}`;
  const free = humanSize(<u64>load.freePages * BYTES_PER_PAGE);
  return `${threads.padStart(6)} ${free.padStart(6)} ${`${load.clock}MHz`.padStart(6)}`;
}

/** H:MM:SS since its start. */
function upText(node: Node): string {
  const now = timeNow() / NANOSECONDS_PER_TENTH;
  const start = <u64>node.incarnation - 1 + FIRST_INCARNATION;
  const seconds = now > start ? (now - start) / 10 : 0;
  const minutes = ((seconds / 60) % 60).toString().padStart(2, '0');
  return `${seconds / 3600}:${minutes}:${(seconds % 60).toString().padStart(2, '0')}`.padStart(9);
}

function nodeOf(nodes: Node[], number: i32): Node | null {
  for (let index = 0; index < nodes.length; index++) if (nodes[index].number === number) return nodes[index];
  return null;
}

function memberOf(members: Member[], number: i32): Member | null {
  for (let index = 0; index < members.length; index++)
    if (members[index].number === number) return members[index];
  return null;
}

function loadOf(loads: Load[], number: i32): Load | null {
  for (let index = 0; index < loads.length; index++) if (loads[index].number === number) return loads[index];
  return null;
}
