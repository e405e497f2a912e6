/**
 * The state of a shell: variables, functions, aliases, options, descriptors, jobs, and where control goes.
 *
 * `flow` says that something breaks the straight course of commands; every list and loop looks at it:
 *
 *     FLOW_NEXT    go on            FLOW_RETURN   leave the function or the sourced file
 *     FLOW_BREAK   leave `levels` loops    FLOW_EXIT     end the shell
 *     FLOW_CONTINUE  next round of the loop `levels` out   FLOW_ABORT    back to the prompt
 */
import { Descriptors } from './descriptors.ts';
import { History } from './history.ts';
import { Jobs } from './jobs.ts';
import { Options } from './options.ts';
import type { Command } from './syntax.ts';
import { Traps } from './traps.ts';
import { Variables } from './variables.ts';

export const FLOW_NEXT: i32 = 0;
export const FLOW_BREAK: i32 = 1;
export const FLOW_CONTINUE: i32 = 2;
export const FLOW_RETURN: i32 = 3;
export const FLOW_EXIT: i32 = 4;
export const FLOW_ABORT: i32 = 5;

export class Shell {
  variables: Variables = new Variables();
  functions: Map<string, Command> = new Map<string, Command>();
  aliases: Map<string, string> = new Map<string, string>();
  options: Options = new Options();
  descriptors: Descriptors = new Descriptors();
  jobs: Jobs = new Jobs();
  traps: Traps = new Traps();
  /** Lines typed so far, for `history`. */
  history: History = new History();

  /** $0, $1 …, $?, $$, $!. */
  name: string = 'sh';
  positional: string[] = [];
  status: i32 = 0;
  processId: i32 = 0;
  lastBackground: i32 = 0;
  /** The last command substitution's status: that of a command with no name. */
  substitutionStatus: i32 = 0;

  /** Of the processor, by all processes that it has waited for. */
  childCycles: u64 = 0;

  flow: i32 = FLOW_NEXT;
  levels: i32 = 0;
  loopDepth: i32 = 0;
  /** Functions and sourced files that `return` could leave. */
  callDepth: i32 = 0;
  /** Above 0 where a failing command is a condition, which errexit overlooks. */
  conditionDepth: i32 = 0;
  /** The line of the command that runs. */
  line: i32 = 0;
  /** Whether it is another shell's subshell. */
  isSubshell: bool = false;
  /** Where `getopts` is within an argument. */
  optionOffset: i32 = 0;

  get isInteractive(): bool {
    return this.options.has('i');
  }

  out(text: string): i32 {
    return this.descriptors.write(1, text) ? 0 : 1;
  }

  complain(message: string): void {
    this.descriptors.write(2, `${this.name}: ${this.line}: ${message}\n`);
  }

  /** An error that a command cannot go on with: a script ends, a person gets the prompt back. */
  fail(message: string, status: i32 = 2): void {
    if (this.flow === FLOW_EXIT || this.flow === FLOW_ABORT) return;
    this.complain(message);
    this.status = status;
    this.flow = this.isInteractive ? FLOW_ABORT : FLOW_EXIT;
  }

  /** False, with the complaint made, where it is read-only. */
  assign(name: string, value: string): bool {
    if (!this.variables.set(name, value)) {
      this.fail(`${name}: is read only`);
      return false;
    }
    if (this.options.has('a')) this.variables.setExported(name, true);
    if (name === 'OPTIND') this.optionOffset = 0;
    return true;
  }
}
