/**
 * NAME
 *     hostname: say at which node one is
 * SYNOPSIS
 *     hostname
 * DESCRIPTION
 *     The node where this runs, as `node2`: that of the console, or where `on` has put it.
 * SEE ALSO
 *     nodes, on
 */
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';
import { ownNode } from '../lib/process.ts';

export function main(): i32 {
  const options = new Options('hostname', '');
  while (options.next()) {}
  options.allow(0);
  print(`node${ownNode()}\n`);
  return 0;
}
