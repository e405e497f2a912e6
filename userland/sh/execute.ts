/**
 * The tree, run: lists, pipelines, loops, conditions, functions. Simple commands are simple.ts's.
 *
 * A command leaves its status in `shell.status`. A command that fails outside a condition ends the shell
 * where errexit is on.
 */
import { matches } from '../lib/pattern.ts';
import { expandPattern, expandText, expandWords } from './expand.ts';
import { background, foreground } from './launch.ts';
import { redirect } from './redirect.ts';
import { FLOW_BREAK, FLOW_CONTINUE, FLOW_EXIT, FLOW_NEXT, type Shell } from './shell.ts';
import { runSimple } from './simple.ts';
import { Stopwatch } from './stopwatch.ts';
import {
  AND_OR,
  type AndOr,
  CASE,
  type Case,
  type Command,
  DEFINITION,
  type Definition,
  FOR,
  type For,
  GROUP,
  type Group,
  IF,
  type If,
  LIST,
  type List,
  LOOP,
  type Loop,
  PIPELINE,
  type Pipeline,
  SIMPLE,
  type Simple,
  SUBSHELL,
  TIMED_PORTABLY,
  UNTIMED,
} from './syntax.ts';
import { runTraps } from './traps.ts';

export function execute(shell: Shell, command: Command): void {
  if (shell.traps.isDue()) runTraps(shell);
  if (shell.flow !== FLOW_NEXT) return;
  switch (command.kind) {
    case PIPELINE:
      runPipeline(shell, command as Pipeline);
      return;
    case AND_OR:
      runAndOr(shell, command as AndOr);
      return;
    case LIST:
      runList(shell, command as List);
      return;
    case DEFINITION:
      define(shell, command as Definition);
      return;
    case SIMPLE:
      runSimple(shell, command as Simple);
      checkFailure(shell);
      return;
    case SUBSHELL:
      shell.status = foreground(shell, command);
      checkFailure(shell);
      return;
  }
  const mark = shell.descriptors.mark();
  if (redirect(shell, command.redirections)) runCompound(shell, command);
  else if (shell.flow === FLOW_NEXT) {
    shell.status = 2;
    checkFailure(shell);
  }
  shell.descriptors.restore(mark);
}

function runCompound(shell: Shell, command: Command): void {
  switch (command.kind) {
    case GROUP:
      runList(shell, (command as Group).body);
      return;
    case IF:
      runIf(shell, command as If);
      return;
    case LOOP:
      runLoop(shell, command as Loop);
      return;
    case FOR:
      runFor(shell, command as For);
      return;
    case CASE:
      runCase(shell, command as Case);
      return;
  }
}

/** Ends the shell where errexit is on and the command's failure is no condition. */
function checkFailure(shell: Shell): void {
  if (shell.status === 0 || shell.conditionDepth > 0 || !shell.options.has('e')) return;
  if (shell.flow === FLOW_NEXT) shell.flow = FLOW_EXIT;
}

function runList(shell: Shell, list: List): void {
  for (let i = 0; i < list.commands.length && shell.flow === FLOW_NEXT; i++) {
    if (list.isBackground[i]) background(shell, list.commands[i]);
    else execute(shell, list.commands[i]);
  }
}

function runAndOr(shell: Shell, node: AndOr): void {
  const last = node.pipelines.length - 1;
  for (let i = 0; i <= last && shell.flow === FLOW_NEXT; i++) {
    if (i > 0 && node.isAnd[i - 1] !== (shell.status === 0)) continue;
    if (i < last) runCondition(shell, node.pipelines[i]);
    else execute(shell, node.pipelines[i]);
  }
}

/** Runs what may fail. */
function runCondition(shell: Shell, command: Command): void {
  shell.conditionDepth++;
  execute(shell, command);
  shell.conditionDepth--;
}

function runPipeline(shell: Shell, node: Pipeline): void {
  if (node.timing === UNTIMED) {
    runMembers(shell, node);
    return;
  }
  const watch = new Stopwatch(shell);
  runMembers(shell, node);
  watch.tell(shell, node.timing === TIMED_PORTABLY);
}

function runMembers(shell: Shell, node: Pipeline): void {
  if (node.commands.length > 1) {
    shell.status = foreground(shell, node);
  } else if (node.isNegated) runCondition(shell, node.commands[0]);
  else execute(shell, node.commands[0]);
  if (shell.flow !== FLOW_NEXT) return;
  if (node.isNegated) shell.status = i32(shell.status === 0);
  else checkFailure(shell);
}

function define(shell: Shell, node: Definition): void {
  shell.functions.set(node.name, node.body);
  shell.status = 0;
}

function runIf(shell: Shell, node: If): void {
  runCondition(shell, node.condition);
  if (shell.flow !== FLOW_NEXT) return;
  if (shell.status === 0) runList(shell, node.consequence);
  else if (node.otherwise !== null) runList(shell, node.otherwise!);
  else shell.status = 0;
}

function runLoop(shell: Shell, node: Loop): void {
  let status = 0;
  shell.loopDepth++;
  while (true) {
    runCondition(shell, node.condition);
    if (leavesLoop(shell)) break;
    if (shell.flow === FLOW_NEXT) {
      if ((shell.status === 0) === node.isUntil) break;
      runList(shell, node.body);
      status = shell.status;
      if (leavesLoop(shell)) break;
    }
    shell.flow = FLOW_NEXT;
  }
  shell.loopDepth--;
  endLoop(shell, status);
}

function runFor(shell: Shell, node: For): void {
  const values = node.hasIn ? expandWords(shell, node.words) : shell.positional.slice();
  if (shell.flow !== FLOW_NEXT) return;
  shell.status = 0;
  shell.loopDepth++;
  for (let i = 0; i < values.length; i++) {
    if (!shell.assign(node.name, values[i])) break;
    runList(shell, node.body);
    if (leavesLoop(shell)) break;
    shell.flow = FLOW_NEXT;
  }
  shell.loopDepth--;
  endLoop(shell, shell.status);
}

/** Whether the flow goes out of this loop: it does unless it goes straight on or to this loop's next round. */
function leavesLoop(shell: Shell): bool {
  if (shell.flow === FLOW_NEXT) return false;
  return shell.flow !== FLOW_CONTINUE || shell.levels > 1;
}

/** Takes this loop off the levels that `break` and `continue` still have to go. */
function endLoop(shell: Shell, status: i32): void {
  if (shell.flow === FLOW_NEXT) shell.status = status;
  if (shell.flow !== FLOW_BREAK && shell.flow !== FLOW_CONTINUE) return;
  shell.levels--;
  if (shell.levels === 0) {
    shell.flow = FLOW_NEXT;
    shell.status = 0;
  }
}

function runCase(shell: Shell, node: Case): void {
  const subject = expandText(shell, node.subject);
  shell.status = 0;
  for (let i = 0; i < node.items.length; i++) {
    const item = node.items[i];
    for (let k = 0; k < item.patterns.length; k++) {
      const pattern = expandPattern(shell, item.patterns[k]);
      if (shell.flow !== FLOW_NEXT) return;
      if (matches(pattern, subject)) {
        runList(shell, item.body);
        return;
      }
    }
  }
}
