/**
 * NAME
 *     sync: make what was written last
 * SYNOPSIS
 *     sync [FILE]…
 * DESCRIPTION
 *     Returns when all that was written to all file trees, those of other nodes too as far as they can be reached, or to
 *     the FILEs, would be there after a loss of power.
 * SEE ALSO
 *     df, mount
 */

import { OPEN_READ } from '../../os/abi/file.ts';
import * as file from '../../os/proto/file.client.ts';
import * as tree from '../../os/proto/tree.client.ts';
import { complain } from '../lib/complaint.ts';
import { joined, listDirectory } from '../lib/directory.ts';
import { errorText } from '../lib/error.ts';
import { closeFile, openFile } from '../lib/file.ts';
import { boundPaths, mountOf } from '../lib/mount.ts';
import { Options } from '../lib/options.ts';
import { quoted } from '../lib/quote.ts';

/** Each node's own tree, whatever the view shows at the root. */
const NODES = '/node';

export function main(): i32 {
  const options = new Options('sync [FILE]...', '');
  while (options.next()) {}
  for (let index = 0; index < options.operands.length; index++) syncFile(options.operands[index]);
  if (options.operands.length > 0) return 0;
  const paths = boundPaths();
  const nodes = listDirectory(NODES).entries;
  for (let index = 0; index < nodes.length; index++) paths.push(joined(NODES, nodes[index].name));
  for (let index = 0; index < paths.length; index++) {
    const mount = mountOf(paths[index]);
    if (mount !== null) tree.sync(mount.server);
  }
  return 0;
}

function syncFile(name: string): void {
  const handle = openFile(name, OPEN_READ, 0);
  if (handle < 0) {
    complain(`error opening ${quoted(name)}: ${errorText(handle)}`);
    return;
  }
  const error = file.sync(handle);
  if (error < 0) complain(`error syncing ${quoted(name)}: ${errorText(error)}`);
  closeFile(handle);
}
