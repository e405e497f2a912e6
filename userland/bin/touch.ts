/**
 * NAME
 *     touch: set the time of files, and make those that are not there
 * SYNOPSIS
 *     touch [-achm] [-d DATE | -r FILE | -t STAMP] FILE…
 * DESCRIPTION
 *     -c, --no-create     make nothing
 *     -d, --date=DATE     2024-02-29 12:00 or @SECONDS since 1970, instead of now
 *     -r, --reference=FILE   the time of that file
 *     -t STAMP            [[CC]YY]MMDDhhmm[.ss]
 *     -a, -m, -h          are taken: there is one time, and it is that of the last change
 * SEE ALSO
 *     date, ls
 */

import { ERROR_NOT_FOUND } from '../../os/abi/errors.ts';
import { OPEN_CREATE, OPEN_WRITE } from '../../os/abi/file.ts';
import { CalendarDate, parseDate, parseStamp } from '../lib/calendar.ts';
import { timeNow } from '../lib/clock.ts';
import { complain } from '../lib/complaint.ts';
import { errorText } from '../lib/error.ts';
import { closeFile, openFile, setModified } from '../lib/file.ts';
import { Options } from '../lib/options.ts';
import { marked, quoted } from '../lib/quote.ts';
import { statusOf } from '../lib/status.ts';

const MODE: u32 = 0o666;

let creates: bool = true;

export function main(): i32 {
  const options = new Options(
    'touch [OPTION]... FILE...',
    'acd:hmr:t:',
    'no-create=c,date=d,no-dereference=h,reference=r',
  );
  let time: i64 = timeNow();
  while (options.next()) {
    if (options.letter === 'c') creates = false;
    if ('drt'.indexOf(options.letter) < 0) continue;
    time = timeFrom(options.letter, options.value);
    if (time < 0) return 1;
  }
  options.need(1, 'missing file operand');
  for (let index = 0; index < options.operands.length; index++) touch(options.operands[index], time);
  return 0;
}

/** −1 where it says none. */
function timeFrom(letter: string, value: string): i64 {
  if (letter === 'r') {
    const status = statusOf(value);
    if (status.isThere()) return status.modified;
    complain(`failed to get attributes of ${quoted(value)}: ${errorText(status.error)}`);
    return -1;
  }
  const time = letter === 't' ? parseStamp(value, new CalendarDate(timeNow()).year) : parseDate(value);
  if (time < 0) complain(`invalid date format ${marked(value)}`);
  return time;
}

function touch(path: string, time: i64): void {
  let error = setModified(path, time);
  if (error === ERROR_NOT_FOUND) {
    if (!creates) return;
    const handle = openFile(path, OPEN_CREATE | OPEN_WRITE, MODE);
    if (handle >= 0) closeFile(handle);
    error = handle < 0 ? handle : setModified(path, time);
  }
  if (error < 0) complain(`cannot touch ${quoted(path)}: ${errorText(error)}`);
}
