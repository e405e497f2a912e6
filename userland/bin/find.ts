/**
 * NAME
 *     find: look for files
 * SYNOPSIS
 *     find [-H] [-L] [PATH]… [EXPRESSION]
 * DESCRIPTION
 *     Goes through every PATH and all below, and does for each file what EXPRESSION says; by default -print.
 *
 *     tests     -name GLOB  -iname GLOB  -path GLOB  -type f|d|l|c|p  -size [+-]N[ckMG]  -empty  -perm [-/]MODE
 *               -mtime [+-]DAYS  -mmin [+-]MINUTES  -newer FILE  -links [+-]N  -inum N  -true  -false
 *     actions   -print  -print0  -exec COMMAND… ;  -exec COMMAND… {} +  -delete  -prune  -quit
 *     between   ( … )  ! E  -not E  E -a E  E E  E -o E
 *     globally  -maxdepth N  -mindepth N  -depth
 *     -L        links are what they lead to
 * SEE ALSO
 *     ls, grep, xargs
 */
import { programArguments } from '../lib/arguments.ts';
import { complain } from '../lib/complaint.ts';
import { joined, listDirectory } from '../lib/directory.ts';
import { errorText } from '../lib/error.ts';
import { FindExpression, Visit } from '../lib/find-expression.ts';
import { quoted } from '../lib/quote.ts';
import { linkStatusOf, statusOf } from '../lib/status.ts';

let follows: bool = false;
let expression: FindExpression = new FindExpression([]);

export function main(): i32 {
  const args = programArguments();
  const paths: string[] = [];
  let at = 1;
  for (; at < args.length && (args[at] === '-H' || args[at] === '-L' || args[at] === '-P'); at++)
    follows = args[at] === '-L';
  for (; at < args.length && !args[at].startsWith('-') && args[at] !== '(' && args[at] !== '!'; at++)
    paths.push(args[at]);
  expression = new FindExpression(args.slice(at));
  if (expression.fault !== '') {
    complain(expression.fault);
    return 1;
  }
  if (paths.length === 0) paths.push('.');
  for (let index = 0; index < paths.length && !expression.isOver; index++) walk(paths[index], 0);
  expression.finish();
  return expression.hasFailed ? 1 : 0;
}

function walk(path: string, depth: i32): void {
  const status = follows ? statusOf(path) : linkStatusOf(path);
  if (!status.isThere()) {
    complain(`${quoted(path)}: ${errorText(status.error)}`);
    return;
  }
  const visit = new Visit(path, status, depth);
  const isShown = depth >= expression.minDepth;
  if (!expression.isDepthFirst && isShown) expression.apply(visit);
  const goesOn = status.isDirectory() && !visit.isPruned && depth < expression.maxDepth && !expression.isOver;
  if (goesOn) walkInto(path, depth);
  if (expression.isDepthFirst && isShown && !expression.isOver) expression.apply(visit);
}

function walkInto(path: string, depth: i32): void {
  const listing = listDirectory(path);
  if (listing.error < 0) complain(`${quoted(path)}: ${errorText(listing.error)}`);
  for (let index = 0; index < listing.entries.length && !expression.isOver; index++)
    walk(joined(path, listing.entries[index].name), depth + 1);
}
