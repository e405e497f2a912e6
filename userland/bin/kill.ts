/**
 * NAME
 *     kill: send signals to processes
 * SYNOPSIS
 *     kill [-s SIGNAL | -SIGNAL] PID…
 *     kill -l [NUMBER]…
 * DESCRIPTION
 *     Sends TERM, or the SIGNAL of this name or number, to each process; to a group where PID is negative, to all
 *     of the session where it is -1: on whatever nodes they are. Signal 0 only asks whether it is there.
 *
 *     -l   the names of all signals, or the name for a number or an exit status
 * SEE ALSO
 *     ps, on; the shell's own kill knows jobs
 */
import { SIGNAL_TERM } from '../../os/proto/process.ts';
import { programArguments } from '../lib/arguments.ts';
import { complain, complainOf } from '../lib/complaint.ts';
import { parseNumber } from '../lib/options.ts';
import { print } from '../lib/output.ts';
import { sendSignal } from '../lib/process.ts';
import { SIGNALS, signalName, signalNumber } from '../lib/signal.ts';

export function main(): i32 {
  const args = programArguments();
  if (args.length > 1 && args[1] === '-l') return list(args.slice(2));
  let signal: i32 = SIGNAL_TERM;
  let first = 1;
  if (args.length > 1 && args[1].startsWith('-') && args[1].length > 1 && args[1] !== '--') {
    const isNamed = args[1] === '-s' && args.length > 2;
    const name = isNamed ? args[2] : args[1].substring(1);
    signal = signalNumber(name);
    first = isNamed ? 3 : 2;
    if (signal < 0) return failed(`${name}: invalid signal specification`);
  }
  if (first < args.length && args[first] === '--') first++;
  if (first >= args.length) return failed('usage: kill [-s SIGNAL | -SIGNAL] PID...');
  for (let index = first; index < args.length; index++) send(args[index], signal);
  return 0;
}

function failed(message: string): i32 {
  complain(message);
  return 1;
}

function send(text: string, signal: i32): void {
  const pid = parseNumber(text);
  if (pid === i64.MIN_VALUE) {
    complain(`${text}: arguments must be process IDs`);
    return;
  }
  const status = sendSignal(<i32>pid, signal);
  if (status < 0) complainOf(`(${text})`, status);
}

function list(numbers: string[]): i32 {
  if (numbers.length === 0) {
    for (let signal = 1; signal < SIGNALS; signal++)
      if (signalName(signal) !== '') print(signalName(signal) + '\n');
  }
  for (let index = 0; index < numbers.length; index++) {
    const number = <i32>parseNumber(numbers[index]);
    const name = signalName(number > 128 ? number - 128 : number);
    if (name === '') complain(`${numbers[index]}: invalid signal specification`);
    else print(name + '\n');
  }
  return 0;
}
