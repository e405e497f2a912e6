/**
 * NAME
 *     du: say how much room files take
 * SYNOPSIS
 *     du [-abchks] [-d DEPTH] [FILE]…
 * DESCRIPTION
 *     For each FILE, or the working directory, and every directory below it, what it takes with all that is in
 *     it. A file with several names counts once.
 *
 *     -a   files too          -s   only the sums of the FILEs     -d DEPTH   only so deep
 *     -b   sizes, in bytes    -c   their total too                -h   as 1.5M     -k   in KiB, as without
 * SEE ALSO
 *     df, ls
 */
import { complainOf } from '../lib/complaint.ts';
import { joined, listDirectory } from '../lib/directory.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';
import { humanSize } from '../lib/size.ts';
import { linkStatusOf } from '../lib/status.ts';

let showsFiles: bool = false;
let isApparent: bool = false;
let isHuman: bool = false;
let isTotal: bool = false;
let depthMax: i32 = i32.MAX_VALUE;
const seen: Set<u64> = new Set<u64>();

export function main(): i32 {
  const long = 'all=a,bytes=b,total=c,max-depth=d,human-readable=h,summarize=s';
  const options = new Options('du [OPTION]... [FILE]...', 'abcd:hks', long);
  while (options.next()) {
    if (options.letter === 'a') showsFiles = true;
    if (options.letter === 'b') isApparent = true;
    if (options.letter === 'c') isTotal = true;
    if (options.letter === 'd') depthMax = <i32>options.number('maximum depth');
    if (options.letter === 'h') isHuman = true;
    if (options.letter === 's') depthMax = 0;
  }
  if (options.operands.length === 0) options.operands.push('.');
  let total: u64 = 0;
  for (let index = 0; index < options.operands.length; index++) total += measure(options.operands[index], 0);
  if (isTotal) show(total, 'total');
  return 0;
}

/** Shows what is asked for on the way; the bytes that it takes. */
function measure(path: string, depth: i32): u64 {
  const status = linkStatusOf(path);
  if (!status.isThere()) {
    complainOf(`cannot access '${path}'`, status.error);
    return 0;
  }
  if (status.links > 1 && !status.isDirectory()) {
    const key = ((<u64>status.server) << 32) ^ status.inode;
    if (seen.has(key)) return 0;
    seen.add(key);
  }
  let size = isApparent ? status.size : status.space;
  if (status.isDirectory()) size += measureInside(path, depth);
  if (depth <= depthMax && (status.isDirectory() || showsFiles || depth === 0)) show(size, path);
  return size;
}

function measureInside(path: string, depth: i32): u64 {
  const listing = listDirectory(path);
  if (listing.error < 0) complainOf(`cannot read directory '${path}'`, listing.error);
  let size: u64 = 0;
  for (let index = 0; index < listing.entries.length; index++) {
    size += measure(joined(path, listing.entries[index].name), depth + 1);
  }
  return size;
}

function show(size: u64, path: string): void {
  const text = isHuman ? humanSize(size) : isApparent ? size.toString() : ((size + 1023) / 1024).toString();
  print(`${text}\t${path}\n`);
}
