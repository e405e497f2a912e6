/**
 * Builtins about jobs.
 *
 *     jobs [-l | -p] [job …] · fg [job] · bg [job …] · wait [process | job …] · kill [-signal] process | job …
 *
 * A job is `%1`, `%%` (the current one), `%-`, `%text` it begins with, `%?text` in it, or a process's number.
 */
import { SIGNAL_CONT, SIGNAL_TERM } from '../../../os/proto/process.ts';
import { errorText } from '../../lib/error.ts';
import { SIGNALS, signalName, signalNumber } from '../../lib/signal.ts';
import type { Job } from '../jobs.ts';
import { noticeChildren, waitForForeground, waitForJob } from '../launch.ts';
import type { Shell } from '../shell.ts';
import { sendSignal, setForeground } from '../system.ts';
import { complain, wholeNumber } from './arguments.ts';

export function jobs(shell: Shell, args: string[]): i32 {
  const option = args.length > 1 && args[1].startsWith('-') ? args[1] : '';
  const first = option === '' ? 1 : 2;
  noticeChildren(shell);
  if (first === args.length) {
    const list = shell.jobs.list.slice();
    for (let i = 0; i < list.length; i++) if (list[i].number > 0) tell(shell, list[i], option);
    return 0;
  }
  let status = 0;
  for (let i = first; i < args.length; i++) {
    const job = shell.jobs.find(args[i]);
    if (job === null) status = complain(shell, args, `${args[i]}: no such job`, 2);
    else tell(shell, job, option);
  }
  return status;
}

/** What has ended is told once. */
function tell(shell: Shell, job: Job, option: string): void {
  if (option === '-p') {
    shell.out(job.processes[0].pid.toString() + '\n');
    return;
  }
  const line = shell.jobs.line(job);
  const gap = line.indexOf(' ') + 2;
  const pid = job.processes[0].pid.toString();
  shell.out((option === '-l' ? line.substring(0, gap) + pid + ' ' + line.substring(gap) : line) + '\n');
  job.isNews = false;
  if (job.isEnded) shell.jobs.remove(job);
}

/** The one that is named, or the current one; null after a complaint. */
function chosen(shell: Shell, args: string[]): Job | null {
  const name = args.length > 1 ? args[1] : '%%';
  const job = shell.jobs.find(name);
  if (job === null) complain(shell, args, args.length > 1 ? `${name}: no such job` : 'No current job', 2);
  return job;
}

export function fg(shell: Shell, args: string[]): i32 {
  if (!shell.options.has('m')) return complain(shell, args, 'no job control', 2);
  const job = chosen(shell, args);
  if (job === null) return 2;
  shell.out(job.text + '\n');
  setForeground(job.group);
  job.continued();
  sendSignal(-job.group, SIGNAL_CONT);
  return waitForForeground(shell, job);
}

export function bg(shell: Shell, args: string[]): i32 {
  if (!shell.options.has('m')) return complain(shell, args, 'no job control', 2);
  const job = chosen(shell, args);
  if (job === null) return 2;
  job.isBackground = true;
  job.continued();
  shell.jobs.makeCurrent(job);
  sendSignal(-job.group, SIGNAL_CONT);
  return shell.out(`[${job.number}] ${job.text} &\n`);
}

export function wait(shell: Shell, args: string[]): i32 {
  if (args.length === 1) {
    const list = shell.jobs.list.slice();
    for (let i = 0; i < list.length; i++) if (list[i].isBackground) waitForOne(shell, list[i]);
    return 0;
  }
  let status = 0;
  for (let i = 1; i < args.length; i++) {
    const job = shell.jobs.find(args[i]);
    status = job === null ? 127 : waitForOne(shell, job);
  }
  return status;
}

function waitForOne(shell: Shell, job: Job): i32 {
  if (!waitForJob(shell, job)) return shell.status;
  if (job.isEnded) shell.jobs.remove(job);
  return job.status;
}

export function kill(shell: Shell, args: string[]): i32 {
  let signal: i32 = SIGNAL_TERM;
  let first = 1;
  if (args.length > 1 && args[1] === '-l') return listSignals(shell, args);
  if (args.length > 1 && args[1].startsWith('-') && args[1] !== '--') {
    const name = args[1] === '-s' && args.length > 2 ? args[2] : args[1].substring(1);
    first = args[1] === '-s' ? 3 : 2;
    signal = signalNumber(name);
    if (signal < 0) return complain(shell, args, `invalid signal number or name: ${name}`, 2);
  }
  if (first < args.length && args[first] === '--') first++;
  if (first >= args.length)
    return complain(shell, args, 'usage: kill [-s signal | -signal] process | job ...', 2);
  let status = 0;
  for (let i = first; i < args.length; i++) status = max(status, killOne(shell, args, args[i], signal));
  return status;
}

function killOne(shell: Shell, args: string[], name: string, signal: i32): i32 {
  let target = 0;
  if (name.startsWith('%')) {
    const job = shell.jobs.find(name);
    if (job === null) return complain(shell, args, `${name}: no such job`, 1);
    target = job.group > 0 ? -job.group : job.processes[0].pid;
    if (job.isStopped && signal !== SIGNAL_CONT && sendSignal(target, signal) === 0) signal = SIGNAL_CONT;
  } else {
    const isGroup = name.startsWith('-');
    const number = wholeNumber(isGroup ? name.substring(1) : name);
    if (number < 0) return complain(shell, args, `Illegal number: ${name}`, 1);
    target = isGroup ? -number : number;
  }
  const result = sendSignal(target, signal);
  return result < 0 ? complain(shell, args, `${name}: ${errorText(result)}`, 1) : 0;
}

/** All names, or the name for a number or an exit status. */
function listSignals(shell: Shell, args: string[]): i32 {
  if (args.length > 2) {
    const number = wholeNumber(args[2]);
    const name = signalName(number > 128 ? number - 128 : number);
    return name === ''
      ? complain(shell, args, `invalid signal number or exit status: ${args[2]}`, 1)
      : shell.out(name + '\n');
  }
  for (let i = 1; i < SIGNALS; i++) if (signalName(i) !== '') shell.out(signalName(i) + '\n');
  return 0;
}
