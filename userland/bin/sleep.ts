/**
 * NAME
 *     sleep: do nothing for a while
 * SYNOPSIS
 *     sleep NUMBER[smhd]…
 * DESCRIPTION
 *     Seconds, minutes, hours or days; NUMBERs may have a point and are added up.
 * SEE ALSO
 *     date, time
 */
import { waitFor } from '../lib/clock.ts';
import { complain } from '../lib/complaint.ts';
import { Options } from '../lib/options.ts';
import { marked } from '../lib/quote.ts';

const NANOSECONDS: f64 = 1_000_000_000;

export function main(): i32 {
  const options = new Options('sleep NUMBER[SUFFIX]...', '');
  while (options.next()) {}
  options.need(1);
  let total: f64 = 0;
  for (let index = 0; index < options.operands.length; index++) {
    const seconds = secondsOf(options.operands[index]);
    if (seconds < 0) {
      complain(`invalid time interval ${marked(options.operands[index])}`);
      return 1;
    }
    total += seconds;
  }
  waitFor(<u64>(total * NANOSECONDS));
  return 0;
}

/** Below 0 for what is none. */
function secondsOf(text: string): f64 {
  const unit = 'smhd'.indexOf(text.charAt(text.length - 1));
  const digits = unit >= 0 && text.length > 0 ? text.substring(0, text.length - 1) : text;
  let points = 0;
  for (let at = 0; at < digits.length; at++) {
    const code = digits.charCodeAt(at);
    if (code === 0x2e) points++;
    else if (code < 0x30 || code > 0x39) return -1;
  }
  if (digits.length === points || points > 1) return -1;
  const scale: f64 = unit <= 0 ? 1 : unit === 1 ? 60 : unit === 2 ? 3600 : 86_400;
  return parseFloat(digits) * scale;
}
