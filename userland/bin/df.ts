/**
 * NAME
 *     df: say how much room file trees have
 * SYNOPSIS
 *     df [-hk] [FILE]…
 * DESCRIPTION
 *     For each tree of the name space, or for those that the FILEs are in, its size and what of it is used.
 *     Trees that have no room of their own, like /dev, are left out unless a FILE is in them.
 *
 *     -h   sizes as 1.5M     -k   in KiB, as without
 * SEE ALSO
 *     du
 */
import * as tree from '../../os/proto/tree.client.ts';
import type { Space } from '../../os/proto/tree.ts';
import { complainOf } from '../lib/complaint.ts';
import { absolutePath, fetchMounts, type Mount, mountOf } from '../lib/mount.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';
import { humanSize } from '../lib/size.ts';
import { statusOf } from '../lib/status.ts';

let isHuman: bool = false;

export function main(): i32 {
  const options = new Options('df [-hk] [FILE]...', 'hk', 'human-readable=h');
  while (options.next()) isHuman = options.letter === 'h';
  showRow(isHuman ? 'Size' : '1K-blocks', 'Used', isHuman ? 'Avail' : 'Available', 'Use%', 'Mounted on');
  const names = options.operands;
  if (names.length === 0) {
    const mounts = fetchMounts();
    for (let index = 0; index < mounts.length; index++) {
      const mount = mountOf(mounts[index].bound);
      if (mount !== null) show(mount, false);
    }
  }
  for (let index = 0; index < names.length; index++) {
    const status = statusOf(names[index]);
    const mount = mountOf(absolutePath(names[index]));
    if (!status.isThere()) complainOf(names[index], status.error);
    else if (mount !== null) show(mount, true);
  }
  return 0;
}

/** A tree without blocks is shown only where it is asked for. */
function show(mount: Mount, isWanted: bool): void {
  const space = changetype<Space>(heap.alloc(offsetof<Space>()));
  const status = tree.space(mount.server, space);
  const size = <u64>space.blocks * <u64>space.blockSize;
  const free = <u64>space.free * <u64>space.blockSize;
  heap.free(changetype<usize>(space));
  if (status < 0 || (size === 0 && !isWanted)) return;
  const used = size - free;
  const percent = size === 0 ? '-' : `${(used * 100 + size - 1) / size}%`;
  showRow(sizeText(size), sizeText(used), sizeText(free), percent, mount.bound);
}

function sizeText(bytes: u64): string {
  return isHuman ? humanSize(bytes) : (bytes / 1024).toString();
}

function showRow(size: string, used: string, free: string, percent: string, place: string): void {
  const width = isHuman ? 6 : 10;
  const sizes = `${size.padStart(width)} ${used.padStart(width)} ${free.padStart(width)}`;
  print(`${sizes} ${percent.padStart(4)} ${place}\n`);
}
