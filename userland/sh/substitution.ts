/**
 * Command substitution: what the commands write, without the newlines at its end.
 *
 * A builtin that changes nothing (echo, printf, test …) runs in the shell, and what it writes is kept in
 * memory. Anything else is a process, whose output comes through a pipe.
 */
import { isPureBuiltin } from './builtins/table.ts';
import { CAPTURE } from './descriptors.ts';
import { execute } from './execute.ts';
import { isDirect, launch, pipeFor, waitForProcess } from './launch.ts';
import { FLOW_NEXT, type Shell } from './shell.ts';
import { type List, SIMPLE, type Simple } from './syntax.ts';
import { closeObject, readAll } from './system.ts';

export function substitution(shell: Shell, commands: List): string {
  if (commands.commands.length === 0) {
    shell.substitutionStatus = 0;
    return '';
  }
  const status = shell.status;
  const text = isCapturable(shell, commands) ? captured(shell, commands) : piped(shell, commands);
  if (shell.flow === FLOW_NEXT) shell.status = status;
  return withoutNewlines(text);
}

function isCapturable(shell: Shell, commands: List): bool {
  if (commands.commands.length !== 1 || commands.isBackground[0]) return false;
  const command = commands.commands[0];
  if (command.kind !== SIMPLE || command.redirections.length > 0) return false;
  const simple = command as Simple;
  if (simple.words.length === 0 || simple.assignments.length > 0 || !isDirect(simple)) return false;
  const name = simple.words[0].bare;
  return isPureBuiltin(name) && !shell.functions.has(name);
}

function captured(shell: Shell, commands: List): string {
  const before = shell.descriptors.captured;
  shell.descriptors.captured = '';
  const mark = shell.descriptors.mark();
  shell.descriptors.set(1, CAPTURE);
  shell.conditionDepth++;
  execute(shell, commands);
  shell.conditionDepth--;
  // what would have ended the subshell
  shell.flow = FLOW_NEXT;
  shell.descriptors.restore(mark);
  const text = shell.descriptors.captured;
  shell.descriptors.captured = before;
  shell.substitutionStatus = shell.status;
  return text;
}

function piped(shell: Shell, commands: List): string {
  const pipe = pipeFor(shell);
  if (pipe.reader < 0) return '';
  const mark = shell.descriptors.mark();
  shell.descriptors.set(1, pipe.writer);
  const only = commands.commands.length === 1 && !commands.isBackground[0];
  const pid = launch(shell, only ? commands.commands[0] : commands, -1);
  shell.descriptors.restore(mark);
  const text = readAll(pipe.reader);
  closeObject(pipe.reader);
  shell.substitutionStatus = pid > 0 ? waitForProcess(shell, pid) : -pid;
  return text;
}

function withoutNewlines(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0x0a) end--;
  return text.substring(0, end);
}
