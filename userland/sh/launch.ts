/**
 * Processes for commands: programs, subshells, pipelines; and waiting for them.
 *
 * There is no fork. A subshell is a new `sh` that gets the state of this one (state.ts) and the commands as
 * text. A member of a pipeline, a background command or a substitution that is a program with simple
 * arguments is started without one.
 */

import { ERROR_CANCELLED, ERROR_NOT_EXECUTABLE } from '../../os/abi/errors.ts';
import { OPEN_READ } from '../../os/abi/file.ts';
import { HOW_LOST, HOW_SIGNALLED, HOW_STOPPED, SIGNAL_INT, SIGNAL_PIPE } from '../../os/proto/process.ts';
import { errorText } from '../lib/error.ts';
import { signalDescription } from '../lib/signal.ts';
import { builtinNamed, isPureBuiltin } from './builtins/table.ts';
import { CLOSED } from './descriptors.ts';
import { Job, JobProcess } from './jobs.ts';
import { findProgram, interpreterOf, isExecutable, notRunnable } from './path.ts';
import { printCommand, printLine } from './print.ts';
import { redirect } from './redirect.ts';
import { FLOW_NEXT, type Shell } from './shell.ts';
import { argumentsOf } from './simple.ts';
import { stateOf } from './state.ts';
import {
  type Command,
  GROUP,
  Group,
  LITERAL,
  PARAMETER,
  PIPELINE,
  type Pipeline,
  SIMPLE,
  type Simple,
  SUBSHELL,
  UNTIMED,
  type Word,
} from './syntax.ts';
import {
  type Child,
  makePipe,
  openFile,
  type Pipe,
  setForeground,
  spawnProgram,
  spawnShell,
  waitForChild,
} from './system.ts';
import { actOn, runTraps } from './traps.ts';

/** The shell's own process group. */
const SAME_GROUP: i32 = -1;
/** A process group of the new process's own. */
const NEW_GROUP: i32 = 0;

/** Runs the command in processes of its own and waits; the status. */
export function foreground(shell: Shell, command: Command): i32 {
  const job = new Job(printLine(command));
  if (!launchJob(shell, command, job)) return shell.status;
  return waitForForeground(shell, job);
}

/** A program in the foreground, its redirections made already. */
export function foregroundProgram(shell: Shell, args: string[]): i32 {
  const job = new Job(args.join(' '));
  const pid = startProgram(shell, args, groupFor(shell));
  if (pid <= 0) return -pid;
  addProcess(shell, job, pid);
  shell.jobs.add(job);
  return waitForForeground(shell, job);
}

export function background(shell: Shell, command: Command): void {
  const job = new Job(printLine(command));
  job.isBackground = true;
  const mark = shell.descriptors.mark();
  if (!shell.options.has('m')) shell.descriptors.set(0, openFile('/dev/null', OPEN_READ, 0));
  const isLaunched = launchJob(shell, command, job);
  shell.descriptors.restore(mark);
  if (!isLaunched) return;
  shell.jobs.makeCurrent(job);
  shell.lastBackground = job.last.pid;
  shell.status = 0;
  if (shell.isInteractive) shell.descriptors.write(2, `[${job.number}] ${job.last.pid}\n`);
}

/** Gives the job the terminal, waits until it has ended or stopped, and takes the terminal back. */
export function waitForForeground(shell: Shell, job: Job): i32 {
  job.isBackground = false;
  if (shell.options.has('m')) setForeground(job.group);
  waitForJob(shell, job);
  if (shell.options.has('m')) setForeground(0);
  if (job.isStopped) {
    job.isBackground = true;
    job.isNews = false;
    shell.jobs.makeCurrent(job);
    shell.descriptors.write(2, '\n' + shell.jobs.line(job) + '\n');
    return job.status;
  }
  shell.jobs.remove(job);
  tellSignal(shell, job);
  return job.status;
}

