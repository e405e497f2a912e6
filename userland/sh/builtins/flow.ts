/**
 * Builtins that say where control goes, and those that do nothing.
 *
 *     break [n] · continue [n]    of the n-th loop around     return [n] · exit [n]    with this status
 *     : · true · false
 */
import { FLOW_BREAK, FLOW_CONTINUE, FLOW_EXIT, FLOW_RETURN, type Shell } from '../shell.ts';
import { wholeNumber } from './arguments.ts';

export function colon(_shell: Shell, _args: string[]): i32 {
  return 0;
}

export function true_(_shell: Shell, _args: string[]): i32 {
  return 0;
}

export function false_(_shell: Shell, _args: string[]): i32 {
  return 1;
}

export function break_(shell: Shell, args: string[]): i32 {
  return leaveLoops(shell, args, FLOW_BREAK);
}

export function continue_(shell: Shell, args: string[]): i32 {
  return leaveLoops(shell, args, FLOW_CONTINUE);
}

function leaveLoops(shell: Shell, args: string[], flow: i32): i32 {
  const levels = args.length > 1 ? wholeNumber(args[1]) : 1;
  if (levels < 1) {
    shell.fail(`${args[0]}: Illegal number: ${args[1]}`);
    return 2;
  }
  if (shell.loopDepth === 0) return 0;
  shell.levels = min(levels, shell.loopDepth);
  shell.status = 0;
  shell.flow = flow;
  return 0;
}

export function return_(shell: Shell, args: string[]): i32 {
  // outside of functions and sourced files it is an exit, as in dash
  return leave(shell, args, shell.callDepth > 0 ? FLOW_RETURN : FLOW_EXIT);
}

export function exit(shell: Shell, args: string[]): i32 {
  return leave(shell, args, FLOW_EXIT);
}

function leave(shell: Shell, args: string[], flow: i32): i32 {
  if (args.length > 1) {
    const status = wholeNumber(args[1]);
    if (status < 0) {
      shell.fail(`${args[0]}: Illegal number: ${args[1]}`);
      return 2;
    }
    shell.status = status & 0xff;
  }
  shell.flow = flow;
  return shell.status;
}
