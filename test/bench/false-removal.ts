/**
 * NAME      false-removal — nobody is removed for being slow or hard to hear
 * SYNOPSIS  node --import tsx test/bench/false-removal.ts [CYCLES]
 *
 * Runs the cluster of test/os/false-removal.ts for CYCLES, 10^10 unless stated, and says its nodes' views before and
 * after. The exit status is 1 where they differ: somebody was removed.
 */
import { viewsOver } from '../os/false-removal.ts';

const { first, last } = await viewsOver(Number(process.argv[2] ?? 1e10));
process.stdout.write(`before: ${first.join(' | ')}\nafter:  ${last.join(' | ')}\n`);
if (first.join() !== last.join()) process.exitCode = 1;
