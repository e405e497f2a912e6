/**
 * NAME
 *     uptime: say how long the machine has been on
 * SYNOPSIS
 *     uptime [-p | -s]
 * DESCRIPTION
 *     The time of day, how long the machine has been on, and how many processes there are.
 *
 *     -p, --pretty   only how long, in words     -s, --since   when it was switched on
 * SEE ALSO
 *     date, top, ps
 */
import { formatDate, NANOSECONDS } from '../lib/calendar.ts';
import { secondsUp, timeNow } from '../lib/clock.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';
import { processList } from '../lib/process-list.ts';
import { upLine } from '../lib/up-time.ts';

export function main(): i32 {
  const options = new Options('uptime [-p | -s]', 'ps', 'pretty=p,since=s');
  let form = '';
  while (options.next()) form = options.letter;
  options.allow(0);
  const seconds = <i64>secondsUp();
  const time = <i64>timeNow();
  if (form === 'p') print(`up ${inWords(seconds)}\n`);
  else if (form === 's') print(formatDate('%Y-%m-%d %H:%M:%S\n', time - seconds * NANOSECONDS));
  else print(` ${upLine(processList().length)}\n`);
  return 0;
}

function inWords(seconds: i64): string {
  const parts: string[] = [];
  add(parts, seconds / 86_400, 'day');
  add(parts, (seconds / 3600) % 24, 'hour');
  add(parts, (seconds / 60) % 60, 'minute');
  return parts.length === 0 ? '0 minutes' : parts.join(', ');
}

function add(parts: string[], count: i64, unit: string): void {
  if (count > 0) parts.push(`${count} ${unit}${count === 1 ? '' : 's'}`);
}