/** Until it has ended or stopped; a trapped signal's action runs meanwhile. False where one ended the wait. */
export function waitForJob(shell: Shell, job: Job): bool {
  while (!job.isEnded && !job.isStopped) {
    const child = waitForChild(true);
    if (child.pid === ERROR_CANCELLED) {
      runTraps(shell);
      if (shell.flow !== FLOW_NEXT) return false;
    } else if (child.pid <= 0) {
      // nobody to wait for: what became of them is not known
      for (let i = 0; i < job.processes.length; i++) job.processes[i].how = HOW_SIGNALLED;
    } else note(shell, child);
  }
  return true;
}

/** The status of a process that is of no job. */
export function waitForProcess(shell: Shell, pid: i32): i32 {
  const job = new Job('');
  job.processes.push(new JobProcess(pid));
  shell.jobs.add(job);
  waitForJob(shell, job);
  shell.jobs.remove(job);
  return job.status;
}

/** Takes notice of the children that have ended meanwhile. */
export function noticeChildren(shell: Shell): void {
  while (true) {
    const child = waitForChild(false);
    if (child.pid <= 0) return;
    note(shell, child);
  }
}

/** Who has no job control does not care for stops: what is stopped goes on some time, or ends. */
function note(shell: Shell, child: Child): void {
  if (child.how === HOW_STOPPED && !shell.options.has('m')) return;
  shell.childCycles += child.cycles;
  shell.jobs.update(child.pid, child.how, child.value);
}

/** Starts the command by the descriptors as they are: its number, or a negative status if it did not start. */
export function launch(shell: Shell, command: Command, group: i32): i32 {
  shell.line = command.line;
  if (command.kind === SIMPLE) {
    const simple = command as Simple;
    if (isDirect(simple) && simple.assignments.length === 0 && simple.words.length > 0) {
      const name = simple.words[0].bare;
      if (name !== '' && isProgram(shell, name)) return launchProgram(shell, simple, group);
    }
  }
  const pid = spawnShell(stateOf(shell, printCommand(unwrapped(command))), shell.descriptors.table, group);
  if (pid > 0) return pid;
  shell.complain(`Cannot fork: ${errorText(pid)}`);
  return -2;
}

/** Whether to expand its words here changes nothing: no substitution, no assignment inside them. */
export function isDirect(command: Simple): bool {
  for (let i = 0; i < command.words.length; i++) if (!isSteady(command.words[i])) return false;
  for (let i = 0; i < command.redirections.length; i++)
    if (!isSteady(command.redirections[i].word)) return false;
  return true;
}

function isSteady(word: Word): bool {
  for (let i = 0; i < word.parts.length; i++) {
    const part = word.parts[i];
    if (part.kind === LITERAL) continue;
    if (part.kind !== PARAMETER || part.operator.endsWith('=') || part.operator.endsWith('?')) return false;
    if (part.word !== null && !isSteady(part.word!)) return false;
  }
  return true;
}

/** Not a function; a builtin only if it changes nothing and there is a program that does the same. */
function isProgram(shell: Shell, name: string): bool {
  if (shell.functions.has(name)) return false;
  if (builtinNamed(name) === null) return true;
  return isPureBuiltin(name) && findProgram(shell, name) !== '';
}

function launchProgram(shell: Shell, command: Simple, group: i32): i32 {
  const mark = shell.descriptors.mark();
  const args = argumentsOf(shell, command);
  let pid = -2;
  if (shell.flow === FLOW_NEXT && redirect(shell, command.redirections))
    pid = startProgram(shell, args, group);
  shell.descriptors.restore(mark);
  return pid;
}

/** ( … ) is a subshell by being launched. */
function unwrapped(command: Command): Command {
  if (command.kind !== SUBSHELL) return command;
  const body = (command as Group).body;
  if (command.redirections.length === 0) return body;
  const group = new Group(GROUP, command.line, body);
  group.redirections = command.redirections;
  return group;
}

function groupFor(shell: Shell): i32 {
  return shell.options.has('m') ? NEW_GROUP : SAME_GROUP;
}

function addProcess(shell: Shell, job: Job, pid: i32): void {
  if (job.processes.length === 0) job.group = shell.options.has('m') ? pid : SAME_GROUP;
  job.processes.push(new JobProcess(pid));
}

