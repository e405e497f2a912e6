/**
 * Simple commands: assignments, redirections, and a name with arguments that is a builtin's, a function's or
 * a program's.
 *
 * Order of look-up: special builtins, functions, other builtins, then PATH. Assignments before a special
 * builtin stay; before anything else they last as long as the command.
 */
import { type Builtin, builtinNamed, isSpecialBuiltin } from './builtins/table.ts';
import { execute } from './execute.ts';
import { expandValue, expandWords } from './expand.ts';
import { foregroundProgram } from './launch.ts';
import { assignmentOf } from './parser.ts';
import { quoted } from './print.ts';
import { redirect } from './redirect.ts';
import { FLOW_EXIT, FLOW_NEXT, FLOW_RETURN, type Shell } from './shell.ts';
import type { Assignment, Command, Simple, Word } from './syntax.ts';

/** Functions within functions: deeper, the stack would end before the program does. */
const CALLS_MAX: i32 = 64;

export function runSimple(shell: Shell, node: Simple): void {
  shell.line = node.line;
  shell.substitutionStatus = 0;
  const args = argumentsOf(shell, node);
  if (shell.flow !== FLOW_NEXT) return;
  const mark = shell.descriptors.mark();
  if (args.length === 0) runNameless(shell, node);
  else if (args[0] === 'exec') runExec(shell, node, args, mark);
  else runNamed(shell, node, args);
  shell.descriptors.restore(mark);
}

/** `export`, `readonly` and `local` take assignments as arguments: they are expanded as such. */
export function argumentsOf(shell: Shell, node: Simple): string[] {
  const name = node.words.length > 0 ? node.words[0].bare : '';
  if (name !== 'export' && name !== 'readonly' && name !== 'local') return expandWords(shell, node.words);
  const args: string[] = [name];
  for (let i = 1; i < node.words.length; i++) {
    const assignment = assignmentOf(node.words[i]);
    if (assignment !== null) {
      args.push(assignment.name + '=' + expandValue(shell, assignment.value));
      continue;
    }
    const one: Word[] = [node.words[i]];
    const more = expandWords(shell, one);
    for (let k = 0; k < more.length; k++) args.push(more[k]);
  }
  return args;
}

function runNameless(shell: Shell, node: Simple): void {
  const isRedirected = redirect(shell, node.redirections);
  if (!isRedirected && shell.flow === FLOW_NEXT) shell.status = 2;
  if (!isRedirected || !assign(shell, node.assignments, false)) return;
  trace(shell, node, []);
  shell.status = shell.substitutionStatus;
}

/** The redirections of `exec` stay. */
function runExec(shell: Shell, node: Simple, args: string[], mark: i32): void {
  if (redirect(shell, node.redirections) && assign(shell, node.assignments, false)) {
    trace(shell, node, args);
    const builtin = builtinNamed('exec')!;
    shell.status = builtin(shell, args);
    shell.descriptors.keep(mark);
  } else if (shell.flow === FLOW_NEXT) failSpecial(shell);
}

function runNamed(shell: Shell, node: Simple, args: string[]): void {
  const name = args[0];
  const isSpecial = isSpecialBuiltin(name);
  if (!redirect(shell, node.redirections)) {
    if (shell.flow !== FLOW_NEXT) return;
    shell.status = 2;
    if (isSpecial) failSpecial(shell);
    return;
  }
  if (isSpecial || node.assignments.length === 0) {
    if (!assign(shell, node.assignments, false)) return;
    trace(shell, node, args);
    invoke(shell, args, isSpecial);
    return;
  }
  shell.variables.enter();
  for (let i = 0; i < node.assignments.length; i++) shell.variables.makeLocal(node.assignments[i].name);
  if (assign(shell, node.assignments, true)) {
    trace(shell, node, args);
    invoke(shell, args, false);
  }
  shell.variables.leave();
}

/** A failed special builtin ends a script, as POSIX has it. */
function failSpecial(shell: Shell): void {
  shell.status = 2;
  if (!shell.isInteractive) shell.flow = FLOW_EXIT;
}

function invoke(shell: Shell, args: string[], isSpecial: bool): void {
  if (!isSpecial && shell.functions.has(args[0])) {
    call(shell, shell.functions.get(args[0]), args);
    return;
  }
  const builtin = builtinNamed(args[0]);
  if (builtin !== null) runBuiltin(shell, builtin, args);
  else shell.status = foregroundProgram(shell, args);
}

function runBuiltin(shell: Shell, builtin: Builtin, args: string[]): void {
  const status = builtin(shell, args);
  // what ends the course of commands has said with which status
  if (shell.flow === FLOW_NEXT) shell.status = status;
}

/** Calls a function. */
export function call(shell: Shell, body: Command, args: string[]): void {
  if (shell.callDepth >= CALLS_MAX) {
    shell.fail(`${args[0]}: functions call each other too deep`);
    return;
  }
  const positional = shell.positional;
  const loopDepth = shell.loopDepth;
  shell.positional = args.slice(1);
  shell.loopDepth = 0;
  shell.callDepth++;
  shell.variables.enter();
  execute(shell, body);
  shell.variables.leave();
  shell.callDepth--;
  shell.loopDepth = loopDepth;
  shell.positional = positional;
  if (shell.flow === FLOW_RETURN) shell.flow = FLOW_NEXT;
}

function assign(shell: Shell, assignments: Assignment[], isExported: bool): bool {
  for (let i = 0; i < assignments.length; i++) {
    const name = assignments[i].name;
    const value = expandValue(shell, assignments[i].value);
    if (shell.flow !== FLOW_NEXT || !shell.assign(name, value)) return false;
    if (isExported) shell.variables.setExported(name, true);
  }
  return true;
}

/** What xtrace shows. */
function trace(shell: Shell, node: Simple, args: string[]): void {
  if (!shell.options.has('x')) return;
  const prompt = shell.variables.has('PS4') ? shell.variables.get('PS4') : '+ ';
  const words: string[] = [];
  for (let i = 0; i < node.assignments.length; i++) {
    const name = node.assignments[i].name;
    words.push(name + '=' + shown(shell.variables.get(name)));
  }
  for (let i = 0; i < args.length; i++) words.push(shown(args[i]));
  shell.descriptors.write(2, prompt + words.join(' ') + '\n');
}

/** Quoted where it would else be read as something more. */
function shown(text: string): string {
  if (text === '') return "''";
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code <= 0x20 || '|&;<>()$`\\"\'*?[]#~'.indexOf(text.charAt(i)) >= 0) return quoted(text);
  }
  return text;
}
