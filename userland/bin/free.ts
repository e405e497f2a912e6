/**
 * NAME
 *     free: say how much memory there is
 * SYNOPSIS
 *     free [-bkmh]
 * DESCRIPTION
 *     The memory that processes share: all of it, without what the kernel and init keep; what is used, what is
 *     not, and how much of that is available to new programs. The rest of what is free has been promised to
 *     those that run: each may come to use so much.
 *
 *     -b, --bytes   in bytes      -k, --kibi    in KiB, as without
 *     -m, --mebi    in MiB        -h, --human   as 1.5M
 * SEE ALSO
 *     top, ps, df
 */
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';
import { BYTES_PER_PAGE, MemoryUse, processList } from '../lib/process-list.ts';
import { humanSize } from '../lib/size.ts';

let unit: u64 = 1024;
let isHuman: bool = false;

export function main(): i32 {
  const options = new Options('free [-bkmh]', 'bkmh', 'bytes=b,kibi=k,mebi=m,human=h');
  while (options.next()) {
    const letter = options.letter;
    isHuman = letter === 'h';
    unit = letter === 'b' ? 1 : letter === 'm' ? 1 << 20 : 1 << 10;
  }
  options.allow(0);
  const use = new MemoryUse(processList());
  print('               total        used        free   available\n');
  const free = use.total - use.used;
  print(`Mem:    ${column(use.total)}${column(use.used)}${column(free)}${column(use.available)}\n`);
  return 0;
}

function column(pages: u32): string {
  const bytes = <u64>pages * BYTES_PER_PAGE;
  return (isHuman ? humanSize(bytes) : (bytes / unit).toString()).padStart(12);
}
