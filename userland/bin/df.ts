/**
 * NAME
 *     df: say how much room file trees have
 * SYNOPSIS
 *     df [-hk] [FILE]…
 * DESCRIPTION
 *     For each tree of the name space, or for those that the FILEs are in, where it really is, its size, and what
 *     of it is used. Trees that have no room of their own, like /dev, are left out unless a FILE is in them.
 *
 *     -h   sizes as 1.5M     -k   in KiB, as without
 * SEE ALSO
 *     du
 */
import * as tree from '../../os/proto/tree.client.ts';
import type { Space } from '../../os/proto/tree.ts';
import { complainOf } from '../lib/complaint.ts';
import { absolutePath, boundPaths, type Mount, mountOf } from '../lib/mount.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';
import { humanSize } from '../lib/size.ts';
import { statusOf } from '../lib/status.ts';
import { isWithin } from '../lib/view.ts';

let isHuman: bool = false;

export function main(): i32 {
  const options = new Options('df [-hk] [FILE]...', 'hk', 'human-readable=h');
  while (options.next()) isHuman = options.letter === 'h';
  const sizes = isHuman ? ['Size', 'Avail'] : ['1K-blocks', 'Available'];
  showRow('Filesystem', sizes[0], 'Used', sizes[1], 'Use%', 'Mounted on');
  const names = options.operands;
  const paths = boundPaths();
  for (let index = 0; index < paths.length && names.length === 0; index++) {
    const mount = mountOf(paths[index]);
    if (mount !== null) show(mount, paths[index], false);
  }
  for (let index = 0; index < names.length; index++) {
    const status = statusOf(names[index]);
    const mount = mountOf(names[index]);
    if (!status.isThere()) complainOf(names[index], status.error);
    else if (mount !== null) show(mount, boundPathOf(names[index], paths), true);
  }
  return 0;
}

/** The longest bound path that leads to the file. */
function boundPathOf(name: string, paths: string[]): string {
  const absolute = absolutePath(name);
  let best = '';
  for (let index = 0; index < paths.length; index++) {
    const path = paths[index];
    if (path.length > best.length && isWithin(absolute, path === '/' ? '' : path)) best = path;
  }
  return best;
}

/** A tree without blocks is shown only where it is asked for. */
function show(mount: Mount, path: string, isWanted: bool): void {
  const space = changetype<Space>(heap.alloc(offsetof<Space>()));
  const status = tree.space(mount.server, space);
  const size = <u64>space.blocks * <u64>space.blockSize;
  const free = <u64>space.free * <u64>space.blockSize;
  heap.free(changetype<usize>(space));
  if (status < 0 || (size === 0 && !isWanted)) return;
  const used = size - free;
  const percent = size === 0 ? '-' : `${(used * 100 + size - 1) / size}%`;
  showRow(mount.bound, sizeText(size), sizeText(used), sizeText(free), percent, path);
}

function sizeText(bytes: u64): string {
  return isHuman ? humanSize(bytes) : (bytes / 1024).toString();
}

function showRow(
  tree: string,
  size: string,
  used: string,
  free: string,
  percent: string,
  path: string,
): void {
  const width = isHuman ? 6 : 10;
  const sizes = `${size.padStart(width)} ${used.padStart(width)} ${free.padStart(width)}`;
  print(`${tree.padEnd(12)} ${sizes} ${percent.padStart(4)} ${path}\n`);
}