/** Starts all of it; false, with the status set, where its last command did not start. */
function launchJob(shell: Shell, command: Command, job: Job): bool {
  shell.line = command.line;
  const commands: Command[] = membersOf(command, job);
  const mark = shell.descriptors.mark();
  let reader = CLOSED;
  let status = 0;
  for (let i = 0; i < commands.length; i++) {
    if (reader !== CLOSED) shell.descriptors.set(0, reader);
    reader = CLOSED;
    if (i + 1 < commands.length) {
      const pipe = pipeFor(shell);
      if (pipe.reader < 0) {
        status = shell.status;
        break;
      }
      reader = pipe.reader;
      shell.descriptors.set(1, pipe.writer);
    }
    const group = job.processes.length > 0 ? job.group : groupFor(shell);
    const pid = launch(shell, commands[i], group);
    shell.descriptors.restore(mark);
    if (pid > 0) addProcess(shell, job, pid);
    status = pid > 0 ? 0 : -pid;
  }
  shell.descriptors.restore(mark);
  if (job.processes.length > 0) shell.jobs.add(job);
  if (status === 0) return true;
  // the others run to their end
  if (job.processes.length > 0 && !job.isBackground) waitForForeground(shell, job);
  shell.status = status;
  return false;
}

/** A pipe; a signal that comes instead has its say first. Its ends are negative where the shell is not to go on. */
export function pipeFor(shell: Shell): Pipe {
  let pipe = makePipe();
  while (pipe.reader === ERROR_CANCELLED) {
    runTraps(shell);
    if (shell.flow !== FLOW_NEXT) return pipe;
    pipe = makePipe();
  }
  if (pipe.reader < 0) shell.fail('Pipe call failed');
  return pipe;
}

/** Of a pipeline; who waits for one in the foreground negates its status and times it himself. */
function membersOf(command: Command, job: Job): Command[] {
  if (command.kind !== PIPELINE) return [command];
  const pipeline = command as Pipeline;
  const isMore = pipeline.isNegated || pipeline.timing !== UNTIMED;
  return isMore && job.isBackground ? [command] : pipeline.commands;
}

/** Looks the program up and starts it: its number, or a negative status if it did not start. */
function startProgram(shell: Shell, args: string[], group: i32): i32 {
  const name = args[0];
  const path = name.includes('/') ? name : findProgram(shell, name);
  if (path === '' || !isExecutable(path)) return -notRunnable(shell, name, path);
  const environment = shell.variables.environment();
  const pid = spawnProgram(path, args, environment, shell.descriptors.table, group);
  if (pid > 0) return pid;
  if (pid === ERROR_NOT_EXECUTABLE) return startScript(shell, path, args, group);
  shell.complain(`${name}: ${errorText(pid)}`);
  return -126;
}

/** A file of commands: its first line may name what reads it, else this shell does. */
function startScript(shell: Shell, path: string, args: string[], group: i32): i32 {
  const words = interpreterOf(shell, path);
  const script = words.concat([path]).concat(args.slice(1));
  const pid = spawnProgram(script[0], script, shell.variables.environment(), shell.descriptors.table, group);
  if (pid > 0) return pid;
  shell.complain(`${args[0]}: ${errorText(pid)}`);
  return -126;
}

/**
 * As dash does: nothing of an interrupt but a new line, nothing of a broken pipe. Who interrupts a job that has a
 * group of its own means the shell's loops and lists as well.
 */
function tellSignal(shell: Shell, job: Job): void {
  if (job.last.how === HOW_LOST) shell.complain(`lost: node ${job.last.value}`);
  if (job.last.how !== HOW_SIGNALLED) return;
  const signal = job.last.value;
  if (signal === SIGNAL_PIPE) return;
  const text = signal === SIGNAL_INT ? '' : signalDescription(signal);
  if (signal !== SIGNAL_INT || shell.isInteractive) shell.descriptors.write(2, text + '\n');
  if (signal === SIGNAL_INT && shell.options.has('m')) actOn(shell, signal);
}
