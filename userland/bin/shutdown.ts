/**
 * NAME
 *     shutdown, poweroff, reboot, halt: end the machine in good order
 * SYNOPSIS
 *     shutdown [-hPr] [now | +MINUTES]
 *     poweroff
 *     reboot
 * DESCRIPTION
 *     Programs are asked to end, then made to; file trees write what they have; then the machine switches itself
 *     off, or with -r, and as reboot, starts again. At once, or so many minutes from now.
 * SEE ALSO
 *     sync, kill, uptime
 */
import { ERROR_CANCELLED } from '../../os/abi/errors.ts';
import { HALT_OFF, HALT_REBOOT } from '../../os/proto/init.ts';
import * as processes from '../../os/proto/process.client.ts';
import { handleNamed } from '../../os/runtime/start.ts';
import { programName } from '../lib/arguments.ts';
import { waitFor } from '../lib/clock.ts';
import { complain, writeError } from '../lib/complaint.ts';
import { errorText } from '../lib/error.ts';
import { Options, parseNumber } from '../lib/options.ts';

const NANOSECONDS_PER_MINUTE: i64 = 60_000_000_000;

export function main(): i32 {
  const isShutdown = programName() === 'shutdown';
  const options = new Options(
    `${programName()} [-hPr] [now | +MINUTES]`,
    'hPr',
    'poweroff=P,halt=h,reboot=r',
  );
  let how = programName() === 'reboot' ? HALT_REBOOT : HALT_OFF;
  while (options.next()) how = options.letter === 'r' ? HALT_REBOOT : HALT_OFF;
  options.allow(isShutdown ? 1 : 0);
  const minutes = options.operands.length > 0 ? minutesOf(options, options.operands[0]) : 0;
  if (minutes > 0) {
    writeError(`The machine ${how === HALT_REBOOT ? 'starts again' : 'is switched off'} in ${minutes} min\n`);
    if (waitFor(minutes * NANOSECONDS_PER_MINUTE) === ERROR_CANCELLED) return 1;
  }
  const status = processes.halt(handleNamed('process'), how);
  if (status < 0) complain(errorText(status));
  return 0;
}

function minutesOf(options: Options, text: string): i64 {
  const minutes = text === 'now' ? 0 : parseNumber(text.startsWith('+') ? text.substring(1) : text);
  if (minutes < 0) options.fail(`invalid time ‘${text}’`);
  return minutes;
}
