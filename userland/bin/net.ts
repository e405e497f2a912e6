/**
 * NAME
 *     net: show the cluster's wires, ways, and what became of packets
 * SYNOPSIS
 *     net [links|routes|counters]…
 * DESCRIPTION
 *     All three, or those that are named.
 *
 *     links       each wire between two nodes, with what it costs to go by it and, where this node is one of
 *                 them, by which of its network cards
 *     routes      for each node the neighbour that leads to it, what the way costs, and how long a packet takes
 *                 there and back
 *     counters    how many packets this node has sent, received, passed on and had for itself; then those that it
 *                 dropped, and why
 *
 *     A wire that only one of its nodes knows is marked: no packet goes by it.
 * EXIT STATUS
 *     0; 1 where this node is in no cluster
 * SEE ALSO
 *     nodes, ping
 */
import { type Link, linkList, type Node, nodeError, nodeList, packetCounters } from '../lib/cluster.ts';
import { complainOf } from '../lib/complaint.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';

const PARTS: string[] = ['links', 'routes', 'counters'];
/** In the order of os/service/net/counters.ts. */
const COUNTERS: string[] = [
  'sent',
  'received',
  'passed on',
  'for this node',
  'dropped: of no cluster, or another',
  'dropped: damaged',
  'dropped: forged',
  'dropped: seen before',
  'dropped: for this node before it began anew',
  'dropped: no way to go',
  'dropped: went round too long',
  'dropped: of another node with this number',
];

export function main(): i32 {
  const options = new Options('net [links|routes|counters]...', '');
  while (options.next()) {}
  const wanted = options.operands.length === 0 ? PARTS : options.operands;
  for (let index = 0; index < wanted.length; index++) {
    if (PARTS.indexOf(wanted[index]) < 0) options.fail(`there is no part ‘${wanted[index]}’`);
  }
  if (nodeList().length === 0) {
    complainOf('/dev/net', nodeError);
    return 1;
  }
  for (let index = 0; index < wanted.length; index++) {
    if (index > 0) print('\n');
    show(wanted[index]);
  }
  return 0;
}

function show(part: string): void {
  if (part === 'links') showLinks();
  else if (part === 'routes') showRoutes();
  else showCounters();
}

function showLinks(): void {
  print('NODES    COST  CARD\n');
  const links = linkList();
  for (let index = 0; index < links.length; index++) {
    const link = links[index];
    const other = find(links, link.neighbour, link.node);
    // once, where both ends know it
    if (other === null) print(`${lineOf(link, -1)}  one end only\n`);
    else if (link.node < link.neighbour) print(`${lineOf(link, other.card)}\n`);
  }
}

function find(links: Link[], node: i32, neighbour: i32): Link | null {
  for (let index = 0; index < links.length; index++) {
    if (links[index].node === node && links[index].neighbour === neighbour) return links[index];
  }
  return null;
}

function lineOf(link: Link, otherCard: i32): string {
  const nodes = `${link.node} - ${link.neighbour}`.padEnd(8);
  const card = max<i32>(link.card, otherCard);
  return `${nodes} ${link.cost.toString().padStart(4)} ${(card < 0 ? '-' : card.toString()).padStart(5)}`;
}

function showRoutes(): void {
  print('TO   BY  COST  ROUND TRIP\n');
  const nodes = nodeList();
  for (let index = 0; index < nodes.length; index++) {
    if (nodes[index].cost > 0) print(routeOf(nodes[index]));
  }
}

function routeOf(node: Node): string {
  const ends = `${node.number.toString().padStart(2)} ${node.hop.toString().padStart(4)}`;
  const time = node.roundTrip === 0 ? '-' : `${node.roundTrip} us`;
  return `${ends} ${node.cost.toString().padStart(5)} ${time.padStart(11)}\n`;
}

function showCounters(): void {
  const counters = packetCounters();
  for (let index = 0; index < min<i32>(counters.length, COUNTERS.length); index++) {
    print(`${counters[index].toString().padStart(10)}  ${COUNTERS[index]}\n`);
  }
}
