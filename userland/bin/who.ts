/**
 * NAME
 *     who: say who is logged in
 * SYNOPSIS
 *     who
 * DESCRIPTION
 *     A line for each session of the cluster: the user, the node where it is, since when, and in parentheses the node
 *     at whose console it is seen, if that is another.
 * SEE ALSO
 *     attach, login, id, nodes
 */
import { STAT_MODE, STAT_MODIFIED, STAT_RECORD_SIZE, STAT_UID } from '../../os/abi/file.ts';
import { MODE_TAKEN, STAT_PLACE } from '../../os/proto/console.ts';
import * as tree from '../../os/proto/tree.client.ts';
import { userName } from '../lib/account.ts';
import { formatDate } from '../lib/calendar.ts';
import { nodeList } from '../lib/cluster.ts';
import { placeAt } from '../lib/mount.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';

const CONSOLE = '/dev/console';
const record = memory.data(64, 8);

export function main(): i32 {
  const options = new Options('who', '');
  while (options.next()) {}
  options.allow(0);
  const nodes = nodeList();
  if (nodes.length === 0) show(CONSOLE, 0);
  for (let index = 0; index < nodes.length; index++) {
    show(`/node/${nodes[index].number}${CONSOLE}`, nodes[index].number);
  }
  return 0;
}

function show(path: string, node: u32): void {
  const place = placeAt(path);
  if (place.error !== 0) return;
  if (tree.stat(place.server, place.address, place.size, 0, record, STAT_RECORD_SIZE) < 0) return;
  if ((load<u32>(record, STAT_MODE) & MODE_TAKEN) === 0) return;
  const seen = load<u32>(record, STAT_PLACE);
  const since = formatDate('%b %e %H:%M', load<u64>(record, STAT_MODIFIED));
  const where = seen === node ? '' : ` (node ${seen})`;
  print(
    `${userName(load<u32>(record, STAT_UID)).padEnd(12)} node ${node.toString().padEnd(3)} ${since}${where}\n`,
  );
}
