/**
 * NAME
 *     on: run a command on another node
 * SYNOPSIS
 *     on NODE COMMAND [ARGUMENT]…
 *     on any COMMAND [ARGUMENT]…
 * DESCRIPTION
 *     Runs COMMAND on that NODE, `2` or `node2`, or where the cluster's policy puts it, with the input, output and
 *     environment that it has here. Signals from the terminal reach it as if it ran here; a TERM or HUP is passed on.
 *
 *     The status is COMMAND's, and where a signal ended that, the same ends this; 127 where it is not there, 126 where it cannot be run, 255 where its node is lost.
 * SEE ALSO
 *     nodes, ps, kill, load
 */
import { ERROR_CANCELLED, ERROR_NODE_LOST } from '../../os/abi/errors.ts';
import {
  ACTION_CATCH,
  ACTION_DEFAULT,
  ACTION_IGNORE,
  ANY_NODE,
  HOW_SIGNALLED,
  SIGNAL_HUP,
  SIGNAL_INT,
  SIGNAL_QUIT,
  SIGNAL_TERM,
} from '../../os/proto/process.ts';
import { ownPid } from '../../os/runtime/start.ts';
import { environment } from '../lib/arguments.ts';
import { isThere, nodeNumber } from '../lib/cluster.ts';
import { complainOf } from '../lib/complaint.ts';
import { complainOfNode } from '../lib/members.ts';
import { Options } from '../lib/options.ts';
import { sendSignal, setSignal, takeSignals, waitFor } from '../lib/process.ts';
import { exitStatus, failureStatus, startProgram } from '../lib/run.ts';

const REFUSED: i32 = 125;

export function main(): i32 {
  const options = new Options('on NODE|any COMMAND [ARGUMENT]...', '+', '', REFUSED);
  while (options.next()) {}
  options.need(2, 'missing operand');
  const words = options.operands.slice(1);
  const node = nodeOf(options);
  const pid = startProgram(words, environment(), node);
  if (pid < 0) {
    if (pid === ERROR_NODE_LOST && node !== ANY_NODE && !isThere(node)) complainOfNode(node);
    else complainOf(words[0], pid);
    return failureStatus(pid);
  }
  return waitAndPassOn(words[0], pid);
}

function nodeOf(options: Options): i32 {
  const text = options.operands[0];
  return text === 'any' ? ANY_NODE : nodeNumber(options, text);
}

/** As the command did. */
function endBy(signal: u32): void {
  setSignal(signal, ACTION_DEFAULT);
  sendSignal(ownPid(), signal);
}

/** What the terminal sends, the command gets as well: it decides what comes of it. */
function waitAndPassOn(name: string, pid: i32): i32 {
  setSignal(SIGNAL_INT, ACTION_IGNORE);
  setSignal(SIGNAL_QUIT, ACTION_IGNORE);
  setSignal(SIGNAL_TERM, ACTION_CATCH);
  setSignal(SIGNAL_HUP, ACTION_CATCH);
  let child = waitFor(pid, 0);
  while (child.pid === ERROR_CANCELLED) {
    const came = takeSignals();
    for (let signal: u32 = 1; signal < 32; signal++)
      if ((came & (1 << signal)) !== 0) sendSignal(pid, signal);
    child = waitFor(pid, 0);
  }
  if (child.pid > 0) {
    if (child.how === HOW_SIGNALLED) endBy(child.value);
    return exitStatus(name, child);
  }
  complainOf(name, child.pid);
  return failureStatus(child.pid);
}
