/**
 * NAME
 *     date: write the time, or set it
 * SYNOPSIS
 *     date [-u] [-d DATE | -r FILE | -I | -R] [+FORMAT]
 *     date -s DATE
 * DESCRIPTION
 *     -d DATE   2024-02-29 12:00 or @SECONDS since 1970     -r FILE   when the file was changed last
 *     -I        as 2024-02-29                               -R        as mail has it
 *     -s DATE   sets the clock                              -u        is the only time there is: UTC
 *
 *     FORMAT: %Y %m %d %e %j days, %H %I %M %S %N %p times, %a %A %u %w weekdays, %b %B %y months and years, %s the
 *     seconds since 1970, %F %T %R %D %c whole ones, %Z %z zones, %n %t %%; a - behind the % leaves zeros out.
 * SEE ALSO
 *     touch, uptime
 */
import { formatDate, parseDate } from '../lib/calendar.ts';
import { setTimeNow, timeNow } from '../lib/clock.ts';
import { complain, complainOf } from '../lib/complaint.ts';
import { errorText } from '../lib/error.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';
import { marked } from '../lib/quote.ts';
import { statusOf } from '../lib/status.ts';

export function main(): i32 {
  const options = new Options(
    'date [OPTION]... [+FORMAT]',
    'd:Ir:Rs:u',
    'date=d,iso-8601=I,reference=r,rfc-email=R,set=s,universal=u,utc=u',
  );
  let time: i64 = timeNow();
  let format = '%a %b %e %H:%M:%S UTC %Y';
  let isSet = false;
  while (options.next()) {
    const letter = options.letter;
    const value = options.value;
    if (letter === 'I') format = '%F';
    if (letter === 'R') format = '%a, %d %b %Y %T %z';
    if (letter === 's') isSet = true;
    if (letter === 'd' || letter === 's') {
      time = parseDate(value);
      if (time < 0) {
        complain(`invalid date ${marked(value)}`);
        return 1;
      }
    }
    if (letter === 'r') {
      const status = statusOf(value);
      if (!status.isThere()) {
        complainOf(value, status.error);
        return 1;
      }
      time = status.modified;
    }
  }
  options.allow(1);
  if (options.operands.length === 1) {
    const operand = options.operands[0];
    if (!operand.startsWith('+')) {
      complain(`invalid date ${marked(operand)}`);
      return 1;
    }
    format = operand.substring(1);
  }
  const error = isSet ? setTimeNow(time) : 0;
  if (error < 0) complain(`cannot set date: ${errorText(error)}`);
  print(formatDate(format, time) + '\n');
  return 0;
}
