/**
 * The shell with a person: prompts, lines edited at the terminal, a history, job control.
 *
 * The terminal is raw while a line is edited, and as the shell found it while commands run. PS1 and PS2 may
 * have parameters and substitutions, which are expanded each time. An unfinished command goes on after PS2.
 */
import {
  SIGNAL_INT,
  SIGNAL_QUIT,
  SIGNAL_TERM,
  SIGNAL_TSTP,
  SIGNAL_TTIN,
  SIGNAL_TTOU,
  SIGNAL_WINCH,
} from '../../os/proto/process.ts';
import { LineEditor } from './edit/line.ts';
import { execute } from './execute.ts';
import { expandText } from './expand.ts';
import { noticeChildren } from './launch.ts';
import { Lexer } from './lexer.ts';
import { evaluateText } from './run.ts';
import { parsed } from './script.ts';
import { FLOW_ABORT, FLOW_EXIT, FLOW_NEXT, type Shell } from './shell.ts';
import {
  catchSignal,
  fileKind,
  readFile,
  setForeground,
  TerminalMode,
  takeSignals,
  terminalColumns,
} from './system.ts';
import { promptWord } from './word.ts';

const PROMPT = '$ ';
const CONTINUED_PROMPT = '> ';
/** What a person's shell does not die of, as programs that it starts do; or wants to know. */
const CAUGHT: StaticArray<u32> = [
  SIGNAL_INT,
  SIGNAL_QUIT,
  SIGNAL_TERM,
  SIGNAL_TSTP,
  SIGNAL_TTIN,
  SIGNAL_TTOU,
  SIGNAL_WINCH,
];

export function runInteractive(shell: Shell): void {
  begin(shell);
  const editor = new LineEditor(shell, shell.descriptors.table[0], shell.descriptors.table[2]);
  let hasWarned = false;
  while (shell.flow !== FLOW_EXIT) {
    tellNews(shell);
    const isOver = !runCommand(shell, editor);
    if (!isOver) {
      hasWarned = false;
      continue;
    }
    if (shell.options.has('I')) shell.descriptors.write(2, 'Use "exit" to leave shell.\n');
    else if (hasWarned || !hasStopped(shell)) break;
    else shell.descriptors.write(2, 'You have stopped jobs.\n');
    hasWarned = true;
  }
  shell.descriptors.write(2, shell.flow === FLOW_EXIT ? '' : '\n');
}

function begin(shell: Shell): void {
  shell.options.set('m', true);
  for (let i = 0; i < CAUGHT.length; i++) catchSignal(CAUGHT[i]);
  setForeground(0);
  setDefault(shell, 'PS1', PROMPT);
  setDefault(shell, 'PS2', CONTINUED_PROMPT);
  setDefault(shell, 'HISTFILE', shell.variables.get('HOME') + '/.sh_history');
  shell.history.load(shell.variables.get('HISTFILE'));
  const start = shell.variables.get('ENV');
  if (start !== '' && fileKind(start) > 0) evaluateText(shell, readFile(start), 1);
  if (shell.flow === FLOW_ABORT) shell.flow = FLOW_NEXT;
}

function setDefault(shell: Shell, name: string, value: string): void {
  if (!shell.variables.has(name)) shell.variables.set(name, value);
}

/** Reads a command, over as many lines as it takes, and runs it; false at the end of the input. */
function runCommand(shell: Shell, editor: LineEditor): bool {
  let text = '';
  let name = 'PS1';
  while (true) {
    const line = editLine(shell, editor, name);
    if (line === null) return false;
    if (editor.isCancelled) {
      shell.status = 128 + SIGNAL_INT;
      return true;
    }
    shell.history.add(line);
    text += line + '\n';
    const lexer = new Lexer(text, 1);
    const lists = parsed(shell, lexer);
    if (lexer.isIncomplete) {
      name = 'PS2';
      continue;
    }
    if (lexer.error !== '') {
      shell.line = lexer.line;
      shell.fail(lexer.error);
    }
    takeSignals();
    for (let i = 0; i < lists.length && shell.flow === FLOW_NEXT; i++) execute(shell, lists[i]);
    if (shell.flow !== FLOW_EXIT) shell.flow = FLOW_NEXT;
    return true;
  }
}

function editLine(shell: Shell, editor: LineEditor, promptName: string): string | null {
  const prompt = expandText(shell, promptWord(shell.variables.get(promptName)));
  if (shell.flow === FLOW_ABORT) shell.flow = FLOW_NEXT;
  const mode = new TerminalMode(shell.descriptors.table[0]);
  mode.enterRaw();
  const line = editor.readLine(prompt, terminalColumns(shell.descriptors.table[0]));
  mode.leaveRaw();
  return line;
}

/** Which jobs have ended or stopped since it was told last. */
function tellNews(shell: Shell): void {
  noticeChildren(shell);
  const list = shell.jobs.list.slice();
  for (let i = 0; i < list.length; i++) {
    const job = list[i];
    if (!job.isNews) continue;
    job.isNews = false;
    if (job.number > 0) shell.descriptors.write(2, shell.jobs.line(job) + '\n');
    if (job.isEnded) shell.jobs.remove(job);
  }
}

function hasStopped(shell: Shell): bool {
  for (let i = 0; i < shell.jobs.list.length; i++) if (shell.jobs.list[i].isStopped) return true;
  return false;
}
