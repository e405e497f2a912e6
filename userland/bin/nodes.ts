/**
 * NAME
 *     nodes: list the nodes of the cluster
 * SYNOPSIS
 *     nodes [-q]
 * DESCRIPTION
 *     A line for each node that can be reached from here, this one among them: its number, the neighbour that
 *     leads to it, over how many wires, how long a packet takes there and back, and when it was switched on, as
 *     tenths of seconds since 2020. The files of node N are under /node/N.
 *
 *     -q, --quiet    only the numbers
 * EXIT STATUS
 *     0; 1 where this node is in no cluster
 * SEE ALSO
 *     ps, ls
 */
import { type Node, nodeError, nodeList } from '../lib/cluster.ts';
import { complainOf } from '../lib/complaint.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';

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
  if (!isQuiet) print('NODE  VIA  WIRES  ROUND TRIP  SINCE\n');
  for (let index = 0; index < nodes.length; index++) {
    print(isQuiet ? `${nodes[index].number}\n` : lineOf(nodes[index]));
  }
  return 0;
}

function lineOf(node: Node): string {
  const number = node.number.toString().padStart(4);
  const via = (node.cost === 0 ? '-' : node.hop.toString()).padStart(4);
  const wires = node.cost.toString().padStart(6);
  const time = (node.roundTrip === 0 ? '-' : `${node.roundTrip} us`).padStart(11);
  return `${number} ${via} ${wires} ${time}  ${node.incarnation}\n`;
}
